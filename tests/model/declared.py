"""What a definition says, read from the document as it was sent, in the plainest way; how values are written."""

import dataclasses
import datetime as dt
import hashlib
import json
from typing import Any


@dataclasses.dataclass(frozen=True)
class Declared:
    """One side of one step: `kind` is PRODUCES or CONSUMES."""

    kind: str
    step: dict[str, Any]
    asset: dict[str, Any]

    @property
    def key(self) -> str:
        return str(self.asset["assetId"]).lower()


def declarations(document: dict[str, Any]) -> list[Declared]:
    """In the order of the document, produced before consumed; of ids that differ in case alone the first counts."""
    found: dict[tuple[str, str, str], Declared] = {}
    for step in document["steps"]:
        for kind, side in (("PRODUCES", "produces"), ("CONSUMES", "consumes")):
            for asset in step.get(side, ()):
                found.setdefault((kind, step["id"], asset["assetId"].lower()), Declared(kind, step, asset))
    return list(found.values())


def steps(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps with what they fall back to."""
    return [
        {**step, "name": step.get("name", step["id"]), "type": step.get("type", "job")} for step in document["steps"]
    ]


def freshness(asset: dict[str, Any]) -> dict[str, int] | None:
    """What an entry declares, beside the schema or inside it."""
    hints = {key: value for key, value in asset.get("schema", {}).items() if key in ("ttlMs", "cadenceMs", "maxAgeMs")}
    return asset.get("freshness") or hints or None


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are one: 1 and True are not, the order of members does not matter."""
    return canonical(one) == canonical(other)


def canonical(value: Any) -> str:
    """JSON with sorted keys and without blanks."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def instant(at: int | None) -> str | None:
    """As the contract writes it."""
    if at is None:
        return None
    moment = dt.datetime(1970, 1, 1) + dt.timedelta(milliseconds=at)
    return moment.isoformat(timespec="milliseconds") + "Z"
