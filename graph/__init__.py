"""What is known and asked: the domain model, its rules, and the Cypher that keeps it."""
