"""A year in one file or in pieces: what adds up, what replaces what, what overlaps."""

from __future__ import annotations

import pytest
from intake_help import Programme

from pipeline.intake.read import ReadResult, read_table
from pipeline.intake.register import Registration, effective, load_register

HEAD = "县区代码,年度,口径,出生人数\n"
COUNTIES = ("130702", "130703", "130705", "130706")


def piece(programme: Programme, path: str, births: dict[str, int], **changed: object) -> Registration:
    rows = "".join(f"{county},2023,常住,{n}\n" for county, n in births.items())
    return programme.put("births", HEAD + rows, path=path, **changed)


def read(programme: Programme) -> ReadResult:
    """All pieces as registered, through the register itself."""
    return read_table(programme.root, load_register(programme.root), programme.contracts["births"])


def by_county(result: ReadResult) -> dict[str, tuple[int, str, int]]:
    columns = result.frame.select("county_code", "births", "source_file", "revision")
    return {county: rest for county, *rest_ in columns.iter_rows() if (rest := tuple(rest_))}


def test_a_file_for_each_county_adds_up_like_one_file(programme: Programme) -> None:
    for n, county in enumerate(COUNTIES, start=1):
        piece(programme, f"2023/births_{county}.csv", {county: n}, supplier=f"{county} 教育局")
    result = read(programme)
    assert result.findings == [] and result.rows_read == 4
    assert result.frame.select("county_code", "births").rows() == [(c, n) for n, c in enumerate(COUNTIES, start=1)]
    together = Programme(programme.root.parent / "other", programme.contracts)
    together.root.mkdir()
    piece(together, "2023/births.csv", {c: n for n, c in enumerate(COUNTIES, start=1)})
    assert read(together).frame.select("county_code", "births").rows() == result.frame.select(
        "county_code", "births"
    ).rows()


def test_a_correction_replaces_exactly_its_own_piece(programme: Programme) -> None:
    piece(programme, "2023/a.csv", {"130702": 1, "130703": 2})
    piece(programme, "2023/b.csv", {"130705": 3})
    piece(programme, "2023/c.csv", {"130706": 4})
    piece(programme, "2023/b2.csv", {"130705": 30}, revision=2, supersedes="2023/b.csv", reason="县局更正出生人数")
    assert by_county(read(programme)) == {
        "130702": (1, "2023/a.csv", 1),
        "130703": (2, "2023/a.csv", 1),
        "130706": (4, "2023/c.csv", 1),
        "130705": (30, "2023/b2.csv", 2),
    }
    piece(programme, "2023/b3.csv", {"130705": 31}, revision=3, supersedes="2023/b2.csv", reason="再次更正出生人数")
    piece(programme, "2023/a2.csv", {"130702": 10}, revision=2, supersedes="2023/a.csv", reason="桥西区另行报送")
    piece(programme, "2023/d.csv", {"130703": 20})
    result = read(programme)
    assert result.findings == []
    assert by_county(result) == {
        "130702": (10, "2023/a2.csv", 2),
        "130703": (20, "2023/d.csv", 1),
        "130706": (4, "2023/c.csv", 1),
        "130705": (31, "2023/b3.csv", 3),
    }


def test_i10_pieces_that_overlap_name_both_places(programme: Programme) -> None:
    piece(programme, "2023/a.csv", {"130702": 1, "130703": 2})
    piece(programme, "2023/b.csv", {"130705": 3, "130703": 5})
    result = read(programme)
    (finding,) = result.findings
    assert (finding.rule, finding.file, finding.row) == ("I10", "2023/b.csv", 3) and finding.blocks
    assert "2023/b.csv 第 3 行 与 2023/a.csv 第 3 行，两行内容不同" in finding.message_zh
    assert "县区代码 130703" in finding.message_zh and result.frame.height == 3


def test_i10_a_correction_that_touches_another_piece(programme: Programme) -> None:
    piece(programme, "2023/a.csv", {"130702": 1})
    piece(programme, "2023/b.csv", {"130703": 2})
    piece(programme, "2023/b2.csv", {"130703": 3, "130702": 9}, revision=2, supersedes="2023/b.csv", reason="更正人数")
    (finding,) = read(programme).findings
    assert finding.rule == "I10" and "2023/b2.csv 第 3 行 与 2023/a.csv 第 2 行" in finding.message_zh


@pytest.mark.parametrize(("year", "used"), [(2022, ["a"]), (2023, ["b"]), (2024, ["b", "c"])])
def test_an_earlier_edition_keeps_the_piece_that_was_replaced_later(
    programme: Programme, year: int, used: list[str]
) -> None:
    a = piece(programme, "a", {"130702": 1}, period_from=2022, period_to=2022)
    b = piece(programme, "b", {"130702": 2}, period_from=2022, revision=2, supersedes="a", reason="更正")
    c = piece(programme, "c", {"130703": 3}, period_from=2024, period_to=2024)
    assert [r.path for r in effective([c, b, a], year)] == used
