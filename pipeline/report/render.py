"""From the report model to a PDF: templates, charts, fonts, and a document that says nothing of the machine.

Belongs here: filling the templates, refusing any complaint of the layout engine, identity of the file.
Does not belong here: words and figures (the model), drawing (charts.py).
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pipeline.collector import undisturbed
from pipeline.report.archive import PDF_VARIANT, Attached, write_archival
from pipeline.report.charts import chart_svg, dot_svg, spark_svg
from pipeline.report.coverage import texts_of
from pipeline.report.fonts import (
    embedded_fonts,
    font_files,
    require_glyphs,
    require_pinned,
    require_unchanged,
    use_pinned_fonts,
)
from pipeline.report.shapes import Chart, Lang, ReportModel, Volume, said
from pipeline.report.walk import charts
from pipeline.report.words import CERTIFIED

STYLES = ("style.css", "chapters.css")
"""Stylesheets in the order in which they apply."""


class RenderError(RuntimeError):
    """The layout engine complained; nothing was written. ``str()`` lists its records."""


@dataclass(frozen=True)
class RenderResult:
    """What was written."""

    path: Path
    pages: int
    size_bytes: int
    sha256: str
    embedded_fonts: list[str]
    fonts: list[dict[str, str]]


class _Complaints(logging.Handler):
    """Keeps every record of a warning or worse."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.found.append(f"{record.name}: {record.getMessage()}")


def render_html(model: ReportModel, templates_dir: Path, lang: Lang = "zh") -> str:
    """The report as one HTML document for the printed pages, with everything inside it."""
    return spoken(filled("report.html.j2", model, templates_dir, lang, css=_printed_styles(templates_dir, lang)), lang)


def render_volume(
    volume: Volume, templates_dir: Path, out_path: Path, lang: Lang, attached: Sequence[Attached] = ()
) -> RenderResult:
    """Write a volume with the pages of units as a PDF of its own; ``attached`` and errors as :func:`render_pdf`."""
    _use_fonts(templates_dir)
    html = spoken(filled("volume.html.j2", volume, templates_dir, lang, css=_printed_styles(templates_dir, lang)), lang)
    return write_pdf(html, volume, templates_dir, out_path, attached)


def render_notice(
    model: ReportModel, templates_dir: Path, out_path: Path, attached: Sequence[Attached] = ()
) -> RenderResult | None:
    """Write the covering notice (always in Chinese) as a PDF of its own; None where the edition has none.

    ``attached`` and errors as :func:`render_pdf`.
    """
    if model.notice is None:
        return None
    _use_fonts(templates_dir)
    css = _styles(templates_dir, "style.css", "notice.css")
    html = filled("notice.html.j2", model, templates_dir, "zh", n=model.notice, css=css)
    return write_pdf(html, model, templates_dir, out_path, attached)


def spoken(html: str, lang: Lang) -> str:
    """A document in which text of the other language says so."""
    return marked_chinese(html) if lang == "en" else html


def filled(
    template: str,
    model: ReportModel | Volume,
    templates_dir: Path,
    lang: Lang,
    draw: Callable[[Chart, Lang], str] = chart_svg,
    **more: Any,
) -> str:
    """A template filled with the model (``m``), the fixed words (``w``), the charts as drawn by ``draw``, and ``more``."""
    words = yaml.safe_load((templates_dir / f"texts.{lang}.yaml").read_text("utf-8"))
    environment = Environment(
        loader=FileSystemLoader(templates_dir),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["t"] = lambda value: said(value, lang)
    environment.filters["soft"] = _soft
    known = {("table", t.number) for t in model.tables()} | {("figure", c.number) for c in charts(model)}
    environment.filters["linked"] = lambda value: linked(said(value, lang), known)
    environment.filters["dot"] = lambda dot: Markup(dot_svg(dot, lang))
    environment.filters["drawn"] = lambda chart: Markup(draw(chart, lang))
    return environment.get_template(template).render(
        m=model,
        w=words,
        sparks={
            tile.commitment_id: Markup(spark_svg(tile.spark, tile.spark_target, tile.name.of(lang)))
            for tile in (model.summary.tiles if isinstance(model, ReportModel) else [])
        },
        **more,
    )


def _printed_styles(templates_dir: Path, lang: Lang) -> Markup:
    return _styles(templates_dir, *(STYLES if lang == "zh" else (*STYLES, f"style.{lang}.css")))


def _styles(templates_dir: Path, *names: str) -> Markup:
    return Markup("\n".join((templates_dir / name).read_text("utf-8") for name in names))


def _use_fonts(templates_dir: Path) -> None:
    require_unchanged(templates_dir / "fonts")
    use_pinned_fonts(templates_dir / "fonts")



_TAGS = re.compile(r"(<[^>]*>)")
_CHINESE = re.compile(r"[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]*[\u3400-\u9fff]+[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]*")
_NO_SPANS = {"title", "style", "svg", "script"}


def marked_chinese(html: str) -> str:
    """An English document in which each run of Chinese (titles of documents, quoted headings) says so.

    A voice that reads the page aloud changes its language there. Inside drawings, styles and titles, where no
    ``span`` may stand, nothing is changed.
    """
    parts = _TAGS.split(html)
    within: list[str] = []
    for number, part in enumerate(parts):
        if number % 2:
            name = part.strip("</>").split(None, 1)[0].lower() if part.strip("</>") else ""
            if name in _NO_SPANS and not part.endswith("/>"):
                within = within[:-1] if part.startswith("</") else [*within, name]
        elif not within and part:
            parts[number] = _CHINESE.sub(r'<span lang="zh-CN">\g<0></span>', part)
    return "".join(parts)


_REFERENCE = re.compile(r"(?<!附)(表|图|Table |Figure )(\d+)")
_SHOWN = {"表": "table", "Table ": "table", "图": "figure", "Figure ": "figure"}


def linked(text: str, known: Set[tuple[str, int]]) -> Markup:
    """A sentence in which ``图3`` and ``Table 4`` lead to what they name, where the report has it, and ◆ is set small."""

    def link(found: re.Match[str]) -> str:
        place = (_SHOWN[found[1]], int(found[2]))
        return f'<a href="#{place[0]}-{place[1]}">{found[0]}</a>' if place in known else found[0]

    words = _REFERENCE.sub(link, str(escape(text)))
    return Markup(words.replace(CERTIFIED, f'<span class="mark">{CERTIFIED}</span>'))


def _soft(text: str) -> Markup:
    """Places in a path or a code where a narrow column may break the line."""
    return Markup(re.sub(r"([/_])(?!\d)", r"\1<wbr>", str(escape(text))))


def render_pdf(
    model: ReportModel, templates_dir: Path, out_path: Path, lang: Lang = "zh", attached: Sequence[Attached] = ()
) -> RenderResult:
    """Write the PDF and tell what it holds. Equal models, templates, fonts and libraries give equal bytes.

    ``attached``: files that go into it, read from where they lie; their dates are that of the document.

    Raises MissingGlyph where a pinned font lacks a character, RenderError on any complaint of the layout
    engine, FontError if another font got in. On an error nothing is left at ``out_path``.
    """
    _use_fonts(templates_dir)
    return write_pdf(render_html(model, templates_dir, lang), model, templates_dir, out_path, attached)


def write_pdf(
    html: str, model: ReportModel | Volume, templates_dir: Path, out_path: Path, attached: Sequence[Attached] = ()
) -> RenderResult:
    """Write one HTML document of an edition as a PDF; errors as :func:`render_pdf`. Fonts are in use already."""
    require_glyphs(texts_of(html), templates_dir / "fonts")
    pages, pdf = _set(html, model, attached)
    names = embedded_fonts(pdf)
    require_pinned(names)
    out_path.parent.mkdir(parents=True, exist_ok=True)
    partial = out_path.with_suffix(out_path.suffix + ".partial")
    partial.write_bytes(pdf)
    partial.replace(out_path)
    return RenderResult(
        path=out_path,
        pages=pages,
        size_bytes=len(pdf),
        sha256=hashlib.sha256(pdf).hexdigest(),
        embedded_fonts=names,
        fonts=font_files(templates_dir / "fonts"),
    )


def pdf_identifier(programme: str, year: int, build_id: str, vintage_id: str) -> bytes:
    """The identifier of the PDFs of one build: 32 hex digits."""
    identity = f"{programme}-{year}-{build_id}-{vintage_id}"
    return hashlib.sha256(identity.encode()).hexdigest()[:32].encode()


def _set(html: str, model: ReportModel | Volume, attached: Sequence[Attached] = ()) -> tuple[int, bytes]:
    """Lay out and write; every warning of the engine or of the font library is an error."""
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class NothingOutside(URLFetcher):
        """The document is complete in itself; nothing is fetched."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            raise FatalURLFetchingError(url)

    complaints = _Complaints()
    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    for logger in loggers:
        logger.addHandler(complaints)
    head = model.head
    options: dict[str, Any] = {
        "pdf_variant": PDF_VARIANT,
        "pdf_identifier": pdf_identifier(head.programme, head.year, head.build_id, head.vintage_id),
    }
    try:
        with undisturbed():
            document = weasyprint.HTML(string=html, url_fetcher=NothingOutside()).render(**options)
            pdf = write_archival(document, options, attached, model.head.received_through)
    except FatalURLFetchingError as problem:
        raise RenderError(f"报告引用了外部内容 / the report refers to something outside: {problem}") from None
    finally:
        for logger in loggers:
            logger.removeHandler(complaints)
    if complaints.found:
        raise RenderError("排版时有警告 / the layout engine complained:\n" + "\n".join(complaints.found))
    return len(document.pages), pdf
