"""The `khabar` command: one module a subcommand group."""
