"""Whether a PDF prints every number of its report model.

Belongs here: reading numbers out of a model and of a PDF, for peers. Does not belong here: what the product holds its own
faces against (``pipeline.proof``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from benchmarks.measure import BenchError

_NUMBER = re.compile(r"[+−]?\d[\d,]*(?:\.\d+)?")


def require_numbers(model: Path, pdf: Path, who: str) -> None:
    """Every number that the Chinese report says stands in a PDF as often. Raises BenchError with the first that does not."""
    import pypdfium2

    from pipeline.report.shapes import ReportModel
    from pipeline.report.walk import printed

    wanted = _numbers(printed(ReportModel.model_validate_json(model.read_text("utf-8")), "zh"))
    with pypdfium2.PdfDocument(pdf) as document:
        found = _numbers(page.get_textpage().get_text_range() for page in document)
    if not wanted or (lost := wanted - found):
        first = next(iter(lost)) if wanted else "…"
        raise BenchError(f"{who} 没有印出同样的数,不计入 / does not print the same numbers, not counted: {first}")


def _numbers(texts: Iterable[str]) -> Counter[str]:
    """How often each number stands there; the comma of a sentence is no part of it."""
    return Counter(found.rstrip(",") for text in texts for found in _NUMBER.findall(text))
