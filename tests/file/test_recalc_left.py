"""What is left to the spreadsheet: a value that may be wrong is worse than an old one, and each reason is told."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.file.recalc_books import NOW, Array, recalculated, write_book
from xladdin.hosts.file import open_book
from xladdin.hosts.file.calculator import Job, Spot
from xladdin.hosts.file.recalc import recalculate
from xladdin.jobs.workbooks import recalc_file

OLD = 0  # the cached value of every formula before
CALL = "DAYSOVERDUE({},DATE(2026,6,30))"

LEFT: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown function": ({"A1": "=DAYSOVERDUE(MYMACRO(1),46203)"}, "it uses MYMACRO, which needs a spreadsheet program"),
    "a function of the program": ({"A1": '=DAYSOVERDUE(CELL("row",B1),46203)'}, "it uses CELL, which needs a spreadsheet program"),
    "an unknown function below": ({"A1": "=DAYSOVERDUE(B1,46203)", "B1": "=MYMACRO(1)"}, "it depends on B1: it uses MYMACRO, which needs a spreadsheet program"),
    "an unknown function far below": (
        {"A1": "=DAYSOVERDUE(B1,46203)", "B1": "=SUM(C1:C3)", "C2": "=IFERROR(Z1,46000)", "Z1": "=MYMACRO(1)"},
        "it depends on Z1: it uses MYMACRO, which needs a spreadsheet program",
    ),
    "an unknown function caught": ({"A1": "=IFERROR(DAYSOVERDUE(B1,46203),1)", "B1": "=MYMACRO(1)"}, "it depends on B1: it uses MYMACRO, which needs a spreadsheet program"),
    "an unknown function somewhere": ({"A1": '=DAYSOVERDUE(INDIRECT("B1"),46203)', "B1": "=MYMACRO(1)"}, "it depends on B1: it uses MYMACRO, which needs a spreadsheet program"),
    "another workbook": ({"A1": "=DAYSOVERDUE([1]Sheet1!A1,46203)"}, "it refers to another workbook"),
    "a function of another add-in": ({"A1": "=DAYSOVERDUE([1]!OTHER(1),46203)"}, "it calls OTHER of another workbook or add-in"),
    "an unknown name": ({"A1": "=DAYSOVERDUE(nobody_knows,46203)"}, "the workbook has no name nobody_knows"),
    "an unknown table": ({"A1": "=DAYSOVERDUE(Nobody[Due],46203)"}, "the workbook has no table Nobody"),
    "an open parenthesis": ({"A1": "=DAYSOVERDUE(46000,46203"}, "its parentheses do not close"),
    "one parenthesis too many": ({"A1": "=DAYSOVERDUE(46000,46203))"}, "its parentheses do not close"),
    "half a formula": ({"A1": "=DAYSOVERDUE(46000,46203)+"}, "the formula cannot be read"),
    "half a formula below": ({"A1": "=DAYSOVERDUE(B1,46203)", "B1": "=1+"}, "it depends on B1: the formula cannot be read"),
    "a whole range in an ordinary formula": ({"A1": "=SUM(DAYSOVERDUE(B1:B3*1,46203))"}, "it calculates with a whole range although it is no array formula"),
    "several values for one cell": ({"A1": "=ABS(DAYSOVERDUE(B1:B3,46203))", "B1": 46000, "B2": 46001, "B3": 46002}, "it uses ABS over several values, which needs a spreadsheet program"),
    "several sheets as an argument": ({"A1": "=DAYSOVERDUE('Out:More'!B1,46203)"}, "it refers to a cell of several sheets at once"),
    "an overlap of ranges": ({"A1": "=DAYSOVERDUE(B1:B3 A2:C2,46203)"}, "the formula uses something that cannot be calculated without a spreadsheet program"),
    "a name that refers to itself": ({"A1": "=DAYSOVERDUE(loop,46203)"}, "the name loop refers to itself"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_a_cell_that_cannot_be_calculated_keeps_its_value(name: str, tmp_path: Path) -> None:
    cells, reason = LEFT[name]
    path = write_book(tmp_path / "left.xlsx", {"Out": cells, "More": {"A1": 1}}, names={"loop": "=loop+1"})
    made, values = recalculated(path)
    assert made.reasons["Out", "A1"] == reason
    assert values["Out!A1"] == OLD
    assert (made.calculated, made.changed) == (0, 0)
    assert made.left == sum(isinstance(value, str) and value.startswith("=") for value in cells.values())
    assert any(reason in line for line in made.lines())


def test_a_workbook_without_our_functions_is_not_touched(tmp_path: Path) -> None:
    path = write_book(tmp_path / "plain.xlsx", {"Out": {"A1": 1, "A2": "=A1+1"}})
    before = path.read_bytes()
    made, _ = recalculated(path)
    assert (made.calculated, made.errors, made.left, made.changed) == (0, 0, 1, 0)
    assert path.read_bytes() == before
    assert made.lines() == ["1 formula without our functions: the spreadsheet program calculates it when it opens the workbook"]


def test_days_counted_from_1904_are_left(tmp_path: Path) -> None:
    path = write_book(tmp_path / "mac.xlsx", {"Out": {"A1": "=DAYSOVERDUE(DATE(2026,3,1),DATE(2026,6,30))"}})
    _edit(path, "xl/workbook.xml", "<workbookPr ", '<workbookPr date1904="1" ')
    made, values = recalculated(path)
    assert made.left_cells == {("Out", "A1"): "the workbook counts days from 1904, our functions from 1900"}
    assert values["Out!A1"] is None or values["Out!A1"] == OLD


@pytest.mark.parametrize("cells", [{"A1": f"={CALL.format('A1')}"}, {"A1": f"={CALL.format('B1')}", "B1": "=A1+1"}], ids=["itself", "over another cell"])
def test_a_circular_reference_is_an_error_with_a_reason(cells: dict[str, Any], tmp_path: Path) -> None:
    made, values = recalculated(write_book(tmp_path / "circle.xlsx", {"Out": cells}))
    assert values["Out!A1"] == "#VALUE!"
    assert made.reasons["Out", "A1"] == "circular reference: the formula depends on its own value"


def test_what_depends_on_our_cells_is_left_but_asked_to_be_calculated(tmp_path: Path) -> None:
    cells = {"A1": "=DAYSOVERDUE(DATE(2026,3,1),DATE(2026,6,30))", "A2": "=A1*2"}
    path = write_book(tmp_path / "above.xlsx", {"Out": cells})
    _edit(path, "xl/workbook.xml", ' fullCalcOnLoad="1"', "")
    made, values = recalculated(path)
    assert values["Out!A1"] == 121
    assert values["Out!A2"] == OLD
    assert made.left == 1
    assert b'fullCalcOnLoad="1"' in zipfile.ZipFile(path).read("xl/workbook.xml")


def test_another_calculator_can_take_the_place(tmp_path: Path) -> None:
    class Sevens:
        def knows(self, function: str) -> bool:
            return function == "SUM"

        def reads(self, formula: str) -> bool:
            return formula.startswith("=")

        def calculate(self, job: Job) -> dict[Spot, Any]:
            return dict.fromkeys(job.wanted, 7.0)

    path = write_book(tmp_path / "other.xlsx", {"Out": {"A1": "=DAYSOVERDUE(SUM(B1),46203)", "A2": "=DAYSOVERDUE(MAX(B1),46203)"}})
    made, values = recalculated(path, calculator=Sevens())
    assert (values["Out!A1"], values["Out!A2"]) == (7, OLD)
    assert made.left == 1


def test_the_command_says_what_was_calculated_and_why_not(tmp_path: Path) -> None:
    cells = {"A1": "=DAYSOVERDUE(46000,46203)", "A2": "=DAYSOVERDUE(B9,46203)", "A3": "=DAYSOVERDUE(MYMACRO(),46203)", "A4": "=A3+1"}
    path = write_book(tmp_path / "said.xlsx", {"Out": cells})
    done = recalc_file(path)
    assert done.lines[0].startswith("said.xlsx: 2 cells with our functions calculated, 1 error among them, 2 formulas left to the spreadsheet, ")
    assert done.lines[1:] == [
        "Out!A2  #VALUE!  due is blank",
        "Out!A3  left as it was: it uses MYMACRO, which needs a spreadsheet program",
        "1 formula without our functions: the spreadsheet program calculates it when it opens the workbook",
    ]
    assert done.data["calculated"] == 2
    assert done.data["cells"][0] == {"sheet": "Out", "cell": "A2", "error": "#VALUE!", "left": False, "reason": "due is blank"}


def test_at_most_ten_errors_are_listed(tmp_path: Path) -> None:
    path = write_book(tmp_path / "many.xlsx", {"Out": {f"A{row}": "=DAYSOVERDUE(B1,46203)" for row in range(1, 31)}})
    made, _ = recalculated(path)
    assert made.errors == 30
    assert len(made.lines()) == 11
    assert made.lines()[-1] == "… and 20 more error values; =CREDITWHY(cell) says why"


def test_unsaved_changes_count(tmp_path: Path) -> None:
    path = write_book(tmp_path / "unsaved.xlsx", {"Out": {"A1": "=DAYSOVERDUE(B1,46203)", "B1": 46000, "A2": "=1+1"}})
    book = open_book(path)
    try:
        sheet = book.sheets["Out"]
        sheet["B1"].value = 46100
        sheet["A2"].formula = "=DAYSOVERDUE(B1,46203)+1"
        sheet["A3"].formula = "=IF(ISERROR(A2),0,DAYSOVERDUE(A2+46000,46203))"
        made = recalculate(book, now=NOW)
        assert sheet["A1:A3"].value == [103, 104, 99]
        assert (made.calculated, made.changed) == (3, 3)
    finally:
        book.close()


def test_a_spill_without_room_is_an_error(tmp_path: Path) -> None:
    cells = {"A1": Array.over("A1:A3", "=DAYSOVERDUE(C1:C3,46203)", dynamic=True), "A2": "typed by hand", "C1": 46000, "C2": 46001, "C3": 46002}
    made, _ = recalculated(write_book(tmp_path / "room.xlsx", {"Out": cells}))
    assert made.calculated == 3


def _edit(path: Path, part: str, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    assert old.encode() in parts[part], parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)


