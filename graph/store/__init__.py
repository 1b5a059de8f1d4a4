"""The Cypher: upper-case constants beside the functions that run them, one module a subject."""
