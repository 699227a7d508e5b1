"""Settings, addresses, and the processes of an installation: the only place that knows every door."""
