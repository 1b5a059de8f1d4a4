"""Small worlds: few names, so that things meet; names in several cases, so that they meet by another spelling."""

from typing import Any

from hypothesis import strategies as st

SLUGS = ("alpha", "beta-2", "gamma_")
ASSETS = ("raw", "db:Report", "Out.1", "log_x")
STEPS = ("one", "One", "two words")
PARTITIONS = ("p1", "p2", "P1#x")
RUN_KEYS = ("nightly", "by hand")

SCHEMAS: tuple[dict[str, Any], ...] = (
    {},
    {"type": "integer"},
    {"type": "object", "required": ["n"], "ttlMs": 5_000},
    {"type": ["integer", "string"]},
)
FRESHNESS: tuple[dict[str, int], ...] = ({"ttlMs": 1_000}, {"cadenceMs": 3_000}, {"maxAgeMs": 6_000, "cadenceMs": 500})
PARTITIONING: tuple[dict[str, Any], ...] = (
    {"type": "static", "keys": ["p1", "p2"]},
    {"type": "dynamic"},
)


def spelt(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """A name, in one of its spellings."""
    return st.builds(lambda name, spell: str(spell(name)), st.sampled_from(names), st.sampled_from(SPELLINGS))


SPELLINGS = (str, str.lower, str.upper, str.swapcase)

asset_ids = spelt(ASSETS)
slugs = spelt(SLUGS)
payloads = st.one_of(
    st.integers(0, 3), st.sampled_from(["a", "ä\u2028", None]), st.fixed_dictionaries({"n": st.integers(0, 2)})
)

declarations = st.fixed_dictionaries(
    {"assetId": asset_ids},
    optional={
        "schema": st.sampled_from(SCHEMAS),
        "freshness": st.sampled_from(FRESHNESS),
        "partitioning": st.sampled_from(PARTITIONING),
        "owner": st.just("us"),
        "autoMaterialize": st.just({"enabled": True, "priority": None}),
    },
)

steps = st.fixed_dictionaries(
    {"id": st.sampled_from(STEPS)},
    optional={
        "name": st.sampled_from(["First", "Second"]),
        "type": st.sampled_from(["service", "fanout"]),
        "produces": st.lists(declarations, max_size=3),
        "consumes": st.lists(declarations, max_size=3),
    },
)
step_lists = st.lists(steps, min_size=1, max_size=3, unique_by=lambda step: step["id"])

definitions = st.fixed_dictionaries(
    {"steps": step_lists},
    optional={
        "name": st.sampled_from(["A name", "Another"]),
        "version": st.integers(1, 3),
        "description": st.just("kept"),
        "onInvalidPayload": st.sampled_from(["record", "reject"]),
        "triggers": st.just([{"every": "day"}]),
    },
)

changes = st.fixed_dictionaries(
    {},
    optional={
        "steps": step_lists,
        "name": st.sampled_from(["A name", None]),
        "description": st.sampled_from(["kept", None]),
        "onInvalidPayload": st.sampled_from(["record", None]),
    },
)

run_bodies = st.fixed_dictionaries(
    {},
    optional={
        "parameters": payloads,
        "partitionKey": st.sampled_from(PARTITIONS),
        "triggeredBy": st.just("somebody"),
        "runKey": st.sampled_from(RUN_KEYS),
    },
)

finish_bodies = st.fixed_dictionaries(
    {"status": st.sampled_from(["succeeded", "failed", "canceled"])},
    optional={"output": payloads, "errorMessage": st.just("it broke")},
)

offsets = st.one_of(st.integers(-20_000, 3_000), st.sampled_from([-1_000, 0, 1]))
"""Milliseconds from now; some of them often, so that instants are the same."""

productions = st.tuples(
    st.fixed_dictionaries(
        {},
        optional={
            "payload": payloads,
            "n": st.just(7),
            "partitionKey": st.sampled_from(PARTITIONS),
            "schema": st.sampled_from(SCHEMAS[1:]),
            "freshness": st.sampled_from(FRESHNESS),
        },
    ),
    st.none() | offsets,
)
"""An asset of a result without its id, and when it was produced."""
