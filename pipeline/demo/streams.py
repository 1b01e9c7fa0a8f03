"""Numbers drawn and shared out, the same on every machine.

Belongs here: seeded substreams and exact integer apportionment. Does not belong here: anything
about schools, people or money.

Only ``Random.getrandbits`` is used, whose output is fixed by the seed; no clock, no ``hash()``,
no floating point.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
_BITS = 48
MILLION = 1_000_000


class Stream:
    """A random substream named by the seed and the keys given, e.g. ``Stream(7, "130702", 2021)``."""

    def __init__(self, seed: int, *keys: object) -> None:
        self._random = Random(":".join([str(seed), *(str(key) for key in keys)]))

    def between(self, low: int, high: int) -> int:
        """An integer from ``low`` to ``high``, both included."""
        return low + (self._random.getrandbits(_BITS) * (high - low + 1) >> _BITS)

    def chance(self, per_thousand: int) -> bool:
        """True ``per_thousand`` times out of a thousand."""
        return self.between(0, 999) < per_thousand

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.between(0, len(items) - 1)]

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """The items in a random order (a new list)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.between(0, last)
            result[last], result[other] = result[other], result[last]
        return result

    def noise(self, amount_ppm: int) -> int:
        """A factor in millionths: one, plus or minus up to ``amount_ppm``."""
        return MILLION + self.between(-amount_ppm, amount_ppm)


def share_out(total: int, weights: Sequence[int]) -> list[int]:
    """``total`` (>= 0) shared in proportion to the weights by largest remainders; sums exactly.

    Ties go to the earlier place. Raises ValueError when there is something to share and no
    positive weight.
    """
    whole = sum(weights)
    if whole <= 0:
        if total:
            raise ValueError(f"nothing to share {total} among")
        return [0] * len(weights)
    parts = [total * weight // whole for weight in weights]
    rest = total - sum(parts)
    order = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in order[:rest]:
        parts[i] += 1
    return parts


def share_signed(total: int, weights: Sequence[int]) -> list[int]:
    """Like :func:`share_out` for a total of either sign."""
    parts = share_out(abs(total), weights)
    return parts if total >= 0 else [-part for part in parts]


def scaled(number: int, ppm: int) -> int:
    """``number`` times ``ppm`` millionths, rounded half up."""
    return (number * ppm + MILLION // 2) // MILLION
