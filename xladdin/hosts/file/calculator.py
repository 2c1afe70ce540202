"""What a recalculation asks of a calculator: formulas and values in, values out.

formualizer stands behind this (see `formualizer_calculator`); another calculator can take its place. The formulas a calculator
gets are in Excel's syntax, in English, without tables, names or references to other books; functions of ours are callbacks.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple, Protocol


class Spot(NamedTuple):
    """A cell of the workbook."""

    sheet: str
    row: int
    column: int


class Trouble(Enum):
    """What a calculator gives instead of a value, and takes as an argument of a callback."""

    UNABLE = "the formula uses something that cannot be calculated without a spreadsheet program"
    CIRCULAR = "circular reference: the formula depends on its own value"
    NO_ROOM = "the answer needs several cells, and some of them are not empty"


@dataclass(frozen=True, slots=True)
class Block:
    """Values of a rectangle of cells, by its upper left cell: numbers, texts, booleans, `ExcelError`, None for a blank."""

    first: Spot
    rows: list[list[Any]]


@dataclass(slots=True)
class Job:
    """One calculation. `wanted` lists the cells whose values are asked for; a formula may fill cells beside its own."""

    sheets: list[str]
    now: dt.datetime
    blocks: list[Block] = field(default_factory=list)
    formulas: dict[Spot, str] = field(default_factory=dict)
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)
    wanted: list[Spot] = field(default_factory=list)


class Calculator(Protocol):
    """Something that calculates formulas."""

    def knows(self, function: str) -> bool:
        """Tell whether a function of the spreadsheet (not ours) can be calculated."""

    def reads(self, formula: str) -> bool:
        """Tell whether a formula can be parsed."""

    def calculate(self, job: Job) -> dict[Spot, Any]:
        """Return the value of each wanted cell: number, text, boolean, None, `ExcelError` or a `Trouble`.

        Callbacks get values as in `Block`, ranges as lists of rows, and may get a `Trouble`; they answer in the same way.
        """
