"""The SQL files as data: what a quick reading takes for the tables of a file is what the parser says."""

from __future__ import annotations

import pytest

from benchmarks.pupils.run import SQL as PUPILS
from pipeline.programme import CODE_ROOT
from pipeline.warehouse.sqlfiles import load_sql, named_tables, referenced_tables

FILES = (*load_sql(CODE_ROOT / "sql"), *load_sql(PUPILS))


def test_every_file_is_one_select_and_reads_the_tables_that_it_is_said_to_read():
    assert len(FILES) > 150
    for file in FILES:
        assert file.reads == referenced_tables(file.text, file.table), file.table


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("SELECT a.x AS x FROM raw.a AS a", ("raw.a",)),
        ("SELECT a.x AS x\nFROM core.b AS a\nleft join\n  raw.a AS b ON b.x = a.x", ("core.b", "raw.a")),
        ("-- FROM raw.old\nSELECT 'FROM raw.told ''JOIN raw.too' AS x FROM staging.a AS a", ("staging.a",)),
        ("SELECT EXTRACT(YEAR FROM a.day) AS y FROM progress.a AS a", ("progress.a",)),
    ],
)
def test_names_in_comments_and_texts_are_no_tables(text, reads):
    assert named_tables(text) == reads
