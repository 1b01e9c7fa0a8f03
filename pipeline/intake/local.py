"""What one programme adds to the contracts: the names of its units and the layouts of earlier years.

Belongs here: carrying both to where files are read, as one object. Does not belong here: what
they mean (areas.py, layouts.py), reading them (programme.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.intake.areas import AreaNames
from pipeline.intake.layouts import Layout


@dataclass(frozen=True)
class Local:
    """``areas``: names of the programme's units; ``layouts``: table -> its layouts."""

    areas: AreaNames = field(default_factory=AreaNames)
    layouts: Mapping[str, Layout] = field(default_factory=dict)

    def layout(self, table: str) -> Layout:
        """The layout of a table; one without rows where the programme has none."""
        return self.layouts.get(table) or Layout(table)

    def fingerprint(self, table: str) -> str:
        """Changes whenever reading a file of ``table`` could change."""
        return f"{self.areas.fingerprint} {self.layout(table).fingerprint}"


NOTHING_LOCAL = Local()
