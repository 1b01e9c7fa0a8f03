"""The report with Typst: ``report_typst.py PRINTED.html FONTS OUT.pdf``.

Sets the document that the product hands to its layout engine: the same headings, sentences, tables, drawings and fonts, as
PDF/A-3a with tags, contents with page numbers and running title. Its look is plain: Typst knows no CSS.
"""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

TONES = {
    "dark_green": "#1b5e20", "green": "#2e7d32", "yellow": "#f9a825", "orange": "#ef6c00", "red": "#c62828", "grey": "#757575",
}  # fmt: skip
NOT_SHOWN = {"running-title", "running-mark", "running-version"}
BLOCKS = {"p", "div", "li"}
EMPTY = {"br", "wbr", "col", "meta"}


def quoted(text: str) -> str:
    """A string of Typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'


class Typeset(HTMLParser):
    """Turns the printed HTML into the source of Typst; every element is opened and closed, as the templates write them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.out: list[str] = []
        self.ends: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self.title, self.skipped, self.drawing, self.nav = "", 0, [], False
        self.date = [1, 1, 1]
        # of the table that is open: where its rows begin, its columns, cells of its first row
        self.body, self.columns, self.counted, self.first_row = 0, "", 0, True

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        own = {name: value or "" for name, value in attributes}
        classes = own.get("class", "").split()
        if self.drawing or tag == "svg":
            self.drawing.append(self.get_starttag_text() or "")
            self.ends.append((tag, ""))
            return
        if tag == "br":
            self.out.append("#linebreak()")
        if tag == "col":
            self.ends[-1] = ("colgroup", self.ends[-1][1] + own["style"].removeprefix("width:") + ",")
        if own.get("name") == "dcterms.created":
            self.date = [int(part) for part in own["content"][:10].split("-")]
        if tag in EMPTY:
            return
        if self.skipped or tag in ("style", "title", "colgroup") or NOT_SHOWN & set(classes):
            self.skipped += 1
            self.ends.append((tag, ""))
            return
        if name := own.get("id"):
            self.out.append(f'#metadata(none)#label("{name}")')
        self.ends.append((tag, self._open(tag, own, classes)))

    def _open(self, tag: str, own: dict[str, str], classes: list[str]) -> str:
        """Write the beginning of an element; its end."""
        if tag in ("h1", "h2", "h3"):
            self.out.append(f"\n\n#heading(level: {tag[1]})[")
            return "]\n\n"
        if tag == "section" and ({"cover", "contents", "summary", "new"} & set(classes)):
            self.out.append("\n\n#pagebreak(weak: true)\n\n")
        if tag == "table":
            self.body, self.columns, self.counted, self.first_row = len(self.out), "", 0, True
        if tag == "thead":
            self.out.append("table.header(repeat: true,")
            return "),"
        if tag in ("td", "th"):
            spans = "".join(f", {name}: {own[name]}" for name in ("colspan", "rowspan") if name in own)
            self.counted += int(own.get("colspan", 1)) if self.first_row else 0
            side = "right" if "figure" in classes else "left"
            self.out.append(f"table.cell(align: {side}{spans})[" + ("*" if tag == "th" else ""))
            return ("*" if tag == "th" else "") + "],"
        if tag == "a" and own.get("href", "").startswith("#"):
            target = own["href"][1:]
            self.out.append(f'#link(label("{target}"))[')
            page = f' #box(width: 1fr, repeat[.]) #context counter(page).at(label("{target}")).first()' if self.nav else ""
            return "]" + page
        if tone := next((c.removeprefix("tone-") for c in classes if c.startswith("tone-")), ""):
            self.out.append(f'#box(fill: rgb("{TONES[tone]}"), inset: (x: 1.5pt), outset: (y: 1.5pt))[')
            return "]"
        self.nav = self.nav or tag == "nav"
        if tag in BLOCKS:
            self.out.append("\n\n")
            return "\n\n"
        return ""

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if self.drawing:
            self.drawing.append(self.get_starttag_text() or "")
        else:
            self.handle_starttag(tag, attributes)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:
            return
        opened, end = self.ends.pop()
        if opened != tag:
            raise ValueError(f"<{opened}> is closed by </{tag}> at {self.getpos()}")
        if self.drawing:
            self.drawing.append(f"</{tag}>")
            if tag == "svg":
                self._draw("".join(self.drawing))
                self.drawing = []
        elif self.skipped:
            self.skipped -= 1
            self.columns = end if tag == "colgroup" else self.columns
        else:
            self.nav = self.nav and tag != "nav"
            self.out.append(end)
            self.first_row = self.first_row and tag != "tr"
            if tag == "caption":
                self.body = len(self.out)
            if tag == "table":
                rows = "".join(self.out[self.body :])
                self.out[self.body :] = [f"\n\n#table(columns: ({self.columns or '1fr,' * self.counted}), {rows})\n\n"]

    def _draw(self, svg: str) -> None:
        title = re.search(r"<title[^>]*>(.*?)</title>", svg, re.S)
        described = re.sub(r"<[^>]*>", "", title[1]) if title else "—"
        small = 'class="spark"' in svg or 'class="dot"' in svg
        width = "20mm" if small else "100%"
        self.out.append(f"#image(bytes({quoted(svg)}), format: \"svg\", width: {width}, alt: {quoted(described)})")

    def handle_data(self, data: str) -> None:
        inside = self.ends[-1][0] if self.ends else ""
        if self.drawing:
            self.drawing.append(data.replace("&", "&amp;").replace("<", "&lt;"))
        elif inside == "title":
            self.title = data
        elif not self.skipped and inside not in ("table", "thead", "tbody", "tr") and data.strip():
            self.out.append("#" + quoted(re.sub(r"[ \t\r\n]+", " ", data)) + ";")


HEAD = """#set document(title: {title}, date: datetime(year: {date[0]}, month: {date[1]}, day: {date[2]}))
#set page(paper: "a4", margin: (top: 37mm, bottom: 35mm, left: 28mm, right: 26mm), numbering: "— 1 —",
  header: text(9pt, font: "Jiance Kai", {title}))
#set text(lang: "zh", region: "cn", size: 10.5pt, font: ("Jiance Fang", "Noto Sans SC"))
#set table(stroke: (x, y) => (top: 0.5pt), inset: (x: 2pt, y: 1.5pt))
#show table: set text(8pt, font: "Noto Sans SC")
#show heading: set text(font: "Noto Sans SC")
"""


def source(html: str) -> str:
    """The source of Typst for a printed HTML document."""
    made = Typeset()
    made.feed(html)
    made.close()
    return HEAD.format(title=quoted(made.title), date=made.date) + "".join(made.out)


if __name__ == "__main__":
    import typst  # not where the product is installed: its tests look at the source alone

    printed, fonts, out = sys.argv[1:]
    text = source(Path(printed).read_text("utf-8"))
    typst.compile(
        text.encode(), output=out, font_paths=[fonts], ignore_system_fonts=True, format="pdf", pdf_standards=["a-3a"]
    )
