"""The office: what statistics staff do around a year's returns, before and after intake.

Belongs here: registering files, preparing a year, templates to hand out, work lists to send
back, what has come and what has not. Does not belong here: reading returns (intake), rules
(quality), figures.
"""

from __future__ import annotations


class Refusal(ValueError):
    """Something that the office will not do, in both languages; nothing has been changed."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh, self.en = zh, en
