"""What the terminal says while and after a run, in Chinese or English.

Belongs here: progress, findings and closing lines on the console. Does not belong here: deciding anything.
Progress goes to standard error and only to a terminal; results go to standard output.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pipeline.home import Home
from pipeline.inert import terminal
from pipeline.unit_types import role_of

if TYPE_CHECKING:
    from pipeline.office.overview import Standing
    from pipeline.quality.finding import Finding
    from pipeline.session import RunOutcome
    from pipeline.warehouse.engine import Remote

LISTED = 40
# A city's counties and suppliers are all named; of a nation's thousands some will do.
NAMED = 40
_WORDS = {
    "error": ("错误", "ERROR"),
    "warning": ("警告", "WARNING"),
    "review": ("复核", "REVIEW"),
    "info": ("提示", "NOTE"),
}
STEP_NAMES = {
    "register": ("核对登记与文件", "checking the register"),
    "raw": ("读取报表", "reading returns"),
    "staging": ("统一口径", "conforming"),
    "gate_1_staging": ("表内校验", "checks inside forms"),
    "core": ("汇总事实表", "building facts"),
    "gate_2_core": ("表间校验", "checks across forms"),
    "indicator": ("计算指标", "computing indicators"),
    "known_before": ("重做以前各年的报告", "judging earlier editions again"),
    "progress": ("判定进展", "judging progress"),
    "gate_3_progress": ("判定校验", "checks of verdicts"),
    "report": ("排版报告", "typesetting the report"),
    "edition": ("发布", "publishing"),
}


def put(text: str, err: bool = False) -> None:
    """Print a line in which nothing that came in a file can act on the terminal."""
    click.echo(terminal(text), err=err)


class Teller:
    """Says things in one language; keeps what the closing lines need."""

    def __init__(self, lang: str, home: Home) -> None:
        self.lang = lang
        self.home = home
        self._closing: list[str] = []

    def pick(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def say(self, zh: str, en: str) -> None:
        put(self.pick(zh, en))

    def standing(self, programme_id: str, years: list[int]) -> int | None:
        """The first of some years whose newest edition is what a run would make again: that is told, and why nothing is
        done. None if there is no such year; where something differs since, it is told of the first."""
        from pipeline.unchanged import Differs, Same, look

        looked = {year: look(self.home, programme_id, year) for year in years}
        year = next((year for year, found in looked.items() if isinstance(found, Same)), years[0] if years else None)
        found = looked.get(year)
        if isinstance(found, Differs):
            self.say(f"{programme_id} {year}:与上次运行相比有变:{found.zh}", f"{programme_id} {year}: differs from the last run: {found.en}")
        if not isinstance(found, Same):
            return None
        n, name = found.counts, f"r{found.revision}"
        self.say(
            f"{programme_id} {year}:没有需要重做的。逐个核对 sha256:项目文件夹的 {n['data']} 个文件、程序的 {n['code']} 个文件(含"
            f"字体),以及 {n['tools']} 个版本号(库、Python、系统的排版库),都与做出 {name} 时相同;{name} 的 {n['outputs']} 个文件与 manifest.json 相符。"
            f"数据版本 {found.vintage_id},生成编号 {found.build_id}。强制重做加 --again;逐条看校验结果用 jiance check。",
            f"{programme_id} {year}: nothing to do. By sha256 the {n['data']} files of the programme and the {n['code']} "
            f"files of the code (with fonts), and {n['tools']} versions (libraries, Python, typesetting) are what {name} was made of; the "
            f"{n['outputs']} files of {name} agree with its manifest.json. Data version {found.vintage_id}, build "
            f"{found.build_id}. --again makes it all the same; jiance check lists the findings.",
        )
        for pair in found.tally:
            self.say(*pair)
        self._closed(found.folder, self.pick("与上次相同,未重复发布", "unchanged"), found.revision)
        self._closing += [f"  {self.pick(*pair)}" for pair in found.headline]
        return year

    def _closed(self, folder: Path, state: str, revision: int) -> None:
        self._closing.append(f"{folder / 'report.zh.pdf'}  ({state} r{revision})")

    def run(self, programme_id: str, year: int, job: str, remote: Remote | None = None) -> bool:
        """Make one edition and tell what came of it; True when it is published.

        ``remote``: as :func:`pipeline.runner.run_edition` has it.
        """
        from pipeline.runner import published
        from pipeline.unchanged import leave_stamp, present_state

        try:
            before = present_state(self.home, programme_id)
        except OSError:  # the run comes upon it and tells it
            before = None
        outcome = self.make(programme_id, year, job, remote)
        self.findings(outcome, programme_id, year)
        if not outcome.success:
            return False
        result = published(outcome.bench)
        if result is None:
            return False
        if before is not None:
            leave_stamp(
                self.home,
                programme_id,
                year,
                before,
                revision=result.revision,
                latest=year == max(outcome.bench.programme.years()),
                tally=self.tally(outcome, programme_id, year),
                headline=self.headline(outcome),
            )
        state = self.pick("已发布", "published") if result.is_new else self.pick("与上次相同,未重复发布", "unchanged")
        self._closed(result.folder, state, result.revision)
        if result.difference:
            zh, _, en = result.difference.partition(" / ")
            self._closing.append(self.pick(f"  与 r{result.before} 的第一处不同:{zh}", f"  first difference to r{result.before}: {en}"))
        self._closing += [f"  {self.pick(*pair)}" for pair in self.headline(outcome)]
        return True

    def side_by_side(
        self, targets: list[tuple[str, int]], jobs: int, scheduler: str | None, options: list[str]
    ) -> dict[tuple[str, int], int]:
        """Make several editions, ``jobs`` at a time or on the Dask cluster at ``scheduler``, each told whole when its turn has
        come; the exit code of each.

        ``options``: of ``jiance run``. What was killed counts as a machine that is not fit (3).
        """
        from pipeline.fanout import over_hosts, side_by_side

        names = [f"{programme} {year}" for programme, year in targets]
        more = ["--lang", self.lang, "--home", str(self.home.root)]
        if scheduler is not None:
            self.say(f"共 {len(names)} 个,在 {scheduler} 上做:{'、'.join(names)}", f"{len(names)} in all, on {scheduler}: {', '.join(names)}")
            made_one_by_one = over_hosts(targets, scheduler, self.home.root, more, options)
        else:
            self.say(
                f"共 {len(names)} 个,同时做 {min(jobs, len(names))} 个:{'、'.join(names)}",
                f"{len(names)} in all, {min(jobs, len(names))} at a time: {', '.join(names)}",
            )
            made_one_by_one = side_by_side(targets, jobs, more, options)
        codes = {}
        for made in made_one_by_one:
            put(made.out.rstrip("\n"))
            if made.err:
                put(made.err.rstrip("\n"), err=True)
            if made.signal:
                put(
                    self.pick(
                        f"{made.programme} {made.year}:进程被终止({made.signal}),未发布;上一版本保持不变。请再运行一次,或减少 --jobs。",
                        f"{made.programme} {made.year}: the process was ended ({made.signal}), nothing was published; the last "
                        "edition stands. Run it again, or lower --jobs.",
                    ),
                    err=True,
                )
            codes[made.programme, made.year] = 3 if made.signal else made.code
        return codes

    def make(self, programme_id: str, year: int, job: str, remote: Remote | None = None) -> RunOutcome:
        """Run a job with progress on the terminal. Ends the program on a crash or a busy edition (exit 3)."""
        from pipeline.runner import run_edition

        return self._watched(
            lambda step: run_edition(self.home, programme_id, year, job, step, remote), programme_id, year
        )

    def check(self, programme_id: str, year: int, *, quiet: bool) -> RunOutcome:
        """Check returns and results with progress on the terminal. Ends the program as :meth:`make` does."""
        from pipeline.steps import check_edition

        return self._watched(
            lambda step: check_edition(self.home, programme_id, year, step), programme_id, year, quiet
        )

    def broken_off(self, problem: Exception) -> NoReturn:
        """Tell what stopped a command, and end the program: a plan or programme that cannot be used (exit 2), the machine,
        or a fault of the program itself (both exit 3), the last told with all that helps to find it."""
        from pipeline.mishap import Mishap
        from pipeline.plan.model import PlanError
        from pipeline.programme import ProgrammeError

        if isinstance(problem, PlanError | ProgrammeError):
            put(str(problem), err=True)
            sys.exit(2)
        if isinstance(problem, Mishap):
            put(str(problem), err=True)
            sys.exit(3)
        self._crashed(f"{type(problem).__name__}: {problem}", "".join(traceback.format_exception(problem)))

    def _crashed(self, said: str, whole: str) -> NoReturn:
        """What an error means to who has to act, else all of it; ends the program."""
        from pipeline.mishap import explain

        if told := explain(said, self.home.root):
            put(told, err=True)
        else:
            put(
                self.pick(
                    "程序出错,命令没有做完;已发布的版本不受影响。请把下面的内容交给维护人员:",
                    "a fault of the program: the command was not finished, what is published stands. Give this to who maintains it:",
                ),
                err=True,
            )
            put(whole, err=True)
        sys.exit(3)

    def _watched(
        self, work: Callable[[Callable[[str], None]], RunOutcome], programme_id: str, year: int, quiet: bool = False
    ) -> RunOutcome:
        progress = Progress(self, f"{programme_id} {year}", quiet)
        with progress:
            outcome = work(progress.step)
        if outcome.crash:
            self._crashed(outcome.crash, outcome.crash)
        return outcome

    def findings(self, outcome: RunOutcome, programme_id: str, year: int) -> None:
        """List what was found, errors first; says so when there was nothing."""
        from pipeline.quality.notes import noted, without_reminders

        notes = outcome.bench.programme.notes.notes
        told = without_reminders(outcome.findings, notes)
        said = noted(told, notes)
        shown = [f for f in told if f.severity != "info" and f.id not in said]
        for finding in shown[:LISTED]:
            self.finding(finding)
        if len(shown) > LISTED:
            more = len(shown) - LISTED
            self.say(f"……另有 {more} 条,见 findings 文件", f"… and {more} more, see the findings files")
        for pair in self.tally(outcome, programme_id, year):
            self.say(*pair)
        if any(f.blocks for f in told):
            self.say("有错误,未发布;上一版本保持不变。", "There are errors: nothing is published; the last edition stands.")
        elif outcome.blocked:
            self.say(
                f"警告还没有全部说明,不能发布。请用 jiance worklist {programme_id} {year} 生成问题清单,核对后填写“填报说明”列,"
                "再用 jiance notes import 导入。",
                f"Warnings without a note stop publication: make the list with jiance worklist {programme_id} {year}, "
                "fill in the notes, and run jiance notes import.",
            )

    def tally(self, outcome: RunOutcome, programme_id: str, year: int) -> list[tuple[str, str]]:
        """How many checks, findings and notes there were: one or two lines, Chinese and English."""
        from pipeline.quality.notes import noted, open_findings, without_reminders

        notes = outcome.bench.programme.notes.notes
        told = without_reminders(outcome.findings, notes)
        said = noted(told, notes)
        counts = Counter("error" if f.blocks else f.severity for f in told)
        made = [o for o in outcome.outcomes if o.checked or o.outcome != "passed"]
        passed = sum(o.outcome == "passed" for o in made)
        lines = [(
            f"{programme_id} {year}:校验 {len(made)} 项,通过 {passed} 项;"
            f"错误 {counts['error']},警告 {counts['warning']},复核 {counts['review']},提示 {counts['info']}",
            f"{programme_id} {year}: {len(made)} checks, {passed} passed; "
            f"errors {counts['error']}, warnings {counts['warning']}, reviews {counts['review']}, "
            f"notes {counts['info']}",
        )]
        open_warnings = len(open_findings(told, notes, "warning"))
        open_reviews = len(open_findings(told, notes, "review"))
        if said or open_warnings or open_reviews:
            lines.append((
                f"填报说明:已说明 {len(said)} 条;须说明后才能发布的警告 {open_warnings} 条,"
                f"签发前须复核的 {open_reviews} 条",
                f"notes: {len(said)} given; {open_warnings} warnings need one before publication, "
                f"{open_reviews} reviews before signing",
            ))
        return lines

    def by_unit(self, outcome: RunOutcome) -> None:
        """By supplier and by county: what blocks, what needs a note, what is fine. Results are for the bureau."""
        from pipeline.office.overview import standings, suppliers_of
        from pipeline.office.worklist import arrange
        from pipeline.quality.notes import without_reminders

        programme = outcome.bench.programme
        notes = programme.notes.notes
        works = arrange(
            without_reminders(outcome.findings, notes),
            programme.registrations,
            areas=programme.areas,
            contracts=programme.contracts,
            notes=notes,
            body=programme.plan.programme.body_zh,
        )
        names = suppliers_of(programme.registrations)
        self._standings(standings(works, names, "supplier"), "报送单位", "supplier")
        current = [a["name_zh"] for a in programme.areas if not a["valid_to"] and role_of(a["unit_type"]) != "whole"]
        self._standings(standings(works, current, "area"), "县区", "county")

    def _standings(self, listed: list[Standing], zh: str, en: str) -> None:
        from rich.console import Console
        from rich.table import Table

        table = Table(box=None, pad_edge=False)
        table.add_column(self.pick(zh, en))
        for head in ("错误", "待说明", "待复核", "已说明") if self.lang == "zh" else ("errors", "to note", "to review", "noted"):
            table.add_column(head, justify="right")
        for s in listed:
            if not s.fine or s.noted:
                table.add_row(s.name, *(str(n) if n else "·" for n in (s.errors, s.to_note, s.to_review, s.noted)))
        if table.row_count:
            console = Console(width=96, color_system=None, highlight=False, markup=False)
            with console.capture() as text:
                console.print(table)
            put("\n".join(line.rstrip() for line in text.get().splitlines()))
        fine = [s.name for s in listed if s.fine]
        if fine:
            shown, more = fine[:NAMED], len(fine) > NAMED
            self.say(
                f"无须处理的{zh} {len(fine)} 个:{';'.join(shown)}{'……' if more else ''}",
                f"nothing to do for {len(fine)}: {'; '.join(shown)}{' …' if more else ''}",
            )

    def finding(self, f: Finding) -> None:
        """One finding: where, what, expected, what to do."""
        from pipeline.quality.words import table_words

        word = _WORDS[f.severity]
        if f.outcome == "could_not_be_evaluated":
            word = ("无法评价", "NOT EVALUATED")
        parts = [f.file or self.pick(*table_words(f.table))]
        if f.sheet:
            parts.append(self.pick(f"工作表“{f.sheet}”", f'sheet "{f.sheet}"'))
        if f.row is not None:
            parts.append(self.pick(f"第 {f.row} 行", f"row {f.row}"))
        if f.column:
            parts.append(self.pick(f"“{f.column}”列", f'column "{f.column}"'))
        put(f"[{self.pick(*word)} {f.rule}] {' '.join(p for p in parts if p)}")
        put(f"    {self.pick(f.message_zh, f.message_en)}")
        if f.more:
            self.say(f"    (同类另有 {f.more} 处)", f"    ({f.more} more of the same)")
        expected, todo, who = (
            self.pick(f.expected_zh, f.expected_en),
            self.pick(f.todo_zh, f.todo_en),
            self.pick(f.who_zh, f.who_en),
        )
        if expected:
            put(self.pick("    应为:", "    expected: ") + expected)
        if todo:
            put(self.pick("    怎么办:", "    to do: ") + todo + (self.pick("(", " (") + who + self.pick(")", ")") if who else ""))

    def headline(self, outcome: RunOutcome) -> list[tuple[str, str]]:
        """Three lines on how the plan stands, from the report that was just made, Chinese and English."""
        from pipeline.report.model import ReportModel

        text = (outcome.bench.folder / "report" / "model.json").read_text("utf-8")
        model = ReportModel.model_validate_json(text)
        return list(zip(model.headline("zh"), model.headline("en"), strict=True))

    def closing(self) -> None:
        for line in self._closing:
            put(line)


class Progress:
    """The running step on one terminal line; silent when nobody watches."""

    def __init__(self, teller: Teller, title: str, quiet: bool) -> None:
        self.teller, self.title = teller, title
        self.live = None if quiet or not sys.stderr.isatty() else self._make()

    def _make(self):
        from rich.console import Console

        # Dagster sends standard error to a log file while a step runs; a copy of the terminal stays ours.
        terminal = os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8")
        return Console(file=terminal, force_terminal=True).status(self.title)

    def __enter__(self) -> Progress:
        if self.live:
            self.live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.live:
            self.live.stop()

    def step(self, step: str) -> None:
        """Show a step by its name in the reader's language."""
        if self.live:
            group, _, rest = step.partition(".")
            name = self.teller.pick(*STEP_NAMES.get(group, (step, step)))
            self.live.update(f"{self.title}  {name}  {rest}")
