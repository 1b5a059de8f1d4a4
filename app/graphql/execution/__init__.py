"""How GraphQL operations are prepared, limited and carried out; it knows nothing of what can be asked."""
