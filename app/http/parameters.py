"""Path and query parameters, parsed by a pydantic model under the contract's rules.

A number that is empty, no number or out of range is refused with the parameter, its range and what came;
never clamped. Unknown parameters are refused: ignoring `?partitonKey=` would answer a question that nobody
asked.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Literal
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError

from app.http.json_body import MAX_INTEGER
from app.http.validation import near_miss, shown
from graph.errors import InvalidInput

MAX_PARAMETERS = 100
"""Of one query string, beside those that may be repeated as often as their model says."""

_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})|[\x80-\xff]")


class NoParameters(BaseModel):
    """For endpoints without parameters."""


class Parameters:
    """Parses the parameters of one place of one endpoint; made once, when the routes are built.

    Fields are `str`, `int`, `float`, `bool`, literals or enums of strings, each optional or not, and in a
    query `list[str]` for a parameter that may come several times. The names are the fields' aliases.
    """

    def __init__(self, model: type[BaseModel] | None, place: Literal["path", "query"]) -> None:
        self.model = model or NoParameters
        self.place = place
        schema = self.model.model_json_schema()
        definitions = schema.get("$defs", {})
        self.schemas: dict[str, dict[str, Any]] = {
            name: _without_null(field, definitions) for name, field in schema.get("properties", {}).items()
        }
        """JSON Schema by parameter name, self-contained."""
        self.required = frozenset(schema.get("required", ()))
        self._rules = {name: _rule(field) for name, field in self.schemas.items()}
        self._most = MAX_PARAMETERS + sum(field.get("maxItems", 0) for field in self.schemas.values())

    def parse_query(self, raw: bytes) -> BaseModel:
        """The model of a query string.

        Raises InvalidInput: `invalid_parameter`, `unknown_parameter`, `repeated_parameter` or
        `invalid_query`.
        """
        if not raw:
            return self.parse_texts({})
        values: dict[str, Any] = {}
        for name, text in _decode(raw, self._most):
            schema = self.schemas.get(name)
            if schema is None:
                message = f"'{shown(name)}' is no parameter of this request{near_miss(name, self.schemas)}"
                raise InvalidInput("unknown_parameter", message, details={"field": shown(name)})
            if schema.get("type") == "array":
                values.setdefault(name, []).append(text)
            elif name in values:
                message = f"'{name}' was given more than once; give it once."
                raise InvalidInput("repeated_parameter", message, details={"field": name})
            else:
                values[name] = text
        return self.parse_texts(values)

    def parse_texts(self, values: Mapping[str, Any]) -> BaseModel:
        """The model of decoded values, text by name (a list of texts where the parameter is a list)."""
        typed: dict[str, Any] = {}
        for name, text in values.items():
            convert = _CONVERT.get(self.schemas[name].get("type", "string"))
            try:
                typed[name] = convert(text) if convert else text
            except ValueError:
                raise self._refusal(name, text) from None
        try:
            return self.model.model_validate(typed)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            name = str(first["loc"][0]) if first["loc"] else self.place
            if first["type"] == "value_error":
                message = f"'{name}': {first['ctx']['error']}."
                raise InvalidInput("invalid_parameter", message, details={"field": name}) from None
            raise self._refusal(name, values.get(name), first["loc"][1:]) from None

    def _refusal(self, name: str, text: Any, place: tuple[int | str, ...] = ()) -> InvalidInput:
        """`place` is where in a list it is wrong; empty: the list itself is."""
        rule = self._rules[name]
        if isinstance(text, list) and place:
            rule, text = _rule(self.schemas[name]["items"]), text[int(place[0])]
        if isinstance(text, list):
            came = f"it came {len(text)} times"
        else:
            came = "it is missing" if text is None else f"{shown(str(text))!r} came"
        message = f"'{name}' must be {rule}; {came}."
        return InvalidInput("invalid_parameter", message, details={"field": name})


def _decode(raw: bytes, most: int) -> list[tuple[str, str]]:
    broken = InvalidInput("invalid_query", "The query string is not percent-encoded UTF-8; encode it again.")
    if _BROKEN_ESCAPE.search(raw):
        raise broken
    try:
        return parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=most)
    except UnicodeDecodeError:
        raise broken from None
    except ValueError:
        message = f"The query string has more than {most} parameters; send fewer."
        raise InvalidInput("invalid_query", message) from None


def _integer(text: str) -> int:
    # int() alone takes ' 1', '1_0' and digits of other scripts for numbers, and the contract does not.
    if not re.fullmatch(r"-?[0-9]{1,19}", text) or abs(int(text)) > MAX_INTEGER:
        raise ValueError(text)
    return int(text)


def _number(text: str) -> float:
    if not re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", text):
        raise ValueError(text)
    return float(text)


def _boolean(text: str) -> bool:
    if text not in ("true", "false"):
        raise ValueError(text)
    return text == "true"


_CONVERT: dict[str, Callable[[str], Any]] = {"integer": _integer, "number": _number, "boolean": _boolean}


def _without_null(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter that is present, with refs put in place: an absent one is never null."""
    if "anyOf" in schema:
        branches = [branch for branch in schema["anyOf"] if branch.get("type") != "null"]
        assert len(branches) == 1, "a parameter has one type"
        schema = {**{key: value for key, value in schema.items() if key != "anyOf"}, **branches[0]}
    if "$ref" in schema:
        schema = {**definitions[schema["$ref"].rpartition("/")[2]], **schema}
    if "items" in schema:
        schema = {**schema, "items": _without_null(schema["items"], definitions)}
    if schema.get("type") == "integer":
        # A range that is not declared is still one, and both the refusal and the documentation name it.
        schema = {"minimum": -MAX_INTEGER, "maximum": MAX_INTEGER, **schema}
    if "exclusiveMinimum" in schema or "exclusiveMaximum" in schema:
        raise ValueError("A parameter's range is declared by ge and le, so that its refusal can name it.")
    dropped = {"title", "$ref"} | ({"default"} if schema.get("default") is None else set())
    return {key: value for key, value in schema.items() if key not in dropped}


def _rule(schema: dict[str, Any]) -> str:
    """What a parameter must be, to be read after `must be`."""
    if "enum" in schema or "const" in schema:
        return "one of " + ", ".join(repr(value) for value in schema.get("enum", [schema.get("const")]))
    kind = schema.get("type", "string")
    if kind == "boolean":
        return "true or false"
    if kind == "array":
        low, high = schema.get("minItems", 0), schema.get("maxItems")
        return f"given {low} to {high} times" if high is not None else f"given at least {low} times"
    if kind in ("integer", "number"):
        noun, low, high, unit = (
            f"a{'n' * (kind == 'integer')} {kind}",
            schema.get("minimum"),
            schema.get("maximum"),
            "",
        )
    else:
        noun, low, high, unit = "text", schema.get("minLength"), schema.get("maxLength"), " characters"
    if low is not None and high is not None:
        noun += f" {'from' if not unit else 'of'} {low} to {high}{unit}"
    elif low is not None:
        noun += f" of at least {low}{unit}"
    elif high is not None:
        noun += f" of at most {high}{unit}"
    if "pattern" in schema:
        noun += f" matching {schema['pattern']}"
    return noun
