"""Operations turn the one value into the other, whichever way they were found."""

import copy
import random
from typing import Any

import jsonpatch
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.rules import json_diff
from graph.rules.digests import canonical_json
from graph.rules.json_diff import MOST, operations

SCALARS = st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from([0.0, 1.0, 2.5, "", "a", "b"])
NAMES = st.sampled_from(["a", "b", "", "/", "~", "~1", "0", "-"])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=6) | st.dictionaries(NAMES, inner, max_size=4), max_leaves=15
)


def applied(old: Any, patch: list[dict[str, Any]]) -> str:
    return canonical_json(jsonpatch.apply_patch(copy.deepcopy(old), copy.deepcopy(patch)))


@pytest.mark.parametrize("exact", [0, 2_000])
@settings(max_examples=400, deadline=None)
@given(old=VALUES, new=VALUES)
def test_the_patch_makes_the_new_of_the_old(exact: int, old: Any, new: Any) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_diff, "EXACT", exact)
        patch = operations(old, new)
    assert applied(old, patch) == canonical_json(new)
    assert (patch == []) == (canonical_json(old) == canonical_json(new))


@settings(max_examples=200, deadline=None)
@given(items=st.lists(VALUES, max_size=20), place=st.integers(0, 20), value=VALUES)
def test_one_insertion_into_a_long_list_is_one_operation(items: list[Any], place: int, value: Any) -> None:
    longer = [*items[:place], value, *items[place:]]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(json_diff, "EXACT", 0)
        assert [each["op"] for each in operations(items, longer)] == ["add"]
        assert [each["op"] for each in operations(longer, items)] == ["remove"]


def test_large_documents_are_never_matched_up_item_by_item(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError("this takes a minute for a megabyte")

    monkeypatch.setattr(jsonpatch, "make_patch", refuse)
    chance = random.Random(1)
    numbers = [chance.randrange(100_000) for _ in range(150_000)]
    shuffled = chance.sample(numbers, len(numbers))
    assert operations(numbers, shuffled) == [{"op": "replace", "path": "", "value": shuffled}]
    old = {str(each): {"value": each, "more": [each] * 5} for each in range(15_000)}
    new = copy.deepcopy(old)
    new["77"]["more"][2] = True
    assert operations(old, new) == [{"op": "replace", "path": "/77/more/2", "value": True}]


def test_a_patch_of_too_many_operations_replaces_the_whole() -> None:
    old, new = list(range(MOST + 1)), list(range(1, MOST + 2))[::-1]
    patch = operations(old, new)
    assert [each["path"] for each in patch] == [""]
    assert applied(old, patch) == canonical_json(new)
