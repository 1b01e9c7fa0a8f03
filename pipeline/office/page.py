"""The findings and what has come as one HTML page that needs nothing but itself.

Belongs here: the page's markup, style and filter. Does not belong here: arranging findings
(worklist.py). No address is contacted; every text is escaped, so nothing of a return can act.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from pipeline.office.completeness import STATES, Held
from pipeline.quality.finding import RuleOutcome

if TYPE_CHECKING:
    from pipeline.office.worklist import Work

_MARKS = {
    "missing": "缺",
    "late": "迟",
    "awaited": "待",
    "demonstration": "演",
    "preliminary": "初",
    "superseded": "更",
    "received": "✓",
}
_OUTCOMES = {
    "passed": "通过",
    "failed": "有问题",
    "could_not_be_evaluated": "无法评价",
    "withheld": "暂不核对",
}

_STYLE = """
:root{--ink:#1f2937;--muted:#5b6472;--line:#d9e0ea;--soft:#f4f6fa;--brand:#1f4e79;--error:#b42318;
--warning:#8a5a00;
--review:#2456a6;--info:#475467}
*{box-sizing:border-box}
body{margin:0;font:15px/1.55 "Noto Sans SC","PingFang SC","Microsoft YaHei","Droid Sans Fallback",sans-serif;
color:var(--ink);background:#fff}
header{background:var(--brand);color:#fff;padding:20px max(16px,calc(50vw - 620px))}
header h1{margin:0;font-size:22px;line-height:1.3}
header p{margin:6px 0 0;color:#dbe7f3}
main{padding:18px max(16px,calc(50vw - 620px)) 48px}
h2{font-size:18px;margin:28px 0 10px;padding-bottom:6px;border-bottom:2px solid var(--brand)}
.tiles{display:flex;flex-wrap:wrap;gap:10px}
.tile{flex:1 1 110px;border:1px solid var(--line);border-top:4px solid var(--muted);border-radius:6px;
padding:8px 12px}
.tile b{display:block;font-size:24px;line-height:1.2}
.tile.error,.tile.unevaluated{border-top-color:var(--error)}.tile.warning{border-top-color:#f0a500}
.tile.review{border-top-color:var(--review)}
.muted{color:var(--muted)}
.filters{display:flex;flex-wrap:wrap;gap:8px;align-items:end;position:sticky;top:0;background:#fff;
padding:10px 0;z-index:3;
border-bottom:1px solid var(--line)}
.filters label{display:flex;flex-direction:column;font-size:13px;color:var(--muted);flex:1 1 130px;
min-width:0}
select,input[type=search]{font:inherit;color:var(--ink);padding:7px 8px;border:1px solid #9aa5b5;
border-radius:6px;background:#fff;
width:100%;min-width:0}
button{font:inherit;padding:7px 14px;border:1px solid var(--brand);border-radius:6px;background:#fff;
color:var(--brand);cursor:pointer}
:focus-visible{outline:3px solid #f0a500;outline-offset:1px}
#count{margin:10px 0;font-weight:600}
article{border:1px solid var(--line);border-left:5px solid var(--info);border-radius:6px;
padding:10px 14px;margin:0 0 10px;
overflow-wrap:anywhere}
article.error,article.unevaluated{border-left-color:var(--error)}article.warning{border-left-color:#f0a500}
article.review{border-left-color:var(--review)}
article h3{margin:0 0 4px;font-size:15px;font-weight:600}
.badge{display:inline-block;border-radius:4px;padding:0 7px;margin-right:6px;font-size:13px;color:#fff;
background:var(--info)}
.badge.error,.badge.unevaluated{background:var(--error)}.badge.warning{background:var(--warning)}
.badge.review{background:var(--review)}
.where{color:var(--muted);font-size:14px;margin:0 0 6px}
dl{margin:0;display:grid;grid-template-columns:5.5em 1fr;gap:2px 10px}
dt{color:var(--muted)}dd{margin:0}
dd.value{font-family:ui-monospace,Consolas,"Droid Sans Fallback",monospace}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px}
table{border-collapse:separate;border-spacing:0;font-size:14px;width:100%}
th,td{padding:5px 8px;border-bottom:1px solid var(--line);border-right:1px solid var(--line);
text-align:center}
thead th{background:var(--soft);font-weight:600;vertical-align:bottom}
tbody th{position:sticky;left:0;background:var(--soft);text-align:left;white-space:nowrap;z-index:1}
thead th:first-child{position:sticky;left:0;z-index:2;text-align:left}
.grid thead th:not(:first-child){min-width:74px;font-size:13px;line-height:1.35}
.s-missing{background:#fbd5d2;color:#8a1c13;font-weight:700}.s-late{background:#fbe3cd;color:#7a3300;font-weight:700}
.s-awaited{background:#eef1f5;color:#475467}.s-demonstration{background:#ece4f7;color:#4c2a85}
.s-preliminary{background:#fdeec2;color:#6b4a00}.s-superseded{background:#d9e7fb;color:#1d4480}
.s-received{background:#dff1e2;color:#1c6130}.s-none{color:#98a2b3}
.legend{display:flex;flex-wrap:wrap;gap:6px 14px;margin:8px 0;font-size:14px}
.legend i{display:inline-block;min-width:24px;text-align:center;border-radius:4px;font-style:normal;
margin-right:4px}
.legend .cell{padding:0 4px}
[hidden]{display:none!important}
details{margin-top:24px}summary{cursor:pointer;font-weight:600;padding:4px 0}
.fine{border:1px solid #b7dcc0;background:#eef8f0;border-radius:6px;padding:12px 14px}
@media (max-width:560px){
header h1{font-size:19px}.filters{position:static}.filters label{flex-basis:45%}
.tile{flex-basis:28%;padding:6px 9px}.tile b{font-size:20px}
dl{grid-template-columns:1fr;gap:0}dt{font-size:13px;margin-top:5px}
}
@media print{.filters,button{display:none}article{break-inside:avoid}header{background:#fff;color:#000}
header p{color:#000}}
"""

_SCRIPT = """
(function(){
 var names=["severity","area","rule","supplier"],cards=[].slice.call(document.querySelectorAll("article")),
 picks=names.map(function(n){return document.getElementById("f-"+n)}),
 search=document.getElementById("f-text"),count=document.getElementById("count");
 function apply(){
  var text=search.value.trim().toLowerCase(),shown=0;
  cards.forEach(function(card){
   var keep=names.every(function(n,i){return !picks[i].value||card.dataset[n]===picks[i].value})
    &&(!text||card.textContent.toLowerCase().indexOf(text)>=0);
   card.hidden=!keep;if(keep)shown++;});
  count.textContent="显示 "+shown+" 条，共 "+cards.length+" 条";}
 if(count){picks.concat([search]).forEach(function(p){p.addEventListener("input",apply)});
  document.getElementById("f-clear").addEventListener("click",function(){
   picks.forEach(function(p){p.value=""});search.value="";apply();});apply();}
 var years=document.getElementById("f-year"),data=document.getElementById("matrix");
 if(years&&data){var m=JSON.parse(data.textContent),marks=m.marks,words=m.words;
  years.addEventListener("input",function(){
   var cells=m.years[years.value];
   [].forEach.call(document.querySelectorAll("td[data-cell]"),function(td){
    var h=cells[td.dataset.cell],s=h?h[0]:"none";
    td.className="s-"+s;td.textContent=h?marks[s]:"—";
    td.title=h?words[s]+(h[1]?"  "+h[1]:""):"不需要报";});});}
})();
"""


def html_page(
    works: Sequence[Work], outcomes: Sequence[RuleOutcome], matrix: Sequence[Held], title: str, note: str
) -> str:
    """The page: counts, completeness grid, findings with filters, list of checks."""
    title = title or "收报问题清单"
    parts = [
        "<!doctype html>\n<html lang=zh-CN>\n<head>\n<meta charset=utf-8>",
        '<meta name=viewport content="width=device-width,initial-scale=1">',
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none';"
        "style-src 'unsafe-inline';script-src 'unsafe-inline'\">",
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        f"<header><h1>{escape(title)}</h1>",
        f"<p>{escape(note)}</p>" if note else "",
        "</header>\n<main>",
        _tiles(works, outcomes, matrix),
        _grid(matrix) if matrix else "",
        _findings(works),
        _checks(outcomes) if outcomes else "",
        f"</main>\n<script>{_SCRIPT}</script>\n</body>\n</html>\n",
    ]
    return "\n".join(p for p in parts if p)


def _tiles(works: Sequence[Work], outcomes: Sequence[RuleOutcome], matrix: Sequence[Held]) -> str:
    from pipeline.office.worklist import SEVERITIES

    counts = Counter({s: sum(1 + w.finding.more for w in works if w.severity == s) for s in SEVERITIES})
    told = [
        (s, zh, counts[s])
        for s, (zh, _) in SEVERITIES.items()
        if counts[s] or s in ("error", "warning", "info")
    ]
    if matrix:
        last = max(h.period for h in matrix)
        told.append(
            ("error", f"{last} 年缺报", sum(h.period == last and h.state == "missing" for h in matrix))
        )
        told += [
            (css, f"{last} 年{STATES[state][0]}", number)
            for state, css in (("late", "warning"), ("awaited", ""))
            if (number := sum(h.period == last and h.state == state for h in matrix))
        ]
    if outcomes:
        told.append(("", "校验通过", sum(o.outcome == "passed" for o in outcomes)))
    tiles = [
        f'<div class="tile {css if number else ""}"><b>{number}</b>{escape(word)}</div>'
        for css, word, number in told
    ]
    return '<section class="tiles" aria-label="概况">' + "".join(tiles) + "</section>"


# ---------------------------------------------------------------------- findings


def _options(name: str, label: str, values: Iterable[tuple[str, str, int]]) -> str:
    listed = "".join(
        f'<option value="{escape(value)}">{escape(word)}（{count}）</option>' for value, word, count in values
    )
    return f'<label>{label}<select id="f-{name}"><option value="">全部</option>{listed}</select></label>'


def _findings(works: Sequence[Work]) -> str:
    from pipeline.office.worklist import SEVERITIES

    if not works:
        return '<h2>问题</h2>\n<p class="fine">没有发现问题。</p>'
    rank = {s: i for i, s in enumerate(SEVERITIES)}
    ordered = sorted(works, key=lambda w: (rank[w.severity], w.supplier, w.finding.sort_key()))
    severities = Counter(w.severity for w in works)
    areas = Counter(w.area for w in works)
    rules = Counter(w.finding.rule for w in works)
    suppliers = Counter(w.supplier for w in works)
    filters = [
        _options(
            "severity",
            "严重程度",
            ((s, SEVERITIES[s][0], severities[s]) for s in SEVERITIES if severities[s]),
        ),
        _options("area", "县区", ((a or "-", a or "不分县区", areas[a]) for a in sorted(areas))),
        _options("rule", "规则", ((r, r, rules[r]) for r in sorted(rules))),
        _options("supplier", "报送单位", ((s, s, suppliers[s]) for s in sorted(suppliers))),
        '<label>查找<input type="search" id="f-text" autocomplete="off"></label>',
        '<button type="button" id="f-clear">清除</button>',
    ]
    cards = [_card(w, SEVERITIES[w.severity][0]) for w in ordered]
    return (
        '<h2>问题</h2>\n<div class="filters">' + "".join(filters) + "</div>\n"
        f'<p id="count" role="status">共 {len(works)} 条</p>\n' + "\n".join(cards)
    )


def _card(w: Work, word: str) -> str:
    f = w.finding
    where = [w.supplier, w.area, f.file or w.table_zh]
    if f.sheet:
        where.append(f"工作表“{f.sheet}”")
    if f.row is not None:
        where.append(f"第 {f.row} 行")
    if f.column:
        where.append(f"“{f.column}”列" + (f"（{w.letter}）" if w.letter else ""))
    pairs = [("现在的内容", f.value, "value"), ("应为", f.expected_zh, "")]
    pairs.append(("填报说明", w.note, "") if w.note else ("怎么办", f.todo_zh, ""))
    if f.more:
        pairs.append(("同类", f"另有 {f.more} 处", ""))
    rows = "".join(
        f"<dt>{label}</dt><dd{f' class={css}' if css else ''}>{escape(text)}</dd>"
        for label, text, css in pairs
        if text
    )
    return (
        f'<article class="{w.severity}" data-severity="{w.severity}" data-area="{escape(w.area or "-")}" '
        f'data-rule="{escape(f.rule)}" data-supplier="{escape(w.supplier)}">'
        f'<h3><span class="badge {w.severity}">{word} {escape(f.rule)}</span>{escape(f.message_zh)}</h3>'
        f'<p class="where">{escape(" · ".join(p for p in where if p))}</p><dl>{rows}</dl></article>'
    )


# ---------------------------------------------------------------------- what has come


def _grid(matrix: Sequence[Held]) -> str:
    """Units down, tables across, one year at a time; the newest first."""
    tables = {h.table: h.table_zh for h in matrix}
    units = {h.area_code: h.area_zh for h in matrix}
    years = sorted({h.period for h in matrix}, reverse=True)
    cells = {(h.period, h.area_code, h.table): h for h in matrix}
    whole = [
        code for code in units if not any(h.area_code == code and h.table in _by_unit(matrix) for h in matrix)
    ]
    order = whole + [code for code in units if code not in whole]
    head = "".join(f"<th scope=col>{escape(name)}</th>" for name in tables.values())
    body = []
    for code in order:
        row = [f"<tr><th scope=row>{escape(units[code])}</th>"]
        for table in tables:
            if not any((year, code, table) in cells for year in years):
                row.append('<td class="s-none" title="不需要报">—</td>')
                continue
            held = cells.get((years[0], code, table))
            row.append(
                f'<td data-cell="{code}|{table}" class="s-{held.state if held else "none"}" '
                f'title="{escape(_hint(held))}">{_MARKS[held.state] if held else "—"}</td>'
            )
        body.append("".join(row) + "</tr>")
    data = {
        "marks": _MARKS,
        "words": {state: words[0] for state, words in STATES.items()},
        "years": {
            str(year): {f"{h.area_code}|{h.table}": [h.state, _detail(h)] for h in matrix if h.period == year}
            for year in years
        },
    }
    inert = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    options = "".join(f"<option>{year}</option>" for year in years)
    used = [s for s in STATES if any(h.state == s for h in matrix)]
    legend = "".join(f'<span><i class="cell s-{s}">{_MARKS[s]}</i>{STATES[s][0]}</span>' for s in used)
    missing = [h for h in matrix if h.period == years[0] and h.state == "missing"]
    told = f"<p>{years[0]} 年缺 {len(missing)} 份：{escape(_missing_words(missing))}</p>" if missing else ""
    return (
        f'<h2>收报情况</h2>\n<div class="filters" style="position:static;border:0">'
        f'<label style="flex:0 1 140px">年度<select id="f-year">{options}</select></label></div>\n'
        f'{told}<div class="legend">{legend}'
        '<span class="muted">— 不需要报</span></div>\n'
        f'<div class="scroll" tabindex=0><table class="grid">'
        f"<thead><tr><th scope=col>单位</th>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table></div>\n"
        f'<script type="application/json" id="matrix">{inert}</script>'
    )


def _by_unit(matrix: Sequence[Held]) -> set[str]:
    """Tables that come from more than one unit."""
    units: dict[str, set[str]] = {}
    for h in matrix:
        units.setdefault(h.table, set()).add(h.area_code)
    return {table for table, codes in units.items() if len(codes) > 1}


def _missing_words(missing: Sequence[Held]) -> str:
    by_table: dict[str, list[str]] = {}
    for h in missing:
        by_table.setdefault(h.table_zh, []).append(h.area_zh)
    return "；".join(
        f"{table}（{'、'.join(units) if len(units) <= 5 else f'{len(units)} 个单位'}）"
        for table, units in by_table.items()
    )


def _detail(h: Held) -> str:
    due = f"期限 {h.deadline}" if h.deadline else ""
    if h.lacking:
        return due
    again = f"，第 {h.revision} 次报送" if h.revision > 1 else ""
    late = f"；{due}，迟报原因：{h.late}" if h.state == "late" else ""
    return f"{h.file}（{h.supplier}，{h.received_on} 收到{again}{late}）"


def _hint(h: Held | None) -> str:
    return "不需要报" if h is None else f"{STATES[h.state][0]}  {_detail(h)}".strip()


# ---------------------------------------------------------------------- checks


def _checks(outcomes: Sequence[RuleOutcome]) -> str:
    rows = "".join(
        f"<tr><td>{escape(o.rule)}</td><td>{escape(o.table)}</td><td>{_OUTCOMES[o.outcome]}</td>"
        f"<td>{o.checked}</td><td>{o.offending}</td></tr>"
        for o in sorted(outcomes, key=lambda o: (o.rule, o.table))
    )
    return (
        f"<details><summary>做过的校验（{len(outcomes)} 项）</summary><div "
        "class=scroll><table><thead><tr><th>规则</th>"
        f"<th>表</th><th>结果</th><th>查过的行</th><th>有问题的行</th></tr></thead><tbody>{rows}</tbody></table></div></details>"
    )
