"""What a formula is made into: the plain formula, its references and the calls of our functions in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from xladdin.hosts.file.address import Rect

if TYPE_CHECKING:
    from xladdin.hosts.file.calculator import Spot

PREFIXES: Final = ("_xlfn.", "_xlws.", "_xludf.", "_xll.")
SCOPES: Final = frozenset({"LET", "LAMBDA"})  # functions that name values
BLANK_SHEET: Final = "an argument of ours that is left out"  # longer than the name of a tab can be


class Reference(NamedTuple):
    """A rectangle of a sheet."""

    sheet: str
    rect: Rect


class CannotTranslate(Exception):
    """The formula says something a closed workbook cannot answer; the text says what."""


@dataclass(slots=True)
class Site:
    """One call of one of our functions; `cells` are the references given as its arguments, by position."""

    spot: Spot
    name: str
    cells: dict[int, Reference] = field(default_factory=dict)


@dataclass(slots=True)
class Translated:
    """A plain formula (with its equal sign), what it refers to and calls."""

    formula: str = ""
    references: list[Reference] = field(default_factory=list)
    functions: set[str] = field(default_factory=set)
    sites: list[int] = field(default_factory=list)
    anywhere: bool = False
    several: bool = False  # the answer may be several values
    intersects: bool = False  # an operator stands beside a range: unless entered as an array formula, Excel takes one cell of it
    alone: bool = False  # the formula is one call of ours and nothing else


def bare(name: str) -> str:
    """Take the prefixes off that files put before functions younger than the format, and before those of add-ins."""
    low = name.lower()
    while low.startswith(PREFIXES):
        name = name[name.index(".") + 1 :]
        low = name.lower()
    return name
