"""Of a cell nothing but its cached value changes; reasons go with cells; large workbooks take seconds."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.file.recalc_books import NOW, Array, recalculated, write_book
from xladdin.cells import ExcelError
from xladdin.hosts.file import open_book
from xladdin.hosts.file.recalc import recalculate
from xladdin.hosts.file.recalc.results import EMPTY, with_value

SHEET = "xl/worksheets/sheet1.xml"


def replace_in(path: Path, part: str, old: str, new: str) -> None:
    with zipfile.ZipFile(path) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    assert old.encode() in parts[part], parts[part]
    parts[part] = parts[part].replace(old.encode(), new.encode())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, data in parts.items():
            target.writestr(name, data)


def sheet_of(path: Path) -> str:
    return zipfile.ZipFile(path).read(SHEET).decode()


TAILS: list[tuple[str | None, Any, str | None]] = [
    ("><f>F()</f><v>0</v></c>", 1.5, "><f>F()</f><v>1.5</v></c>"),
    ("><f>F()</f><v>0</v></c>", 12.0, "><f>F()</f><v>12</v></c>"),
    ("><f>F()</f><v>0</v></c>", "a<b", ' t="str"><f>F()</f><v>a&lt;b</v></c>'),
    ("><f>F()</f><v>0</v></c>", " a", ' t="str"><f>F()</f><v xml:space="preserve"> a</v></c>'),
    ("><f>F()</f><v>0</v></c>", "", ' t="str"><f>F()</f><v></v></c>'),
    (' t="str"><f>F()</f><v>x</v></c>', True, ' t="b"><f>F()</f><v>1</v></c>'),
    (' t="str"><f>F()</f><v>x</v></c>', ExcelError("#N/A"), ' t="e"><f>F()</f><v>#N/A</v></c>'),
    (' t="e"><f>F()</f><v>#N/A</v></c>', 3, "><f>F()</f><v>3</v></c>"),
    ("><f>F()</f></c>", 3, "><f>F()</f><v>3</v></c>"),
    (' cm="1"><f t="array" ref="A1:A3" aca="1">F()</f><v/></c>', 3, ' cm="1"><f t="array" ref="A1:A3" aca="1">F()</f><v>3</v></c>'),
    (' t="str" cm="1" vm="2"><f>F()</f><v>x</v><extLst/></c>', 3, ' cm="1" vm="2"><f>F()</f><v>3</v><extLst/></c>'),
    ('><f t="shared" si="0"/><v>1</v></c>', 3, '><f t="shared" si="0"/><v>3</v></c>'),
    ('><f>IF(A1="&lt;v&gt;",1)</f><v>1</v></c>', 3, '><f>IF(A1="&lt;v&gt;",1)</f><v>3</v></c>'),
    (' t="inlineStr"><is><t>old</t></is></c>', 3, "><v>3</v></c>"),
    ("/>", 3, "><v>3</v></c>"),
    (None, 3, "><v>3</v></c>"),
    (None, EMPTY, None),
    ("><v>3</v></c>", EMPTY, "/>"),
    ("><f>F()</f><v></v></c>", "", "><f>F()</f><v></v></c>"),
    ("><f>F()</f><v>12.0</v></c>", 12, "><f>F()</f><v>12.0</v></c>"),
    ("><f>F()</f><v>1.2E1</v></c>", 12, "><f>F()</f><v>1.2E1</v></c>"),
    (' t="str"><f>F()</f><v>a&#60;b</v></c>', "a<b", ' t="str"><f>F()</f><v>a&#60;b</v></c>'),
    ("><f>F()</f><v>0.1</v></c>", 0.1 + 0.2, "><f>F()</f><v>0.30000000000000004</v></c>"),
]  # fmt: skip


@pytest.mark.parametrize(("tail", "value", "expected"), TAILS)
def test_a_value_in_the_xml_of_a_cell(tail: str | None, value: Any, expected: str | None) -> None:
    assert with_value(tail, value) == expected
    assert with_value(expected, value) == expected or value is EMPTY


def test_nothing_else_of_the_sheet_changes(tmp_path: Path) -> None:
    path = tmp_path / "styled.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Out")
        look = book.add_format({"bold": True, "num_format": "0.00"})
        sheet.set_row(0, 30)
        sheet.write_number(0, 0, 46000)
        sheet.write_formula(0, 1, "=DAYSOVERDUE(A1,46203)", look, 0)
        sheet.write_formula(1, 1, "=SUM(A1:A9)", look, 5)
        sheet.write_string(2, 0, "&<>")
        sheet.data_validation("A1:A9", {"validate": "integer", "criteria": ">", "value": 0})
        sheet.conditional_format("A1:B9", {"type": "data_bar"})
    before = sheet_of(path)
    parts = {name: zipfile.ZipFile(path).read(name) for name in zipfile.ZipFile(path).namelist()}
    recalculated(path)
    after = sheet_of(path)
    assert after == before.replace("<f>DAYSOVERDUE(A1,46203)</f><v>0</v>", "<f>DAYSOVERDUE(A1,46203)</f><v>203</v>")
    changed = {name for name in parts if zipfile.ZipFile(path).read(name) != parts[name]}
    assert changed <= {SHEET, "xl/workbook.xml"}


def test_a_second_recalculation_changes_nothing(tmp_path: Path) -> None:
    path = write_book(tmp_path / "twice.xlsx", {"Out": {"A1": "=AGINGBUCKET(46000,46203)", "A2": "=DAYSOVERDUE(B1,46203)", "A3": "=CREDITWHY(A2)"}})
    assert recalculated(path)[0].changed == 3
    before = path.read_bytes()
    made, _ = recalculated(path)
    assert (made.calculated, made.changed) == (3, 0)
    assert path.read_bytes() == before


def test_formulas_shared_by_several_cells(tmp_path: Path) -> None:
    cells = {f"A{row}": 46000 + row for row in range(1, 5)}
    path = write_book(tmp_path / "shared.xlsx", {"Out": cells | {f"B{row}": f"=DAYSOVERDUE(A{row},C$1)" for row in range(1, 5)} | {"C1": 46203}})
    replace_in(path, SHEET, "<f>DAYSOVERDUE(A1,C$1)</f>", '<f t="shared" ref="B1:B4" si="0">DAYSOVERDUE(A1,C$1)</f>')
    for row in (2, 3, 4):
        replace_in(path, SHEET, f"<f>DAYSOVERDUE(A{row},C$1)</f>", '<f t="shared" si="0"/>')
    made, values = recalculated(path)
    assert [values[f"Out!B{row}"] for row in range(1, 5)] == [202, 201, 200, 199]
    assert made.calculated == 4
    assert sheet_of(path).count('<f t="shared" si="0"/>') == 3


def test_this_row_of_a_table(tmp_path: Path) -> None:
    cells: dict[str, Any] = {"A1": "Due [date]", "B1": "Days", "A2": dt.date(2026, 3, 1), "A3": dt.date(2026, 6, 1)}
    cells |= {f"B{row}": "=DAYSOVERDUE(Ledger[[#This Row],[Due '[date']]],DATE(2026,6,30))" for row in (2, 3)}
    path = write_book(tmp_path / "table.xlsx", {"Out": cells}, tables={"Ledger": ("Out", "A1:B3", ["Due [date]", "Days"])})
    _, values = recalculated(path)
    assert (values["Out!B2"], values["Out!B3"]) == (121, 29)


WHY = {
    "an error": ("=CREDITWHY(A1)", "due is blank"),
    "an error seen through another cell of ours": ("=CREDITWHY(A2)", "due holds the error #VALUE!"),
    "the innermost cause": ("=CREDITWHY(A3)", "document_date is blank"),
    "a value without remark": ("=CREDITWHY(A4)", None),
    "a cell of the spreadsheet's own": ("=CREDITWHY(A5)", None),
    "an error of the spreadsheet's own": ("=CREDITWHY(A6)", "a division by zero or by a blank"),
    "a remark": ("=CREDITWHY(A7)", ""),  # its words are the function's business
    "an error that was caught": ("=CREDITWHY(A8)", None),
    "a name for the cell": ("=CREDITWHY(the_error)", "due is blank"),
    "part of an array formula": ("=CREDITWHY(B2)", "due is blank"),
    "another part of an array formula": ("=CREDITWHY(B1)", None),
    "within a sentence": ('="Note: "&CREDITWHY(A1)', "Note: due is blank"),
}


def test_creditwhy_tells_the_reason_of_a_cell(tmp_path: Path) -> None:
    cells: dict[str, Any] = {
        "A1": "=DAYSOVERDUE(Z1,46203)", "A2": "=DAYSOVERDUE(A1,46203)", "A3": '=AGINGBUCKET(DUEDATE(Z1,"NET 30"),46203)*1',
        "A4": "=DAYSOVERDUE(46000,46203)", "A5": 5, "A6": "=1/0", "A7": "=PREMIUM(1000,0.05)", "A8": "=IFERROR(DAYSOVERDUE(Z1,46203),0)",
        "B1": Array.over("B1:B2", "=DAYSOVERDUE(Y1:Y2,46203)"), "Y1": 46000,
        "E1": Array.over("E1:E3", "=CREDITWHY(A1:A3)"),
    }  # fmt: skip
    cells |= {f"D{row}": formula for row, (formula, _) in enumerate(WHY.values(), 1)}
    made, values = recalculated(write_book(tmp_path / "why.xlsx", {"Out": cells}, names={"the_error": "=Out!$A$1"}))
    found = {name: values[f"Out!D{row}"] for row, name in enumerate(WHY, 1)}
    remark = found.pop("a remark")
    assert remark
    assert remark == made.reasons["Out", "A7"]
    assert found == {name: reason for name, (_, reason) in WHY.items() if name != "a remark"}
    assert [values[f"Out!E{row}"] for row in (1, 2, 3)] == [made.reasons["Out", f"A{row}"] for row in (1, 2, 3)]


def column_book(path: Path, rows: int) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Out")
        sheet.write_number("F1", 46150)
        for row in range(rows):
            sheet.write_number(row, 0, 46000 + row % 200)
            sheet.write_formula(row, 2, f"=AGINGBUCKET(A{row + 1},$F$1)", None, "")
    return path


@pytest.mark.slow
def test_ten_thousand_cells_are_all_calculated(tmp_path: Path) -> None:
    book = open_book(column_book(tmp_path / "many.xlsx", 10_000))
    made = recalculate(book, now=NOW)
    book.close()
    assert made.calculated == made.changed == 10_000


@pytest.mark.slow
def test_a_large_ledger_beside_few_cells_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Ledger")
        for row in range(100_000):
            sheet.write_row(row, 0, [f"INV{row}", 46000 + row % 200, row * 1.5, "EUR", "open", row, row, "text"])
        few = book.add_worksheet("Few")
        few.write_formula("A1", "=DAYSOVERDUE(Ledger!B50001,46203)", None, 0)
        few.write_formula("A2", "=DAYSOVERDUE(MAX(Ledger!B:B),46203)", None, 0)
    opened = open_book(path)
    made = recalculate(opened, now=NOW)
    assert opened.sheets["Few"]["A1:A2"].value == [203, 4]
    opened.close()
    assert made.calculated == 2


def test_cells_with_unusual_xml(tmp_path: Path) -> None:
    path = write_book(tmp_path / "odd.xlsx", {"Out": {"A1": "=DAYSOVERDUE(46000,46203)", "B1": 1}})
    replace_in(path, SHEET, '<c r="A1"><f>DAYSOVERDUE(46000,46203)</f><v>0</v></c>', "<c t='n' r='A1' ph='1'><f ca='1'>DAYSOVERDUE(46000,46203)</f>\n<v >0</v ></c>")
    book = open_book(path)
    made = recalculate(book, now=NOW)
    assert made.calculated == 1
    book.save()
    book.close()
    assert re.search(r"<c r=.A1.[^>]* ph=.1.><f ca='1'>DAYSOVERDUE\(46000,46203\)</f>\s*<v>203</v>\s*</c>", sheet_of(path)), sheet_of(path)


@pytest.mark.slow
@pytest.mark.parametrize("step", [-1, 1], ids=["downwards", "upwards"])
def test_a_long_chain_of_formulas_below_a_cell_is_followed_to_its_end(step: int, tmp_path: Path) -> None:
    rows, first, last = range(1, 10_001), (1 if step < 0 else 10_000), (10_000 if step < 0 else 1)
    cells: dict[str, Any] = {f"A{row}": f"=A{row + step}" for row in rows if row != first}
    path = write_book(tmp_path / "chain.xlsx", {"Out": cells | {f"A{first}": 46000, "C1": f"=DAYSOVERDUE(A{last},46203)"}})
    _, values = recalculated(path)
    assert values["Out!C1"] == 203
