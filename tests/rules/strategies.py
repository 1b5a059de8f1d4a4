"""Random JSON, random schemas, and documents that are nearly right."""

from hypothesis import strategies as st

NAMES = st.sampled_from(["a", "b", "c", "ab"])
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from([0.0, 1.0, 1.5]) | NAMES
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
PATTERNS = st.sampled_from(["a", "^a", "b$", "^[ab]+$", r"\d"])


def _schema(inner: st.SearchStrategy) -> st.SearchStrategy:
    several = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(NAMES, inner, max_size=3)
    keywords = {
        "type": st.sampled_from(["object", "array", "string", "integer", "number", "boolean", "null"]),
        "properties": named,
        "patternProperties": st.dictionaries(PATTERNS, inner, max_size=2),
        "additionalProperties": inner,
        "unevaluatedProperties": inner,
        "propertyNames": st.builds(lambda pattern: {"pattern": pattern}, PATTERNS),
        "required": st.lists(NAMES, max_size=2, unique=True),
        "prefixItems": several,
        "items": inner,
        "contains": inner,
        "unevaluatedItems": inner,
        "uniqueItems": st.booleans(),
        "pattern": PATTERNS,
        "minimum": st.integers(-2, 2),
        "enum": st.lists(JSON, min_size=1, max_size=3),
        "const": JSON,
        "allOf": several,
        "anyOf": several,
        "oneOf": several,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "dependentSchemas": named,
        "$ref": st.just("#/$defs/named"),
    }
    return st.fixed_dictionaries({}, optional=keywords).flatmap(
        lambda whole: (
            st.sets(st.sampled_from(sorted(whole)), max_size=4).map(lambda kept: {name: whole[name] for name in kept})
            if whole
            else st.just({})
        )
    )


SCHEMAS = st.builds(
    lambda schema, named: {**schema, "$defs": {"named": named}} if isinstance(schema, dict) else {"allOf": [schema]},
    st.recursive(st.booleans() | st.just({}), _schema, max_leaves=8),
    st.sampled_from([{}, {"type": "object"}, {"properties": {"a": True}}, {"prefixItems": [True]}, False]),
).map(lambda schema: {**schema, "$defs": schema.get("$defs", {"named": {}})})

_KNOWN = """
    slug name version steps id type dependsOn produces produce consumes assetId schema freshness ttlMs tags
    partitioning keys granularity format timezone autoMaterialize enabled payload producedAt partitionKey
    assets properties $ref
"""
_KEYS = st.sampled_from(_KNOWN.split())
_WORDS = st.sampled_from(["a", "A", "job", "static", "timeWindow", "day", "2026-01-31", "#", "", "\x00", "\ud800"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _WORDS | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS | st.text(max_size=3), inner, max_size=6),
    max_leaves=25,
)
