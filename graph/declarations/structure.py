"""Rules between the steps of a workflow: unique ids, known dependencies, no cycle."""

from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from typing import Any

from graph.declarations.models import MAX_STEPS
from graph.declarations.problems import Problem
from graph.rules.fields import shorten


def structure_problems(steps: Any) -> list[Problem]:
    """What is wrong between the steps as sent.

    Whatever is not shaped like a step is passed over: it is a problem of its own, told elsewhere, and should
    not hide these.
    """
    first_at: dict[str, int] = {}
    problems: list[Problem] = []
    dependencies: dict[str, list[str]] = {}
    for at, step_id, depends_on in _readable(steps):
        field = f"steps[{at}]"
        if step_id in first_at:
            first = f"steps[{first_at[step_id]}]"
            message = f"'{field}.id' repeats {shorten(repr(step_id), 80)}, the id of {first}; ids are unique."
            problems.append(Problem(f"{field}.id", message, "duplicate_step"))
        else:
            first_at[step_id] = at
            dependencies[step_id] = depends_on
    for step_id, depends_on in dependencies.items():
        for which, name in enumerate(depends_on):
            if name not in first_at:
                field = f"steps[{first_at[step_id]}].dependsOn[{which}]"
                message = f"'{field}' names {shorten(repr(name), 80)}, which is no step of this workflow."
                problems.append(Problem(field, message, "missing_dependency"))
    try:
        TopologicalSorter(dependencies).prepare()
    except CycleError as error:
        cycle = error.args[1][::-1]
        field = f"steps[{first_at[cycle[0]]}].dependsOn"
        told = shorten(" → ".join(repr(step_id) for step_id in cycle), 400)
        message = f"'{field}' closes a cycle: {told} (each depends on the next); remove one dependency."
        problems.append(Problem(field, message, "cycle_detected"))
    return problems


def _readable(steps: Any) -> Iterator[tuple[int, str, list[str]]]:
    for at, step in enumerate(steps[:MAX_STEPS] if isinstance(steps, list) else ()):
        if isinstance(step, dict) and isinstance(step.get("id"), str):
            depends_on = step.get("dependsOn")
            names = depends_on if isinstance(depends_on, list) else []
            yield at, step["id"], [name for name in names if isinstance(name, str)]
