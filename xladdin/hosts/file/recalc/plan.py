"""What must be calculated so that our functions get right values: their cells, and every formula these depend on.

A cell that depends on something no calculator can answer (a function it does not know, another workbook) is left as it is:
a value that may be wrong is worse than an old one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from xladdin.hosts.file.address import Rect, column_name, quote_sheet
from xladdin.hosts.file.calculator import Spot
from xladdin.hosts.file.recalc.lexer import Token, tokens
from xladdin.hosts.file.recalc.scan import Formula, SheetFormulas
from xladdin.hosts.file.recalc.terms import CannotTranslate, Reference, Translated

if TYPE_CHECKING:
    from xladdin.hosts.file.calculator import Calculator
    from xladdin.hosts.file.recalc.facts import Facts
    from xladdin.hosts.file.recalc.translate import Translator

Key = tuple[str, int]  # sheet and position among its formulas

_UNREADABLE: Final = "the formula cannot be read"
_NOT_AN_ARRAY: Final = "it calculates with a whole range although it is no array formula"


@dataclass(slots=True)
class Node:
    """A formula to calculate. `area` is what an array formula fills; `left` says why it cannot be calculated."""

    spot: Spot
    translated: Translated
    ours: bool
    area: Rect | None = None
    dynamic: bool = False
    left: str = ""


@dataclass(slots=True)
class Plan:
    """All formulas to calculate, the references they make, and the number of formula cells there are in all."""

    nodes: dict[Key, Node] = field(default_factory=dict)
    references: set[Reference] = field(default_factory=set)
    formulas: dict[str, SheetFormulas] = field(default_factory=dict)
    cells: int = 0

    def members(self, reference: Reference) -> list[Key]:
        """Return the formulas whose values a reference reads."""
        return [(reference.sheet, index) for index in self.formulas[reference.sheet].inside(reference.rect)]

    def leave_dependents(self, bad: Iterable[Key]) -> None:
        """Mark everything that depends on some formulas as left too."""
        spread = list(bad)
        if not spread:
            return
        readers = _Readers(self.nodes)
        while spread:
            hit = readers.of([(key, self.nodes[key]) for key in spread])
            spread = []
            for key, cause in hit:
                node = self.nodes[key]
                if not node.left:
                    node.left = self._because(node, self.nodes[cause])
                    spread.append(key)

    def in_order(self) -> list[Node]:
        """Return the formulas to calculate, those that others read as single cells before them.

        A long chain entered from its end costs a calculator the square of its length.
        """
        by_spot = {node.spot: node for node in self.nodes.values() if not node.left}
        done: dict[Spot, Node] = {}
        for start in sorted(by_spot):
            path = [(start, iter(by_spot[start].translated.references))]
            opened = {start}
            while path and start not in done:
                spot, references = path[-1]
                for sheet, rect in references:
                    read = Spot(sheet, rect.row, rect.column)
                    if rect.height * rect.width == 1 and read in by_spot and read not in done and read not in opened:
                        opened.add(read)
                        path.append((read, iter(by_spot[read].translated.references)))
                        break
                else:
                    done[spot] = by_spot[spot]
                    path.pop()
        return list(done.values())

    def _because(self, node: Node, cause: Node) -> str:
        where = f"{column_name(cause.spot.column)}{cause.spot.row}"
        if cause.spot.sheet != node.spot.sheet:
            where = f"{quote_sheet(cause.spot.sheet)}!{where}"
        reason = cause.left.removeprefix("it depends on ")
        return f"it depends on {reason}" if reason != cause.left else f"it depends on {where}: {reason}"


class _Readers:
    """Which formulas read a cell. Every reader is told once."""

    def __init__(self, nodes: dict[Key, Node]) -> None:
        self.cells: dict[Spot, list[Key]] = {}
        self.ranges: dict[str, dict[Reference, list[Key]]] = {}
        self.anywhere = [key for key, node in nodes.items() if node.translated.anywhere]
        for key, node in nodes.items():
            for reference in node.translated.references:
                sheet, rect = reference
                if rect.height * rect.width == 1:
                    self.cells.setdefault(Spot(sheet, rect.row, rect.column), []).append(key)
                else:
                    self.ranges.setdefault(sheet, {}).setdefault(reference, []).append(key)

    def of(self, bad: list[tuple[Key, Node]]) -> list[tuple[Key, Key]]:
        """Return the formulas that read some others, each with one of those it reads."""
        first = bad[0][0]
        hit = [(key, first) for key in self.anywhere]
        self.anywhere = []
        by_sheet: dict[str, list[tuple[Rect, Key]]] = {}
        for key, node in bad:
            area = node.area or _cell(node.spot)
            by_sheet.setdefault(node.spot.sheet, []).append((area, key))
            for row in range(area.row, area.last_row + 1):
                for column in range(area.column, area.last_column + 1):
                    hit += [(reader, key) for reader in self.cells.pop(Spot(node.spot.sheet, row, column), ())]
        for sheet, areas in by_sheet.items():
            top, left, bottom, right = np.array([rect for rect, _ in areas]).T
            for reference in list(self.ranges.get(sheet, ())):
                rect = reference.rect
                over = (top <= rect.last_row) & (bottom >= rect.row) & (left <= rect.last_column) & (right >= rect.column)
                if over.any():
                    cause = areas[int(over.argmax())][1]
                    hit += [(reader, cause) for reader in self.ranges[sheet].pop(reference)]
        return hit


def make_plan(facts: Facts, translator: Translator, calculator: Calculator) -> Plan:
    """Find our cells and everything they depend on."""
    plan = Plan()
    waiting: list[Key] = []
    known: dict[str, bool] = {}

    def add(key: Key, formula: Formula, cut: list[Token], *, ours: bool) -> None:
        node = plan.nodes[key] = _node(plan.formulas[key[0]], key, formula, ours=ours)
        if not node.left:
            _translate(node, cut, translator, calculator, known)
        for reference in node.translated.references:
            if not node.left and reference not in plan.references:
                plan.references.add(reference)
                waiting.extend(plan.members(reference))

    for sheet, part in facts.parts.items():
        plan.formulas[sheet] = SheetFormulas(part)
        plan.cells += len(plan.formulas[sheet])
    for sheet, found in plan.formulas.items():
        for index in found.calling(translator.ours):
            formula = found.formula(index)
            cut = tokens(formula.text)
            if translator.is_ours(cut):
                add((sheet, index), formula, cut, ours=True)
    everything = False
    while waiting or not everything:
        if not waiting:
            everything = True
            if any(node.translated.anywhere for node in plan.nodes.values()):
                plan.references |= {Reference(sheet, facts.extent(sheet)) for sheet in facts.parts}
                waiting += [(sheet, index) for sheet, found in plan.formulas.items() for index in range(len(found))]
            continue
        key = waiting.pop()
        if key not in plan.nodes:
            formula = plan.formulas[key[0]].formula(key[1])
            add(key, formula, tokens(formula.text), ours=False)
    plan.leave_dependents([key for key, node in plan.nodes.items() if node.left])
    return plan


def _node(found: SheetFormulas, key: Key, formula: Formula, *, ours: bool) -> Node:
    sheet, index = key
    spot = Spot(sheet, int(found.rows[index]), int(found.columns[index]))
    node = Node(spot, Translated(), ours)
    if formula.kind in ("array", "dataTable"):
        node.area, node.dynamic = found.areas.get(index, _cell(spot)), formula.dynamic
    if formula.kind == "dataTable":
        node.left = "it belongs to a what-if data table"
    return node


def _translate(node: Node, cut: list[Token], translator: Translator, calculator: Calculator, known: dict[str, bool]) -> None:
    """Make the formula plain, or note why it is left."""
    try:
        node.translated = translator.translate(cut, node.spot)
    except CannotTranslate as error:
        node.left = str(error)
        return
    for name in sorted(node.translated.functions):
        if name not in known:
            known[name] = calculator.knows(name)
        if not known[name]:
            node.left = f"it uses {name}, which needs a spreadsheet program"
            return
    if node.translated.intersects and node.area is None:
        node.left = _NOT_AN_ARRAY  # a spreadsheet takes the one cell beside the formula; a calculator would take all
    elif not calculator.reads(node.translated.formula):
        node.left = _UNREADABLE


def _cell(spot: Spot) -> Rect:
    return Rect(spot.row, spot.column, spot.row, spot.column)
