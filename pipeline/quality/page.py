"""The page docs/validation-rules.md, made from the rules themselves.

Belongs here: that page, in Chinese and English; ``python -m pipeline.quality.page`` writes it again
after a change of rules/. Does not belong here: findings of a run (they are in the report).
"""

from __future__ import annotations

from pathlib import Path

from pipeline.quality.rules import Rule, load_rules

PAGE = Path(__file__).resolve().parents[2] / "docs" / "validation-rules.md"

_GATES = {
    1: (
        "第一道:报送的表(身份与代码、表内勾稽)",
        "Gate 1: the returns (identity and codes, arithmetic inside a form)",
    ),
    2: ("第二道:归口后的数据(表间勾稽)", "Gate 2: conformed data (across forms)"),
    3: ("第三道:结果(跨年口径、指标与结论)", "Gate 3: results (bases across years, indicators and verdicts)"),
}
_SEVERITY = {"error": "错误 / error", "warning": "警告 / warning", "review": "复核 / review", "info": "提示 / info"}

_OUTCOMES = (
    (
        "通过 / passed",
        "所查各行都符合;没有行可查时,查验行数记为 0",
        "every row looked at agrees; where there was none, the number of checked rows is 0",
        "继续运行",
        "the run goes on",
    ),
    (
        "不通过 / failed",
        "至少一行不符;逐处列出文件、工作表、行、列、现值、应为、谁来处理、怎么处理",
        "at least one row disagrees; each is listed with file, sheet, row, column, value, "
        "what was expected, who must act and how",
        "错误:停止运行,不发布;警告:列入控制台、运行记录和报告",
        "an error stops the run and publishes nothing; a warning is listed on the console, in the run "
        "and in the report",
    ),
    (
        "未能核对 / could not be evaluated",
        "规则没有跑成(缺表、缺列、查询出错),不等于合格",
        "the rule itself did not run (a table or column is missing, a query failed), "
        "which does not mean correct",
        "一律停止运行,不发布,不论规则轻重",
        "always stops the run, whatever the severity",
    ),
)

_HEAD = """\
# 校验规则 / Validation rules

<!-- Made by `python -m pipeline.quality.page` from pipeline/quality/rules/*.yaml. Change the rules there. -->

每次运行依次经过三道关口。每条规则在它守护的每张表上都有且只有一个结果:
Every run passes three gates. Each rule has exactly one outcome on each table that it guards:

"""

_NOTES = """
每条规则在每张表上最多逐条列出 200 处,其余只计数(“另有 N 处”)。同一处错误只由最先能说清它的规则列出:
女生数大于合计由 B02 列出,B03 不再重复;不在名录的幼儿园由 C01 列出,C06 不再重复。
At most 200 places are listed for each rule and table, the rest is counted. A mistake is told once, by the
first rule that can name it: girls above the total by B02 and not again by B03, an unregistered
kindergarten by C01 and not by C06.

取值范围的规则都配有必填检查:整列空白不会被当作合格。
Every rule on values comes with a rule on blanks: a column that is empty throughout does not pass.

阈值可以在方案文件的 `rule_thresholds` 中改,键为“规则.名称”,例如 `C10.low_percent: "55"`。
Thresholds may be changed in the plan file under `rule_thresholds`, with keys like `C10.low_percent: "55"`.
"""

_THRESHOLDS = """\
## 阈值 / Thresholds

| 键 / key | 默认 / default |
|---|---|
"""


def render() -> str:
    """The whole page, one section a gate and one row a rule."""
    rules = load_rules().rules
    parts = [_HEAD, "| 结果 / outcome | 含义 / meaning | 后果 / consequence |\n|---|---|---|\n"]
    parts += [
        f"| {name} | {zh}<br>{en} | {then_zh}<br>{then_en} |\n"
        for name, zh, en, then_zh, then_en in _OUTCOMES
    ]
    parts.append(_NOTES)
    for gate, (zh, en) in _GATES.items():
        parts.append(f"\n## {zh}\n{en}\n\n")
        parts.append(
            "| 规则 / rule | 轻重 / severity | 内容 / what | 应为 / expected "
            "| 谁来处理 / who | 怎么处理 / what to do |\n|---|---|---|---|---|---|\n"
        )
        parts += [_row(rule) for rule in rules if rule.gate == gate]
    parts.append("\n" + _THRESHOLDS)
    parts += [
        f"| `{rule.id}.{name}` | {value} |\n" for rule in rules for name, value in rule.thresholds.items()
    ]
    return "".join(parts)


def _row(rule: Rule) -> str:
    limits = {name: value for name, value in rule.thresholds.items()}
    names = {
        "zh": {"expected": "(逐行给出)", "value": "…"},
        "en": {"expected": "(given row by row)", "value": "…"},
    }

    def both(what: str) -> str:
        zh, en = (
            getattr(rule, f"{what}_{language}").format_map(_Gaps(names[language] | limits))
            for language in ("zh", "en")
        )
        return f"{zh}<br>{en}".replace("|", "\\|")

    return (
        f"| **{rule.id}** | {_SEVERITY[rule.severity]} | {both('title')} | {both('expected')} "
        f"| {both('who')} | {both('todo')} |\n"
    )


class _Gaps(dict[str, str]):
    """Placeholders that only a finding can fill are shown as a gap."""

    def __missing__(self, key: str) -> str:
        return "…"


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
