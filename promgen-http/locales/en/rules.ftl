# rules
rules-name = Name
rules-clause = Clause
rules-clause-help = PromQL. <exclude> between the braces of a selector stands for what overrides cover.
rules-duration = Duration
rules-duration-help = How long the condition must hold before the alert fires; until then it is pending.
rules-duration-examples = Often used:
rules-keep = Keep firing for
rules-keep-help = How long the alert stays after the condition has gone. Empty for not at all.
rules-kind = Kind
rules-kind-alert = Alert
rules-kind-record = Recorded series
rules-state = State
rules-enabled = Enabled
rules-description = Description
rules-labels = Labels
rules-annotations = Annotations
rules-pair-name = Name
rules-pair-value = Value
rules-pair-delete = Delete?
rules-pair-add = Add a row
rules-owner = Belongs to
rules-actions = Actions
rules-on = On
rules-off = Off
rules-switched-on = Rule { $name } is on.
rules-switched-off = Rule { $name } is off.
rules-edit = Edit
rules-delete = Delete
rules-save = Save rule
rules-saved = Rule { $name } is saved.
rules-edit-title = Edit rule { $name }
rules-delete-title = Delete rule { $name }?
rules-delete-text = Prometheus stops evaluating { $name } with the next deployment.
rules-deleted = Rule { $name } is deleted.
rules-override = Override
rules-overridden = Overridden
rules-overrides = Overrides { $name }
rules-overrides-hidden = Overrides a rule that you may not see
rules-override-for = Override
rules-override-help = Overriding narrows this rule: what the override covers is left out here. Choose for whom, or press Override beside this rule in the Rules tab of a service or project.
rules-derived = This is the override for { $name }. Change what is to be different, and save.
rules-register = Register rule
rules-register-title = Register a rule of { $name }
rules-registered = Rule { $name } is registered.
rules-one = One rule
rules-import = Import rules
rules-file = Rule or rule file
rules-file-help = One rule or a whole rule file of Prometheus, in YAML. Rules whose names exist stay as they are.
rules-preview = Preview
rules-import-button = Import
rules-example = For example:
rules-use = Use it
rules-docs = PromQL documentation
rules-check = Check
rules-checked = Checked
rules-check-good = Nothing to complain about
rules-effective = As Prometheus gets it
rules-test = Test query
rules-test-hours = { $count ->
    [one] Last hour
   *[other] Last { $count } hours
}
rules-run = Run this query
rules-trial = Query test
rules-trial-asked = The query that was asked
rules-trial-firing = Firing
rules-trial-quiet = Not firing
rules-trial-unknown = No shard answered
rules-trial-no-shards = No shard takes part in queries: tick “answers queries” at one of the datasources.
rules-trial-series = Series
rules-trial-value = Value
rules-trial-first = First seen
rules-trial-last = Last seen
rules-trial-least = Least
rules-trial-most = Most
rules-none = There are no rules yet.
rules-none-found = No rule is like that.
rules-none-own = No rules of its own.
rules-none-above = No rules there.
rules-none-site = There are no shared rules yet.
rules-all = All rules
rules-name-holds = Name contains
rules-filter = Filter
rules-own = Own rules
rules-of-service = Service rules
rules-of-site = Shared rules
rules-site-help = Shared rules are evaluated for everybody. A service or a project overrides one to have its own thresholds.
rules-yaml = In the rule file
rules-parent = Overridden rule
rules-overrides-count = Overrides
rules-children = Overrides
rules-no-children = Nothing overrides this rule.
rules-family = Override tree
rules-family-here = This rule
rules-family-off = Off: nobody alerts here
rules-family-change = Difference:
rules-family-same = Same clause
rules-family-unseen = A rule that you may not see
rules-audience = Who would be notified
rules-audience-ask = Show
rules-audience-help = Labels that come from the series decide as well. Nothing is sent.
rules-audience-nobody = Nobody would hear about this alert.
rules-audience-reason = Decision
rules-audience-driver = Notifier
rules-audience-who = To
rules-audience-of = Because of
rules-more = { $count } more
rules-family-hidden =
    { $count ->
        [one] One override that you may not see
       *[other] { $count } overrides that you may not see
    }
rules-trial-took = { $count } ms
rules-trial-nobodys =
    { $count ->
        [one] One series has neither a service nor a project: nobody would hear about it.
       *[other] { $count } series have neither a service nor a project: nobody would hear about them.
    }
rules-trial-foreign =
    { $count ->
        [one] One series belongs to somebody else:
       *[other] { $count } series belong to somebody else:
    }
rules-audience-hidden =
    { $count ->
        [one] One more that you may not see
       *[other] { $count } more that you may not see
    }
rules-trial-limited = Limited to what you may see: { $services } services and { $projects } projects.
rules-trial-fired = Would have fired
rules-trial-was-quiet = Would not have fired
rules-switch-off = Switch off
rules-switch-off-title = Switch off rule { $name }?
rules-switch-off-text = Prometheus stops evaluating { $name } with the next deployment; nobody is told what it would find.
rules-switch-off-override = It is an override: what it covers stays left out of the rule above, so that nobody alerts there.
rules-override-service = For the service
rules-override-project = For the project
