"""The graph over GraphQL."""
