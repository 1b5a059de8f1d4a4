"""Every Cypher text of `graph`: its upper-case constants, found by walking the modules."""

import importlib
import pkgutil
import re

import graph

_CYPHER = re.compile(r"^\s*(MATCH|UNWIND|MERGE|CREATE|RETURN|OPTIONAL MATCH|CALL)\b")


def constants() -> dict[str, str]:
    """`graph.store.runs.RUN` → text, for each module that defines it."""
    found = {}
    for module in pkgutil.walk_packages(graph.__path__, "graph."):
        if module.name == "graph.engine.child":
            continue  # starts a JVM when it is imported
        for name, value in vars(importlib.import_module(module.name)).items():
            if name.isupper() and isinstance(value, str) and _CYPHER.match(value):
                found.setdefault(value, f"{module.name}.{name}")
    return {name: text for text, name in found.items()}
