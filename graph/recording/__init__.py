"""Runs and their reports: commands in, versions out.

commands → `prepare` (parse, validate, before the queue) → load → apply (pure) → flush, in the writer's transaction.
"""
