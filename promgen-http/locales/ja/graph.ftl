# graph
graph-title = グラフ
graph-intro = アラートやダッシュボードからのグラフのリンクです。データを持つ Prometheus を選んでください。
graph-no-shards = クエリに参加するシャードがありません。
graph-view-on = { $name } で見る
graph-parameters = 引き渡すパラメータ
graph-number = グラフ
graph-name = 名前
graph-value = 値
