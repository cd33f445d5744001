# imports
imports-rules = Import rules
imports-targets = Import targets
imports-rules-intro = A rule file of Prometheus. Each rule goes to the project or service that its labels name, else to the shared rules. All of it is imported, or nothing.
imports-targets-intro = Targets in the JSON of http_sd or file_sd, such as another Promgen exports. Services, projects, farms and hosts that are missing are made.
imports-text = Text
imports-file = File
imports-too-long = The file is too long to be shown in the box
imports-too-long-next = choose it again to import it
imports-url = Address
imports-url-help = Of another Promgen, such as https://promgen.example.com/api/v1/targets. A file counts before the address, the address before the text.
imports-shard = Datasource
imports-shard-default = As each element says
imports-shard-into = Import into: { $name }
imports-preview = What the import would do
imports-preview-button = Preview
imports-import = Import
imports-nothing = Nothing is new.
imports-imported = Imported { $name }.
imports-skipped = There already: { $name }.
imports-kind = Kind
imports-new = New
imports-there = There already
imports-changes = What is changed:
imports-changed-count =
    { $count ->
        [one] and changed one
       *[other] and changed { $count }
    }
