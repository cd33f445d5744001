groups-register = Register group
groups-register-help = A group holds users, who all have the roles that the group is given: members tabs of services and projects give them. You become its first admin.
groups-registered = Group { $name } is registered.
groups-name = Name
groups-name-holds = Name holds
groups-filter = Filter
groups-none = You are in no group yet. Roles can be given to a group, and so to all its members at once.
groups-none-found = No group has such a name.
groups-count = Number of members
groups-members = Members
groups-more = and { $count } more
groups-no-members = Nobody is in this group, or on this page of it.
groups-resources = Assigned resources
groups-no-resources = This group has no roles. The members tab of a service or project gives it one.
groups-parts = Parts of the group
groups-kind = Type
groups-service = Service
groups-project = Project
groups-member = Member
groups-admin = Admin
groups-user = User
groups-users = Users
groups-users-help = User names, with commas or blanks between them.
groups-email = Email
groups-role = Role
groups-role-theirs = Their role in the group
groups-role-of = Role of { $name }
groups-save-role = Save
groups-role-saved = The role of { $name } is saved.
groups-actions = Actions
groups-add = Add members
groups-add-title = Add members to { $name }
groups-added = Added: { $name }.
groups-present = In the group already, with the role as it was: { $name }.
groups-remove = Remove
groups-remove-title = Remove { $name } from the group?
groups-remove-text = They lose the roles that the group has, and subscriptions to what they can see no more.
groups-removed = { $name } is no longer in the group.
groups-edit = Edit
groups-edit-title = Edit group { $name }
groups-save = Save group
groups-saved = Group { $name } is saved.
groups-delete = Delete group
groups-delete-title = Delete group { $name }?
groups-delete-text = The group { $name } goes away with its roles. Its members stay, without what the group let them do.
groups-deleted = Group { $name } is deleted.
groups-goes-members = { $count ->
    [one] { $count } membership
   *[other] { $count } memberships
}
groups-goes-resources = { $count ->
    [one] { $count } role on a service or project
   *[other] { $count } roles on services and projects
}
groups-users-more = One more
groups-first = First members
