# shards
