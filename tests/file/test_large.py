"""Large sheets: other readers agree on every cell, and a refresh touches what it must only."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import python_calamine
import xlsxwriter

from tests.file import sample
from xladdin.hosts.file import check_file, open_book, scan
from xladdin.hosts.file.rows import _BLOCK

ROWS, COLUMNS = 70_000, 9  # more than two blocks


@pytest.fixture(scope="module")
def ledger(tmp_path_factory):
    path = tmp_path_factory.mktemp("large") / "Ledger.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Ledger")
    date, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
    for row in range(ROWS):
        sheet.write_row(row, 0, [f"INV-{row}", row % 97, row * 1.37, row % 3 == 0])
        if row % 5:
            sheet.write_datetime(row, 4, dt.datetime(2024, 1, 1) + dt.timedelta(days=row % 700), date)
        if row % 7 == 0:
            sheet.write_blank(row, 5, None, bold)
        if row % 11 == 0:
            sheet.write_formula(row, 6, f"=A{row + 1}", None, "#N/A" if row % 2 else f"INV-{row}")
        sheet.write_string(row, 7, ("EUR", " USD ", "a & b <c>", "line\nend")[row % 4])
        if row % 1000 == 0:
            sheet.write_rich_string(row, 8, "rich ", bold, "text")
    book.close()
    return path


@pytest.mark.slow
def test_calamine_reads_the_same_cells(ledger):
    book = open_book(ledger)
    ours = book.sheets[0].used_range.options("raw").value
    book.close()
    theirs = python_calamine.load_workbook(str(ledger)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert (len(ours), len(ours[0])) == (len(theirs), len(theirs[0])) == (ROWS, COLUMNS)
    for mine, other in zip(ours, theirs, strict=True):
        for column, (a, b) in enumerate(zip(mine, other, strict=True)):
            if column == 6 and a == "#N/A":
                assert b == ""  # calamine reads an error as a blank: why this engine reads by itself
            elif isinstance(a, dt.datetime):
                assert a.date() == b
            else:
                assert (a if a is not None else "") == b


@pytest.mark.slow
def test_a_cell_written_into_a_large_sheet_leaves_all_other_rows_as_bytes(ledger, tmp_path):
    path = tmp_path / "Copy.xlsx"
    path.write_bytes(ledger.read_bytes())
    book = open_book(path)
    sheet = book.sheets[0]
    sheet["J40000"].value = "note"
    rows = sheet.impl.part.rows
    assert sum(len(band.tags) for band in rows.bands) == 256
    book.save()
    book.close()
    old, new = sample.parts(ledger)["xl/worksheets/sheet1.xml"], sample.parts(path)["xl/worksheets/sheet1.xml"]
    written = b'<c r="J40000" t="inlineStr"><is><t>note</t></is></c>'
    assert written in new
    without_hint = re.sub(rb'(<row r="40000") spans="[^"]*"', rb"\1", old)
    assert new.replace(written, b"").replace(b"A1:J70000", b"A1:I70000") == without_hint
    assert check_file(path) == []


@pytest.mark.slow
def test_a_block_over_old_rows_keeps_the_other_columns(ledger, tmp_path):
    path = tmp_path / "Copy.xlsx"
    path.write_bytes(ledger.read_bytes())
    book = open_book(path)
    sheet = book.sheets[0]
    before = sheet["A1:I70000"].options("raw").value
    numbers = np.arange(_BLOCK + 10) * 0.5
    sheet.impl.set_block(3, 2, [numbers, [f"n{n}" for n in range(len(numbers))]])
    book.save()
    after = sheet["A1:I70000"].options("raw").value
    book.close()
    for row, (a, b) in enumerate(zip(before, after, strict=True)):
        if 2 <= row < 2 + len(numbers):
            assert b[1:3] == [numbers[row - 2], f"n{row - 2}"]
            assert a[:1] + a[3:] == b[:1] + b[3:]
        else:
            assert a == b
    assert check_file(path) == []


def test_the_fast_reader_and_the_careful_one_agree_on_unusual_cells():
    """Each cell once as Excel writes it and once in a way that only the careful reader takes."""
    usual = b'<row r="1"><c r="A1" s="2" t="s"><v>3</v></c><c r="B1"><v>1.5</v></c><c r="C1" s="1"/><c r="D1" t="inlineStr"><is><t>x</t></is></c></row>'
    odd = b"<row r='1'><c t='s' s='2' r='A1'><v>3</v></c><c  r=\"B1\"><v>1.5</v></c><c s=\"1\" r=\"C1\" ></c><c r='D1' t='inlineStr'><is><t>x</t></is></c></row>"
    found = []
    for data in (usual, odd):
        whole = data + b"</sheetData></worksheet>"
        cells = scan.scan(whole, scan.index_rows(whole, 0, len(data)), 0, 1)
        values = scan.spans(whole, cells.value_start, cells.value_end).to_pylist()
        found.append((cells.row.tolist(), cells.column.tolist(), cells.style.tolist(), cells.kind.tolist(), values[:3]))
    assert found[0] == found[1]


def test_a_validator_of_the_format_finds_no_fault(book, path):
    control, ledger = book.sheets["Control"], book.sheets["Ledger items"]
    ledger.tables["Items"].impl.replace_body([[f"K{n}" for n in range(50)], ["EU"] * 50, list(range(50)), [n * 1.5 for n in range(50)]])
    control["K30"].value = [[1, "=K30+1", "'=x", "a & <b>", dt.date(2024, 1, 1)]]
    control["K31"].formula2 = "=SORT(A1:A9)"
    control["K32:K33"].formula_array = "=A1:A2*2"
    control["A3:B4"].font.color = "#ff0000"
    control["A3:B4"].color = (1, 2, 3)
    control["A3:B4"].horizontal_alignment = "center"
    control["K34"].add_hyperlink("https://example.org/?a=1&b=2", "link")
    control["K40:L41"].merge()
    control["B:D"].column_width = 22
    control["2:3"].row_height = 40
    control.freeze_panes.freeze_at("A1:B3")
    control.page_setup.print_area = "A1:C9"
    new = book.sheets.add("New & <x>", after=control)
    new["A1"].value = [["a", "b"], [1, 2]]
    new.tables.add(new["A1:B2"], name="Second")
    book.names.add("Anchor", "=Control!$A$1")
    book.save()
    assert check_file(path) == []
    audit = Path(sys.executable).with_name("openxml-audit")
    answer = subprocess.run([audit, "-o", "json", "-f", "microsoft365", path], capture_output=True, text=True, check=False)
    assert json.loads(answer.stdout)[0]["errors"] == []


_ODD_ROWS = 300


def _odd_sheet(path, spaced):
    """Rows whose cells are rich, quoted, without reference or with further attributes here and there; `spaced`: rows written unusually."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Odd")
    for row in range(_ODD_ROWS):
        sheet.write_row(row, 0, [f"text {row}", row * 1.5, row % 2 == 0])
    book.close()
    parts = {info.filename: zipfile.ZipFile(path).read(info.filename) for info in zipfile.ZipFile(path).infolist()}
    data = parts["xl/worksheets/sheet1.xml"].decode()

    def odd(found):
        number = int(found[1])
        if number % 90 == 1:
            return f'<c r="B{number}" t="inlineStr" vm="1"><is><r><t>rich </t></r><r><t>{number}</t></r></is></c>'
        return f"<c><v>{number}.25</v></c>" if number % 90 == 2 else found[0]

    data = re.sub(r'<c r="B(\d+)"><v>[^<]*</v></c>', odd, data)
    if spaced:
        data = re.sub(r'<row r="(\d*5)"', r'<row  spans="1:3" r="\1"', data)
        data = data.replace('<row r="12"', "<row")
    with zipfile.ZipFile(path, "w") as out:
        for name, content in parts.items():
            out.writestr(name, data if name == "xl/worksheets/sheet1.xml" else content)
    return path


@pytest.mark.parametrize("spaced", [False, True])
def test_parts_of_a_sheet_that_is_remembered_are_those_of_the_whole(tmp_path, spaced):
    path = _odd_sheet(tmp_path / "Odd.xlsx", spaced)

    def expected(row):
        return f"rich {row}" if row % 90 == 1 else row + 0.25 if row % 90 == 2 else (row - 1) * 1.5

    wanted = [[f"text {row - 1}", expected(row), row % 2 == 1] for row in range(1, _ODD_ROWS + 1)]
    book = open_book(path)
    sheet = book.sheets[0]
    for first, last in ((1, _ODD_ROWS), (2, 271), (91, 92), (92, 200), (100, 280), (1, 90)):
        assert sheet.range((first, 1), (last, 3)).options("raw").value == wanted[first - 1 : last]
    sheet.range((100, 1)).value = "written"
    sheet.range((1, 1), (_ODD_ROWS, 3)).font.bold = True
    wanted[99][0] = "written"
    assert sheet.range((1, 1), (_ODD_ROWS, 3)).options("raw").value == wanted
    book.save()
    book.close()
    again = open_book(path)
    assert again.sheets[0].range((1, 1), (_ODD_ROWS, 3)).options("raw").value == wanted
    assert again.sheets[0].range((1, 1), (_ODD_ROWS, 3)).font.bold is True
    again.close()


def test_blank_cells_keep_their_format_where_a_change_leaves_the_style_as_it_was(tmp_path):
    path = _odd_sheet(tmp_path / "Odd.xlsx", spaced=False)
    book = open_book(path)
    sheet = book.sheets[0]
    area = sheet.range((1, 1), (_ODD_ROWS, 5))
    area.color = (1, 2, 3)  # makes blank cells in two columns
    area.color = (1, 2, 3)  # changes nothing
    area.font.bold = False
    book.save()
    book.close()
    again = open_book(path)
    assert again.sheets[0].range((200, 5)).color == (1, 2, 3)
    assert again.sheets[0].used_range.shape == (_ODD_ROWS, 5)
    again.sheets[0].range((1, 4), (_ODD_ROWS, 5)).clear()
    again.save()
    again.close()
    assert b'r="D200"' not in zipfile.ZipFile(path).read("xl/worksheets/sheet1.xml")
