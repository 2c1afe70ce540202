"""The check finds each fault that Excel would repair, and no fault in a good file."""

from __future__ import annotations

import zipfile

import pytest

from tests.file import sample
from xladdin.errors import NotAWorkbook
from xladdin.hosts.file import check_file

SHEET1, SHEET2 = "xl_worksheets_sheet1_xml", "xl_worksheets_sheet2_xml"
TABLE, WORKBOOK = "xl_tables_table1_xml", "xl_workbook_xml"
FAULTS = [
    ("columns stated", TABLE, '<tableColumns count="4">', '<tableColumns count="9">', "the table Items states 9 columns and lists 4"),
    ("columns against width", TABLE, 'ref="A4:D12"', 'ref="A4:E12"', "the table Items at A4:E12 is 5 columns wide and lists 4"),
    ("spaced name", TABLE, 'displayName="Items"', 'displayName="My items"', "the table name 'My items' is not allowed"),
    ("double column", TABLE, 'name="Region"', 'name="customer"', "the table Items has two columns 'customer'"),
    ("header against cell", TABLE, 'name="Region"', 'name="Area"', "the table Items calls a column 'Area' where the cell says 'Region'"),
    ("filter", TABLE, '<autoFilter ref="A4:D12"/>', '<autoFilter ref="A4:D9"/>', "the filter of the table Items covers A4:D9 and the table is at A4:D12"),
    ("name of a name", TABLE, 'displayName="Items"', 'displayName="AsOf"', "the table AsOf has the name of a defined name"),
    ("name to a missing sheet", WORKBOOK, "Control!$B$3", "Contrl!$B$3", "the name AsOf means the missing sheet 'Contrl'"),
    ("open name", WORKBOOK, "Control!$B$3", "SUM(Control!$B$3", "the name AsOf has a formula that does not close"),
    ("double name", WORKBOOK, 'name="Amounts"', 'name="AsOf"', "the name asof is defined twice"),
    ("double sheetId", WORKBOOK, 'sheetId="2"', 'sheetId="1"', "two sheets have the sheetId '1'"),
    ("double sheet name", WORKBOOK, 'name="Ledger items"', 'name="CONTROL"', "two sheets have the name 'control'"),
    ("bad sheet name", WORKBOOK, 'name="Control"', 'name="Con/trol"', "the sheet name 'Con/trol' is not allowed"),
    ("sheet of a name", WORKBOOK, 'localSheetId="1"', 'localSheetId="7"', "belongs to sheet number 7, and there are 3"),
    ("open formula", SHEET1, "SUM(Items[Amount])", "SUM(Items[Amount]", "sheet Control: cell B6 has a formula that does not close"),
    ("open text", SHEET1, "SUM(Items[Amount])", 'SUM("Items)', "sheet Control: cell B6 has a formula that does not close"),
    ("formula to a missing sheet", SHEET1, "Ledger items'!B5", "Ledger'!B5", "sheet Control: cell E1 names the missing sheet 'Ledger'"),
    ("order", SHEET1, '<c r="B4"', '<c r="A4"', "sheet Control: cell A4 stands out of order or twice"),
    ("style", SHEET1, 'r="B3" s="2"', 'r="B3" s="99"', "sheet Control: cell B3 has a style beyond the"),
    ("shared text", SHEET1, 't="s"><v>0</v>', 't="s"><v>999</v>', "has a text beyond the 20 shared ones"),
    ("row order", SHEET1, '<row r="4"', '<row r="3"', "sheet Control: the rows of a sheet are out of order or twice in the file"),
    ("damaged XML", "xl_drawings_vmlDrawing1_vml", "</v:shapetype>", "", "the part xl/drawings/vmlDrawing1.vml of the workbook is damaged"),
    ("content type", "_Content_Types__xml", "ms-excel.sheet.macroEnabled.main", "openxmlformats-officedocument.spreadsheetml.sheet.main", "the workbook has VBA project"),
]  # fmt: skip


@pytest.mark.parametrize(("where", "old", "new", "text"), [fault[1:] for fault in FAULTS], ids=[fault[0] for fault in FAULTS])
def test_a_fault_is_named(original, tmp_path, where, old, new, text):
    path = sample.patched(original, tmp_path / "Faulty.xlsm", **{where: (old, new)})
    assert any(text in fault for fault in check_file(path)), check_file(path)


@pytest.mark.parametrize("part", ["xl/drawings/drawing1.xml", "xl/drawings/vmlDrawing1.vml", "xl/vbaProject.bin", "xl/tables/table1.xml"])
def test_a_missing_part_is_named(original, tmp_path, part):
    path = tmp_path / "Missing.xlsm"
    with zipfile.ZipFile(original) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if name != part:
                new.writestr(name, old.read(name))
    assert any(f"refers to the missing part {part}" in fault for fault in check_file(path))


def test_a_workbook_open_elsewhere_can_be_checked(path):
    (path.parent / f"~${path.name}").touch()
    assert check_file(path) == []


def test_what_is_no_workbook_cannot_be_checked(tmp_path):
    (tmp_path / "x.xlsx").write_text("x")
    with pytest.raises(NotAWorkbook):
        check_file(tmp_path / "x.xlsx")


@pytest.mark.parametrize(
    "formula", ["SUM(A1:A9)", 'IF(A1="(",1,2)', "'it''s (odd'!A1", "Table[[#All],[a (b]]]", 'T("""(""")', "[1]Sheet1!A1", "SUM(Jan:Dec!A1)", "#REF!+1"]
)  # fmt: skip
def test_a_good_formula_is_no_fault(book, path, formula):
    book.sheets["Control"]["K30"].value = "=" + formula.replace("'it''s (odd'", "'Ledger items'").replace("Jan:Dec", "'Control:Ledger items'")
    book.save()
    assert check_file(path) == []
