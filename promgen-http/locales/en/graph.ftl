# graph
graph-title = Graph
graph-intro = An alert or a dashboard links to a graph. Choose the Prometheus that has its data.
graph-no-shards = No shard takes part in queries.
graph-view-on = View on { $name }
graph-parameters = What is handed over
graph-number = Graph
graph-name = Name
graph-value = Value
