"""`unevaluatedProperties` and `unevaluatedItems` for hostile schemas and long arrays.

jsonschema's own follow the same rules, but search with patterns that cannot be stopped, and look each index
of an array up in a list (minutes for 100,000 items).
"""

from collections.abc import Iterator
from typing import Any

from jsonschema.exceptions import ValidationError
from referencing.jsonschema import lookup_recursive_ref

from graph.rules import deadline

Errors = Iterator[ValidationError]


def unevaluated_properties(validator: Any, rule: Any, instance: Any, schema: Any) -> Errors:
    """The keyword `unevaluatedProperties`, as jsonschema calls it."""
    if isinstance(instance, dict):
        left = sorted(instance.keys() - _properties(validator, instance, schema))
        if left:
            yield ValidationError(f"Unevaluated properties are not allowed ({_listed(left)})")


def unevaluated_items(validator: Any, rule: Any, instance: Any, schema: Any) -> Errors:
    """The keyword `unevaluatedItems`, as jsonschema calls it."""
    if isinstance(instance, list):
        evaluated = _items(validator, instance, schema)
        left = [index for index in range(len(instance)) if index not in evaluated]
        if left:
            yield ValidationError(f"Unevaluated items are not allowed (at {_listed(left)})")


def _listed(left: list[Any]) -> str:
    more = f" and {len(left) - 10} more" if len(left) > 10 else ""
    return ", ".join(repr(each) for each in left[:10]) + more


def _properties(validator: Any, instance: dict[str, Any], schema: Any) -> set[str]:
    """The names that the schema, or one applied in its place, says something about."""
    deadline.check()
    if not isinstance(schema, dict):
        return set()
    evaluated: set[str] = instance.keys() & schema.get("properties", {}).keys()
    for pattern in schema.get("patternProperties", {}):
        evaluated |= {name for name in instance if deadline.matches(pattern, name)}
    if "additionalProperties" in schema:
        # Valid here: an instance with other additional properties was refused by that keyword already.
        evaluated |= instance.keys()
    elif "unevaluatedProperties" in schema:
        rule = schema["unevaluatedProperties"]
        rest = instance.keys() - evaluated
        evaluated |= {name for name in rest if _holds(validator, instance[name], rule)}
    for place, applied in _in_place(validator, instance, schema):
        if evaluated >= instance.keys():
            break
        evaluated |= _properties(place, instance, applied)
    return evaluated


def _items(validator: Any, instance: list[Any], schema: Any) -> set[int]:
    """The indices that the schema, or one applied in its place, says something about."""
    deadline.check()
    if not isinstance(schema, dict):
        return set()
    everything = set(range(len(instance)))
    first = schema.get("prefixItems" if "prefixItems" in validator.VALIDATORS else "items")
    if isinstance(first, list):
        evaluated = set(range(min(len(first), len(instance))))
        rest = "items" if "prefixItems" in validator.VALIDATORS else "additionalItems"
        if rest in schema:
            return everything
    elif "items" in schema:
        return everything
    else:
        evaluated = set()
    counting = ["unevaluatedItems"]
    if "prefixItems" in validator.VALIDATORS:
        counting.append("contains")  # evaluates since 2020-12
    for keyword in counting:
        if keyword in schema:
            rest_of = everything - evaluated
            evaluated |= {i for i in rest_of if _holds(validator, instance[i], schema[keyword])}
    for place, applied in _in_place(validator, instance, schema):
        if len(evaluated) == len(instance):
            break
        evaluated |= _items(place, instance, applied)
    return evaluated


def _in_place(validator: Any, instance: Any, schema: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """The schemas that apply to the same instance and hold, each with the validator for its references."""
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in schema and keyword in validator.VALIDATORS:
            yield _resolved(validator, validator._resolver.lookup(schema[keyword]))
    if "$recursiveRef" in schema and "$recursiveRef" in validator.VALIDATORS:
        yield _resolved(validator, lookup_recursive_ref(validator._resolver))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for subschema in schema.get(keyword, ()):
            if _holds(validator, instance, subschema):
                yield validator, subschema
    for name, subschema in schema.get("dependentSchemas", {}).items():
        if isinstance(instance, dict) and name in instance:
            yield validator, subschema
    if "if" in schema:
        if _holds(validator, instance, schema["if"]):
            yield validator, schema["if"]
            yield validator, schema.get("then", True)
        else:
            yield validator, schema.get("else", True)


def _resolved(validator: Any, found: Any) -> tuple[Any, Any]:
    return validator.evolve(schema=found.contents, _resolver=found.resolver), found.contents


def _holds(validator: Any, instance: Any, schema: Any) -> bool:
    if isinstance(schema, bool):
        return schema
    return next(validator.descend(instance, schema), None) is None
