services-register = Register service
services-registered = Service { $name } is registered.
services-none = There are no services that you may see. A service is what a team looks after; projects, rules and notifiers belong to it.
services-no-projects = This service has no projects yet. A project is what one farm of hosts and its exporters are watched as.
services-none-found = No service has such a name.
services-name = Name
services-name-help = 1 to 128 characters; it becomes the label “service” of everything below.
services-name-holds = Name holds
services-filter = Filter
services-description = Description
services-owner = Owner
services-owner-help = User name. The new owner becomes an admin; you stay one.
services-projects = Projects
services-rules = Rules
services-notifiers = Notifiers
services-members = Members
services-parts = Parts of the service
services-actions = Actions
services-add-project = Register project
services-add-rule = Register rule
services-add-notifier = Register notifier
services-silence = Silence
services-edit = Edit service
services-edit-title = Edit service { $name }
services-save = Save service
services-saved = Service { $name } is saved.
services-rename-warning = A new name changes the label “service” in Prometheus: its time series begin anew, and silences by the old name no longer hold.
services-delete = Delete service
services-delete-title = Delete service { $name }?
services-delete-text = The service { $name } goes away with everything below it. This cannot be undone.
services-deleted = Service { $name } is deleted.
services-owner-new-help = User name. Left empty, it is you.
services-now = At the moment
services-active = { $count ->
    [one] 1 active alert
   *[other] { $count } active alerts
}
services-quiet = no active alert
services-unknown = alerts are not known at the moment
services-silences = { $count ->
    [one] 1 silence
   *[other] { $count } silences
}
