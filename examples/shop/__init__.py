"""A shop as an example: eight workflows, from imports to published reports, and four weeks of what became of them."""
