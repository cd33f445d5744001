alerts-active = Active alerts
alerts-again = Send again
alerts-again-all = { $count ->
    [one] Send { $count } delivery again
   *[other] Send { $count } deliveries again
}
alerts-alertname = Alert
alerts-all = Show all
alerts-and-more = and { $count } more
alerts-annotations = Annotations
alerts-attempts = Attempts and answers
alerts-by-driver = Deliveries by notifier
alerts-candidate = Candidate
alerts-common-labels = Other common labels
alerts-created = Created
alerts-datasource = Datasource
alerts-decision = Decision
alerts-deliveries = Deliveries
alerts-delivery-dead = given up
alerts-delivery-pending = waiting
alerts-delivery-sent = sent
alerts-delivery-superseded = superseded
alerts-driver = Driver
alerts-dropped = dropped
alerts-dropped-for = Dropped by the blacklist for { $name }
alerts-due = next attempt
alerts-earlier = { $count } earlier attempts
alerts-errors = Errors
alerts-failed = not routed
alerts-filter = Filter
alerts-filters = Filters
alerts-firing = firing
alerts-group-labels = Group labels
alerts-items = Alerts of the message
alerts-job = Job
alerts-labels = Labels
alerts-more-than = more than { $count } entries
alerts-newest = Newest
alerts-nameless = It names no service and no project, so nobody could be found.
alerts-no-alertmanager = No Alertmanager is configured: set alertmanager.url in promgen.yml.
alerts-no-candidates = Nobody came into question: no service or project of that name has a notifier.
alerts-no-deliveries = Nobody was to be told.
alerts-no-sent = Nothing sent
alerts-none = No alert has come yet. Point the webhook of an Alertmanager to /api/v1/alerts.
alerts-none-found = Nothing fits what was asked for.
alerts-none-here = None of the alerts looked at fits; older ones may.
alerts-not-routed = It is not routed yet.
alerts-nothing-fires = Nothing fires.
alerts-number = Alert { $id }
alerts-older = Older
alerts-oldest = Oldest
alerts-newer = Newer
alerts-none-here-newer = None of the alerts looked at fits; newer ones may.
alerts-owner = Of
alerts-pending = waits for routing
alerts-project = Project
alerts-inhibited = inhibited
alerts-silenced = silenced
alerts-raw = Raw data
alerts-raw-long = The message is long: read it through the API.
alerts-recipients = { $count ->
    [0] nobody was chosen
    [one] { $count } recipient was chosen
   *[other] { $count } recipients were chosen
}
alerts-resolved = resolved
alerts-routing = Routing
alerts-search = Search
alerts-search-help = Service, project or job…
alerts-search-labels = Label or annotation holds…
alerts-sent = Sent
alerts-sent-again = { $count ->
    [0] Nothing was to be sent again.
    [one] { $count } delivery is sent again.
   *[other] { $count } deliveries are sent again.
}
alerts-sent-error = With errors
alerts-service = Service
alerts-silence = Silence
alerts-since = Since
alerts-source = Source
alerts-status = Status
alerts-to = To
alerts-trouble = Alertmanager: { $name }
alerts-uncounted = not counted
alerts-via = through a subscription
alerts-why = Who was chosen, and why
alerts-why-blacklisted = no: blacklisted
alerts-why-disabled = no: switched off
alerts-why-driver-missing = no: the driver is not part of this program
alerts-why-duplicate = no: has it already by another way
alerts-why-filtered = no: no filter matches
alerts-why-inactive = no: the user is inactive
alerts-why-matched = yes: chosen
alerts-why-mismatch = no: the project belongs to another service
alerts-why-no-personal = no: no notifier of their own
alerts-why-no-such-object = no: nothing has this name
alerts-why-not-common = no: not all alerts of the message name it
alerts-why-superseded = no: a newer message took its place
alerts-wrong = Errors
alerts-not-known = What fires is not known at the moment.
alerts-try-sent = sent
alerts-try-retry = failed for now
alerts-try-permanent = failed for good
