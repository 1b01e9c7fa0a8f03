"""Characters that could act, hide or turn what stands around them.

Belongs here: telling them. Does not belong here: what is done about a text that holds one (cells.py, inert.py).
"""

from __future__ import annotations

import unicodedata

_JOINERS = "\u180e\u200c\u200d"


def is_harmless(text: str) -> bool:
    """True if ``text`` holds no control or invisible character that could act, hide or turn what stands around it."""
    return text.isprintable() or not any(map(unfit, text))


def unfit(character: str) -> bool:
    """A character that has no place in a text: control, unassigned, line separator, or one that hides or turns others.

    Joiners are part of some scripts; characters of private use stand for rare names.
    """
    kind = unicodedata.category(character)
    return kind in ("Cc", "Cs", "Cn", "Zl", "Zp") or (kind == "Cf" and character not in _JOINERS)
