"""How a place in a JSON document is named to people: `steps[2].produces[0].schema.properties.x`."""

import json
import re
from collections.abc import Iterable

_WORD = re.compile(r"[A-Za-z_$@][\w$@-]{0,63}")
_LONGEST = 300


def field_path(base: str, parts: Iterable[str | int]) -> str:
    """`base` continued by list indices (`[2]`) and names (`.x`, `["odd name"]` where a dot would mislead)."""
    path = base
    for part in parts:
        if isinstance(part, int):
            path += f"[{part}]"
        elif _WORD.fullmatch(part):
            path += f".{part}" if path else part
        else:
            path += f"[{json.dumps(part)}]"
    return shorten(path, _LONGEST)


def json_pointer(parts: Iterable[str | int]) -> str:
    """The same place as an RFC 6901 pointer: `/items/2/na~1me`, and `` for the whole document."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def shorten(text: str, limit: int) -> str:
    """Text for people, cut to `limit` characters with a sign that it was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
