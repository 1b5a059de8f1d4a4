"""Two workflows on one directory: scan it and report on it, then archive the report.

Modules, in the order of the work: `scan`, `report` (with `charts`) and `archive` do the jobs and know
nothing of the service; `jobs` and `models` are what they share; `service` speaks HTTP; `orchestrator` runs
a workflow; `run` is the command. The story with curl: docs/directory-insights-archive-workflow.md.
"""
