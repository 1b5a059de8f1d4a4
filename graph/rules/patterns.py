"""Regular expressions from strangers: JSON Schema's dialect (ECMA-262), run by `regex` within a time limit.

Two dangers, two bounds. A search may take exponential time: `regex` stops at a timeout. A compilation cannot
be stopped, and counted repeats are unrolled while compiling (`((a{100}){100}){100}` takes 0.5 s, one level
more the whole memory): the unrolled size is added up beforehand.
"""

import re
from collections.abc import Callable
from functools import lru_cache

import regex

MAX_LENGTH = 4_096
MAX_UNROLLED = 20_000
"""About 15 ms of compilation."""

_TOKEN = re.compile(
    r"""
      \\k<(?P<reference>\w+)>
    | \\c(?P<control>[A-Za-z])
    | \\u\{(?P<point>[0-9A-Fa-f]{1,6})\}
    | (?P<escape>\\[pP]\{\w+(?:=\w+)?\}|\\(?s:.))
    | (?P<none>\[\])
    | (?P<any>\[\^\])
    | (?P<set>\[\^?(?:[^\]\\]|\\(?s:.))*\])
    | \{(?P<least>\d+)(?:,\d*)?\}[?]?
    | (?P<open>\((?:\?(?:[:=!]|<[=!]|<\w+>))?)
    | (?P<close>\))
    | (?P<end>\$)
    | (?P<brace>[{}])
    | (?P<other>(?s:.))
    """,
    re.VERBOSE,
)


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> regex.Pattern[str]:
    """The pattern ready to search with; ValueError with a reason when it is none, or costly to compile."""
    if len(pattern) > MAX_LENGTH:
        raise ValueError(f"it has {len(pattern)} characters; at most {MAX_LENGTH} are allowed")
    try:
        return regex.compile(_translate(pattern), _letters(pattern) | regex.VERSION0)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except (regex.error, OverflowError, IndexError, KeyError) as error:
        raise ValueError(str(error) or "it cannot be read") from None


def search(pattern: str, text: str, timeout: float) -> bool:
    """Whether the pattern occurs in the text; TimeoutError after `timeout` seconds, ValueError as above."""
    return compile_pattern(pattern).search(text, timeout=timeout) is not None


def _letters(pattern: str) -> int:
    r"""`\d` and `\w` mean ASCII in ECMA-262; `regex` cannot have that together with `\p{…}`."""
    return regex.UNICODE if re.search(r"\\[pP]", pattern) else regex.ASCII


def _translate(pattern: str) -> str:
    """The pattern in the words of `regex`, where ECMA-262 means something else by the same sign."""
    out: list[str] = []
    sums = [0]  # of the open groups, outermost first: the unrolled size so far
    last = 0  # the unrolled size of what a repeat that comes next would repeat
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        text = token.group()
        if kind == "least":
            sums[-1] += last * (max(int(token["least"]), 1) - 1)
            last *= max(int(token["least"]), 1)
        elif kind == "open":
            sums.append(0)
            last = 0
        elif kind == "close" and len(sums) > 1:
            last = sums.pop() + 1
            sums[-1] += last
        elif text not in ("*", "+", "?"):
            last = len(text)
            sums[-1] += last
        if sum(sums) > MAX_UNROLLED or last > MAX_UNROLLED:
            raise ValueError(f"its repeats unroll to more than {MAX_UNROLLED} parts; use smaller counts")
        out.append(_WORDS[kind](token) if kind is not None and kind in _WORDS else text)
    return "".join(out)


def _literal_bracket(token: re.Match[str]) -> str:
    return r"\[" if token[0] == "[" else token[0]


_IN_SET = re.compile(r"\\?.", re.DOTALL)

_WORDS: dict[str, Callable[[re.Match[str]], str]] = {
    "reference": lambda token: f"(?P={token['reference']})",
    "control": lambda token: rf"\x{ord(token['control']) % 32:02x}",
    "point": lambda token: rf"\U{int(token['point'], 16):08x}",
    "none": lambda token: "(?!)",
    "any": lambda token: r"[\s\S]",
    "set": lambda token: "[" + _IN_SET.sub(_literal_bracket, token.group()[1:]),
    "end": lambda token: r"\Z",
    "brace": lambda token: "\\" + token.group(),
}
