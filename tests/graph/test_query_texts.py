"""No text of a query is put together: what is handed to the database is a constant, or a parameter that carries one."""

import ast
from pathlib import Path

import graph

METHODS = {"rows", "row", "run"}


def test_queries_are_constants() -> None:
    calls = 0
    for path in Path(next(iter(graph.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            if node.func.attr not in METHODS or ast.unparse(node.func.value) not in ("tx", "database", "self._inner"):
                continue
            calls += 1
            named = isinstance(node.args[0], ast.Name | ast.Attribute)
            assert named, f"{path.name}:{node.lineno} runs {ast.unparse(node.args[0])}"
    assert calls > 40


def test_no_query_is_formatted() -> None:
    words = ("MATCH ", "MERGE ", "UNWIND ", "RETURN ", "CREATE (")
    for path in Path(next(iter(graph.__path__))).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.JoinedStr):
                literal = "".join(str(each.value) for each in node.values if isinstance(each, ast.Constant))
                assert not any(word in literal for word in words), f"{path.name}:{node.lineno}"
