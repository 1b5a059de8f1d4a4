"""Requests to addresses that clients chose: signed, bounded, and never into a network that is not public."""
