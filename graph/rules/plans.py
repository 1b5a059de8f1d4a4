"""What must be made, and in which order, so that assets will do: pure."""

from collections.abc import Callable, Iterable, Mapping


def making_order(
    wanted: Iterable[str], upstreams: Mapping[str, Iterable[str]], will_do: Callable[[str], bool]
) -> list[str]:
    """The assets that must be made so that the wanted ones will do, what feeds another before it; ties by name.

    An asset that will do is left as it is, whatever lies upstream of it. A cycle is cut where it was entered.
    """
    order: list[str] = []
    seen: set[str] = set()
    # A stack of its own: a chain may be longer than Python's.
    stack = [(key, False) for key in sorted(wanted, reverse=True)]
    while stack:
        key, fed = stack.pop()
        if fed:
            order.append(key)
        elif key not in seen and not will_do(key):
            seen.add(key)
            stack.append((key, True))
            stack += [(each, False) for each in sorted(upstreams.get(key, ()), reverse=True)]
    return order
