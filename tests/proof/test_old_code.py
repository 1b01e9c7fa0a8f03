"""The code of an older edition is found in the history by what it holds, and the edition is made again with it."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from pipeline.edition.identity import code_sha256, file_sha256
from pipeline.proof.old_code import NoOldCode, lay_out
from tests.conftest import clean_copy


def git(folder, *arguments):
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit_all(folder):
    git(folder, "add", "--all", "--force", ".")
    git(folder, "commit", "--quiet", "--message", "a version")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path):
    """A small installation with three versions: the second changes a document, the third a formula."""
    root = tmp_path / "repository"
    for name, text in {
        "pipeline/a.py": "A = 1\n",
        "pipeline/edition/identity.py": 'CODE_FOLDERS = ("pipeline", "sql")\nCODE_SUFFIXES = {".py", ".sql"}\n'
        'NOT_OF_THE_EDITION = ("pipeline/cli.py",)\n',
        "pipeline/cli.py": "print(1)\n",
        "sql/b/c.sql": "SELECT 1\n",
        "sql/b.sql": "SELECT 2\n",
        "requirements.lock": "x==1\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    git(tmp_path, "init", "--quiet", "--initial-branch", "main", str(root))
    commits = [commit_all(root)]
    (root / "README.md").write_text("read\n")
    commits.append(commit_all(root))
    recorded = code_sha256.__wrapped__(root), file_sha256(root / "requirements.lock")
    (root / "sql/b/c.sql").write_text("SELECT 10\n")
    commits.append(commit_all(root))
    return root, commits, recorded


def test_the_newest_version_that_holds_the_code_is_laid_out(repository, tmp_path):
    root, commits, recorded = repository
    assert lay_out(root, *recorded, tmp_path / "old") == commits[1]
    assert (tmp_path / "old/sql/b/c.sql").read_text() == "SELECT 1\n"
    assert (tmp_path / "old/README.md").is_file() and not (tmp_path / "old/.git").exists()
    assert (root / "sql/b/c.sql").read_text() == "SELECT 10\n" and git(root, "status", "--porcelain") == ""


def test_a_version_on_another_branch_is_found_and_an_uncommitted_one_is_not(repository, tmp_path):
    root, commits, recorded = repository
    git(root, "branch", "old", commits[0])
    git(root, "checkout", "--quiet", "--orphan", "anew")
    only = commit_all(root)
    git(root, "branch", "--delete", "--force", "main")
    assert lay_out(root, *recorded, tmp_path / "old") == commits[0] != only
    (root / "pipeline/a.py").write_text("A = 2\n")
    with pytest.raises(NoOldCode) as problem:
        lay_out(root, code_sha256.__wrapped__(root), recorded[1], tmp_path / "new")
    assert "没有当时的程序" in problem.value.zh and not (tmp_path / "new").exists()
    with pytest.raises(NoOldCode):
        lay_out(root, recorded[0], "0" * 64, tmp_path / "other_libraries")


def test_which_files_count_is_what_that_version_said(repository, tmp_path):
    """The version recorded kept sql/ out of its code; today's rule would give it another hash."""
    root, _, _ = repository
    identity = root / "pipeline/edition/identity.py"
    identity.write_text(identity.read_text().replace('("pipeline", "sql")', '("pipeline",)'))
    then = commit_all(root)
    from pipeline.edition.identity import code_digest

    names = ["pipeline/a.py", "pipeline/edition/identity.py"]
    digest = code_digest((n, file_sha256(root / n)) for n in names)
    identity.write_text(identity.read_text().replace('("pipeline",)', '("pipeline", "sql")'))
    commit_all(root)
    assert lay_out(root, digest, file_sha256(root / "requirements.lock"), tmp_path / "old") == then


def test_without_a_repository_it_is_said(tmp_path):
    with pytest.raises(NoOldCode) as problem:
        lay_out(tmp_path, "0" * 64, "0" * 64, tmp_path / "old")
    assert "不是带历史的 git 仓库" in problem.value.zh and "not a git repository" in problem.value.en


def test_an_edition_is_verified_with_the_code_it_was_made_with(installation, tmp_path):
    """The code went on, and one word of the report is another now: the edition is still the same, byte for byte."""
    copy = clean_copy(tmp_path / "installation", installation.root)
    shutil.copytree(installation.root / "editions" / "china", copy.root / "editions" / "china")
    git(tmp_path, "init", "--quiet", str(copy.root))
    (copy.root / ".gitignore").write_text("editions/\nbuild/\n")
    made_with = commit_all(copy.root)
    words = copy.root / "pipeline/report/words.py"
    words.write_text(words.read_text("utf-8").replace("提前达标", "早早达标"), "utf-8")
    commit_all(copy.root)
    told = copy.jiance("verify", "china/2023/r1", "--format", "json")
    document = json.loads(told.stdout)
    assert (told.returncode, document["outcome"]) == (0, "same"), told.stdout + told.stderr
    (step,) = [s for s in document["steps"] if s["tier"] == "code"]
    assert step["sound"] and made_with[:12] in step["zh"] and made_with[:12] in step["en"]
    assert git(copy.root, "status", "--porcelain") == ""
