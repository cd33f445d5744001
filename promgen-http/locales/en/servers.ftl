servers-applied = Last deployed
servers-behind = behind
servers-current = The current revision is
servers-cut = There is more; only the first lines are shown.
servers-deploy = Deploy now
servers-elsewhere = The files are not on this host, or Prometheus pulls what it needs. What was changed since is in the edit history:
servers-error = Error
servers-failing = failing
servers-in-sync = in sync
servers-never-seen = never seen
servers-none = There is no server. Register one on the page of its datasource.
servers-nothing = The next deployment changes nothing on this host.
servers-pending = What the next deployment changes
servers-pulled = Last pulled
servers-revision = Revision
servers-seen = Worker seen
servers-server = Server
servers-shard = Datasource
servers-status = Status
servers-woken = The workers of this process look at once.
servers-task-deploy = Deploy
servers-task-reload = Reload configuration
servers-task-tombstones = Clear tombstones
servers-task-waits = waits for its worker
servers-task-done = done
servers-task-failed = failed
servers-tasks = Asked of it
servers-asked = { $name } is asked: its worker does it at once, and the result stands in its row.
servers-asked-all = { $count ->
    [one] { $count } server is asked to deploy.
   *[other] { $count } servers are asked to deploy.
}
servers-deploy-all = Deploy to all servers
