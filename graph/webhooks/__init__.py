"""Events sent to whoever asked for them: kept until delivered, in order for each asset, by one process at a time."""
