"""Tables: reading, resizing with everything that follows, making, and the fast way of a refresh."""

from __future__ import annotations

import pandas as pd
import pytest
from lxml import etree

from tests.file import sample
from xladdin.errors import BadRequest
from xladdin.hosts.file import check_file, open_book

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@pytest.fixture
def sheet(book):
    return book.sheets["Ledger items"]


@pytest.fixture
def table(sheet):
    return sheet.tables["Items"]


def part(path, name):
    return sample.parts(path)[name].decode()


def test_a_table_is_read(sheet, table):
    assert (table.name, table.display_name, table.parent.name) == ("Items", "Items", "Ledger items")
    assert table.range.address == "$A$4:$D$12"
    assert table.header_row_range.value == ["Customer", "Region", "Days", "Amount"]
    assert table.data_body_range.address == "$A$5:$D$12"
    assert table.totals_row_range is None
    assert [column.name for column in table.columns] == ["Customer", "Region", "Days", "Amount"]
    assert table.columns["amount"].data_body_range.address == "$D$5:$D$12"
    assert (table.show_autofilter, table.show_headers, table.show_totals) == (True, True, False)
    assert table.table_style == "TableStyleMedium9"
    assert (table.show_table_style_row_stripes, table.show_table_style_first_column) == (True, False)
    assert sheet["B6"].table == table
    assert sheet["F6"].table is None
    assert len(sheet.tables) == 1
    assert "Items" in [table.name for table in sheet.tables]


@pytest.mark.parametrize("address", ["Items", "Items[#Data]", "Items[]"])
def test_a_table_is_a_range_by_name(sheet, address):
    assert sheet.range(address).address == "$A$5:$D$12"
    assert sheet.range("Items[Amount]").address == "$D$5:$D$12"
    assert sheet.range("Items[#All]").address == "$A$4:$D$12"


@pytest.mark.parametrize(("last", "body"), [(8, "5:8"), (30, "5:30"), (5, "5:5")])
def test_what_lies_over_the_body_follows_its_rows(book, path, sheet, table, last, body):
    first, end = body.split(":")
    table.resize(sheet[f"A4:D{last}"])
    book.save()
    ledger, workbook = part(path, "xl/worksheets/sheet2.xml"), part(path, "xl/workbook.xml")
    chart, items = part(path, "xl/charts/chart1.xml"), part(path, "xl/tables/table1.xml")
    area = (lambda letter: f"{letter}{first}:{letter}{end}") if first != end else (lambda letter: f"{letter}{first}")
    absolute = (lambda letter: f"${letter}${first}:${letter}${end}") if first != end else (lambda letter: f"${letter}${first}")
    assert f'<conditionalFormatting sqref="{area("C")}">' in ledger
    assert f'<conditionalFormatting sqref="{area("D")}">' in ledger
    assert f"<xm:sqref>{area('D')}</xm:sqref>" in ledger  # the x14 data bar
    assert f"<xm:f>&#39;Ledger items&#39;!{area('D')}</xm:f>" in ledger or f"<xm:f>'Ledger items'!{area('D')}</xm:f>" in ledger  # the sparkline
    assert f'sqref="{area("B")}"' in ledger  # the drop-down
    assert f"<definedName name=\"Amounts\">'Ledger items'!{absolute('D')}</definedName>" in workbook
    assert f"'Ledger items'!$A$1:$D${last}</definedName>" in workbook  # the print area
    assert "'Ledger items'!$1:$4</definedName>" in workbook  # the print titles stay
    assert f"<c:f>'Ledger items'!{absolute('D')}</c:f>" in chart
    assert f"<c:f>'Ledger items'!{absolute('A')}</c:f>" in chart
    assert f'ref="A4:D{last}"' in items
    assert items.count(f'"A4:D{last}"') == 2  # the table and its filter
    assert check_file(path) == []


def test_resizing_keeps_the_cells_as_excel_does(sheet, table):
    table.resize(sheet["A4:D6"])
    assert sheet["A12"].value == "C8"


def test_a_wider_table_gets_named_columns_and_a_narrower_one_loses_them(book, path, sheet, table):
    sheet["E4"].value = "Amount"
    table.resize(sheet["A4:F12"])
    assert table.header_row_range.value == ["Customer", "Region", "Days", "Amount", "Amount2", "Column6"]
    assert [column.name for column in table.columns] == table.header_row_range.value
    table.resize(sheet["A4:B12"])
    assert [column.name for column in table.columns] == ["Customer", "Region"]
    book.save()
    assert check_file(path) == []


def test_a_new_header_text_renames_the_column(book, path, sheet, table):
    sheet["A4:D4"].value = ["Kunde <1>", "Line\nbreak", 2024, "Amount"]
    book.save()
    assert [column.name for column in table.columns] == ["Kunde <1>", "Line\nbreak", "2024", "Amount"]
    assert sheet["C4"].value == "2024"
    assert check_file(path) == []


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("A5:D12", r"the table Items at A4:D12 keeps its first row and a column; it cannot become A5:D12"),
        ("F4:H12", r"it cannot become F4:H12"),
    ],
)
def test_a_table_that_would_move_is_refused(sheet, table, address, text):
    with pytest.raises(BadRequest, match=text):
        table.resize(sheet[address])


def test_two_tables_never_overlap(sheet, table):
    sheet["A20:B21"].value = [["x", "y"], [1, 2]]
    sheet.tables.add(sheet["A20:B21"], name="Other")
    with pytest.raises(BadRequest, match="cannot become A4:D25: the table Other stands at A20:B21"):
        table.resize(sheet["A4:D25"])
    with pytest.raises(BadRequest, match="already holds a table"):
        sheet.tables.add(sheet["B21:C23"])


def test_a_table_is_never_without_a_row(sheet, table):
    table.resize(sheet["A4:D4"])
    assert table.range.address == "$A$4:$D$5"


def test_a_new_table(book, path):
    sheet = book.sheets.add("New")
    sheet["B2"].value = [["name", "name", None, 5], ["a", 1, 2, 3]]
    table = sheet.tables.add(sheet["B2:E3"], name="Fresh", table_style_name="TableStyleLight1")
    book.save()
    assert table.header_row_range.value == ["name", "name2", "Column3", "5"]
    assert table.table_style == "TableStyleLight1"
    assert check_file(path) == []
    table.show_autofilter = False
    table.show_table_style_column_stripes = True
    table.table_style = "TableStyleDark1"
    book.save()
    assert (table.show_autofilter, table.show_table_style_column_stripes, table.table_style) == (False, True, "TableStyleDark1")
    table.show_autofilter = True
    book.save()
    assert check_file(path) == []


@pytest.mark.parametrize("name", ["two words", "A1", "Items", "AsOf", "1st", ""])
def test_a_bad_table_name_is_refused(book, name):
    sheet = book.sheets["Control"]
    with pytest.raises(BadRequest, match="a table's name is made of letters"):
        sheet.tables.add(sheet["K30:L31"], name=name)


def test_a_table_without_headers_is_not_made(book):
    sheet = book.sheets["Control"]
    with pytest.raises(NotImplementedError, match="write a header row"):
        sheet.tables.add(sheet["K30:L31"], has_headers=False)


def test_xlwings_update_writes_a_frame_into_the_table(book, path, table, sheet):
    frame = pd.DataFrame({"Customer": ["X", "Y"], "Region": ["EU", "US"], "Owner": ["Li", None]})
    table.update(frame, index=False)
    book.save()
    assert table.range.value == [["Customer", "Region", "Owner"], ["X", "EU", "Li"], ["Y", "US", None]]
    assert sheet["A7:D12"].value == [[None] * 4] * 6
    assert check_file(path) == []


def test_a_refresh_replaces_the_body_and_keeps_the_template_row_s_styles(book, path, table, sheet):
    count = 500
    columns = [[f"K{n}" for n in range(count)], ["EU"] * count, list(range(count)), [n * 1.5 for n in range(count)]]
    table.impl.replace_body(columns)
    assert table.data_body_range.address == "$A$5:$D$504"
    assert sheet["A504:D504"].value == ["K499", "EU", 499, 748.5]
    assert sheet["D5:D504"].number_format == "#,##0.00"
    assert sheet["A5:A504"].number_format == "@"
    assert sheet["H20"].value == "kept"
    book.save()
    table.impl.replace_body([column[:3] for column in columns])
    book.save()
    assert table.data_body_range.value == [list(row) for row in zip(*[column[:3] for column in columns], strict=True)]
    assert sheet["D8:D504"].number_format == "General"
    assert sheet["H20"].value == "kept"
    root = etree.fromstring(sample.parts(path)["xl/worksheets/sheet2.xml"])
    assert [row.get("r") for row in root.find(f"{MAIN}sheetData")] == ["1", "4", "5", "6", "7", "20"]
    assert check_file(path) == []


def test_an_empty_refresh_leaves_one_blank_row(book, path, table):
    table.impl.replace_body([[], [], [], []])
    book.save()
    assert table.data_body_range.value == [None] * 4
    assert table.data_body_range[0, 3].number_format == "#,##0.00"
    assert check_file(path) == []
    table.impl.replace_body([["a"], ["b"], [1], [2]])
    assert table.data_body_range.value == ["a", "b", 1, 2]


def test_a_refresh_of_another_width_is_refused(table):
    with pytest.raises(BadRequest, match="the table Items has 4 columns; got 1"):
        table.impl.replace_body([[1]])


@pytest.fixture
def totals(tmp_path):
    """A table with a totals row."""
    import xlsxwriter

    path = tmp_path / "Totals.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("S")
    bold = book.add_format({"bold": True, "num_format": "0.0"})
    columns = [{"header": "a", "total_string": "Sum"}, {"header": "b", "total_function": "sum", "format": bold}]
    sheet.add_table(0, 0, 4, 1, {"name": "T", "total_row": True, "columns": columns, "data": [["x", 1], ["y", 2], ["z", 3]]})
    book.close()
    return path


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 50])
def test_a_totals_row_moves_along(totals, rows):
    book = open_book(totals)
    table = book.sheets["S"].tables["T"]
    assert table.totals_row_range.value[0] == "Sum"
    table.impl.replace_body([[f"r{n}" for n in range(rows)], list(range(rows))])
    book.save()
    assert table.data_body_range.options(ndim=2).value == [[f"r{n}", n] for n in range(rows)]
    assert table.totals_row_range.row == rows + 2
    assert table.totals_row_range.formula == (("Sum", "=SUBTOTAL(109,[b])"),)
    assert table.totals_row_range[0, 1].font.bold
    assert book.sheets["S"].used_range.last_cell.row == rows + 2
    book.close()
    assert check_file(totals) == []


@pytest.mark.parametrize("name", ["name", "show_headers", "show_totals"])
def test_what_would_move_cells_or_break_formulas_is_refused_in_words(table, name):
    with pytest.raises(NotImplementedError, match=r"in Excel"):
        setattr(table, name, "Other" if name == "name" else name == "show_totals")


def test_what_stands_below_a_table_is_never_written_over(book, table, sheet):
    sheet["C15"].value = "my note"
    with pytest.raises(BadRequest, match=r"the table Items cannot grow to 21 rows: C15 below it on sheet Ledger items is not empty"):
        table.impl.replace_body([[1] * 20] * 4)
    assert sheet["C15"].value == "my note"
    assert table.range.address == "$A$4:$D$12"
