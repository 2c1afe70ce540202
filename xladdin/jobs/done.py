"""What a command answers, and what all commands read alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xladdin.cells import FIRST_REPORT_DAY, LAST_REPORT_DAY, describe, parse_iso_date
from xladdin.errors import BadRequest

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Done:
    """What a command has to say: lines for a person, data for a program (or what makes them, when asked for), the exit code."""

    lines: list[str]
    told: Any = None
    code: int = 0

    @property
    def data(self) -> Any:
        """The data: plain lists and dicts."""
        return self.told() if callable(self.told) else self.told


def quiet(_step: str) -> None:
    """Show no progress."""


def read_day(text: str | None, name: str = "as-of date") -> dt.date | None:
    """Read a day of the command line; None where none was given. Raises BadRequest for a text that is none, or too far away."""
    if text is None:
        return None
    day = parse_iso_date(text)
    if day is None:
        raise BadRequest(f"the {name} must be like 2026-06-30; got {describe(text)}")
    if not FIRST_REPORT_DAY <= day <= LAST_REPORT_DAY:
        raise BadRequest(f"the {name} must lie between {FIRST_REPORT_DAY} and {LAST_REPORT_DAY}; got {day}")
    return day
