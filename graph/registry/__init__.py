"""Workflows and their declared edges: register, replace, delete, each in one transaction."""
