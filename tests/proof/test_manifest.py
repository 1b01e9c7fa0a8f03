"""``manifest.json``: its published schema is true of every manifest, and it records all that an edition rests on."""

from __future__ import annotations

import ast
import copy
import hashlib
import json
import re
import shutil

import jsonschema
import pytest

from pipeline.edition.identity import (
    NOT_OF_THE_EDITION,
    code_digest,
    code_files,
    code_sha256,
    method,
    summed,
    thresholds_in_force,
)
from pipeline.edition.manifest import canonical_json
from pipeline.edition.publish import first_difference
from pipeline.edition.shape import SCHEMA_PATH, Described, schema_text, shape_problems
from pipeline.programme import CODE_ROOT, Home
from pipeline.proof.alone import unpacked
from pipeline.proof.restore import Edition
from pipeline.proof.verify import verify
from tests.proof.conftest import jiance

SCHEMA = jsonschema.Draft202012Validator(json.loads(schema_text()))
# The key of RFC 8032, section 7.1, test 1, in PKCS 8.
KEY = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
"""


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_published_schema_is_the_one_of_the_models():
    assert SCHEMA_PATH.read_text("utf-8") == schema_text(), "write it again: python -m pipeline.edition.shape"
    jsonschema.Draft202012Validator.check_schema(SCHEMA.schema)


@pytest.mark.parametrize("revision", [1, 2])
def test_a_published_manifest_keeps_the_schema(published, revision):
    SCHEMA.validate(manifest_of(published.folder(revision)))


def test_signing_leaves_the_manifest_and_the_pdf_carries_all_but_outputs_of_it(copied, published, tmp_path):
    (tmp_path / "office.key").write_text(KEY)
    signed = jiance(copied.home, "sign", "china/2023/r1", "--key", str(tmp_path / "office.key"))
    assert signed.exit_code == 0, signed.output + signed.stderr
    assert (copied.folder(1) / "manifest.sig").is_file()
    whole = manifest_of(copied.folder(1))
    SCHEMA.validate(whole)
    assert whole == manifest_of(published.folder(1))
    carried = unpacked(published.folder(1) / "report.zh.pdf", tmp_path).written
    assert shape_problems(carried, Described) == []
    assert carried == {k: whole[k] for k in Described.model_fields}
    assert set(whole) - set(carried) == {"outputs", "revision", "supersedes", "supersedes_reason"}


def without(key):
    return lambda m: m.pop(key)


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (without("method"), "method"),
        (lambda m: m.update(mood="good"), "mood"),
        (lambda m: m.update(format=1), "format"),
        (lambda m: m.update(supersedes_reason="mood"), "supersedes_reason"),
        (lambda m: m["inputs"][0].update(revision="1"), "inputs.0.revision"),
        (lambda m: m["method"]["thresholds"].update({"thresholds.on_schedule_ratio": 0.95}), "method.thresholds"),
        (lambda m: m["tables"]["core.area"].pop("rows"), "tables.core.area.rows"),
    ],
)
def test_the_schema_and_the_model_refuse_the_same(published, change, place):
    document = manifest_of(published.folder(1))
    change(document)
    with pytest.raises(jsonschema.ValidationError):
        SCHEMA.validate(document)
    ((found, _, _),) = shape_problems(document)
    assert found.startswith(place)


OUTSIDE = tuple(f"{name.removesuffix('.py').rstrip('/')}/" for name in NOT_OF_THE_EDITION)


def test_what_the_manifest_records_of_the_national_edition(published):
    """Hashes of the files themselves; counts as the published verdicts have them (tests/acceptance)."""
    m, root = manifest_of(published.folder(1)), published.home.data_raw / "china"
    assert m["format"] == 2 and (m["supersedes"], m["supersedes_reason"]) == ("", "")
    assert m["method"]["plan_sha256"] == m["reference"]["plan.yaml"] == sha256(root / "plan.yaml")
    assert m["method"]["notes_sha256"] == sha256(root / "notes.csv")
    assert m["lock_sha256"] == sha256(CODE_ROOT / "requirements.lock")
    for name in ("sql/indicators/preschool_ger.sql", "sql/quality/c10.sql", "pipeline/quality/rules/c_across.yaml"):
        assert m["code_files"][name] == sha256(CODE_ROOT / name)
    assert not [n for n in m["code_files"] if n.startswith(("pipeline/proof/", "pipeline/demo/", "tests/"))]
    cuts = m["method"]["thresholds"]
    assert (cuts["thresholds.on_schedule_ratio"], cuts["rule_thresholds.C10.low_percent"]) == ("0.95", "60")
    assert m["verdicts"] == {"achieved_early": 2, "broken": 1, "kept": 1, "no_judgement": 2, "on_schedule": 2}
    assert m["findings"] == {"review/failed": 1} and m["open_reviews"] == []
    sans = m["fonts"]["NotoSansSC-GB2312-Regular.ttf"]
    assert sans["sha256"] == sha256(CODE_ROOT / "report_templates/fonts/NotoSansSC-GB2312-Regular.ttf")
    assert sans["version"].startswith("Version 2.004")
    assert re.fullmatch(r"1\.\d+\.\d+", m["tools"]["pango"]) and m["tools"]["weasyprint"] == "70.0"
    corrected = manifest_of(published.folder(2))
    assert (corrected["supersedes"], corrected["supersedes_reason"]) == ("r1", "source")


def test_a_threshold_that_the_plan_sets_is_the_one_in_force():
    """The city moves the bounds of its territory (A10); a change of one changes the fingerprint of the rules."""
    city = Home(CODE_ROOT).programme("zhangjiakou")
    assert thresholds_in_force(city)["rule_thresholds.A10.west"] == "113.8"
    files = {"sql/quality/a10.sql": "0" * 64, "sql/core/area.sql": "1" * 64}
    before = method(city, files)["rules_sha256"]
    assert method(city, files | {"sql/core/area.sql": "2" * 64})["rules_sha256"] == before
    assert method(city, files | {"sql/quality/a10.sql": "2" * 64})["rules_sha256"] != before
    nation = method(Home(CODE_ROOT).programme("china"), files)
    assert nation["rules_sha256"] != before and nation["thresholds"]["rule_thresholds.A10.west"] != "113.8"


def test_what_differs_first_between_two_manifests_is_a_threshold_or_a_file_of_the_code(published):
    before = manifest_of(published.folder(1))
    after = copy.deepcopy(before)
    after["code_sha256"] = "f" * 64
    after["code_files"]["sql/core/area.sql"] = "f" * 64
    assert first_difference(before, after) == "程序 sql/core/area.sql / the code: sql/core/area.sql"
    after["method"]["thresholds"]["rule_thresholds.C10.low_percent"] = "61"
    assert first_difference(before, after).startswith("阈值 rule_thresholds.C10.low_percent:60 → 61 / threshold")


def test_the_first_table_is_named_on_the_way_from_the_returns_to_the_verdicts(published):
    before = manifest_of(published.folder(1))
    after = copy.deepcopy(before)
    for name in ("progress.verdict", "indicator.preschool_ger"):
        after["tables"][name]["sha256"] = "f" * 64
    assert first_difference(before, after).startswith("数据表 indicator.preschool_ger")
    after["tables"]["raw.areas"]["sha256"] = "f" * 64
    assert first_difference(before, after).startswith("数据表 raw.areas")


BESIDE = {("assets/report.py", "pipeline.proof.keep"), ("assets/sql_tables.py", "pipeline.proof.lineage")}
"""What keeps the inputs, and what the interface shows of columns: neither has a say in an edition."""


def test_what_makes_an_edition_is_in_the_code_that_it_records():
    """No recorded file takes anything from one that is not: a change there would change editions under the same code."""
    taken = set()
    for name in code_files(CODE_ROOT):
        if name.endswith(".py"):
            for node in ast.walk(ast.parse((CODE_ROOT / name).read_text("utf-8"))):
                modules = [node.module] if isinstance(node, ast.ImportFrom) else []
                modules += [f"pipeline.{each.name}" for each in node.names] if modules == ["pipeline"] else []
                modules += [each.name for each in node.names] if isinstance(node, ast.Import) else []
                taken |= {(name, m) for m in modules if f"{m.replace('.', '/')}/".startswith(OUTSIDE)}
    assert taken == BESIDE


def of_format_1(folder):
    """Rewrite a manifest as it was written until November 2026."""
    m = manifest_of(folder) | {"format": 1}
    del m["method"], m["code_files"]
    m["fonts"] = {name: font["sha256"] for name, font in m["fonts"].items()}
    (folder / "manifest.json").write_text(canonical_json(m), "utf-8")
    return folder


def test_an_edition_of_the_older_format_is_verified_as_before(copied, stand_in, tmp_path):
    """Its manifest is no worse for having no ``method``; what it says is still held against the rebuild."""
    folder = of_format_1(copied.folder(1))

    def again(edition: Edition, inputs, target):
        return of_format_1(shutil.copytree(stand_in(edition, inputs, target), tmp_path / "again"))

    told = verify(folder, rebuilder=again)
    assert (told.outcome, told.differences) == ("same", [])
    assert [(s.sound, "not looked at" in s.en) for s in told.steps if s.tier == "attached"] == [(None, True)]
    m = manifest_of(folder)
    m["format"] = 3
    (folder / "manifest.json").write_text(canonical_json(m), "utf-8")
    told = verify(folder)
    assert (told.first.column, told.first.old, told.exit_code) == ("format", "3", 1)


def test_the_sum_of_the_code_and_its_files_are_of_one_reading(tmp_path):
    """A file that is written while an edition is made: what is recorded of the code agrees with itself."""
    (tmp_path / "pipeline").mkdir()
    path = tmp_path / "pipeline" / "a.py"
    path.write_text("A = 1\n")
    first = code_sha256(tmp_path)
    path.write_text("A = 2\n")
    assert code_digest(summed(code_files(tmp_path))) == first == code_sha256(tmp_path)
    assert code_files(tmp_path) == {"pipeline/a.py": hashlib.sha256(b"A = 1\n").hexdigest()}
