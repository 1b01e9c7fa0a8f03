"""The auditor's manual shows what the commands really say."""

from __future__ import annotations

import re
import shutil
from functools import partial

import pytest
from click.testing import CliRunner

from pipeline.programme import CODE_ROOT, Home
from pipeline.proof import verify as module
from pipeline.proof.commands import COMMANDS
from tests.proof.conftest import edit, jiance

MANUAL = (CODE_ROOT / "docs" / "audit.md").read_text("utf-8")
EXAMPLES = re.findall(r"(<!-- tampered -->\n)?```console\n\$ jiance ([^\n]*)\n(.*?)\n```", MANUAL, re.S)
_IDS = re.compile(r"\b[0-9a-f]{12}\b")


def same_everywhere(text, *places):
    """Without what depends on the place and the code: folders and ids."""
    for place in places:
        text = text.replace(str(place), "…")
    return _IDS.sub("0" * 12, text).strip()


@pytest.mark.parametrize(("tampered", "command", "shown"), EXAMPLES, ids=[e[1] for e in EXAMPLES])
def test_example(published, copied, stand_in, monkeypatch, tmp_path_factory, tampered, command, shown):
    home = copied.home if tampered else published.home
    place = tmp_path_factory.mktemp("received")
    shutil.copyfile(published.folder(1) / "report.zh.pdf", place / "收到的报告.pdf")
    (place / "空文件夹").mkdir()
    monkeypatch.chdir(place)
    if "空文件夹" in command:  # an installation without the returns
        home = Home(place)
    if tampered:
        edit(copied.folder(1) / "data/verdicts.csv", "91100000", "91200000")
    monkeypatch.setattr(module, "verify", partial(module.verify, rebuilder=stand_in))
    words = command.split()
    lang = words[1] if words[0] == "--lang" else "zh"
    result = jiance(home, *(words[2:] if words[0] == "--lang" else words), lang=lang)
    assert same_everywhere(result.output, home.root, place) == same_everywhere(shown)


def test_every_command_is_shown_in_chinese_and_explained_in_help():
    shown = {command.split()[0] for command in re.findall(r"^(?:\$ )?jiance ([a-z][^\n]*)$", MANUAL, re.M)}
    assert shown >= {c.name for c in COMMANDS}
    for command in COMMANDS:
        text = CliRunner().invoke(command, ["--help"]).output
        assert re.search("[一-鿿]", text) and re.search("[a-z]{4}", text)
