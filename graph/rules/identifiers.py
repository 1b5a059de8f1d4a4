"""Names that clients choose, and the keys that the graph makes of them.

A key is what a uniqueness constraint holds: compared without case, never shown. Parts are joined with signs that
cannot occur in the part before them, so no two things share a key.
"""

import re
import unicodedata

from graph.errors import InvalidInput, invalid

ASSET_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._:-]{0,199}")
SLUG = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]{0,99}")
RUN_ID = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9._:-]{0,199}")


def check_asset_id(text: str, field: str = "assetId") -> str:
    """The asset id as given, or InvalidInput `invalid_asset_id`."""
    if ASSET_ID.fullmatch(text):
        return text
    raise _bad(
        field, "invalid_asset_id", text, "1 to 200 letters, digits, '.', '_', ':' or '-', the first a letter or digit"
    )


def check_slug(text: str, field: str = "slug") -> str:
    """The workflow slug as given, or InvalidInput `invalid_slug`."""
    if SLUG.fullmatch(text):
        return text
    raise _bad(
        field, "invalid_slug", text, "1 to 100 lower-case letters, digits, '_' or '-', the first a letter or digit"
    )


def check_run_id(text: str, field: str = "runId") -> str:
    """The run id as given, or InvalidInput `invalid_run_id`."""
    if RUN_ID.fullmatch(text):
        return text
    raise _bad(
        field, "invalid_run_id", text, "1 to 200 letters, digits, '.', '_', ':' or '-', the first a letter or digit"
    )


def check_text(text: str, field: str, limit: int) -> str:
    """Free text of 1 to `limit` characters without control characters or lone surrogates, else InvalidInput."""
    if not 1 <= len(text) <= limit:
        raise invalid(field, f"'{field}' must have 1 to {limit} characters; it has {len(text)}.")
    for character in text:
        if unicodedata.category(character) in ("Cc", "Cs"):
            raise invalid(field, f"'{field}' holds a control character (U+{ord(character):04X}); remove it.")
    return text


def asset_key(asset_id: str) -> str:
    """Two ids that differ in case alone are one asset. Keys of ids from the REST contract never hold '#' or '/'."""
    return asset_id.lower()


def workflow_key(slug: str) -> str:
    """Slugs are compared without case."""
    return slug.lower()


def step_key(workflow: str, step_id: str) -> str:
    """A step belongs to its workflow; step ids are compared exactly."""
    return f"{workflow}/{step_id}"


def partition_key(asset: str, partition: str | None) -> str:
    """One series of versions: an asset, or one partition of it."""
    return f"{asset}#{partition or ''}"


def attempt_key(run_id: str, step_id: str, attempt: int) -> str:
    """One attempt at a step within a run."""
    return f"{run_id}/{attempt}/{step_id}"


def _bad(field: str, code: str, text: str, rule: str) -> InvalidInput:
    shown = text if len(text) <= 60 else text[:60] + "…"
    return invalid(field, f"'{field}' must be {rule}; {shown!r} is not.", code=code)
