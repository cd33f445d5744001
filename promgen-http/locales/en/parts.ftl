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
