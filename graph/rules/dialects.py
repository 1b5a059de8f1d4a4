"""The JSON Schema dialects, draft 4 to 2020-12, as validator classes that keep to a deadline.

Whatever applies a schema to a value does it through `descend` or `iter_errors`, so that is where the clock is
looked at; keywords whose own work can be long in between (patterns, uniqueness) are replaced.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import jsonschema
from jsonschema import FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
from referencing import Specification
from referencing.jsonschema import specification_with

from graph.rules import deadline
from graph.rules.formats import FORMATS
from graph.rules.unevaluated import unevaluated_items, unevaluated_properties

Errors = Iterator[ValidationError]

# Patterns are looked at one by one in `schema_check`, which can say what is wrong with them.
_METASCHEMA_FORMATS = FormatChecker(())
_METASCHEMA_FORMATS.checkers = {name: check for name, check in FORMATS.checkers.items() if name != "regex"}

DEFAULT = "https://json-schema.org/draft/2020-12/schema"


class Dialect(NamedTuple):
    """One draft: how to read references in its schemas, to check payloads, and to check the schemas."""

    specification: Specification[Any]
    validator: Any
    metaschema: Any


def pattern(validator: Any, pattern: str, instance: Any, schema: Any) -> Errors:
    """The keyword, with a search that can be stopped."""
    if isinstance(instance, str) and not deadline.matches(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def pattern_properties(validator: Any, patterns: Any, instance: Any, schema: Any) -> Errors:
    """The keyword `patternProperties`, with a search that can be stopped."""
    if isinstance(instance, dict):
        for pattern, subschema in patterns.items():
            for name, value in instance.items():
                if deadline.matches(pattern, name):
                    yield from validator.descend(value, subschema, path=name, schema_path=pattern)


def additional_properties(validator: Any, rule: Any, instance: Any, schema: Any) -> Errors:
    """The keyword `additionalProperties`, with a search that can be stopped."""
    if not isinstance(instance, dict):
        return
    names = instance.keys() - schema.get("properties", {}).keys()
    for pattern in schema.get("patternProperties", ()):
        names = {name for name in names if not deadline.matches(pattern, name)}
    if rule is False and names:
        listed = ", ".join(repr(name) for name in sorted(names)[:10])
        more = f" and {len(names) - 10} more" if len(names) > 10 else ""
        yield ValidationError(f"Additional properties are not allowed ({listed}{more})")
    elif rule is not False:
        for name in sorted(names):
            yield from validator.descend(instance[name], rule, path=name)


def unique_items(validator: Any, wanted: Any, instance: Any, schema: Any) -> Errors:
    """The keyword `uniqueItems` in linear time; the stock one compares all pairs of what does not sort."""
    if wanted and isinstance(instance, list):
        seen = set()
        for item in instance:
            deadline.check()
            value = _comparable(item)
            if value in seen:
                yield ValidationError(f"{instance!r} has non-unique elements")
                return
            seen.add(value)


def _comparable(value: Any) -> Any:
    """Hashable, and equal exactly when the JSON values are: 1 and 1.0 are, true and 1 are not."""
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, list):
        return ("array", *map(_comparable, value))
    if isinstance(value, dict):
        return ("object", frozenset((name, _comparable(member)) for name, member in value.items()))
    return value


def _bounded(stock: Any) -> Any:
    own = {
        "pattern": pattern,
        "patternProperties": pattern_properties,
        "additionalProperties": additional_properties,
        "uniqueItems": unique_items,
        "unevaluatedProperties": unevaluated_properties,
        "unevaluatedItems": unevaluated_items,
    }
    known = {name: check for name, check in own.items() if name in stock.VALIDATORS}
    bounded: Any = extend(stock, known)  # type: ignore[no-untyped-call]
    descend, iter_errors = bounded.descend, bounded.iter_errors

    def descend_in_time(self: Any, *args: Any, **kwargs: Any) -> Errors:
        deadline.check()
        return descend(self, *args, **kwargs)  # type: ignore[no-any-return]

    def iter_errors_in_time(self: Any, instance: Any) -> Errors:
        deadline.check()
        return iter_errors(self, instance)  # type: ignore[no-any-return]

    def evolve(self: Any, **changes: Any) -> Any:
        # jsonschema's own picks a stock class, without deadline, wherever a part names its `$schema`.
        return bounded(
            changes.get("schema", self.schema),
            format_checker=self.format_checker,
            registry=self._registry,
            _resolver=changes.get("_resolver", self._resolver),
        )

    bounded.descend, bounded.iter_errors, bounded.evolve = descend_in_time, iter_errors_in_time, evolve
    return bounded


def _metaschema(stock: Any) -> Any:
    """The draft's metaschema in one piece.

    From 2019-09 on it is spread over vocabularies that refer to each other dynamically, which makes the check
    of a schema of ten properties take 2.8 ms; merged, 0.5 ms.
    """
    whole = stock.META_SCHEMA
    if "allOf" not in whole:
        return whole
    merged: dict[str, Any] = {"type": ["object", "boolean"], "properties": {}, "$defs": {}}
    base = whole["$id"].removesuffix("schema")
    for part in [*(REGISTRY.contents(base + vocabulary["$ref"]) for vocabulary in whole["allOf"]), whole]:
        merged["properties"] |= part.get("properties", {})
        merged["$defs"] |= part.get("$defs", {})
    return _static(merged)


def _static(value: Any) -> Any:
    if isinstance(value, dict):
        dynamic = isinstance(value.get("$dynamicRef", value.get("$recursiveRef")), str)
        return {"$ref": "#"} if dynamic else {name: _static(member) for name, member in value.items()}
    return [_static(item) for item in value] if isinstance(value, list) else value


def _dialect(stock: Any) -> Dialect:
    bounded = _bounded(stock)
    meta = bounded(_metaschema(stock), format_checker=_METASCHEMA_FORMATS, registry=REGISTRY)
    return Dialect(specification_with(stock.ID_OF(stock.META_SCHEMA)), bounded, meta)


def plain_name(dialect: str) -> str:
    """A `$schema` without its scheme and its empty fragment, which people write either way."""
    return dialect.partition("://")[2].removesuffix("#")


_STOCK: tuple[Any, ...] = (
    jsonschema.Draft4Validator,
    jsonschema.Draft6Validator,
    jsonschema.Draft7Validator,
    jsonschema.Draft201909Validator,
    jsonschema.Draft202012Validator,
)

DIALECTS = {plain_name(stock.ID_OF(stock.META_SCHEMA)): _dialect(stock) for stock in _STOCK}
"""By the plain name of the `$schema` that asks for them."""
