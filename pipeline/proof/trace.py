"""``jiance trace``: from a printed figure back to the rows it came from.

Belongs here: verdict <- SQL <- numerator and denominator <- received rows <- register, with exact sums.
Does not belong here: which rows count (contributing.yaml), how it looks (show.py, sheet.py).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from pipeline.edition.contributing import SUMS, Part, figures
from pipeline.edition.files import file_sha256, revisions
from pipeline.edition.identity import identify, input_registrations
from pipeline.edition.package import CSV_KEYS
from pipeline.edition.public import SUPPRESSED
from pipeline.programme import CODE_ROOT, Home, Programme
from pipeline.proof.compare import decimal_text, keyed, read_rows
from pipeline.proof.old_code import History
from pipeline.proof.restore import (
    Edition,
    RebuildError,
    locate_inputs,
    open_edition,
    proof_warehouse,
    rebuild_tables,
    rest_on_gates,
    restore_home,
)
from pipeline.proof.shares import Share, Withheld, shares
from pipeline.trace_code import Codes, Figure, figure_of
from pipeline.warehouse.store import table_hash


class TraceError(ValueError):
    """A figure cannot be traced. ``str()`` says why and what can, in Chinese and English."""


class MissingInputs(RebuildError):
    """The tables are not there and cannot be made again: ``names`` of the inputs that are not found by content."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        told = "、".join(names)
        super().__init__(f"找不到原始文件:{told} / inputs not found by content: {told}")


@dataclass(frozen=True)
class Row:
    """One received row in a sum: its place, what it says, the unit it counts for and the one in which what it is about
    lies, and what it adds (``value`` x ``factor``)."""

    file: str
    sheet: str
    row: int
    column: str
    label: str
    area_code: str
    lies: str
    value: Decimal
    factor: Decimal

    @property
    def product(self) -> Fraction:
        return Fraction(self.value) * Fraction(self.factor)


@dataclass(frozen=True)
class Sum:
    """One sum of a figure: what the table says (``figure``) and the rows that make it; in a public edition no rows, but
    ``shares`` of units and what is ``withheld``, told together."""

    of: str
    figure: int
    rows: list[Row]
    shares: list[Share] = field(default_factory=list)
    withheld: Withheld | None = None

    @property
    def total(self) -> Fraction:
        parts = [*(r.product for r in self.rows), *(s.total for s in self.shares)]
        return sum(parts, self.withheld.total if self.withheld else Fraction(0))

    @property
    def exact(self) -> bool:
        return self.total == self.figure

    def rows_by_file(self) -> list[Row]:
        """The rows in the order of file, sheet and row."""
        return sorted(self.rows, key=lambda r: (r.file, r.sheet, r.row, r.column))


@dataclass(frozen=True)
class Trace:
    """A figure and everything it stands on.

    ``code``: its trace code. ``figure``: its row of progress.indicator_value. ``verdicts``: the rows of progress.verdict it decides.
    ``files``: register entries of the files involved, by path. ``as_published``: does the edition's own data
    file say the same (None: nothing published)? ``notes``: (Chinese, English) things to know.
    """

    edition: str
    build_id: str
    code: str
    figure: dict[str, Any]
    verdicts: list[dict[str, Any]]
    sql_name: str
    sql: str
    sums: list[Sum]
    files: dict[str, dict[str, Any]]
    as_published: bool | None
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def exact(self) -> bool:
        """Do all sums give exactly the figure, and is there at least one?"""
        return bool(self.sums) and all(s.exact for s in self.sums)

    @property
    def value(self) -> Fraction:
        """The figure itself, exact, in its unit (percent or yuan)."""
        return Fraction(int(self.figure["value_num"]), int(self.figure["value_den"]))

    def document(self) -> dict[str, Any]:
        """The whole trace as JSON values; exact numbers as texts."""
        return {
            "edition": self.edition,
            "build_id": self.build_id,
            "code": self.code,
            "figure": _plain(self.figure),
            "verdicts": [_plain(v) for v in self.verdicts],
            "sql_file": self.sql_name,
            "sql": self.sql,
            "sums": [
                {
                    "of": s.of,
                    "figure": str(s.figure),
                    "total": decimal_text(s.total),
                    "exact": s.exact,
                    "shares": [{"file": h.file, "unit": h.unit, "total": decimal_text(h.total)} for h in s.shares],
                    "withheld": s.withheld and {"units": s.withheld.units, "total": decimal_text(s.withheld.total)},
                    "rows": [
                        {
                            "file": r.file,
                            "sheet": r.sheet,
                            "row": r.row,
                            "column": r.column,
                            "label": r.label,
                            "area_code": r.area_code,
                            "lies_in": r.lies,
                            "value": decimal_text(Fraction(r.value)),
                            "factor": decimal_text(Fraction(r.factor)),
                        }
                        for r in s.rows
                    ],
                }
                for s in self.sums
            ],
            "files": self.files,
            "exact": self.exact,
            "as_published": self.as_published,
            "notes": [{"zh": zh, "en": en} for zh, en in self.notes],
        }


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {k: str(v) if isinstance(v, Decimal) else v for k, v in row.items()}


def trace_in(
    home: Home,
    edition: Edition | None,
    programme: str,
    year: int,
    indicator_id: str,
    area: str,
    period: int,
    *,
    variant: str | None = None,
    segment: str | None = None,
    elsewhere: Path | None = None,
) -> Trace:
    """Trace one figure of just this edition, which may be a public one or a PDF alone (None: what is in data_raw).

    Without ``variant`` and ``segment`` the ones that decide a verdict are taken. ``elsewhere``: a folder in which its
    inputs are looked for, too. Raises TraceError where there is no such figure, more than one, or one that the edition
    hides; MissingInputs where the tables would have to be made again and inputs are missing; EditionError,
    RebuildError or ProgrammeError where there is no edition.
    """
    shown = _shown_units(edition, indicator_id, area, period) if edition is not None else None
    with _tables(home, programme, year, edition, elsewhere) as (connection, files, notes):
        figure, verdicts = _figure(connection, indicator_id, area, period, variant, segment)
        sums = [*_sums(connection, figure)]
        ((build_id,),) = connection.execute("SELECT build_id FROM raw.edition").fetchall()
        code = Codes(programme, _figures(connection)).of(figure_of(figure))
    used = {r.file for s in sums for r in s.rows}
    if shown is not None:
        sums, verdicts = _for_the_public(sums, shown), _verdicts_shown(edition, verdicts)
        notes = [*notes, _PUBLIC]
    sql_name = f"sql/indicators/{indicator_id}.sql"
    sql, changed = _formula(edition, sql_name)
    return Trace(
        edition=edition.label if edition else f"{programme}/{year}",
        build_id=build_id,
        code=code,
        figure=figure,
        verdicts=verdicts,
        sql_name=sql_name,
        sql=sql,
        sums=sums,
        files={path: entry for path, entry in sorted(files.items()) if path in used},
        as_published=_as_published(edition, figure) if edition else None,
        notes=[*notes, *changed],
    )


def _formula(edition: Edition | None, name: str) -> tuple[str, list[tuple[str, str]]]:
    """The SQL of a figure as it was when the edition was made, as far as the history has it; else as it is now, and
    that this is so. An edition of format 1 does not record what it was."""
    path = CODE_ROOT / name
    recorded = edition.manifest.get("code_files", {}).get(name) if edition is not None else None
    if recorded is None or file_sha256(path) == recorded:
        return path.read_text("utf-8"), []
    then = History(CODE_ROOT).text_of(name, recorded)
    if then is not None:
        return then, [(f"{name} 后来改过,列出的是发布时的算法", f"{name} was changed since: the formula is shown as it was then")]
    return path.read_text("utf-8"), [
        (
            f"{name} 与发布时不同,仓库历史里没有当时的,列出的是现在的算法",
            f"{name} is not the one of that time, which the history does not hold: the formula is shown as it is now",
        )
    ]


def _figures(connection: duckdb.DuckDBPyConnection) -> Iterator[Figure]:
    """What all figures of the edition are."""
    columns = ", ".join(f"v.{name} AS {name}" for name in Figure._fields)
    for row in connection.execute(f"SELECT {columns} FROM progress.indicator_value AS v").fetchall():
        yield Figure(*row)


_PUBLIC = (
    "公开版的追溯不列单行,只按文件和单位(学校所在地)列合计;有数字不公布或人数过少的单位合在一起",
    "a public edition's trace lists no single rows, but sums by file and unit (where the schools lie); units of which "
    "a figure is hidden, or with few children, are added up together",
)


def _shown_units(edition: Edition, indicator_id: str, area: str, period: int) -> set[str] | None:
    """The units of which a public edition hides no figure (None: not a public one). Raises TraceError where the figure
    asked for is not one that it shows; whoever holds it is not shown more than it shows."""
    if edition.manifest.get("audience") != "public":
        return None
    path = edition.folder / "data" / "indicators.csv"
    if not path.is_file():
        raise TraceError(
            f"{edition.label}:公开版,这里没有 data/indicators.csv,不知道哪些数字不公布(通知不附数据文件);请用发布文件夹或"
            "公开版报告的 PDF / a public edition without data/indicators.csv (the notice carries none): what it hides "
            "is not known; use the published folder or the PDF of the public report"
        )
    rows = read_rows(path)
    if any(name not in row for row in rows[:1] for name in ("indicator_id", "area_code", "period", "value_status")):
        raise TraceError(
            f"{edition.label}:公开版的 data/indicators.csv 缺列,不知道哪些数字不公布 / its data/indicators.csv lacks a column: "
            "what it hides is not known"
        )
    asked = (indicator_id, area, str(period))
    own = [row["value_status"] for row in rows if (row["indicator_id"], row["area_code"], row["period"]) == asked]
    if SUPPRESSED in own:
        raise TraceError(
            f"{edition.label}:公开版不公布 {indicator_id} {area} {period},涉及人数过少;请在内部版中追溯 / "
            "hidden in the public edition, too few children: trace it in the internal one"
        )
    if not own:
        raise TraceError(
            f"{edition.label}:公开版的 data/indicators.csv 没有 {indicator_id} {area} {period};请照其中的指标、单位、年度填写 / "
            "no such figure in its data/indicators.csv: take indicator, area and year from there"
        )
    hidden = {row["area_code"] for row in rows if row["value_status"] == SUPPRESSED}
    return {row["area_code"] for row in rows} - hidden


def _for_the_public(sums: list[Sum], shown: set[str]) -> list[Sum]:
    """The sums without their rows: what a public edition tells of them."""
    told = shares({s.of: s.rows for s in sums}, shown)
    return [Sum(s.of, s.figure, [], *told[s.of]) for s in sums]


def _verdicts_shown(edition: Edition, verdicts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The verdicts with what the public edition shows of them: one that rests on hidden figures of another year is
    hidden, and so are these. None where the edition has no ``data/verdicts.csv``."""
    path = edition.folder / "data" / "verdicts.csv"
    if not path.is_file():
        return []
    key = ("commitment_id", "area_code", "segment", "period")
    rows = {tuple(row[k] for k in key): row for row in read_rows(path)}
    made = []
    for verdict in verdicts:
        row = rows.get(tuple(str(verdict[k]) for k in key), {})
        made.append({name: _shown(row.get(name, ""), value) for name, value in verdict.items()})
    return made


def _shown(text: str, value: Any) -> Any:
    """``value`` where the published cell has one; texts and truth values as they are published."""
    if text == "":
        return None
    if isinstance(value, bool):
        return text == "true"
    return text if value is None or isinstance(value, str) else value


def edition_of(home: Home, programme: str, year: int, revision: int | None) -> Edition | None:
    """The edition of a year (newest revision, else ``revision``); None where none is published. Raises TraceError."""
    folder = home.editions / programme / str(year)
    made = revisions(folder)
    if revision is not None and revision not in made:
        raise TraceError(
            f"{programme} {year} 没有 r{revision};现有:{'、'.join(f'r{n}' for n in made) or '无'} / no such revision"
        )
    return open_edition(folder / f"r{revision or made[-1]}") if made else None


_Opened = tuple[duckdb.DuckDBPyConnection, dict[str, dict[str, Any]], list[tuple[str, str]]]


@contextmanager
def _tables(
    home: Home, programme: str, year: int, edition: Edition | None, elsewhere: Path | None = None
) -> Iterator[_Opened]:
    """The edition's tables, read-only, with the register entries of its files and notes; made again if need be."""
    if edition is None:
        live = home.programme(programme)
        identity = identify(live, year)
        entries = {r.path: _entry(r) for r in input_registrations(live, year)}
        notes = [
            ("本年度尚未发布,按 data_raw 现有文件追溯", "not published yet: traced from what is in data_raw")
        ]
        place = _existing(home, programme, year, identity.build_id, {})
        if place is None:
            place = _made(home, live, year, identity.build_id)
    else:
        manifest = edition.manifest
        audience = manifest.get("audience", "internal")
        home = home.public() if audience == "public" else home
        entries = {e["path"]: e for e in manifest["inputs"]}
        place = _existing(home, programme, year, manifest["build_id"], manifest["tables"])
        notes = []
        if place is None:
            inputs = locate_inputs(edition, home, elsewhere)
            if inputs.missing:
                raise MissingInputs(inputs.missing)
            with tempfile.TemporaryDirectory(prefix="jiance-trace-") as temporary:
                restored = restore_home(edition, inputs, Path(temporary))
                again = Programme(programme, restored.data_raw / programme)
                identity = identify(again, year, audience)
                place = proof_warehouse(home, programme, year, identity.build_id)
                # what other code makes of the inputs is not what the manifest says, and need not be made twice
                if identity.build_id == manifest["build_id"] or not _is_build(place, identity.build_id, {}):
                    place = _made(home, again, year, identity.build_id)
            notes.append(("数据表已由存档的原始文件重建", "the tables were made again from the kept inputs"))
            if identity.build_id != manifest["build_id"]:
                notes.append(
                    (
                        "程序版本与发布时不同,数据表由现在的程序生成",
                        "the code is not the one of that time; the tables were made with the present code",
                    )
                )
    with duckdb.connect(str(place), read_only=True) as connection:
        yield connection, entries, notes


def _existing(home: Home, programme: str, year: int, build_id: str, tables: dict[str, Any]) -> Path | None:
    """A database of exactly this build: the run's own, or one made for tracing; None where there is none.

    Where a manifest says what the tables hold (``tables``), they must hold just that.
    """
    own = home.edition_build(programme, year) / "warehouse.duckdb"
    for place in (own, proof_warehouse(home, programme, year, build_id)):
        if place.is_file() and _is_build(place, build_id, tables):
            return place
    return None


def _is_build(place: Path, build_id: str, tables: dict[str, Any]) -> bool:
    try:
        with duckdb.connect(str(place), read_only=True) as connection:
            if connection.execute("SELECT build_id FROM raw.edition").fetchall() != [(build_id,)]:
                return False
            connection.execute("SELECT COUNT(*) AS number FROM progress.verdict").fetchall()
            gated = rest_on_gates()
            return all(
                table_hash(connection, table)[1] == entry["sha256"]
                for table, entry in tables.items()
                if not table.startswith("raw.") and table not in gated
            )
    except duckdb.Error:  # busy, older, damaged or not finished: make another one
        return False


def _made(home: Home, programme: Programme, year: int, build_id: str) -> Path:
    place = proof_warehouse(home, programme.id, year, build_id)
    rebuild_tables(programme, year, place, home.build / "intake_cache", home.audience)
    return place


def _entry(registration: Any) -> dict[str, Any]:
    names = ("table", "revision", "path", "sha256", "supplier", "maturity", "origin", "supersedes", "reason")
    return {n: getattr(registration, n) for n in names} | {"received_on": str(registration.received_on)}


def _figure(
    connection: duckdb.DuckDBPyConnection,
    indicator_id: str,
    area: str,
    period: int,
    variant: str | None,
    segment: str | None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The one figure asked for, and the verdicts it decides."""
    asked = {"indicator": indicator_id, "area": area, "period": period}
    same = "WHERE v.indicator_id = $indicator AND v.area_code = $area AND v.period = $period"
    found = _rows(connection, f"SELECT v.* FROM progress.indicator_value AS v {same}", asked)
    judged = _rows(
        connection, f"SELECT v.* FROM progress.verdict AS v {same} AND v.value_num IS NOT NULL", asked
    )
    if not found:
        raise TraceError(_nothing(connection, indicator_id, area, period))
    deciding = {(v["variant"], v["segment"]) for v in judged}
    choice = [
        r
        for r in found
        if (variant is None or r["variant"] == variant) and (segment is None or r["segment"] == segment)
    ]
    if len(choice) > 1:
        choice = [r for r in choice if (r["variant"], r["segment"]) in deciding] or choice
    if len(choice) != 1:
        known = "、".join(sorted(f"{r['variant']}/{r['segment']}" for r in (choice or found)))
        raise TraceError(
            f"请用 --variant、--segment 指明算法和分组,可选:{known} / choose with --variant and --segment: {known}"
        )
    figure = choice[0]
    own = (figure["variant"], figure["segment"])
    return figure, [v for v in judged if (v["variant"], v["segment"]) == own]


def _nothing(connection: duckdb.DuckDBPyConnection, indicator_id: str, area: str, period: int) -> str:
    """Why there is no such figure: which part of the question is wrong, and what there is."""
    for column, value in (("indicator_id", indicator_id), ("area_code", area), ("period", period)):
        known = connection.execute(
            f"SELECT DISTINCT v.{column} FROM progress.indicator_value AS v "
            + ("" if column == "indicator_id" else "WHERE v.indicator_id = $indicator ")
            + "ORDER BY 1",
            {} if column == "indicator_id" else {"indicator": indicator_id},
        ).fetchall()
        if (value,) not in known:
            listed = "、".join(str(k) for (k,) in known)
            return f"没有 {column} 为“{value}”的数字;有:{listed} / no figure with {column} {value!r}; there are: {listed}"
    return (
        f"{indicator_id} {area} {period}:该单位该年度没有数字 / there is no figure for this unit and period"
    )


def _sums(connection: duckdb.DuckDBPyConnection, figure: dict[str, Any]) -> Iterator[Sum]:
    """Every sum of the figure that the table of contributing rows describes."""
    parts = figures().get((figure["indicator_id"], figure["variant"]), ())
    asked = {k: figure[k] for k in ("indicator_id", "area_code", "period", "segment")}
    for of in SUMS:
        own = [p for p in parts if p.of == of]
        if not own or figure[of] is None:
            continue
        rows = [row for part in own for row in _part_rows(connection, part, asked)]
        yield Sum(of, int(figure[of]), rows)


def _part_rows(connection: duckdb.DuckDBPyConnection, part: Part, asked: dict[str, Any]) -> Iterator[Row]:
    """Rows of one part; rows that add nothing are left out."""
    for file, sheet, number, label, area_code, lies, value, factor in connection.execute(
        part.query(), asked
    ).fetchall():
        if value:
            column = "(每所计 1 / one each)" if part.column == "1" else part.column
            yield Row(file, sheet, number, column, label, area_code, lies, value, factor)


def _rows(connection: duckdb.DuckDBPyConnection, query: str, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows as dictionaries, in a total order."""
    found = connection.execute(query, asked)
    names = [column[0] for column in found.description]
    return sorted(
        (dict(zip(names, row, strict=True)) for row in found.fetchall()), key=lambda r: repr([*r.values()])
    )


def _as_published(edition: Edition, figure: dict[str, Any]) -> bool:
    """Does the edition's own data file give the same figure?"""
    path = edition.folder / "data" / "indicators.csv"
    if not path.is_file():
        return False
    key = CSV_KEYS["indicators"]
    row = keyed(read_rows(path), key).get(tuple(str(figure[k]) for k in key))
    columns = ("numerator", "denominator", "value_num", "value_den", "basis")
    return row is not None and all(row.get(c) == ("" if figure[c] is None else str(figure[c])) for c in columns)
