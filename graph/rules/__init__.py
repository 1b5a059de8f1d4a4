"""Pure rules on domain types: no database, no clock, no network."""
