"""The commands `lineage check` and `lineage wait`: a gate for scripts and CI, asked of a running service."""
