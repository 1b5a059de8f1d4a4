"""The embedded default engine: a child process that speaks Bolt."""
