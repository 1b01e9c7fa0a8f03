"""Processes that set documents apart from this one: the report in its other language, volumes (volume_files.py).

Belongs here: how such a process begins and ends, what a lost one is told as, the report that one sets meanwhile. Does not
belong here: the documents (render.py), which steps a run has (assets/report.py).
"""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from pipeline.fanout import die_with_parent
from pipeline.mishap import Mishap
from pipeline.report.archive import Attached
from pipeline.report.shapes import Lang

_T = TypeVar("_T")

LARGE = 1_000_000
"""Bytes of a report model from which a process of its own pays: that begins with a second and a half of imports. A city's
report of 73 sheets has twice as many and takes 25 s, the national one a quarter and 3 s."""
_FROM_OUTSIDE = {signal.SIGKILL, signal.SIGTERM}
"""How a process ends for want of memory, or because somebody ends it; any other signal comes of the code that it ran."""


class PagesLost(Mishap):
    """A process that set pages ended in the middle of it: was ended from outside, most often for want of memory, or crashed."""


class Gone(RuntimeError):
    """A process ended without an answer; ``code`` as :attr:`multiprocessing.Process.exitcode`."""

    def __init__(self, code: int) -> None:
        super().__init__(f"a process that set pages left with {code} and said nothing")
        self.code = code


class Apart(Generic[_T]):
    """A call that another process makes while this one goes on.

    The process ends with the call and never outlives this one: what it wrote then would stand among the files of the next
    run. It is not forked: a copy of this process would begin with everything that it keeps. No pool of processes, for one
    of which a member was killed can wait for ever for what that one had locked.
    """

    def __init__(self, call: Callable[..., _T], *args: Any) -> None:
        spawned = get_context("spawn")
        self._answer, theirs = spawned.Pipe(duplex=False)
        with theirs:
            self._process = spawned.Process(target=_answer, args=(os.getpid(), theirs, call, args), daemon=True)
            self._process.start()

    @property
    def ended(self) -> bool:
        """Whether :meth:`result` need not wait."""
        return self._answer.poll()

    def result(self) -> _T:
        """Wait for what the call gives. Raises what it raises, and Gone where the process ended before."""
        try:
            given, problem, told = self._answer.recv()
        except (EOFError, OSError):
            self._process.join()
            raise Gone(self._process.exitcode or 0) from None
        finally:
            self.stop()
        if problem is not None:
            raise problem from RuntimeError(told)
        return given

    def stop(self) -> None:
        """End the process, if it still runs; nothing more is written."""
        self._process.kill()
        self._process.join()
        self._answer.close()


def in_order(most: int, call: Callable[..., _T], each: Iterable[Sequence[Any]]) -> Iterator[_T]:
    """What ``call`` gives for ``each``, in their order, made by at most so many processes at a time and no more than there are
    processors. Raises as :meth:`Apart.result`; however it ends, no process is left."""
    most, left = max(1, min(most, os.cpu_count() or 1)), iter(each)
    begun: deque[Apart[_T]] = deque()
    try:
        while True:
            at_work = [one for one in begun if not one.ended]
            begun.extend(Apart(call, *args) for args in islice(left, most - len(at_work)))
            if not begun:
                return
            if begun[0].ended:
                yield begun.popleft().result()
            else:
                wait([one._answer for one in begun if not one.ended])
    finally:
        for one in begun:
            one.stop()


def lost(gone: Gone, what: tuple[str, str], ready: tuple[str, str] = ("", "")) -> PagesLost | Gone:
    """What to raise for a process that is gone.

    ``what`` it set, and what is ``ready`` of that (with a semicolon behind), in Chinese and English. A PagesLost where a
    signal ended the process, else ``gone``: then the program is wrong, which is for those who maintain it.
    """
    if gone.code >= 0:
        return gone
    ended = signal.Signals(-gone.code)
    if ended not in _FROM_OUTSIDE:
        return PagesLost(
            f"排版{what[0]}的进程崩溃({ended.name});{ready[0]}已发布的版本没有改动。请重新运行;再次出现时,请把这条信息交给系统维护人员 / "
            f"the process that set {what[1]} crashed ({ended.name}); {ready[1]}what is published is untouched. Run again; if it "
            "happens again, show this message to the maintainers"
        )
    return PagesLost(
        f"排版{what[0]}的进程被系统终止,多半是内存不足;{ready[0]}已发布的版本没有改动。请关闭其他程序或换内存更大的机器后重新运行 / "
        f"the process that set {what[1]} was ended by the system, most likely for want of memory; {ready[1]}what is published is "
        "untouched. Close other programs or take a machine with more memory, then run again"
    )


class Beside:
    """The report in one language, being set by another process while this one goes on."""

    def __init__(self, model: Path, templates: Path, out: Path, lang: Lang, attached: Sequence[Attached]) -> None:
        self._name = out.name
        self._setting = Apart(_set, model, templates, out, lang, tuple(attached))

    def pages(self) -> int:
        """Wait for the file; how many sheets it has. Raises what :func:`pipeline.report.render.render_pdf` raises, PagesLost
        where the process was ended from outside or crashed, and Gone where it left for another reason."""
        try:
            return self._setting.result()
        except Gone as gone:
            raise lost(gone, (f" {self._name} ", self._name)) from None

    def stop(self) -> None:
        """End the process, if it still runs; nothing more is written."""
        self._setting.stop()


def pays(model: Path) -> bool:
    """Whether a second process makes the report of this model sooner ready."""
    return (os.cpu_count() or 1) > 1 and model.stat().st_size >= LARGE


def _set(model: Path, templates: Path, out: Path, lang: Lang, attached: Sequence[Attached]) -> int:
    from pipeline.report.model import ReportModel
    from pipeline.report.render import render_pdf

    read = ReportModel.model_validate_json(model.read_text("utf-8"))
    return render_pdf(read, templates, out, lang, attached).pages


def _answer(parent: int, answer: Connection, call: Callable[..., Any], args: Sequence[Any]) -> None:
    """What the process does: send what ``call`` gives, or what it raises with the text of where that was."""
    # Ctrl-C reaches every process of a terminal; the parent is the one that tells it, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        die_with_parent(parent)
        told = (call(*args), None, "")
    except BaseException as problem:
        told = (None, _brought_over(problem), traceback.format_exc())
    answer.send(told)


def _brought_over(problem: BaseException) -> BaseException:
    """An error as another process can read it: itself, or one with its words."""
    try:
        pickle.loads(pickle.dumps(problem))
    except Exception:
        return RuntimeError(f"{type(problem).__name__}: {problem}")
    return problem
