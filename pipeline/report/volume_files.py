"""The volumes of an edition as files: each set in a process of its own, so that memory does not grow with their number.

Belongs here: the models on disk, which process sets what. Does not belong here: the processes themselves (apart.py), what
stands in a volume (volumes.py), the document (render.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pipeline.report.apart import Gone, in_order, lost
from pipeline.report.archive import Attached
from pipeline.report.shapes import Lang, Volume
from pipeline.report.volume_names import volume_name, volume_of

LANGS: tuple[Lang, ...] = ("zh", "en")
MOST_AT_ONCE = 4
"""Processes that set volumes side by side; each needs about as much memory as the report of a city."""


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

    Raises what :func:`pipeline.report.render.render_pdf` raises, and PagesLost or Gone as
    :meth:`pipeline.report.apart.Beside.pages`.
    """
    ready = 0
    try:
        with closing(in_order(MOST_AT_ONCE, _set, [(folder, name, templates, tuple(carried)) for name in names])) as setting:
            for made in setting:
                yield from made
                ready += 1
    except Gone as gone:
        so_far = (
            f"{folder} 里已排好 {ready} 卷,从 {names[ready]} 起没有排完;",
            f"in {folder} {ready} volumes are set, from {names[ready]} on they are not; ",
        )
        raise lost(gone, ("县(区)分卷", "a volume of unit pages"), so_far) from None


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
