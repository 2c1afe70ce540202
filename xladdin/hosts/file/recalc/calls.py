"""The calls of our functions during a recalculation: what each answered, and so the reason of every cell."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from xladdin.call import Answer, cell_value, invoke
from xladdin.cells import ExcelError, Referred
from xladdin.hosts.file.calculator import Spot, Trouble

if TYPE_CHECKING:
    from xladdin.hosts.file.address import Rect
    from xladdin.hosts.file.recalc.plan import Node
    from xladdin.hosts.file.recalc.terms import Site
    from xladdin.registry import Function

ONE: Final = "XLADDINONE"
FIT: Final = "XLADDINFIT"


class Calls:
    """Callbacks for a calculator, and their answers by call site."""

    def __init__(self, functions: dict[str, Function], sites: list[Site], nodes: list[Node]) -> None:
        self.functions, self.sites, self.nodes = functions, sites, nodes
        self.answers: dict[int, Answer] = {}
        self.unable: set[int] = set()  # nodes that would need a value which cannot be calculated
        self.shapes: dict[int, tuple[int, int]] = {}  # rows and columns of the answers of array formulas
        self._owner: dict[Spot, int] = {}
        for number, node in enumerate(nodes):
            self._owner[node.spot] = number
            for row, column in _cells_of(node.area):
                self._owner[Spot(node.spot.sheet, row, column)] = number
        self._about_cells = {name: {i for i, arg in enumerate(spec.args) if arg.kind == "reference"} for name, spec in functions.items()}

    def callbacks(self) -> dict[str, Callable[..., Any]]:
        """Return what the calculator calls, by name in formulas."""
        ours: dict[str, Callable[..., Any]] = {name: partial(self._call, spec) for name, spec in self.functions.items()}
        return {**ours, ONE: self._one, FIT: self._fit}

    def formula(self, number: int) -> str:
        """Return the formula of a node as the calculator gets it: kept to one cell, or to the cells of its array."""
        node = self.nodes[number]
        text = node.translated.formula
        if node.area is not None:
            return f"={FIT}({number},{node.area.height},{node.area.width},{text[1:]})"
        return f"={ONE}({number},{text[1:]})" if node.translated.several else text

    # ---- callbacks

    def _call(self, spec: Function, site_number: float, *args: Any) -> Any:
        number = int(site_number)
        site = self.sites[number]
        if any(map(_has_trouble, args)):
            self.unable.add(self._owner[site.spot])
            return Trouble.UNABLE
        given = [ExcelError("#VALUE!") if arg is Trouble.CIRCULAR or arg is Trouble.NO_ROOM else arg for arg in args]
        for position in self._about_cells[spec.name]:
            if position < len(given):
                given[position] = self._referred(site, position, given[position])
        answer = self.answers[number] = invoke(spec, given)
        value = cell_value(answer.value)
        return value[0][0] if isinstance(value, list) and len(value) == 1 and len(value[0]) == 1 else value

    def _referred(self, site: Site, position: int, value: Any) -> Any:
        """Hand over a cell with its reason; a value that was calculated inside the formula has none."""
        cells = site.cells.get(position)
        if cells is None:
            return value
        sheet, rect = cells
        if not isinstance(value, list):
            return Referred(value, self.reason(Spot(sheet, rect.row, rect.column), value))
        return [
            [Referred(cell, self.reason(Spot(sheet, rect.row + i, rect.column + j), cell)) for j, cell in enumerate(row)]
            for i, row in enumerate(value)
        ]

    def _one(self, number: float, value: Any) -> Any:
        """Keep the first value of an answer for one cell, as a spreadsheet does for a function of ours."""
        if not isinstance(value, list):
            return 0.0 if value is None else value
        if len(value) != 1 or len(value[0]) != 1:
            translated = self.nodes[int(number)].translated
            if not translated.alone:
                self.unable.add(int(number))
                return Trouble.UNABLE
        return 0.0 if value[0][0] is None else value[0][0]

    def _fit(self, number: float, height: float, width: float, value: Any) -> Any:
        """Give an answer the shape of its array formula: too many values are cut off, a single row or column is repeated."""
        node = self.nodes[int(number)]
        rows = value if isinstance(value, list) else [[value]]
        self.shapes[int(number)] = len(rows), len(rows[0])
        beyond: Any = "" if node.dynamic else ExcelError("#N/A")

        def at(row: int, column: int) -> Any:
            if not node.dynamic:
                row, column = (0 if len(rows) == 1 else row), (0 if len(rows[0]) == 1 else column)
            if row >= len(rows) or column >= len(rows[0]):
                return beyond
            return 0.0 if rows[row][column] is None else rows[row][column]

        return [[at(row, column) for column in range(int(width))] for row in range(int(height))]

    # ---- reasons

    def reason(self, spot: Spot, value: Any) -> str | None:
        """Return why a cell holds an error value, or what was remarked about its value; None when no call of ours says so."""
        number = self._owner.get(spot)
        if number is None:
            return None
        node = self.nodes[number]
        at = (spot.row - node.spot.row, spot.column - node.spot.column)
        for site in reversed(node.translated.sites):  # the innermost call knows what was wrong first
            answer = self.answers.get(site)
            if answer is None or not answer.reasons:
                continue
            whole = node.translated.alone and site == node.translated.sites[0]
            found = _reason_at(answer, at, value) if whole else _reason_in(answer, value)
            if found:
                return found
        return None


def _reason_at(answer: Answer, at: tuple[int, int], value: Any) -> str | None:
    if not isinstance(answer.value, list):
        return _reason_in(answer, value)
    if len(answer.value) == 1:
        at = (0, at[1])
    found = answer.reasons.get(at) or answer.reasons.get((at[0], 0))
    return found if found and _fits(_cell_of(answer, at), value) else None


def _reason_in(answer: Answer, value: Any) -> str | None:
    return next((text for at, text in answer.reasons.items() if _fits(_cell_of(answer, at), value)), None)


def _cell_of(answer: Answer, at: tuple[int, int]) -> Any:
    if not isinstance(answer.value, list):
        return answer.value
    row, column = at
    return answer.value[row][column] if row < len(answer.value) and column < len(answer.value[row]) else None


def _fits(answered: Any, value: Any) -> bool:
    """Tell whether an answer explains a cell: the same error, or both none."""
    if isinstance(value, ExcelError) or isinstance(answered, ExcelError):
        return isinstance(answered, ExcelError) and answered == value
    return True


def _has_trouble(value: Any) -> bool:
    if isinstance(value, list):
        return any(cell is Trouble.UNABLE for row in value for cell in row)
    return value is Trouble.UNABLE


def _cells_of(area: Rect | None) -> list[tuple[int, int]]:
    if area is None:
        return []
    return [(row, column) for row in range(area.row, area.last_row + 1) for column in range(area.column, area.last_column + 1)]
