"""A workflow's definition: what may be sent, what it means, and what was probably meant instead."""
