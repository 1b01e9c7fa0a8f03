"""All text that a document will print, with the place where it stands.

Belongs here: walking the final HTML, its SVG and the strings of its stylesheet. Does not belong here: fonts.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_STRINGS = re.compile(r"""content\s*:[^;}]*""")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


class _Walker(HTMLParser):
    """Collects (where, text); where is the nearest id and the tag."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self.section = ""
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        identifier = dict(attrs).get("id")
        if identifier:
            self.section = identifier
        if tag not in ("meta", "br", "wbr", "col", "img", "hr", "input", "link"):
            self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.tags:
            while self.tags and self.tags.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        tag = self.tags[-1] if self.tags else ""
        if tag == "style":
            for declaration in _STRINGS.findall(data):
                self.found += [("style", text) for text in _QUOTED.findall(declaration)]
        elif data.strip():
            self.found.append((f"{self.section or 'head'}/{tag}", data))


def texts_of(html: str) -> list[tuple[str, str]]:
    """``(where, text)`` of every text of the document, SVG text and CSS strings included."""
    walker = _Walker()
    walker.feed(html)
    walker.close()
    return walker.found
