# search
search-title = Search
search-button = Search
search-nothing-asked = No search parameters provided.
search-none = Nothing was found.
search-name = Name
search-projects = Projects
search-service = Service
search-shard = Datasource
search-farm = Farm
search-source = Source
search-silence = Silence
search-more-hosts = There are more hosts than are listed: ask for less.
