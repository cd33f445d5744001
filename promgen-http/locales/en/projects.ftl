projects-register = Register project
projects-registered = Project { $name } is registered.
projects-name = Name
projects-name-help = 1 to 128 characters; it becomes the label “project” of everything below.
projects-description = Description
projects-owner = Owner
projects-owner-help = User name. The new owner becomes an admin; you stay one.
projects-owner-new-help = User name; empty for yourself.
projects-service = Service
projects-service-help = Another name moves the project. It takes an editor of both services.
projects-datasource = Datasource
projects-move-shard = Move to another datasource
projects-move-warning = What Prometheus has recorded stays where it is: on another datasource the time series begin anew.
projects-rename-warning = A new name changes the label “project” in Prometheus: its time series begin anew, and silences by the old name no longer hold.
projects-edit = Edit project
projects-edit-title = Edit project { $name }
projects-save = Save project
projects-saved = Project { $name } is saved.
projects-delete = Delete project
projects-delete-title = Delete project { $name }?
projects-delete-text = The project { $name } goes away with everything below it. Its farm stays. This cannot be undone.
projects-deleted = Project { $name } is deleted.
projects-add = Register
projects-add-rule = Register rule
projects-add-notifier = Register notifier
projects-silence = Silence
projects-actions = Actions
projects-change = Edit
projects-remove = Delete
projects-parts = Parts of the project
projects-exporters = Exporters
projects-hosts = Hosts
projects-urls = HTTP checks
projects-notifiers = Notifiers
projects-project = Project
projects-farm = Farm
projects-of = Projects: { $name }
projects-added-by = Added by { $name }
projects-unheard = Nobody hears about alerts of this project: neither it nor its service has a notifier.
projects-unheard-short = nobody hears
projects-no-exporters = Nothing is scraped for this project yet. An exporter is a port on each of its hosts that Prometheus asks.
projects-no-farm = This project has no hosts yet. A farm is a set of hosts.
projects-health = Health
projects-health-title = How the hosts of { $name } are
projects-more = { $count ->
    [one] { $count } more
   *[other] { $count } more
}
projects-goes-exporters = { $count ->
    [one] { $count } exporter
   *[other] { $count } exporters
}
projects-goes-urls = { $count ->
    [one] { $count } HTTP check
   *[other] { $count } HTTP checks
}
projects-goes-rules = { $count ->
    [one] { $count } rule
   *[other] { $count } rules
}
projects-goes-notifiers = { $count ->
    [one] { $count } notifier
   *[other] { $count } notifiers
}
