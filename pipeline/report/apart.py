"""Processes that set documents apart from this one: the report in its other language, volumes (volume_files.py).

Belongs here: how such a process is begun and ends, the report that one sets meanwhile, what a lost one is told as. Does not
belong here: the documents (render.py), which steps a run has (assets/report.py).
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from pathlib import Path

from pipeline.fanout import die_with_parent
from pipeline.mishap import Mishap
from pipeline.report.archive import Attached
from pipeline.report.shapes import Lang

LARGE = 1_000_000
"""Bytes of a report model from which a process of its own pays: that begins with a second and a half of imports. A city's
report of 73 sheets has twice as many and takes 25 s, the national one a quarter and 3 s."""


class ReportLost(Mishap):
    """The process that set the report in its other language was ended from outside, most often for want of memory."""


def processes(most: int) -> ProcessPoolExecutor:
    """At most so many processes (and no more than there are processors) that end with their work and never outlive this one:
    what they wrote then would stand among the files of the next run. They are not forked: a copy of this process would
    begin with everything that it keeps."""
    return ProcessPoolExecutor(
        max_workers=max(1, min(most, os.cpu_count() or 1)),
        mp_context=get_context("spawn"),
        initializer=die_with_parent,
        initargs=(os.getpid(),),
        max_tasks_per_child=1,
    )


class Beside:
    """The report in one language, being set by another process while this one goes on."""

    def __init__(self, model: Path, templates: Path, out: Path, lang: Lang, attached: Sequence[Attached]) -> None:
        self.lang, self.out = lang, out
        self._pool = processes(1)
        self._pages: Future[int] = self._pool.submit(_set, model, templates, out, lang, tuple(attached))

    def pages(self) -> int:
        """Wait for the file; how many sheets it has. Raises what :func:`pipeline.report.render.render_pdf` raises, and
        ReportLost where the process was ended from outside."""
        try:
            return self._pages.result()
        except BrokenProcessPool:
            raise ReportLost(
                f"排版 {self.out.name} 的进程被系统终止,多半是内存不足;已发布的版本没有改动。请关闭其他程序或换内存更大的机器后重新运行 / "
                f"the process that set {self.out.name} was ended by the system, most likely for want of memory; what is published "
                "is untouched. Close other programs or take a machine with more memory, then run again"
            ) from None
        finally:
            self.stop()

    def stop(self) -> None:
        """End the process, if it still runs; nothing more is written."""
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(cancel_futures=True)


def pays(model: Path) -> bool:
    """Whether a second process makes the report of this model sooner ready."""
    return (os.cpu_count() or 1) > 1 and model.stat().st_size >= LARGE


def _set(model: Path, templates: Path, out: Path, lang: Lang, attached: Sequence[Attached]) -> int:
    from pipeline.report.model import ReportModel
    from pipeline.report.render import render_pdf

    read = ReportModel.model_validate_json(model.read_text("utf-8"))
    return render_pdf(read, templates, out, lang, attached).pages
