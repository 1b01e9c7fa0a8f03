"""One partition is one edition: static keys read from the registers, never from the clock."""

from __future__ import annotations

import dagster as dg

from pipeline.programme import Home, edition_keys


def edition_partitions(home: Home) -> dg.StaticPartitionsDefinition:
    """Every edition the registers allow, ``<programme>-<year>``."""
    return dg.StaticPartitionsDefinition(edition_keys(home))
