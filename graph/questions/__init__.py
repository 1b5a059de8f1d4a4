"""Questions about the graph as a whole: what feeds it, what breaks if it is late, what lies between."""
