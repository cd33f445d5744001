audit-title = 変更履歴
audit-filters = 絞り込み:
audit-service = サービス
audit-project = プロジェクト
audit-rule = ルール
audit-group = グループ
audit-user = ユーザー
audit-when = 日時
audit-action = 操作
audit-what = 内容
audit-object = 対象
audit-open = 開く
audit-show = 変更内容を表示
audit-empty = 表示できる変更はまだありません。または条件に合うものがありません。
audit-created = 作成
audit-updated = 更新
audit-deleted = 削除
audit-added = 追加
audit-removed = 除去
audit-field = 項目
audit-before = 変更前
audit-after = 変更後
audit-whole = 全体
audit-same = ここに表示される違いはありません。
audit-asked = 依頼
audit-did-created = { $kind } { $name } を作成
audit-did-updated = { $kind } { $name } を更新
audit-did-deleted = { $kind } { $name } を削除
audit-did-added = { $kind } { $name } に{ $members }を追加
audit-did-removed = { $kind } { $name } から{ $members }を除去
audit-did-compare = { $kind } { $name } の比較を依頼
audit-did-deploy = { $kind } { $name } へのデプロイを依頼
audit-did-reload = { $kind } { $name } の再読み込みを依頼
audit-did-tombstones = { $kind } { $name } のトゥームストーンの消去を依頼
audit-members-hosts = ホスト { $count } 台
audit-members-users = メンバー
audit-members-sessions = セッション
audit-name-of = { $name } ({ $owner })
audit-name-below = { $name } ({ $above ->
    [service] サービス
    [project] プロジェクト
   *[user] ユーザー
} { $owner })
audit-name-role = { $role } ({ $on } での { $holder })
audit-name-again = { $name } (再送)
