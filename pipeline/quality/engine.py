"""Great Expectations, and nothing else of it anywhere: frames and expectations in, row labels out.

Belongs here: the library's context, batches and results. Does not belong here: rules, tables,
findings. The library costs seconds to import, so it is imported on first use.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from pipeline.collector import undisturbed
from pipeline.quality.later import later

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True)
class Wanted:
    """One expectation: its snake_case type, its arguments, and the boolean column that limits its rows."""

    type: str
    kwargs: Mapping[str, Any]
    where: str | None = None


@dataclass(frozen=True)
class Judged:
    """What became of an expectation.

    ``crash`` is the reason why it could not be evaluated (None when it was), ``rows`` the labels of
    the frame's rows that do not meet it, ascending.
    """

    success: bool
    crash: str | None = None
    rows: list[int] = field(default_factory=list)


class Engine:
    """An ephemeral context without progress bars and without usage statistics."""

    def __init__(self) -> None:
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        with warnings.catch_warnings(), undisturbed():
            # Great Expectations 1.24 imports modules that Python 3.11 deprecates; nothing of ours.
            warnings.filterwarnings(
                "ignore", message=r"module 'sre_(constants|parse)' is deprecated", category=DeprecationWarning
            )
            # One of its fifty expectations, not among ours, needs it: two of five seconds of the import.
            later("scipy.stats")
            import great_expectations as gx
            from great_expectations.expectations.row_conditions import Column

        context: Any = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        self._gx: Any = gx
        self._column: Any = Column
        asset = context.data_sources.add_pandas("gate").add_dataframe_asset("batch")
        self._counted: dict[int, Judged] = {}
        self._batches = asset.add_batch_definition_whole_dataframe("whole")

    def validate(self, frame: pd.DataFrame, wanted: Sequence[Wanted]) -> list[Judged]:
        """What became of each of ``wanted``, in their order, on one batch."""
        expectations = []
        for number, one in enumerate(wanted):
            name = "".join(part.capitalize() for part in one.type.split("_"))
            kwargs = dict(one.kwargs)
            if one.where is not None:
                kwargs["row_condition"] = self._column(one.where) == True  # noqa: E712 (builds a condition)
            expectations.append(getattr(self._gx.expectations, name)(**kwargs, meta={"number": number}))
        suite = self._gx.ExpectationSuite(name="batch", expectations=expectations)
        batch = self._batches.get_batch({"dataframe": frame})
        # COMPLETE without index columns lists the frame's own labels: cheap for any number of rows.
        outcome = batch.validate(suite, result_format={"result_format": "COMPLETE"})
        by_number = {result.expectation_config.meta["number"]: result for result in outcome.results}
        return [_judged(by_number[number]) for number in range(len(wanted))]

    def expect_no_rows(self, rows: pa.Table) -> Judged:
        """What became of the expectation that a query found nothing (labels are not listed).

        The expectation sees nothing but the number of rows, so each number is put to it once: most of a hundred
        queries find none.
        """
        if rows.num_rows not in self._counted:
            batch = self._batches.get_batch({"dataframe": rows.select(rows.column_names[:1]).to_pandas()})
            judged = _judged(batch.validate(self._gx.expectations.ExpectTableRowCountToEqual(value=0)))
            if judged.crash is not None:
                return judged  # this once: the next query of as many rows may well be evaluated
            self._counted[rows.num_rows] = judged
        return self._counted[rows.num_rows]


@cache
def engine() -> Engine:
    """The engine of this process, made on first use."""
    return Engine()


def _judged(result: Any) -> Judged:
    crash = _crash_text(result.exception_info or {})
    if crash is not None:
        return Judged(success=False, crash=crash)
    rows = [] if result.success else result.result.get("unexpected_index_list") or []
    return Judged(success=bool(result.success), rows=sorted(int(index) for index in rows))


def _crash_text(told: Mapping[str, Any]) -> str | None:
    """Why an expectation could not be evaluated; None when it was.

    The library tells it in two forms: one entry, or one for each metric that failed.
    """
    if "raised_exception" in told:
        return str(told.get("exception_message")) if told["raised_exception"] else None
    for entry in told.values():
        if isinstance(entry, Mapping):
            return str(entry.get("exception_message") or entry)
        return str(getattr(entry, "exception_message", None) or entry)
    return None
