"""The REST routes, one module a group; what they answer is typed in `answers`, what they take in `requests`."""
