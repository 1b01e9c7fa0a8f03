"""The volumes of an edition as files: each set in a process of its own, so that memory does not grow with their number.

Belongs here: the models on disk, the processes, what a lost one is told as. Does not belong here: what stands in a volume
(volumes.py), the document (render.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from pipeline.mishap import Mishap
from pipeline.report.apart import processes
from pipeline.report.archive import Attached
from pipeline.report.shapes import Lang, Volume
from pipeline.report.volume_names import volume_name, volume_of

LANGS: tuple[Lang, ...] = ("zh", "en")
MOST_AT_ONCE = 4
"""Processes that set volumes side by side; each needs about as much memory as the report of a city."""


class VolumeLost(Mishap):
    """A process that set a volume was ended from outside, most often for want of memory."""


def written_models(folder: Path, texts: Iterable[str]) -> int:
    """Write the models of the volumes, given one by one as JSON text, as ``units-001.json`` …; how many there were.

    Volumes that an earlier run left in the folder are removed first.
    """
    for left in sorted(folder.glob("units-*")):
        if volume_of(left.name):
            left.unlink()
    number = 0
    for number, text in enumerate(texts, start=1):
        (folder / f"{volume_name(number)}.json").write_text(text, "utf-8")
    return number


def set_volumes(folder: Path, names: Sequence[str], templates: Path, carried: Sequence[Attached]) -> Iterator[tuple[str, int]]:
    """Set each volume of ``folder`` in both languages beside its model; yields (file, sheets) in the order of the names.

    ``carried``: what every volume has attached besides its own model. Every process ends with its volume.

    Raises what :func:`pipeline.report.render.render_pdf` raises, and VolumeLost where a process was ended from outside.
    """
    if not names:
        return
    pool = processes(min(MOST_AT_ONCE, len(names)))
    ready = 0
    with pool:
        try:
            for each in [pool.submit(_set, folder, name, templates, tuple(carried)) for name in names]:
                yield from each.result()
                ready += 1
        except BrokenProcessPool:
            raise VolumeLost(
                f"排版县(区)分卷的进程被系统终止,多半是内存不足;{folder} 里已排好 {ready} 卷,从 {names[ready]} 起没有排完,已发布的版本没有改动。请关闭其他程序"
                f"或换内存更大的机器后重新运行 / a process that set a volume of unit pages was ended by the system, most likely for "
                f"want of memory; in {folder} {ready} volumes are set, from {names[ready]} on they are not; what is published is untouched. Close other "
                "programs or take a machine with more memory, then run again"
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


def _set(folder: Path, name: str, templates: Path, carried: Sequence[Attached]) -> list[tuple[str, int]]:
    """One volume in both languages, in a process of its own."""
    from pipeline.report.render import render_volume

    model = folder / f"{name}.json"
    volume = Volume.model_validate_json(model.read_text("utf-8"))
    attached = [*carried, volume_attached(model)]
    made = []
    for lang in LANGS:
        path = folder / f"{name}.{lang}.pdf"
        made.append((path.name, render_volume(volume, templates, path, lang, attached).pages))
    return made


def volume_attached(model: Path) -> Attached:
    """The model of a volume as its PDF carries it."""
    return Attached(model.name, model, "Source", "本卷的模型:所有数字与句子 / every figure and sentence of this volume")
