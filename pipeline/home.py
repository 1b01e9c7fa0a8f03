"""Where things are: the folders of an installation, as one frozen object.

Belongs here: places. Does not belong here: what lies in them. Nothing heavy is imported, so that a command that only
looks answers at once.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pipeline.programme import Programme

CODE_ROOT = Path(__file__).resolve().parents[1]
HOME_VARIABLE = "JIANCE_HOME"


@dataclass(frozen=True)
class Home:
    """The folder that holds ``data_raw/``, ``build/`` and ``editions/``.

    The code's own files (SQL, templates) always come from the installation itself, so that a
    home elsewhere cannot change how figures are made. ``audience``: for whom editions are made; those for the public
    are worked on and published in folders of their own, so that none is taken for the other.
    """

    root: Path
    audience: Literal["internal", "public"] = "internal"

    @classmethod
    def default(cls) -> Home:
        """``$JIANCE_HOME``, else the installation's own folder."""
        return cls(Path(os.environ.get(HOME_VARIABLE) or CODE_ROOT).resolve())

    @property
    def dagster_yaml(self) -> Path:
        """Settings of Dagster's instance that this home has of its own; it need not exist."""
        return self.root / "dagster.yaml"

    @property
    def data_raw(self) -> Path:
        return self.root / "data_raw"

    @property
    def build(self) -> Path:
        return self.root / "build"

    @property
    def editions(self) -> Path:
        return self.root / ("editions" if self.audience == "internal" else "editions_public")

    @property
    def kept(self) -> Path:
        """Where inputs are kept by content: never in a tree that is given away."""
        return self.root / "editions"

    def public(self) -> Home:
        """The same home, for editions that the public gets."""
        return replace(self, audience="public")

    def programme_ids(self) -> list[str]:
        """Names of the folders in ``data_raw`` that hold a plan, sorted."""
        return sorted(p.parent.name for p in self.data_raw.glob("*/plan.yaml"))

    def programme(self, programme_id: str) -> Programme:
        """The programme of that name. Raises ProgrammeError naming the known ones."""
        from pipeline.programme import Programme, ProgrammeError

        if programme_id not in self.programme_ids():
            known = "、".join(self.programme_ids()) or "(无 / none)"
            raise ProgrammeError(
                f"没有名为“{programme_id}”的项目;现有:{known} / no programme {programme_id!r}; known: {known}"
            )
        return Programme(programme_id, self.data_raw / programme_id)

    def edition_build(self, programme_id: str, year: int) -> Path:
        """Working folder of one edition; may be deleted at any time."""
        return self.build / (f"{programme_id}-{year}" + ("" if self.audience == "internal" else "-public"))
