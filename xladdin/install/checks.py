"""What a check of the machine answers: ok, warning or problem, with a sentence that says what to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Check:
    """One finding about the machine."""

    program: str
    name: str
    state: Literal["ok", "warning", "problem"]
    text: str

    def line(self) -> str:
        """Return the finding as a line."""
        return f"{self.state:<8} {self.program}, {self.name}: {self.text}"
