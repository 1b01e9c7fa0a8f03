"""Rows of a table as the report asks for them: those of a unit, of a commitment, a few columns of all.

Belongs here: what can be asked of rows, and rows that are held in memory. Does not belong here: reading tables
(``pipeline.edition.table_rows``), what the rows mean.

A city's tables are held whole. Those of thousands of units stay where they are and are asked again and again, so that what
the report holds does not grow with the number of units.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Protocol

Row = dict[str, Any]
Asked = str | int | bool | None | frozenset[str]
"""The value that a column must have; one of several, where a set is given."""


class Rows(Protocol):
    """The rows of one table, in its order."""

    @property
    def held(self) -> bool:
        """Are all rows in memory, so that keeping what was found costs nothing more?"""

    def __len__(self) -> int: ...

    def where(self, **asked: Asked) -> list[Row]:
        """The rows whose columns have the values ``asked``; all rows where nothing is asked."""

    def pick(self, *columns: str, **asked: Asked) -> Iterator[tuple[Any, ...]]:
        """The named columns of those rows, in no particular order."""


class Held(list[Row]):
    """Rows in memory."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        super().__init__(rows)
        self._found: dict[tuple[str, ...], dict[tuple[Any, ...], list[Row]]] = {}

    @property
    def held(self) -> bool:
        return True

    def where(self, **asked: Asked) -> list[Row]:
        if not asked:
            return list(self)
        if any(isinstance(value, frozenset) for value in asked.values()):
            return [row for row in self if all(_is(row[name], value) for name, value in asked.items())]
        names = tuple(asked)
        if names not in self._found:
            found: dict[tuple[Any, ...], list[Row]] = {}
            for row in self:
                found.setdefault(tuple(row[name] for name in names), []).append(row)
            self._found[names] = found
        return list(self._found[names].get(tuple(asked.values()), ()))

    def pick(self, *columns: str, **asked: Asked) -> Iterator[tuple[Any, ...]]:
        return (tuple(row[name] for name in columns) for row in self.where(**asked))


def _is(value: Any, asked: Asked) -> bool:
    return value in asked if isinstance(asked, frozenset) else value == asked


def held(rows: Rows | Collection[Row]) -> Rows:
    """Plain rows as :class:`Held`; what can be asked already, as it is."""
    return Held(rows) if isinstance(rows, list) and not isinstance(rows, Held) else rows  # type: ignore[return-value]
