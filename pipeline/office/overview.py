"""How the findings of a check stand by supplier and by unit: what blocks, what needs a note, what is fine.

Belongs here: counting. Does not belong here: printing (telling), deciding what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.intake.register import Registration
from pipeline.office.worklist import Work


@dataclass(frozen=True)
class Standing:
    """One supplier or unit: errors (and what could not be evaluated), warnings without and with a note, open reviews.

    Counts include rows that are counted but not listed.
    """

    name: str
    errors: int
    to_note: int
    noted: int
    to_review: int

    @property
    def fine(self) -> bool:
        """Nothing is asked of it."""
        return not (self.errors or self.to_note or self.to_review)


def standings(works: Iterable[Work], names: Sequence[str], by: str) -> list[Standing]:
    """One line for each of ``names`` and for whoever else has a finding, worst first, then in order of ``names``.

    ``by`` is ``supplier`` or ``area``; findings of no unit are left out of the latter.
    """
    grouped: dict[str, list[Work]] = {name: [] for name in names}
    for w in works:
        name = w.supplier if by == "supplier" else w.area
        if name:
            grouped.setdefault(name, []).append(w)
    order = list(grouped)
    made = [_standing(name, own) for name, own in grouped.items()]
    return sorted(made, key=lambda s: (-s.errors, -s.to_note, -s.to_review, -s.noted, order.index(s.name)))


def _standing(name: str, works: Sequence[Work]) -> Standing:
    def count(severities: tuple[str, ...], noted: bool) -> int:
        return sum(1 + w.finding.more for w in works if w.severity in severities and bool(w.note) == noted)

    return Standing(
        name=name,
        errors=count(("error", "unevaluated"), False),
        to_note=count(("warning",), False),
        noted=count(("warning", "review"), True),
        to_review=count(("review",), False),
    )


def suppliers_of(registrations: Iterable[Registration]) -> list[str]:
    """Names of those who handed in files, in order of their first file."""
    return list(dict.fromkeys(r.supplier for r in registrations))
