"""Benchmarks: bounded, seeded, printing ratios of things measured in the same run."""
