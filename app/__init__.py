"""What clients touch: parse, authorise, call the graph, shape the answer."""
