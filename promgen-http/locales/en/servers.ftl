servers-applied = Last deployed
servers-behind = behind
servers-current = The current revision is
servers-cut = There is more; only the first lines are shown.
servers-deploy = Deploy now
servers-elsewhere = The files are not on this host, or Prometheus pulls what it needs. The worker of a server tells what changes there: choose “Compare” in its row. What was changed since is in the edit history.
servers-error = Error
servers-failing = failing
servers-in-sync = in sync
servers-never-seen = never seen
servers-none = There is no server. Register one on the page of its datasource.
servers-nothing = The next deployment changes nothing there.
servers-pending = What the next deployment changes
servers-pending-on = What the next deployment changes on { $name }
servers-pulled = Last pulled
servers-revision = Revision
servers-seen = Worker seen
servers-server = Server
servers-shard = Datasource
servers-status = Status
servers-woken = The workers of this process look at once.
servers-task-compare = Compare
servers-task-deploy = Deploy
servers-task-reload = Reload configuration
servers-task-tombstones = Clear tombstones
servers-task-see = what changes
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
servers-told = Compared by the worker
servers-untold = Its worker has not compared the files yet. Choose “Compare” in its row; it takes a second or two.
