"""The types of the schema, one module a thing: plain fields, and resolvers of a few lines that walk on by a loader."""
