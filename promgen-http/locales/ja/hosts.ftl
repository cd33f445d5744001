# hosts
