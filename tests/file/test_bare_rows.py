"""Rows that hold no cell, tables without one, and cells far away from all others (point 17)."""

from __future__ import annotations

import datetime as dt
import re
import zipfile

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.test_command_line import run
from xladdin.hosts.file import check_file, open_book


def edited(path, part, change):
    """Edit one part of a workbook in its file."""
    with zipfile.ZipFile(path) as old:
        parts = [(entry.filename, old.read(entry.filename)) for entry in old.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts:
            new.writestr(name, change(data.decode()).encode() if name == part else data)
    return path


def plain(path, fill):
    with xlsxwriter.Workbook(str(path)) as book:
        fill(book.add_worksheet("S"))
    return path


def bare(first, last):
    return "".join(f'<row r="{row}" ht="33" customHeight="1"/>' for row in range(first, last + 1))


def test_p17_rows_are_written_where_a_whole_block_of_rows_has_heights_and_no_cells(tmp_path):
    path = edited(
        plain(tmp_path / "b.xlsx", lambda sheet: sheet.write(0, 0, "head")), "xl/worksheets/sheet1.xml",
        lambda text: text.replace("</sheetData>", bare(257, 600) + "</sheetData>"),
    )  # fmt: skip
    book = open_book(path)
    book.sheets["S"].range("A2:A700").options("raw").value = [[float(row)] for row in range(2, 701)]
    book.save()
    book.close()
    book = open_book(path)
    assert book.sheets["S"].range("A2:A700").value == [float(row) for row in range(2, 701)]
    assert book.sheets["S"].range("A300").row_height == 33
    book.close()
    assert check_file(path) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    filled=st.sets(st.integers(1, 900), max_size=8), bare_rows=st.sets(st.integers(1, 900), max_size=300),
    start=st.integers(1, 900), height=st.integers(1, 300), action=st.sampled_from(["write", "clear", "contents", "format"]),
)  # fmt: skip
def test_p17_whatever_rows_there_are_a_change_leaves_every_other_cell(tmp_path, filled, bare_rows, start, height, action):
    rows = "".join(
        f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' if row in filled else f'<row r="{row}" ht="20" customHeight="1"/>'
        for row in sorted(filled | bare_rows)
    )
    path = edited(
        plain(tmp_path / "h.xlsx", lambda _: None), "xl/worksheets/sheet1.xml",
        lambda text: text.replace("<sheetData/>", f"<sheetData>{rows}</sheetData>"),
    )  # fmt: skip
    expected = {row: float(row) for row in filled}
    book = open_book(path)
    area = book.sheets["S"].range((start, 1), (start + height - 1, 1))
    touched = range(start, start + height)
    if action == "write":
        area.options("raw").value = [[-1.0]] * height
        expected |= dict.fromkeys(touched, -1.0)
    elif action == "format":
        area.number_format = "0.00"
    else:
        (area.clear if action == "clear" else area.clear_contents)()
        expected = {row: value for row, value in expected.items() if row not in touched}
    book.save()
    book.close()
    book = open_book(path)
    got = [row[0] for row in book.sheets["S"].range((1, 1), (1300, 2)).options("raw").value]
    book.close()
    assert {row: value for row, value in enumerate(got, start=1) if value is not None} == expected


def test_p17_an_empty_table_is_shown_by_its_header(tmp_path):
    path = plain(tmp_path / "t.xlsx", lambda sheet: sheet.add_table("C3:F13"))
    assert run("show", path, "S") == (0, "S\nColumn1  Column2  Column3  Column4\n", "")


@pytest.mark.parametrize("header", [True, False])
def test_p17_a_table_that_reaches_beyond_the_cells_of_its_sheet_is_shown(tmp_path, header):
    path = plain(tmp_path / "t.xlsx", lambda sheet: sheet.add_table("C3:F1048576", {"header_row": header}))
    code, _, err = run("show", path, "S")
    assert (code, err) == (0, "")


def test_p17_a_cell_at_the_end_of_the_sheet_is_shown_with_the_others(tmp_path):
    def fill(sheet):
        sheet.write_row(0, 0, ["no", "amount"])
        sheet.write_row(1, 0, ["I1", 5])
        sheet.write(1_048_575, 16_383, "stray")

    code, out, err = run("show", plain(tmp_path / "far.xlsx", fill), "S")
    assert (code, err) == (0, "")
    assert "I1" in out
    assert "stray" in out


def test_p17_reading_a_rectangle_that_no_memory_holds_is_refused_by_name(tmp_path):
    def fill(sheet):
        for at in range(0, 16_384, 2):
            sheet.write(at * 60 + 1, at, 1)
            sheet.write(0, at, 1)

    code, out, err = run("show", plain(tmp_path / "wide.xlsx", fill), "S")
    assert (code, out) == (2, "")
    assert re.fullmatch(r"xladdin: the sheet S of wide\.xlsx reaches to \w+, which makes [\d,]+ cells: .*\n", err)


def test_p06_a_closed_workbook_that_counts_from_1904_gives_and_takes_the_day_meant(tmp_path):
    path = tmp_path / "mac.xlsx"
    with xlsxwriter.Workbook(str(path), {"date_1904": True}) as writer:
        writer.add_worksheet("S").write_datetime(0, 0, dt.datetime(2026, 1, 5), writer.add_format({"num_format": "yyyy-mm-dd"}))
    book = open_book(path)
    assert book.impl.date1904
    book.sheets["S"].range("A2").value = dt.datetime(2026, 2, 4)
    book.save()
    book.close()
    book = open_book(path)
    assert book.sheets["S"].range("A1:A2").value == [dt.datetime(2026, 1, 5), dt.datetime(2026, 2, 4)]
    book.close()
