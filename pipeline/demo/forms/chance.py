"""Numbers that look drawn and are worked out: the same for a code, a name and a seed everywhere.

Belongs here: exact integer mixing as polars expressions, and integer shares. Does not belong here:
``hash()`` of any library, floating point, state.
"""

from __future__ import annotations

import zlib

import polars as pl

PRIME = 2_147_483_647
_ROUNDS = ((1_103_515_245, 12_345), (1_664_525, 1_013_904_223))
# Factors below 2^31: a remainder times a factor stays below 2^62.


def number(name: str) -> pl.Expr:
    """A column of digits as a whole number (school, county and village codes are text)."""
    return pl.col(name).cast(pl.Int64)


def mixed(seed: int, salt: str, *keys: pl.Expr) -> pl.Expr:
    """0 to PRIME - 1 from whole-number ``keys``; another ``salt`` or seed gives another number.

    Every square stays below 2^62, so 64-bit integers hold it exactly. An expression stands in the next
    one once only (a square, not a product of two), or its size would double with every round.
    """
    state: pl.Expr = pl.lit((zlib.crc32(salt.encode()) ^ seed) % PRIME, dtype=pl.Int64)
    for key in keys:
        state = state + key.cast(pl.Int64)
        for factor, step in _ROUNDS:
            state = (((state % PRIME) * factor + step) % PRIME).pow(2) % PRIME
    return state


def draw(seed: int, salt: str, low: int, high: int, *keys: pl.Expr) -> pl.Expr:
    """A whole number from ``low`` to ``high``, both included."""
    return low + mixed(seed, salt, *keys) * (high - low + 1) // PRIME


def share(count: pl.Expr, per_mille: pl.Expr | int, seed: int, salt: str, *keys: pl.Expr) -> pl.Expr:
    """``per_mille`` thousandths of ``count``; the broken part counts as often as it is large.

    Never more than ``count`` where ``per_mille`` is at most 1000, so shares of small schools add up to
    the share of all of them.
    """
    parts = count * per_mille
    return (parts + draw(seed, salt, 0, 999, *keys)) // 1000
