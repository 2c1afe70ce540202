"""The recalculation of one workbook, from its formulas to its values."""

from __future__ import annotations

import datetime as dt
import gc
from typing import TYPE_CHECKING, Any, Final

import xlwings as xw

from xladdin.cells import ExcelError
from xladdin.hosts.file.address import column_name
from xladdin.hosts.file.calculator import Calculator, Job, Spot, Trouble
from xladdin.hosts.file.formualizer_calculator import FormualizerCalculator
from xladdin.hosts.file.recalc.calls import Calls
from xladdin.hosts.file.recalc.facts import Facts
from xladdin.hosts.file.recalc.outcome import Recalculated
from xladdin.hosts.file.recalc.plan import Plan, make_plan
from xladdin.hosts.file.recalc.results import EMPTY, write_results
from xladdin.hosts.file.recalc.terms import BLANK_SHEET
from xladdin.hosts.file.recalc.translate import Translator
from xladdin.hosts.file.recalc.values import needed_blocks
from xladdin.registry import functions

if TYPE_CHECKING:
    from xladdin.hosts.file.recalc.plan import Node

_FROM_1904: Final = "the workbook counts days from 1904, our functions from 1900"
_NAME: Final = ExcelError("#NAME?")
_OWN_REASON: Final = "the formula itself gives {code}, not a function of ours in it"


def recalculate(book: xw.Book, *, calculator: Calculator | None = None, now: dt.datetime | None = None) -> Recalculated:
    """Calculate the cells with our functions of an open workbook file and put their values into it; `book.save()` writes the file."""
    collecting = gc.isenabled()
    gc.disable()  # a million small objects and no cycle among them: looking for cycles would take a third of the time
    try:
        return _recalculate(book, calculator or FormualizerCalculator(), now or dt.datetime.now())  # noqa: DTZ005 - the user's wall clock
    finally:
        if collecting:
            gc.enable()


def _recalculate(book: xw.Book, calculator: Calculator, now: dt.datetime) -> Recalculated:
    facts = Facts(book.impl)
    described = functions()
    translator = Translator(facts, described)
    plan = make_plan(facts, translator, calculator)
    if book.impl.workbook.date1904:
        for node in plan.nodes.values():
            node.left = node.left or _FROM_1904
    values: dict[Spot, Any] = {}
    nodes = plan.in_order()
    calls = Calls(described, translator.sites, nodes)
    if any(node.ours for node in nodes):
        job = _job(facts, plan, calls, now)
        values = calculator.calculate(job)
        _leave_what_failed(plan, calls, values)
    return _write(facts, plan, calls, values)


def _job(facts: Facts, plan: Plan, calls: Calls, now: dt.datetime) -> Job:
    job = Job([*facts.parts, BLANK_SHEET], now, functions=calls.callbacks())
    job.blocks = needed_blocks(facts, plan)
    for number, node in enumerate(calls.nodes):
        job.formulas[node.spot] = calls.formula(number)
        if node.ours:
            job.wanted += _spots(node)
    return job


def _spots(node: Node) -> list[Spot]:
    if node.area is None:
        return [node.spot]
    area = node.area
    return [
        Spot(node.spot.sheet, row, column)
        for row in range(area.row, area.last_row + 1)
        for column in range(area.column, area.last_column + 1)
    ]


def _leave_what_failed(plan: Plan, calls: Calls, values: dict[Spot, Any]) -> None:
    """Leave what turned out to be too much for the calculator only when it was calculated, and everything that depends on it."""
    failed = {calls.nodes[number].spot for number in calls.unable}
    failed |= {spot for spot, value in values.items() if value is Trouble.UNABLE or (type(value) is ExcelError and value == _NAME)}
    bad = []
    for key, node in plan.nodes.items():
        if not node.left and node.spot in failed:
            node.left = Trouble.UNABLE.value
            bad.append(key)
    plan.leave_dependents(bad)


def _write(facts: Facts, plan: Plan, calls: Calls, values: dict[Spot, Any]) -> Recalculated:
    made = Recalculated(left=plan.cells)
    results: dict[str, dict[tuple[int, int], Any]] = {}
    numbers = {node.spot: number for number, node in enumerate(calls.nodes)}
    for node in sorted((node for node in plan.nodes.values() if node.ours), key=lambda node: node.spot):
        if node.left:
            made.ours_left += 1
            where = (node.spot.sheet, _address(node.spot))
            made.left_cells[where] = made.reasons[where] = node.left
            continue
        made.left -= 1
        shape = calls.shapes.get(numbers[node.spot])
        for spot in _spots(node):
            value, reason = _outcome(spot, values.get(spot), calls)
            if node.dynamic and shape and (spot.row - node.spot.row >= shape[0] or spot.column - node.spot.column >= shape[1]):
                value, reason = EMPTY, None
            results.setdefault(spot.sheet, {})[spot.row, spot.column] = value
            made.calculated += 1
            where = (spot.sheet, _address(spot))
            if isinstance(value, ExcelError):
                made.errors += 1
                made.error_cells[where] = str(value)
            if reason:
                made.reasons[where] = reason
        if node.dynamic and shape and node.area and (shape[0] > node.area.height or shape[1] > node.area.width):
            where = (node.spot.sheet, _address(node.spot))
            made.reasons.setdefault(where, f"the answer fills {shape[0]} x {shape[1]} cells; the spreadsheet program extends it")
    for sheet, cells in results.items():
        made.changed += write_results(facts.parts[sheet], cells)
    return made


def _outcome(spot: Spot, value: Any, calls: Calls) -> tuple[Any, str | None]:
    """Return what a cell gets, and the reason of its error or a remark."""
    if isinstance(value, Trouble):
        return ExcelError("#VALUE!"), value.value
    if value is None:
        return 0.0, None  # what a spreadsheet shows for a reference to a blank cell
    reason = calls.reason(spot, value)
    if reason is None and isinstance(value, ExcelError):
        reason = _OWN_REASON.format(code=value)
    return value, reason


def _address(spot: Spot) -> str:
    return f"{column_name(spot.column)}{spot.row}"
