"""What happened, in order and without gaps: written with each change, read by whoever depends on it."""
