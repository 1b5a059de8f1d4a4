"""Durations as people write them."""

import pytest

from app.gates.durations import parse_duration


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [("1ms", 1), ("90s", 90_000), ("15m", 900_000), ("1h30m", 5_400_000), ("7d", 604_800_000), ("1w", 604_800_000)],
)
def test_what_is_meant(text: str, milliseconds: int) -> None:
    assert parse_duration(text) == milliseconds


@pytest.mark.parametrize("text", ["", "5", "h", "1.5h", "-1h", "1h ", "1 h", "0s", "1y", "1H"])
def test_what_is_none(text: str) -> None:
    with pytest.raises(ValueError, match="such as 90s"):
        parse_duration(text)
