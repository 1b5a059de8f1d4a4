"""Benchmarks against the goals in docs/performance.md: `python -m bench.reports`, `python -m bench.registrations`."""
