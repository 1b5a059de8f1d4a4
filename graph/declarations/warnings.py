"""Advice that comes back with an accepted document: what was folded, passed over, or probably meant."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any, NamedTuple

from graph.declarations.base import Declared
from graph.declarations.models import (
    AssetDocument,
    AutoMaterialize,
    Freshness,
    StepDocument,
    WorkflowDocument,
)
from graph.declarations.partitioning import DynamicPartitioning, StaticPartitioning, TimeWindowPartitioning
from graph.rules.fields import field_path

CLOSE = 0.8
"""Of `SequenceMatcher.ratio`: `produce`, `freshnes` and `maxAge` pass, `jobSlug` and `timeoutMs` do not."""


class InputWarning(NamedTuple):
    """Something accepted that its author should look at."""

    field: str
    message: str
    code: str


def near_misses(document: dict[str, Any]) -> Iterator[InputWarning]:
    """A warning for each key of a definition that looks like a known one which is not there."""
    yield from misspelt(document, "", _known(WorkflowDocument))
    for at, step in _objects(document.get("steps")):
        field = f"steps[{at}]"
        yield from misspelt(step, field, _known(StepDocument))
        for side in ("produces", "consumes"):
            for which, asset in _objects(step.get(side)):
                yield from _in_asset(asset, f"{field}.{side}[{which}]")


def misspelt(given: Iterable[str], field: str, known: frozenset[str]) -> Iterator[InputWarning]:
    """A warning for each given key that is close to a known one which was not given."""
    keys = set(given)
    for key in given:
        if key not in known and (meant := _meant(key, known)) and meant not in keys:
            place = field_path(field, [key])
            message = f"'{place}' has no meaning here; did you mean '{meant}'?"
            yield InputWarning(place, message, "unknown_key")


def _in_asset(asset: dict[str, Any], field: str) -> Iterator[InputWarning]:
    yield from misspelt(asset, field, _known(AssetDocument))
    parts: dict[str, type[Declared] | None] = {
        "freshness": Freshness,
        "autoMaterialize": AutoMaterialize,
        "partitioning": _PARTITIONINGS.get(asset["partitioning"].get("type"))
        if isinstance(asset.get("partitioning"), dict)
        else None,
    }
    for name, model in parts.items():
        part = asset.get(name)
        if model is not None and isinstance(part, dict):
            yield from misspelt(part, f"{field}.{name}", _known(model))


def _objects(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries of an optional list in a document that was found valid."""
    yield from enumerate(value or ())


@lru_cache
def _known(model: type[Declared]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


@lru_cache(maxsize=4096)
def _meant(key: str, known: frozenset[str]) -> str | None:
    """The known key that this one looks like; short ones must be the same but for case and signs."""
    plain = _plain(key)
    best, closeness = None, CLOSE
    for name in sorted(known):
        if plain == _plain(name):
            return name
        if len(name) > 3 and (ratio := SequenceMatcher(None, plain, _plain(name)).ratio()) >= closeness:
            best, closeness = name, ratio
    return best


def _plain(key: str) -> str:
    return key[:64].lower().replace("_", "").replace("-", "")


_PARTITIONINGS: dict[Any, type[Declared]] = {
    "static": StaticPartitioning,
    "timeWindow": TimeWindowPartitioning,
    "dynamic": DynamicPartitioning,
}
