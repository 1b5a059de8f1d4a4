"""What may be declared as an asset's schema: a valid JSON Schema that stands alone, within limits."""

from collections.abc import Mapping
from typing import Any

from jsonschema.exceptions import best_match
from referencing import Registry
from referencing.exceptions import (
    CannotDetermineSpecification,
    InvalidAnchor,
    NoSuchAnchor,
    PointerToNowhere,
    Unresolvable,
)
from referencing.jsonschema import lookup_recursive_ref

from graph.errors import InvalidInput, invalid
from graph.rules import deadline
from graph.rules.dialects import DEFAULT, DIALECTS, Dialect, plain_name
from graph.rules.fields import field_path, shorten
from graph.rules.formats import FORMATS
from graph.rules.patterns import compile_pattern

MAX_BYTES = 256 * 1024
MAX_DEPTH = 64
MAX_PARTS = 20_000
MAX_CHECK_MS = 2_000
MAX_ALL_CHECKS_MS = 5_000
"""For all schemas of one request, of which a body of 4 MiB holds a thousand slow ones."""

_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def check_limits(schema: Any, field: str) -> None:
    """InvalidInput unless it is an object, at most 64 levels deep, of at most 20,000 members and entries."""
    if not isinstance(schema, dict):
        raise _wrong(field, "it must be an object")
    parts = depth = 0
    level: list[Any] = [schema]
    while level:
        depth += 1
        parts += sum(len(value) for value in level)
        if depth > MAX_DEPTH:
            raise too_large(field, f"is nested more than {MAX_DEPTH} levels deep")
        if parts > MAX_PARTS:
            raise too_large(field, f"has more than {MAX_PARTS} members and entries")
        level = [
            member
            for value in level
            for member in (value.values() if isinstance(value, dict) else value)
            if isinstance(member, dict | list)
        ]


def too_large(field: str, how: str) -> InvalidInput:
    """The refusal of a schema past a limit: `how` continues "the schema …"."""
    message = f"'{field}' is too large to check payloads with: the schema {how}."
    return invalid(field, message, code="schema_too_large")


def build_validator(schema: dict[str, Any], field: str) -> Any:
    """A validator for payloads from a schema within the limits; InvalidInput as `check_schema` says."""
    dialect = _dialect_of(schema, field)
    try:
        with deadline.within(MAX_CHECK_MS):
            _check_against_metaschema(dialect, schema, field, schema)
            return _Document(dialect, schema, field).validator()
    except (deadline.DeadlinePassed, RecursionError):
        raise too_large(field, "takes too long to check; make it simpler") from None


def _wrong(field: str, why: str, code: str = "invalid_schema") -> InvalidInput:
    return invalid(field, f"'{field}' is no valid JSON Schema: {why}.", code=code)


def _dialect_of(schema: dict[str, Any], field: str) -> Dialect:
    named = schema.get("$schema", DEFAULT)
    dialect = DIALECTS.get(plain_name(named)) if isinstance(named, str) else None
    if dialect is None:
        known = ", ".join(sorted(DIALECTS))
        why = f"{shorten(repr(named), 100)} is none of the known dialects ({known})"
        raise _wrong(f"{field}.$schema", why)
    return dialect


def _check_against_metaschema(dialect: Dialect, part: Any, field: str, whole: dict[str, Any]) -> None:
    error = best_match(dialect.metaschema.iter_errors(part))
    if error is not None:
        place = [*(_path_to(whole, part) or ()), *error.absolute_path]
        raise _wrong(field_path(field, place), shorten(error.message, 300))


class _Document:
    """One schema document: every part that can be applied is visited, every reference followed once."""

    def __init__(self, dialect: Dialect, schema: dict[str, Any], field: str) -> None:
        self.dialect = dialect
        self.schema = schema
        self.field = field
        self.visited: set[int] = set()

    def validator(self) -> Any:
        resource = self.dialect.specification.create_resource(self.schema)
        try:
            base = resource.id() or ""
            # An empty registry without a way to fetch anything: what is not in the document does not exist.
            registry: Registry[Any] = Registry().with_resource(base, resource).crawl()
            resolver = registry.resolver(base)
            self._visit(self.schema, resolver)
        except (CannotDetermineSpecification, ValueError, TypeError, AttributeError) as error:
            raise _wrong(self.field, f"its identifiers cannot be read ({shorten(str(error), 200)})") from None
        build = self.dialect.validator
        return build(self.schema, format_checker=FORMATS, registry=registry, _resolver=resolver)

    def _visit(self, root: Any, resolver: Any) -> None:
        waiting = [(root, resolver)]
        targets: list[tuple[Any, Any]] = []
        while waiting or targets:
            if not waiting:
                # Only now is it known which targets lie outside of every part that was checked as a schema.
                target, resolver = targets.pop()
                if id(target) in self.visited or isinstance(target, bool):
                    continue
                _check_against_metaschema(self.dialect, target, self.field, self.schema)
                waiting.append((target, resolver))
            part, resolver = waiting.pop()
            if not isinstance(part, Mapping) or id(part) in self.visited:
                continue
            self.visited.add(id(part))
            deadline.check()
            self._check_dialect(part)
            self._check_patterns(part)
            for keyword in _REFERENCES:
                if keyword in part and keyword in self.dialect.validator.VALIDATORS:
                    found = self._resolve(part, keyword, resolver)
                    targets.append((found.contents, found.resolver))
            specification = self.dialect.specification
            for child in specification.subresources_of(part):
                waiting.append((child, resolver.in_subresource(specification.create_resource(child))))

    def _check_dialect(self, part: Mapping[str, Any]) -> None:
        own = self.schema.get("$schema", DEFAULT)
        if plain_name(part.get("$schema", own)) != plain_name(own):
            raise _wrong(self._field_of(part, "$schema"), "one document keeps to one dialect")

    def _check_patterns(self, part: Mapping[str, Any]) -> None:
        patterns = [*part.get("patternProperties", ())]
        if "pattern" in part:
            patterns.append(part["pattern"])
        for pattern in patterns:
            deadline.check()
            keyword = "pattern" if pattern is part.get("pattern") else "patternProperties"
            try:
                compile_pattern(pattern)
            except ValueError as error:
                why = f"the regular expression {shorten(repr(pattern), 80)} cannot be used: {error}"
                raise _wrong(self._field_of(part, keyword), why) from None

    def _resolve(self, part: Mapping[str, Any], keyword: str, resolver: Any) -> Any:
        reference = shorten(repr(part[keyword]), 100)
        place = self._field_of(part, keyword)
        recursive = keyword == "$recursiveRef"
        try:
            found = lookup_recursive_ref(resolver) if recursive else resolver.lookup(part[keyword])
        except (PointerToNowhere, NoSuchAnchor, InvalidAnchor):
            raise _wrong(place, f"{reference} leads nowhere") from None
        except Unresolvable:
            why = f"{reference} leads out of the document; nothing is fetched, put it into '$defs'"
            raise _wrong(place, why, "remote_reference") from None
        if not isinstance(found.contents, dict | bool):
            raise _wrong(place, f"{reference} leads to something that is no schema")
        return found

    def _field_of(self, part: Any, keyword: str) -> str:
        return field_path(self.field, [*(_path_to(self.schema, part) or ()), keyword])


def _path_to(whole: Any, part: Any) -> list[str | int] | None:
    """Where the very object `part` stands in a document that holds it once."""
    if whole is part:
        return []
    members: Any = ()
    if isinstance(whole, dict):
        members = whole.items()
    elif isinstance(whole, list):
        members = enumerate(whole)
    for name, member in members:
        if isinstance(member, dict | list) and (rest := _path_to(member, part)) is not None:
            return [name, *rest]
    return None
