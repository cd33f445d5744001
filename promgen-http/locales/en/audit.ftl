audit-title = Edit history
audit-filters = Only:
audit-service = Service
audit-project = Project
audit-rule = Rule
audit-group = Group
audit-user = User
audit-when = When
audit-action = Change
audit-what = What
audit-object = Object
audit-open = Open
audit-show = Show changes
audit-empty = Nothing was changed yet that you may see, or nothing fits the filters.
audit-created = Created
audit-updated = Updated
audit-deleted = Deleted
audit-added = Added
audit-removed = Removed
audit-field = Field
audit-before = Before
audit-after = After
audit-whole = All of it
audit-same = Nothing that is shown here differs.
audit-asked = Asked
audit-did-created = Created { $kind } { $name }
audit-did-updated = Updated { $kind } { $name }
audit-did-deleted = Deleted { $kind } { $name }
audit-did-added = Added { $members } to { $kind } { $name }
audit-did-removed = Removed { $members } from { $kind } { $name }
audit-did-compare = Asked for a comparison of { $kind } { $name }
audit-did-deploy = Asked for a deployment of { $kind } { $name }
audit-did-reload = Asked for a reload of { $kind } { $name }
audit-did-tombstones = Asked to clear tombstones of { $kind } { $name }
audit-members-hosts = { $count ->
    [one] 1 host
   *[other] { $count } hosts
}
audit-members-users = members
audit-members-sessions = sessions
audit-name-of = { $name } of { $owner }
audit-name-below = { $name } of { $above ->
    [service] service
    [project] project
   *[user] user
} { $owner }
audit-name-role = { $role } of { $holder } { $above ->
    [group] in
   *[other] on
} { $on }
audit-name-again = { $name } (sent again)
