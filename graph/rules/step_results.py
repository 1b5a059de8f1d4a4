"""The assets in what a job handler returned, `{status, result: {assets: …}}`, by the contract's rules."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from graph.declarations.definition import AssetDeclaration, StepDeclaration
from graph.declarations.freshness import freshness_in, parse_freshness
from graph.declarations.models import Freshness
from graph.declarations.warnings import InputWarning, misspelt
from graph.errors import invalid
from graph.rules import deadline
from graph.rules.identifiers import asset_key, check_asset_id, check_text
from graph.rules.instants import parse_instant
from graph.rules.payload_schema import check_schema
from graph.rules.schema_check import MAX_ALL_CHECKS_MS

MAX_ASSETS = 1_000
MAX_PARTITION_KEY = 200

_KNOWN = frozenset({"assetId", "payload", "producedAt", "partitionKey", "schema", "freshness"})


class ReportedAsset(NamedTuple):
    """One production, as one attempt at a step reported it."""

    field: str
    """Its place in the report."""
    asset_id: str
    """As the report writes it; `declaration` knows how it was declared."""
    key: str
    partition: str | None
    payload: Any
    schema: dict[str, Any] | None
    """The report's own, else the declared one."""
    freshness: Freshness | None
    """The report's own, else the one inside the report's own schema, else the declared one."""
    produced_at: int
    observed: bool
    """The step does not declare that it produces this asset."""
    declaration: AssetDeclaration | None


class Outputs(NamedTuple):
    """All productions of one report, in its order, and what its author should look at."""

    assets: list[ReportedAsset]
    warnings: list[InputWarning]


def parse_outputs(result: Any, *, run_partition: str | None, step: StepDeclaration | None, now: int) -> Outputs:
    """Read `result.assets`: a list, a single object, or a map keyed by asset id; anything else in `result` is
    left alone.

    `run_partition` is the run's partition key: it stands in for a missing one of an asset that the step
    declares as partitioned, and never partitions any other. `now` (epoch milliseconds) stands in for a
    missing `producedAt`. `step` is None when the step is not declared: then every asset is observed.

    Raises InvalidInput naming the place, such as `result.assets[1].producedAt`: `invalid_asset_id`,
    `invalid_produced_at`, `duplicate_asset` (same asset and partition twice), `partition_key_required`,
    `unknown_partition`, `too_many_assets` (over 1,000), what `check_schema` and freshness raise, and
    `invalid_input` for a wrong type.
    """
    with deadline.within(MAX_ALL_CHECKS_MS):
        return _outputs(result, run_partition, step, now)


def brings_schema(result: Any) -> bool:
    """Whether an asset of the result has a schema of its own, which may take seconds to check."""
    return any(entry.get("schema") is not None for _, entry in _entries(result))


def _outputs(result: Any, run_partition: str | None, step: StepDeclaration | None, now: int) -> Outputs:
    outputs = Outputs([], [])
    first_at: dict[tuple[str, str | None], str] = {}
    for field, entry in _entries(result):
        asset = _asset(entry, field, run_partition, step, now, outputs.warnings)
        series = (asset.key, asset.partition)
        if series in first_at:
            where = f"partition {asset.partition!r} of " if asset.partition is not None else ""
            message = f"'{field}' reports {where}asset {asset.asset_id!r} again, after {first_at[series]}."
            raise invalid(field, message, code="duplicate_asset")
        first_at[series] = field
        outputs.assets.append(asset)
    return outputs


def _entries(result: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each asset as an object with an `assetId`, and how its place is named."""
    assets = result.get("assets") if isinstance(result, dict) else None
    if assets is None:
        return
    field = "result.assets"
    if not isinstance(assets, list | dict):
        raise invalid(field, f"'{field}' must be a list, an object, or a map keyed by asset id.")
    if len(assets) > MAX_ASSETS:
        message = f"'{field}' holds {len(assets)} assets; at most {MAX_ASSETS} go into one report."
        raise invalid(field, message, code="too_many_assets")
    if isinstance(assets, list):
        for at, entry in enumerate(assets):
            yield f"{field}[{at}]", _object(entry, f"{field}[{at}]")
    elif not _KNOWN.isdisjoint(assets):
        yield field, assets
    else:
        for name, entry in assets.items():
            yield _named_entry(name, entry, f"{field}[{json.dumps(name[:200])}]")


def _named_entry(name: str, entry: Any, field: str) -> tuple[str, dict[str, Any]]:
    own = _object(entry, field).get("assetId")
    if own is not None and (not isinstance(own, str) or asset_key(own) != asset_key(name)):
        raise invalid(f"{field}.assetId", f"'{field}.assetId' contradicts the name it stands under.")
    return field, {**entry, "assetId": check_asset_id(name, field)}


def _object(entry: Any, field: str) -> dict[str, Any]:
    if not isinstance(entry, dict):
        raise invalid(field, f"'{field}' must be an object.")
    return entry


def _asset(
    entry: dict[str, Any],
    field: str,
    run_partition: str | None,
    step: StepDeclaration | None,
    now: int,
    warnings: list[InputWarning],
) -> ReportedAsset:
    asset_id = entry.get("assetId")
    if not isinstance(asset_id, str):
        raise invalid(f"{field}.assetId", f"'{field}.assetId' is required and must be text.")
    key = asset_key(check_asset_id(asset_id, f"{field}.assetId"))
    declaration = step.produced(key) if step else None
    if declaration is None:
        message = f"'{asset_id}' is recorded as observed: the step does not declare it in 'produces'."
        warnings.append(InputWarning(field, message, "undeclared_asset"))
    schema = entry.get("schema")
    if schema is not None:
        check_schema(schema, f"{field}.schema")
    if "payload" in entry:
        warnings.extend(misspelt(entry, field, _KNOWN))
        payload = entry["payload"]
    else:
        payload = {name: value for name, value in entry.items() if name not in _KNOWN}
    return ReportedAsset(
        field=field,
        asset_id=asset_id,
        key=key,
        partition=_partition(entry, field, run_partition, declaration, warnings),
        payload=payload,
        schema=declaration.schema if schema is None and declaration else schema,
        freshness=_freshness(entry, field, declaration),
        produced_at=_produced_at(entry, f"{field}.producedAt", now),
        observed=declaration is None,
        declaration=declaration,
    )


def _freshness(entry: dict[str, Any], field: str, declaration: AssetDeclaration | None) -> Freshness | None:
    if entry.get("freshness") is not None:
        return parse_freshness(entry["freshness"], f"{field}.freshness")
    own = freshness_in(entry.get("schema"), f"{field}.schema")
    return declaration.freshness if own is None and declaration else own


def _produced_at(entry: dict[str, Any], field: str, now: int) -> int:
    text = entry.get("producedAt")
    if text is None:
        return now
    try:
        if not isinstance(text, str):
            raise ValueError(f"{str(text)[:60]} is no text")
        return parse_instant(text)
    except ValueError as error:
        message = f"'{field}' must be an ISO 8601 instant: {error}."
        raise invalid(field, message, code="invalid_produced_at") from None


def _partition(
    entry: dict[str, Any],
    field: str,
    run_partition: str | None,
    declaration: AssetDeclaration | None,
    warnings: list[InputWarning],
) -> str | None:
    place = f"{field}.partitionKey"
    own = entry.get("partitionKey")
    if own is not None:
        if not isinstance(own, str) or not own.strip():
            raise invalid(place, f"'{place}' must be text that is not blank.")
        check_text(own, place, MAX_PARTITION_KEY)
    partitioning = declaration.partitioning if declaration else None
    if partitioning is None:
        if own is not None and declaration is not None:
            message = f"'{place}' is recorded, but '{declaration.asset_id}' is not declared as partitioned."
            warnings.append(InputWarning(place, message, "undeclared_partitioning"))
        return own
    key = own if own is not None else run_partition
    if key is None:
        message = f"'{place}' is required: the asset is partitioned and the run has no partition key."
        raise invalid(place, message, code="partition_key_required")
    partitioning.check_key(key, place)
    return key
