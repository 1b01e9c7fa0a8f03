"""The code of an older edition is found in the history by what it holds, and the edition is made again with it."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess

import pytest

from pipeline.edition.identity import code_digest, code_files, file_sha256, rules_sha256, summed
from pipeline.proof.code_change import changes_here, versions
from pipeline.proof.old_code import History, NoOldCode, lay_out
from tests.conftest import clean_copy
from tests.proof.conftest import edit, forge


def git(folder, *arguments):
    done = subprocess.run(
        ["git", "-c", "user.name=t", "-c", "user.email=t@example.org", "-C", str(folder), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def code_here(root):
    """The hash of the code in a folder as it is now; it is otherwise read once in a process."""
    return code_digest(code_files.__wrapped__(root).items())


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
    recorded = code_here(root), file_sha256(root / "requirements.lock")
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
        lay_out(root, code_here(root), recorded[1], tmp_path / "new")
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


def test_however_long_the_history_git_is_called_few_times(repository, monkeypatch):
    """Two hundred versions more: the calls do not grow with them, and what is found stays what it is."""
    root, commits, recorded = repository
    stream = []
    for n in range(200):
        text = f"A = {n}\n"
        stream.append(f"commit refs/heads/main\ncommitter t <t@example.org> {4000000000 + n} +0000\ndata 1\nv\n")
        stream.append("from refs/heads/main^0\n" if n == 0 else "")
        stream.append(f"M 100644 inline pipeline/a.py\ndata {len(text)}\n{text}\n")
    subprocess.run(["git", "-C", str(root), "fast-import", "--quiet"], input="".join(stream).encode(), check=True)
    called, start = [], History._started
    monkeypatch.setattr(History, "_started", lambda self, *asked, **how: called.append(asked) or start(self, *asked, **how))
    history = History(root)
    assert history.find(*recorded) == commits[1]
    assert len([*history.versions()]) == 201  # A = 1 is the third one again
    a_py = {f"A = {n}\n": hashlib.sha256(f"A = {n}\n".encode()).hexdigest() for n in (0, 1, 199)}
    assert [history.text_of("pipeline/a.py", digest) for digest in a_py.values()] == [*a_py]
    assert history.text_of("pipeline/a.py", "0" * 64) is history.text_of("pipeline/none.py", "0" * 64) is None
    assert [asked[0] for asked in called] == ["rev-parse", "rev-list", "cat-file"]


def test_the_settings_of_a_user_change_nothing(repository, tmp_path, monkeypatch):
    """Signatures shown in logs, other line ends, another encoding, a repository named by the environment."""
    root, commits, recorded = repository
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "home" / ".gitconfig"))
    for name, value in {
        "log.showSignature": "true", "core.autocrlf": "true", "i18n.logOutputEncoding": "gb18030", "color.ui": "always",
        "log.showRoot": "false", "log.follow": "true", "core.quotePath": "true",
    }.items():  # fmt: skip
        git(root, "config", "--global", name, value)
    (root / ".git/info/attributes").write_text("*.sql export-ignore\n")
    signed = git(root, "cat-file", "commit", "HEAD").replace("\n\n", "\ngpgsig -----BEGIN SSH SIGNATURE-----\n x\n\n", 1)
    made = subprocess.run(
        ["git", "-C", str(root), "hash-object", "-t", "commit", "-w", "--stdin"],
        input=f"{signed}\n".replace("a version", "一版").encode(), capture_output=True, check=True,
    )  # fmt: skip
    head = made.stdout.decode().strip()
    git(root, "update-ref", "refs/heads/main", head)
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", str(other))
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    history = History(root)
    assert lay_out(root, *recorded, tmp_path / "old") == commits[1]
    assert (tmp_path / "old/sql/b/c.sql").read_bytes() == b"SELECT 1\n"
    assert history.between(commits[1], head, ["sql/b/c.sql"]) == [(head, "一版")]


@pytest.mark.parametrize("lost", ["pipeline", "pipeline/a.py"])
def test_a_history_with_a_missing_object_is_said_to_be_so_however_often_it_is_asked(repository, lost):
    root, commits, recorded = repository
    name = git(root, "rev-parse", f"{commits[0]}:{lost}")
    (root / ".git/objects" / name[:2] / name[2:]).unlink()
    history = History(root)
    for _ in range(2):
        with pytest.raises(NoOldCode, match="不完整"):
            history.find(*recorded)
        assert history.text_of("pipeline/a.py", "0" * 64) is None


def test_without_a_repository_it_is_said(tmp_path):
    with pytest.raises(NoOldCode) as problem:
        lay_out(tmp_path, "0" * 64, "0" * 64, tmp_path / "old")
    assert "不是带历史的 git 仓库" in problem.value.zh and "not a git repository" in problem.value.en


def test_the_change_between_two_versions_is_named_by_file_line_and_commit(repository):
    root, commits, recorded = repository
    then = {"code_sha256": recorded[0], "lock_sha256": recorded[1], "code_files": History(root).hashes(commits[1])}
    now = {"code_sha256": code_here(root), "lock_sha256": recorded[1]}
    now["code_files"] = History(root).hashes(commits[2])
    told = versions(then, now, root)
    assert (told.old, told.new, told.problem) == (commits[1], commits[2], ("", ""))
    assert told.between == ((commits[2], "a version"),)
    (change,) = told.changes
    assert (change.path, change.line, change.old, change.new) == ("sql/b/c.sql", 1, "SELECT 1", "SELECT 10")
    back = versions(now, then, root)
    assert back.between == told.between and back.changes[0].new == "SELECT 1"
    # Editions of format 1 list no files: the commits do.
    for manifest in (then, now):
        del manifest["code_files"]
    assert versions(then, now, root).changes == told.changes


def test_a_version_that_is_in_no_commit_is_said_and_its_files_are_named(repository):
    root, commits, recorded = repository
    then = {"code_sha256": recorded[0], "lock_sha256": recorded[1], "code_files": History(root).hashes(commits[1])}
    lost = {"code_sha256": "f" * 64, "lock_sha256": recorded[1]}
    lost["code_files"] = then["code_files"] | {"sql/b.sql": "f" * 64, "sql/new.sql": "e" * 64}
    del lost["code_files"]["pipeline/a.py"]
    told = versions(then, lost, root)
    assert (told.old, told.new, told.between) == (commits[1], "", ()) and "没有当时的程序" in told.problem[0]
    assert [c.zh for c in told.changes] == ["pipeline/a.py(缺少)", "sql/b.sql", "sql/new.sql(多出)"]


RULES = """rules:
  - {id: B01, severity: error, thresholds: {percent: "5"}}
  - {id: B02, severity: warning, thresholds: {}}
"""


def test_a_changed_rule_is_named_with_old_and_new_value(repository):
    root, _, _ = repository
    place = root / "pipeline/quality/rules/b_form.yaml"
    place.parent.mkdir(parents=True)
    place.write_text(RULES)
    commit = commit_all(root)
    recorded = History(root).hashes(commit) | {"pipeline/quality/rules/b_form.yaml": file_sha256(place)}
    place.write_text(RULES.replace('"5"', '"6"').replace("warning", "info"))
    told = [c for c in changes_here(recorded, root) if c.path.endswith("b_form.yaml")]
    assert [(c.rule, c.old, c.new) for c in told] == [
        ("B01.thresholds.percent", "5", "6"), ("B02.severity", "warning", "info"),
    ]  # fmt: skip
    assert told[0].en == "pipeline/quality/rules/b_form.yaml B01.thresholds.percent: 5 → 6"


SQL = ("sql/indicators/inclusive_coverage.sql", "* 100 AS", "* 101 AS")
RULE = ("pipeline/quality/rules/c_across.yaml", 'low_percent: "60"', 'low_percent: "61"')


def tamper(copy, path, old, new):
    """One digit of a file of the installation; returns (line, before, after)."""
    text = (copy.root / path).read_text("utf-8")
    assert old in text
    (copy.root / path).write_text(text.replace(old, new, 1), "utf-8")
    at = text[: text.index(old)].count("\n")
    return at + 1, text.splitlines()[at].strip(), text.splitlines()[at].replace(old, new, 1).strip()


@pytest.fixture(scope="module")
def with_an_edition(installation, tmp_path_factory):
    """An installation with the edition that it published, in a repository of its own; and the commit."""
    copy = clean_copy(tmp_path_factory.mktemp("tampered") / "installation", installation.root)
    shutil.copytree(installation.root / "editions" / "china", copy.root / "editions" / "china")
    git(copy.root.parent, "init", "--quiet", str(copy.root))
    (copy.root / ".gitignore").write_text("editions/\nbuild/\n")
    return copy, commit_all(copy.root)


def test_an_edition_is_verified_with_the_code_it_was_made_with(with_an_edition):
    """The code went on: one word of the report is another, and one digit of a formula and of a rule's threshold are
    changed without a commit. The edition is still the same, byte for byte, and each of the three is named."""
    copy, made_with = with_an_edition
    tamper(copy, "pipeline/report/words.py", "提前达标", "早早达标")
    commit_all(copy.root)
    line, before, after = tamper(copy, *SQL)
    tamper(copy, *RULE)
    told = copy.jiance("verify", "china/2023/r1", "--format", "json")
    document = json.loads(told.stdout)
    assert (told.returncode, document["outcome"]) == (0, "same"), told.stdout + told.stderr
    (step,) = [s for s in document["steps"] if s["tier"] == "code"]
    assert step["sound"] and made_with[:12] in step["zh"] and made_with[:12] in step["en"]
    named = {c["path"]: c for c in document["code"]}
    assert set(named) == {"pipeline/report/words.py", SQL[0], RULE[0]}
    sql, rule = named[SQL[0]], named[RULE[0]]
    assert (sql["line"], sql["old"].strip(), sql["new"].strip()) == (line, before, after)
    assert (rule["rule"], rule["old"], rule["new"]) == ("C10.thresholds.low_percent", "60", "61")
    assert git(copy.root, "status", "--porcelain").split() == ["M", RULE[0], "M", SQL[0]]


def test_changed_code_is_named_by_its_commits_in_a_comparison(with_an_edition):
    """As if r2 had been made with the next commit, which changed a formula, and one figure with it."""
    copy, made_with = with_an_edition
    git(copy.root, "checkout", "--quiet", "--force", made_with)
    line, before, after = tamper(copy, *SQL)
    tamper(copy, *RULE)
    git(copy.root, "commit", "--quiet", "--all", "--message", "普惠率乘一百零一")
    commit = git(copy.root, "rev-parse", "HEAD")
    first = copy.root / "editions/china/2023/r1"
    second = shutil.copytree(first, first.with_name("r2"))
    edit(second / "data/indicators.csv", "4082830000", "4082840000")
    m = json.loads((second / "manifest.json").read_text("utf-8"))
    files = History(copy.root).hashes(commit)
    cuts = m["method"]["thresholds"] | {"rule_thresholds.C10.low_percent": "61"}
    forge(
        second, code_sha256=code_digest(summed(files)), code_files=files, revision=2, supersedes="r1",
        method=m["method"] | {"thresholds": cuts, "rules_sha256": rules_sha256(files, cuts)},
    )  # fmt: skip
    told = copy.jiance("diff", "china/2023/r1", "china/2023/r2", "--format", "json")
    document = json.loads(told.stdout)
    assert told.returncode == 0, told.stderr
    assert document["thresholds"] == [{"key": "rule_thresholds.C10.low_percent", "old": "60", "new": "61"}]
    code = document["code"]
    assert (code["old_commit"], code["new_commit"]) == (made_with, commit)
    assert code["commits"] == [{"commit": commit, "subject": "普惠率乘一百零一"}]
    (cause,) = document["changes"][0]["causes"]
    assert cause["kind"] == "code" and made_with[:12] in cause["zh"] and commit[:12] in cause["en"]
    text = copy.jiance("diff", "china/2023/r1", "china/2023/r2").stdout
    assert f"程序的提交:{made_with[:12]} → {commit[:12]}\n  {commit[:12]} 普惠率乘一百零一" in text
    assert f"{SQL[0]} 第 {line} 行:{before} → {after}" in text
    assert f"{RULE[0]} C10.thresholds.low_percent:60 → 61" in text
    assert "rule_thresholds.C10.low_percent: 60 → 61" in text
    shutil.rmtree(second)


@pytest.fixture
def without_history(with_an_edition, tmp_path):
    """The same installation with one formula changed and no history of its code."""
    copy, made_with = with_an_edition
    git(copy.root, "checkout", "--quiet", "--force", made_with)
    history = (copy.root / ".git").rename(tmp_path / "history")
    tamper(copy, *SQL)
    yield copy
    history.rename(copy.root / ".git")


def test_a_formula_changed_where_there_is_no_history_is_named_all_the_same(without_history):
    told = without_history.jiance("verify", "china/2023/r1")
    assert told.returncode == 5 and "不是带历史的 git 仓库" in told.stdout, told.stdout + told.stderr
    assert told.stdout.partition("记录 → 现在):\n")[2].startswith(f"  {SQL[0]}\n")


@pytest.mark.long
def test_made_with_the_changed_formula_the_first_cell_that_comes_out_otherwise_is_named(without_history):
    told = without_history.jiance("verify", "china/2023/r1", "--any-code", "--format", "json")
    document = json.loads(told.stdout)
    assert (told.returncode, document["outcome"]) == (1, "different"), told.stdout + told.stderr
    first = document["differences"][0]
    assert (first["tier"], first["name"]) == ("tables", "indicator.inclusive_coverage"), first
    assert first["row"].startswith("inclusive_coverage/") and first["old"] != first["new"]
    assert [c["path"] for c in document["code"]] == [SQL[0]]
