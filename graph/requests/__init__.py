"""The queue of requests for runs, as orchestrators use it; its rules are those of graph.recording."""
