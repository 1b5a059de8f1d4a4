"""The reference pages say what the code does: every setting, route and code is in them, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

from app.http.openapi import error_codes
from app.main import ENDPOINTS
from app.settings import Settings

ROOT = Path(__file__).parents[2]

NONE = "\N{EN DASH}"
"""In a cell: no default, no scope."""

OUTSIDE_OF_ROUTES = {
    ("invalid_id", 400),
    ("line_too_large", 413),
    ("method_not_allowed", 405),
    ("not_acceptable", 406),
    ("page_size_out_of_range", 400),
    ("route_not_found", 404),
    ("unsupported_value", 400),
}
"""Codes of no route of REST: of a line, of no route at all, of GraphQL, or of a value that HTTP cannot bring."""

CODE_ARGUMENT = {
    **dict.fromkeys(("InvalidInput", "NotFound", "Conflict", "TooLarge", "Unprocessable", "PydanticCustomError"), 0),
    **dict.fromkeys(("HttpError", "_bad"), 1),
    **dict.fromkeys(("Problem", "_wrong"), 2),
}
"""Where a call that makes an error takes its code."""

WARNING_ARGUMENT = {"InputWarning": 2, "_with_warning": 1}


def rows(page: str, heading: str = "") -> list[list[str]]:
    """The cells of the tables below a heading, without their heads; `|` in a cell is not used."""
    text = (ROOT / "docs" / page).read_text()
    if heading:
        text = text.partition(heading)[2].partition("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("| `")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def calls() -> Iterator[ast.Call]:
    """Every call in the code that answers requests."""
    for path in (*(ROOT / "app").rglob("*.py"), *(ROOT / "graph").rglob("*.py")):
        if "engine" not in path.parts:
            yield from (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))


def literals(positions: dict[str, int], keyword: str | None = None) -> set[str]:
    """The texts that the calls of these functions hold at these positions, or under a keyword."""
    found: set[str] = set()
    for call in calls():
        name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
        arguments = [each.value for each in call.keywords if each.arg == keyword]
        if name in positions and len(call.args) > positions[name]:
            arguments.append(call.args[positions[name]])
        found |= {each.value for each in arguments if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    return found


def test_every_setting_is_documented_with_its_default() -> None:
    documented = {cells[0].strip("`"): cells[1].strip("`") for cells in rows("settings.md")}
    defaults = {}
    for field in Settings.model_fields.values():
        value = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        defaults[str(field.alias)] = NONE if value in (None, "") else str(value)
    assert documented == defaults


def test_every_code_of_every_route_is_documented_with_its_status() -> None:
    declared = set(OUTSIDE_OF_ROUTES)
    for endpoint in ENDPOINTS:
        for authenticated in (True, False):
            for status, codes in error_codes(endpoint, authenticated=authenticated).items():
                declared |= {(code, status) for code in codes}
    documented = [(cells[0].strip("`"), int(cells[1])) for cells in rows("errors.md", "## Codes")]
    assert documented == sorted(declared)
    assert all(all(cells) for cells in rows("errors.md", "## Codes"))


def test_no_code_is_raised_that_is_not_documented() -> None:
    documented = {cells[0].strip("`") for cells in rows("errors.md", "## Codes")}
    raised = literals(CODE_ARGUMENT, keyword="code")
    assert len(raised) > 40
    assert raised - documented == set()


def test_every_warning_is_documented() -> None:
    documented = [cells[0].strip("`") for cells in rows("errors.md", "## Warnings")]
    assert documented == sorted(literals(WARNING_ARGUMENT))


def test_every_route_is_documented_with_its_scope() -> None:
    documented = {cells[0].strip("`"): cells[1] for cells in rows("api.md")}
    assert documented == {f"{each.method} {each.path}": each.scope or NONE for each in ENDPOINTS}


def test_the_pages_point_to_what_is_there() -> None:
    for page in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")):
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
            if target != "CONTRIBUTING.md":
                assert (page.parent / target).exists(), f"{page.name} points to {target}"
