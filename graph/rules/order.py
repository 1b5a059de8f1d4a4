"""The order of an asset's versions: by `producedAt`, ties by arrival (docs/decisions/0001-shape.md)."""

ORDINAL_BITS = 21
ORDINAL_MASK = (1 << ORDINAL_BITS) - 1


def order_of(produced_at: int, ordinal: int) -> int:
    """An integer that rises with `produced_at` (epoch milliseconds) and, within one millisecond, with
    `ordinal`.

    `ordinal` counts an asset's productions; only its low 21 bits are kept, so ties are told apart as long as
    fewer than 2,097,152 productions lie between them. Up to `instants.MAX_INSTANT` the result fits 63 bits.
    """
    return produced_at << ORDINAL_BITS | (ordinal & ORDINAL_MASK)


def instant_of(order: int) -> int:
    """The `producedAt` that an order was made from, for ranges over time and for cursors."""
    return order >> ORDINAL_BITS


def ordinals_of(order: int, last: int) -> range:
    """The ordinals up to `last` that an order may have been made from: one for each 2,097,152 productions."""
    return range(last - ((last - order) & ORDINAL_MASK), 0, -(ORDINAL_MASK + 1))
