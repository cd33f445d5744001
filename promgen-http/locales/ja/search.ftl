# search
search-title = 検索
search-button = 検索
search-nothing-asked = 検索語がありません。
search-none = 見つかりませんでした。
search-name = 名前
search-projects = プロジェクト
search-service = サービス
search-shard = データソース
search-farm = ファーム
search-source = ソース
search-silence = サイレンス
search-more-hosts = ホストが多すぎます。検索語を絞ってください。
