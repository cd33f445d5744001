parts-cancel = Cancel
parts-copy = Copy
parts-count = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
parts-pages = Pages
parts-page = Page { $number } of { $pages }
parts-beyond = There is no page { $number }: the last is { $pages }
parts-last = To the last page
parts-before = Previous
parts-after = Next
parts-go = Go to page
parts-go-button = Go
parts-sorted = Sort by
parts-kind-site = Site
parts-kind-shard = Shard
parts-kind-server = Prometheus
parts-kind-service = Service
parts-kind-project = Project
parts-kind-farm = Farm
parts-kind-host = Host
parts-kind-exporter = Exporter
parts-kind-preset = Exporter preset
parts-kind-probe = Probe
parts-kind-url = URL
parts-kind-rule = Rule
parts-kind-sender = Sender
parts-kind-user = User
parts-kind-group = Group
parts-kind-role = Role
parts-kind-identity = Identity
parts-kind-token = Token
parts-kind-delivery = Delivery
parts-kind-silence = Silence
parts-back = Back
parts-loses-projects = { $count ->
    [one] { $count } project:
   *[other] { $count } projects:
}
parts-loses-exporters = { $count ->
    [one] { $count } exporter:
   *[other] { $count } exporters:
}
parts-loses-urls = { $count ->
    [one] { $count } HTTP check:
   *[other] { $count } HTTP checks:
}
parts-loses-rules = { $count ->
    [one] { $count } rule:
   *[other] { $count } rules:
}
parts-loses-overrides = { $count ->
    [one] { $count } rule overrides it. It stays, without a parent:
   *[other] { $count } rules override it. They stay, without a parent:
}
parts-loses-notifiers = { $count ->
    [one] { $count } notifier or subscription:
   *[other] { $count } notifiers and subscriptions:
}
parts-loses-subscriptions = { $count ->
    [one] A subscription that ends, for its subscriber no longer sees the object:
   *[other] { $count } subscriptions that end, for their subscribers no longer see the object:
}
parts-loses-roles = { $count ->
    [one] { $count } role that somebody has on it or on what is below it:
   *[other] { $count } roles that people and groups have on it or on what is below it:
}
parts-loses-hosts = { $count ->
    [one] { $count } host:
   *[other] { $count } hosts:
}
parts-loses-hostless = { $count ->
    [one] { $count } project stays, but without hosts:
   *[other] { $count } projects stay, but without hosts:
}
parts-loses-scraped = { $count ->
    [one] { $count } project is no longer scraped there:
   *[other] { $count } projects are no longer scraped there:
}
parts-loses-servers = { $count ->
    [one] { $count } Prometheus server:
   *[other] { $count } Prometheus servers:
}
parts-loses-members = { $count ->
    [one] { $count } membership:
   *[other] { $count } memberships:
}
parts-loses-resources = { $count ->
    [one] { $count } role on a service or project:
   *[other] { $count } roles on services and projects:
}
parts-loses-roles-below = { $count ->
    [one] { $count } role on a project of the service goes too, as long as the box is ticked:
   *[other] { $count } roles on projects of the service go too, as long as the box is ticked:
}
parts-loses-sessions = { $count ->
    [one] { $count } session ends:
   *[other] { $count } sessions end:
}
parts-loses-tokens = { $count ->
    [one] { $count } token is good for nothing:
   *[other] { $count } tokens are good for nothing:
}
parts-loses-seen = last used { $name }
parts-loses-more = and { $count } more
parts-odd = The filter { $name } cannot be { $value }, so nothing is shown.
parts-odd-without = Leave it out
parts-loses-services = { $count ->
    [one] { $count } service:
   *[other] { $count } services:
}
parts-loses-groups = { $count ->
    [one] { $count } group:
   *[other] { $count } groups:
}
