hosts-host = Host
hosts-farms = Farms and projects
hosts-name-holds = Name holds
hosts-filter = Filter
hosts-none = There are no hosts that you may see. Hosts belong to farms.
hosts-none-found = No host has such a name.
hosts-to-farms = Farms
hosts-missing = No hosts found
hosts-missing-text = No farm that you may see has the host { $name }.
hosts-all = All hosts
hosts-health = Health
hosts-health-title = How { $name } is
hosts-up = { $name } up
hosts-down = { $name } down
hosts-unknown = unknown
hosts-unknown-help = Prometheus knows no target on this host: nothing is scraped there, or not yet.
hosts-silent = Prometheus did not answer.
hosts-ask = Ask Prometheus how they are
hosts-choose-one = Choose { $name }
hosts-silence-chosen = Silence selected hosts
hosts-no-exporters = Nothing is scraped on this host.
hosts-no-notifiers = Nobody hears about its alerts.
hosts-no-rules = No rules but those of the site.
hosts-rules = Rules
hosts-delete = Delete host
hosts-delete-title = Delete host { $name }?
hosts-delete-text = It is taken from the farm { $name }.
hosts-delete-stays = It cannot be deleted here, for the hosts of this farm come from { $name }. Take it out there, or convert the farm to a local one.
hosts-deleted = Host { $name } is deleted.
hosts-rules-count = { $count ->
    [one] { $count } rule
   *[other] { $count } rules
}
