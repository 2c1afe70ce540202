"""formualizer behind the interface `calculator`: its errors, its array values and its clock made ours."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import formualizer

from xladdin.cells import ExcelError
from xladdin.hosts.file.calculator import Block, Job, Spot, Trouble
from xladdin.hosts.file.checked_functions import CHECKED, OF_THE_CLOCK

log = logging.getLogger(__name__)

_CODES: Final[dict[str, ExcelError | Trouble]] = {
    "Null": ExcelError("#NULL!"),
    "Div": ExcelError("#DIV/0!"),
    "Value": ExcelError("#VALUE!"),
    "Ref": ExcelError("#REF!"),
    "Name": ExcelError("#NAME?"),
    "Num": ExcelError("#NUM!"),
    "Na": ExcelError("#N/A"),
    "Calc": ExcelError("#VALUE!"),  # the file format has no code for the empty array
    "Spill": Trouble.NO_ROOM,
    "Circ": Trouble.CIRCULAR,
}
_KINDS: Final = {code: kind for kind, code in _CODES.items() if kind != "Calc"} | {Trouble.UNABLE: "NImpl"}
_SCRATCH: Final = "asked again"
_NOT_KNOWN: Final = ("Name", "NImpl")


class FormualizerCalculator:
    """Calculates with formualizer; one object serves many calculations."""

    def knows(self, function: str) -> bool:
        """Tell whether a function can be calculated."""
        return _knows(function.upper())

    def reads(self, formula: str) -> bool:
        """Tell whether a formula can be parsed."""
        try:
            formualizer.parse(formula)
        except Exception:  # noqa: BLE001 - whatever the foreign parser raises means the same here
            return False
        return True

    def calculate(self, job: Job) -> dict[Spot, Any]:
        """Calculate the wanted cells and what they depend on."""
        book = _new_book()
        book.set_deterministic_clock(job.now.replace(tzinfo=dt.UTC), "utc")  # the user's wall clock, taken as it is
        for sheet in job.sheets:
            book.add_sheet(sheet)
        for name, callback in job.functions.items():
            book.register_function(name, _wrapped(callback), min_args=0, allow_override_builtin=True)
        for block in job.blocks:
            book.set_values_batch(*block.first, _inside(block))
        for spot, formula in job.formulas.items():
            _set_formula(book, spot, formula)
        filled = [spot for spot in job.wanted if spot not in job.formulas]  # by array formulas, which come first
        wanted = [spot for spot in job.wanted if spot in job.formulas]
        values = dict(zip([*wanted, *filled], [*_evaluate(book, wanted), *_evaluate(book, filled)], strict=True))
        return values | _asked_again(book, job, values)


def _asked_again(book: Any, job: Job, values: dict[Spot, Any]) -> dict[Spot, Any]:
    """Ask for cells that an array formula fills and left without a value, one by one.

    formualizer 0.13 loses what some arrays near the end of a sheet fill when many formulas read their first cells.
    """
    missing: dict[Spot, str] = {}
    first = None
    for spot in job.wanted:
        if spot in job.formulas:
            first = spot
        elif first is not None and values[spot] is None:
            missing[spot] = f"=INDEX({job.formulas[first].removeprefix('=')},{spot.row - first.row + 1},{spot.column - first.column + 1})"
    if not missing:
        return {}
    book.add_sheet(_SCRATCH)
    places = [Spot(_SCRATCH, row, 1) for row in range(1, len(missing) + 1)]
    for place, formula in zip(places, missing.values(), strict=True):
        _set_formula(book, place, formula)
    return dict(zip(missing, _evaluate(book, places), strict=True))


def _set_formula(book: Any, spot: Spot, formula: str) -> None:
    """Enter a formula; one that formualizer refuses, as it does when a cell refers to itself, becomes an error value."""
    try:
        book.set_formula(*spot, formula)
    except RuntimeError as error:
        refused = Trouble.CIRCULAR if "#CIRC!" in str(error) else Trouble.UNABLE
        book.set_value(*spot, _outgoing(refused))


def _evaluate(book: Any, spots: list[Spot]) -> list[Any]:
    """Return the values of some cells; where formualizer gives up on all together, it is asked for each."""
    if not spots:
        return []
    try:
        return list(map(_value, book.evaluate_cells(spots)))
    except Exception:  # whatever it raises, one cell that it cannot calculate must not cost the others
        log.warning("formualizer cannot calculate %d cells together", len(spots), exc_info=True)
    values = []
    for spot in spots:
        try:
            values.append(_value(book.evaluate_cell(*spot)))
        except Exception:  # noqa: BLE001 - the same
            values.append(Trouble.UNABLE)
    return values


def _new_book() -> Any:
    book = formualizer.Workbook(mode=formualizer.WorkbookMode.Ephemeral)
    book.set_temporal_egress("serial")
    return book


@lru_cache(maxsize=1024)
def _knows(function: str) -> bool:
    """Ask formualizer itself about a checked function: an unknown one is #NAME?, a known one without arguments anything else."""
    if function not in CHECKED and function not in OF_THE_CLOCK:
        return False
    book = _new_book()
    book.add_sheet("A")
    try:
        book.set_formula("A", 1, 1, f"={function}()")
        found = book.evaluate_cell("A", 1, 1)
    except Exception:  # noqa: BLE001 - a name its parser refuses is not known
        return False
    return not (isinstance(found, dict) and found.get("kind") in _NOT_KNOWN)


def _inside(block: Block) -> list[list[Any]]:
    """Turn error values into formualizer's; most blocks have none."""
    return [[_outgoing(cell) if type(cell) is ExcelError else cell for cell in row] for row in block.rows]


def _wrapped(callback: Callable[..., Any]) -> Callable[..., Any]:
    def answer(*args: Any) -> Any:
        found = callback(*map(_value, args))
        if isinstance(found, list):
            return [[_outgoing(cell) for cell in row] for row in found]
        return _outgoing(found)

    return answer


def _value(found: Any) -> Any:
    """Read a value of formualizer's: errors are dicts, ranges lists of rows."""
    kind = type(found)
    if kind is dict:
        return _CODES.get(found.get("kind", ""), Trouble.UNABLE)
    if kind is list:
        return [[_value(cell) if type(cell) is dict else cell for cell in row] for row in found]
    return found


def _outgoing(value: Any) -> Any:
    if isinstance(value, (ExcelError, Trouble)):
        return formualizer.LiteralValue.error(_KINDS[value], None)
    return value
