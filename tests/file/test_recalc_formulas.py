"""Cells with our functions get right values, whatever the formula around them looks like."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.file.recalc_books import Array, recalculated, write_book

DAY = dt.date(2026, 6, 30)

CELLS = {
    "Data": {
        "A1": "Due date", "B1": "Amount", "C1": "Terms",
        "A2": dt.date(2026, 3, 1), "B2": 100, "C2": "NET 30",
        "A3": dt.date(2026, 5, 20), "B3": 250, "C3": "NET 60",
        "A4": dt.date(2026, 7, 15), "B4": 0, "C4": 'say "no"',
        "B5": 7,
        "D2": "=A2+10", "D3": '=IF(B3>200,A3,"")', "D4": "=1/0", "D5": '=""',
    },
    "Credit lines": {"A1": dt.date(2026, 6, 1), "B1": "=Data!A2"},
    "客户": {"A1": dt.date(2026, 6, 10)},
}  # fmt: skip
TABLES = {"Ledger": ("Data", "A1:C5", ["Due date", "Amount", "Terms"])}
NAMES = {"as_of": "=DATE(2026,6,30)", "dues": "=Data!$A$2:$A$4", "first_due": "=Data!$A$2", "客户到期": "='客户'!$A$1"}

CASES: dict[str, tuple[Any, Any]] = {
    "a literal date": ("=DAYSOVERDUE(DATE(2026,3,1),DATE(2026,6,30))", 121),
    "a text date": ('=DAYSOVERDUE("2026-03-01","2026-06-30")', 121),
    "a cell": ("=DAYSOVERDUE(Data!A2,as_of)", 121),
    "small letters": ("=daysoverdue(data!a2,AS_OF)", 121),
    "a prefix for younger functions": ("=_xlfn.DAYSOVERDUE(Data!A2,as_of)", 121),
    "a prefix for user functions": ("=_xludf.DAYSOVERDUE(Data!A2,as_of)", 121),
    "an add-in by file name": ("='Credit.xlam'!DAYSOVERDUE(Data!A2,as_of)", 121),
    "an add-in without quotes": ("=Credit.xlam!DAYSOVERDUE(Data!A2,as_of)", 121),
    "an add-in by number": ("=[1]!DAYSOVERDUE(Data!A2,as_of)", 121),
    "a sheet with a blank in its name": ("=DAYSOVERDUE('Credit lines'!$A$1,as_of)", 29),
    "a sheet name in other letters": ("=DAYSOVERDUE('CREDIT LINES'!$A$1,as_of)", 29),
    "a Chinese sheet": ("=DAYSOVERDUE(客户!A1,as_of)", 20),
    "a Chinese name": ("=DAYSOVERDUE(客户到期,as_of)", 20),
    "a defined name": ("=DAYSOVERDUE(first_due,as_of)", 121),
    "a native formula below": ("=DAYSOVERDUE(Data!D2,as_of)", 111),
    "a native formula of another sheet below": ("=DAYSOVERDUE('Credit lines'!B1,as_of)", 121),
    "a native function inside": ("=DAYSOVERDUE(MAX(Data!A2:A3),as_of)", 41),
    "an error below": ("=DAYSOVERDUE(Data!D4,as_of)", "#DIV/0!"),
    "a blank": ("=DAYSOVERDUE(Data!A5,as_of)", "#VALUE!"),
    "a formula that gives an empty text": ("=DAYSOVERDUE(Data!D5,as_of)", "#VALUE!"),
    "an error literal": ("=DAYSOVERDUE(#N/A,as_of)", "#N/A"),
    "an error made on the way": ("=DAYSOVERDUE(1/0,as_of)", "#DIV/0!"),
    "an argument left out": ('=AGINGBUCKET(Data!A2,as_of,,"zh")', "91-180天"),
    "a last argument left out": ("=DAYSOVERDUE(Data!A2,as_of,)", 121),
    "ours within ours": ('=AGINGBUCKET(DUEDATE(Data!A2,"NET 30"),as_of)', "91-180 days"),
    "ours within native": ('=IF(DAYSOVERDUE(Data!A2,as_of)>90,"x""y","")', 'x"y'),
    "an empty text as answer": ('=IF(DAYSOVERDUE(Data!A2,as_of)>900,"x","")', None),
    "ours and arithmetic": ("=DAYSOVERDUE(Data!A2,as_of)*2+1", 243),
    "an error caught": ("=IFERROR(DAYSOVERDUE(Data!A5,as_of),-1)", -1),
    "a truth value": ("=DAYSOVERDUE(Data!A2,as_of)>100", True),
    "today": ("=DAYSOVERDUE(Data!A2,TODAY())", 121),
    "this row of a table": ("=DAYSOVERDUE(INDEX(Ledger[Due date],2),as_of)", 41),
    "a column of a table": ("=SUM(DAYSOVERDUE(Ledger[Due date],as_of))", "#VALUE!"),
    "part of a table": ("=DAYSOVERDUE(INDEX(Ledger[[#All],[Due date]:[Amount]],3,1),as_of)", 41),
    "the first of several answers": ("=DAYSOVERDUE(dues,as_of)", 121),
    "a column added up": ("=SUM(DAYSOVERDUE(Data!A2:A4,as_of))", 121 + 41 - 15),
    "a row of an answer": ("=INDEX(DAYSOVERDUE(Data!A2:A4,as_of),3,1)", -15),
    "an array constant": ('=SUM(DAYSOVERDUE({"2026-06-01";"2026-06-02"},as_of))', 57),
    "LET": ("=_xlfn.LET(_xlpm.d,Data!A2,DAYSOVERDUE(_xlpm.d,as_of))", 121),
    "OFFSET": ("=DAYSOVERDUE(OFFSET(Data!A1,1,0),as_of)", 121),
    "INDIRECT": ('=DAYSOVERDUE(INDIRECT("Data!D2"),as_of)', 111),
    "a range that is calculated": ("=SUM(DAYSOVERDUE(Data!A2:INDEX(Data!A:A,3),as_of))", 162),
    "a sheet that is not there": ("=DAYSOVERDUE(Nowhere!A1,as_of)", "#REF!"),
    "a percentage": ("=PREPAYCHECK(30%*Data!B2,Data!B2)", "ok"),
    "several sheets at once": ("=DAYSOVERDUE(MAX('Credit lines:客户'!A1),as_of)", 20),
}  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, dict[str, Any]]:
    cells = {f"A{row}": formula for row, (formula, _) in enumerate(CASES.values(), 1)}
    path = write_book(tmp_path_factory.mktemp("recalc") / "cases.xlsx", {**CELLS, "Out": cells}, tables=TABLES, names=NAMES)
    return recalculated(path)


@pytest.mark.parametrize("name", CASES)
def test_a_formula_gets_its_value(name: str, answers: tuple[Any, dict[str, Any]]) -> None:
    row = list(CASES).index(name) + 1
    made, values = answers
    assert values[f"Out!A{row}"] == CASES[name][1], made.reasons.get(("Out", f"A{row}"))


def test_every_error_has_a_reason_and_the_counts_agree(answers: tuple[Any, dict[str, Any]]) -> None:
    made, values = answers
    errors = [where for where, value in values.items() if where.startswith("Out!") and isinstance(value, str) and value.startswith("#")]
    assert made.errors == len(errors)
    assert made.calculated == len(CASES)
    assert made.left == 5
    assert {f"{sheet}!{cell}" for sheet, cell in made.reasons} >= set(errors)


def test_whole_columns_end_where_their_sheet_ends(tmp_path: Path) -> None:
    cells = {**CELLS, "Out": {"A1": "=DAYSOVERDUE(MAX(Data!A:A),DATE(2026,6,30))", "A2": "=COUNT(AGINGINDEX(Data!A:A,DATE(2026,6,30)))"}}
    _, values = recalculated(write_book(tmp_path / "columns.xlsx", cells))
    assert values["Out!A1"] == -15
    assert values["Out!A2"] == 3


ARRAYS = {
    "as tall as its answer": (Array.over("B1:B3", "=DAYSOVERDUE(Data!A2:A4,DATE(2026,6,30))"), {"B1": 121, "B2": 41, "B3": -15}),
    "taller than its answer": (Array.over("B1:B4", "=DAYSOVERDUE(Data!A2:A4,DATE(2026,6,30))"), {"B3": -15, "B4": "#N/A"}),
    "shorter than its answer": (Array.over("B1:B2", "=DAYSOVERDUE(Data!A2:A4,DATE(2026,6,30))"), {"B1": 121, "B2": 41, "B3": None}),
    "filled with one answer": (Array.over("B1:B3", "=DAYSOVERDUE(Data!A2,DATE(2026,6,30))"), {"B1": 121, "B2": 121, "B3": 121}),
    "calculating with ranges": (Array.over("B1:B3", "=DAYSOVERDUE(Data!A2:A4+1,DATE(2026,6,30))"), {"B1": 120, "B2": 40, "B3": -16}),
    "spilling": (Array.over("B1:B3", "=DAYSOVERDUE(Data!A2:A4,DATE(2026,6,30))", dynamic=True), {"B1": 121, "B2": 41, "B3": -15}),
    "spilling less than before": (Array.over("B1:B5", "=DAYSOVERDUE(Data!A2:A4,DATE(2026,6,30))", dynamic=True), {"B3": -15, "B4": None, "B5": None}),
    "spilling further than before": (Array.over("B1", "=DAYSOVERDUE(Data!A2:A4,DATE(2026,6,30))", dynamic=True), {"B1": 121, "B2": None}),
}  # fmt: skip


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_formula(name: str, tmp_path: Path) -> None:
    formula, expected = ARRAYS[name]
    first = formula.area.partition(":")[0]
    cells = {**CELLS, "Out": {first: formula, "D1": "=DAYSOVERDUE(DATE(2026,6,30)-B2,DATE(2026,6,30))"}}
    _, values = recalculated(write_book(tmp_path / "array.xlsx", cells))
    for address, value in expected.items():
        assert values.get(f"Out!{address}") == value, address
    if isinstance(expected.get("B2"), int):  # our functions see what the array formula fills
        assert values["Out!D1"] == expected["B2"]
