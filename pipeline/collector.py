"""Python's cyclic garbage collector, kept from going over millions of live objects again and again.

Belongs here: when it may run. Does not belong here: what is made in the meantime.

Laying out a document, importing the validator or building the job makes objects that all stay until the end of
the work. The collector finds nothing among them, and with its usual thresholds looks through them so often that it
takes a fifth of a run. Nothing is kept longer than a block lasts, except cycles that nobody uses.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 50)
"""Objects made before the youngest are looked at, and how often the older ones are."""


@contextmanager
def seldom() -> Iterator[None]:
    """For the length of a block the collector runs rarely: memory stays bounded however long the work takes."""
    before = gc.get_threshold()
    gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def undisturbed() -> Iterator[None]:
    """For the length of a block the collector does not run; for work that keeps all it makes and ends soon."""
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
