"""What acts on a cluster from outside: clients, topics, offsets, groups, replay, dead letters, tailing."""
