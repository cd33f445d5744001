# exporters
