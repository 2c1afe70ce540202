"""Spreadsheets as sources, of every kind: errors, formulas, hidden rows, days from 1904, far cells, damage (points 5, 6, 18, J1 to J5)."""

from __future__ import annotations

import datetime as dt
import random
import re
import shutil
import struct
import subprocess
import zipfile

import numpy as np
import pyarrow as pa
import pyarrow.parquet
import pytest
import xlsxwriter

from tests.file.test_bare_rows import edited
from tests.workbook.test_import_sources import columns, file
from tests.workbook.test_import_workbook import csv_file, empty, run  # noqa: F401 - `empty` is a fixture
from workbook.importing.sources import read_source
from xladdin.cells import ExcelError
from xladdin.errors import BadRequest
from xladdin.hosts.libreoffice.office import NoOffice, find_office

HEAD = ["document_no", "document_type", "customer_id", "currency", "document_date", "due_date", "amount"]
DAY = dt.datetime(2026, 1, 5)


def items(path, options=None, rows=3, extra=None):
    """Write a ledger of a few rows; the second holds errors, the third is hidden."""
    with xlsxwriter.Workbook(str(path), options or {}) as book:
        sheet, date = book.add_worksheet("Items"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, [*HEAD, "shown"])
        for at in range(1, rows + 1):
            sheet.write_row(at, 0, [f"I{at}", "invoice", "C客户", "CNY"])
            sheet.write_datetime(at, 4, DAY, date)
            sheet.write_datetime(at, 5, DAY + dt.timedelta(30), date)
            sheet.write(at, 6, 100.25 * at)
            sheet.write(at, 7, at, book.add_format({"num_format": "0000"}))
        sheet.write_formula(2, 5, "=NA()", date, "#N/A")
        sheet.write_formula(2, 6, "=1/0", None, "#DIV/0!")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
        if extra:
            extra(sheet)
    return path


@pytest.fixture(scope="module")
def office():
    try:
        return find_office().soffice
    except NoOffice as reason:
        pytest.skip(str(reason))


def converted(office, path, kind):
    """Save a workbook as another kind of file, with LibreOffice."""
    command = [str(office), f"-env:UserInstallation={(path.parent / 'profile').as_uri()}", "--headless", "--convert-to", kind, "--outdir"]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(path.parent), "SAL_USE_VCLPLUGIN": "svp"}
    subprocess.run([*command, str(path.parent), str(path)], check=True, capture_output=True, timeout=120, env=environment)
    return path.with_suffix(f".{kind}")


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
def test_p05_every_kind_of_spreadsheet_gives_the_same_cells(office, tmp_path, kind, options):
    path = items(tmp_path / "items.xlsx", options)
    source = read_source(path if kind == "xlsx" else converted(office, path, kind))
    assert source.header == [*HEAD, "shown"]
    at = columns(source)
    assert at["customer_id"] == ["C客户"] * 3
    assert at["document_date"] == [DAY] * 3
    assert at["due_date"] == [DAY + dt.timedelta(30), ExcelError("#N/A"), DAY + dt.timedelta(30)]
    assert [type(cell) for cell in at["due_date"]] == [dt.datetime, ExcelError, dt.datetime]
    assert at["amount"] == [100.25, ExcelError("#DIV/0!"), 300.75]
    assert source.numbers.tolist() == [2, 3, 4]
    assert source.told[0] == "1 of 3 rows is hidden in the file; hidden rows are read like the others"
    assert source.told[1] == "1 column is hidden in the file and read like the others: customer_id"
    if kind != "ods":
        assert at["shown"] == ["0001", "0002", "0003"]


@pytest.mark.parametrize("options", [{}, {"date_1904": True}])
def test_p05_errors_are_told_as_on_the_sheet_and_written_as_errors(empty, options):  # noqa: F811
    done = run(empty, items(empty.parent / "items.xlsx", options), add_customers=True)
    told = "\n".join(done.lines)
    assert "row 3: Due date holds the error #N/A; correct the formula." in told
    assert "row 3: Amount holds the error #DIV/0!; correct the formula." in told
    assert "no due date" not in told
    assert "2026-01-05" in told


def test_p05_errors_that_a_text_file_holds_in_another_language_are_errors_too(empty):  # noqa: F811
    done = run(empty, csv_file(empty, "I1,invoice,#NV,CNY,2026-01-05,#BEZUG!,#¡VALOR!\nI2,invoice,#1 Shop,CNY,2026-01-05,2026-02-04,1\n"), add_customers=True)
    told = "\n".join(done.lines)
    for column, error in (("Customer", "#N/A"), ("Due date", "#REF!"), ("Amount", "#VALUE!")):
        assert re.search(rf"row 2: {column}[^;]* holds the error {error}", told)
    assert "1 customer is added: #1 Shop" in told


def test_p05_formulas_without_a_value_are_told_by_row_and_column(empty):  # noqa: F811
    def fill(sheet):
        sheet.write_formula(1, 5, "=E2+30", None, "")
        sheet.write_formula(3, 6, "=100*1.13", None, "")

    done = run(empty, items(empty.parent / "items.xlsx", extra=fill), add_customers=True)
    told = "\n".join(done.lines)
    assert "row 2: Due date: the formula =E2+30 has no value in the file; it was never calculated" in told
    assert "row 4: Amount: the formula =100*1.13 has no value in the file" in told
    assert done.errors >= 2


def test_p05_a_formula_that_gives_an_empty_text_in_excel_is_a_blank(tmp_path):
    path = items(tmp_path / "items.xlsx", extra=lambda sheet: sheet.write_formula(1, 5, '=IF(A2="","","")', None, ""))
    edited(path, "xl/worksheets/sheet1.xml", lambda text: text.replace('<c r="F2">', '<c r="F2" t="str">'))
    assert not read_source(path).unvalued
    saved = edited(path, "xl/workbook.xml", lambda text: text.replace(' fullCalcOnLoad="1"', ""))
    assert not read_source(saved).unvalued
    assert not any("stored without calculating" in line for line in read_source(saved).told)


@pytest.mark.parametrize("column", [7, 200, 16_383])
def test_p18_a_cell_far_away_costs_a_row_and_is_told(tmp_path, column):
    source = read_source(items(tmp_path / "items.xlsx", extra=lambda sheet: sheet.write(1_048_575, column, "x")))
    if column == 7:
        assert source.numbers.tolist() == [2, 3, 4, 1_048_576]
    else:
        assert source.rows == 3
        where = "XFD1048576" if column == 16_383 else "GS1048576"
        assert f"not read: 1 cell stands in columns without a name in the header's row, the last in {where}" in source.told


@pytest.mark.libreoffice
def test_p18_a_cell_at_the_end_of_an_old_or_open_sheet_is_no_burden(office, tmp_path):
    path = items(tmp_path / "items.xlsx", extra=lambda sheet: sheet.write(65_535, 255, "x"))
    for kind in ("xls", "ods"):
        source = read_source(converted(office, path, kind))
        assert (source.rows, source.told[-1].rpartition(" ")[2]) == (3, "IV65536")


def record(kind, body):
    head = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    size = len(body)
    return head + (bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])) + body


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(path, sheet, *, date1904=False, extra=()):
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>')
        parts.writestr("_rels/.rels", f'{rels}<Relationship Id="r1" Type="{relations}/officeDocument" Target="xl/workbook.bin"/></Relationships>')
        targets = {"rId1": ("worksheet", "worksheets/sheet1.bin"), "rId2": ("sharedStrings", "sharedStrings.bin"), "rId3": ("styles", "styles.bin")}
        made = "".join(f'<Relationship Id="{key}" Type="{relations}/{kind}" Target="{part}"/>' for key, (kind, part) in targets.items())
        parts.writestr("xl/_rels/workbook.bin.rels", f"{rels}{made}</Relationships>")
        book = record(153, struct.pack("<II", int(date1904), 0)) + record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Items"))
        parts.writestr("xl/workbook.bin", record(131, b"") + book + record(132, b""))
        parts.writestr("xl/sharedStrings.bin", b"".join(record(19, b"\0" + wide(text)) for text in (*HEAD, "I1", "invoice", "C客户", "CNY", *extra)))
        xfs = b"".join(record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 14, 164))
        parts.writestr("xl/styles.bin", record(44, struct.pack("<H", 164) + wide("0000000000")) + record(617, b"") + xfs + record(618, b""))
        parts.writestr("xl/worksheets/sheet1.bin", sheet)
    return path


def cell(kind, column, body, style=0):
    return record(kind, struct.pack("<II", column, style) + body)


def row(number, hidden=False):
    return record(0, struct.pack("<IIH", number, 0, 300) + bytes([0, 0x10 if hidden else 0, 0]) + struct.pack("<I", 0))


@pytest.mark.parametrize("date1904", [False, True])
def test_p05_a_binary_workbook_gives_its_numbers_dates_errors_and_hidden_rows(tmp_path, date1904):
    serial = 46_027 - (1_462 if date1904 else 0)
    data = row(0) + b"".join(cell(7, at, struct.pack("<I", at)) for at in range(7))
    data += row(1, hidden=True) + b"".join(cell(7, at, struct.pack("<I", 7 + at)) for at in range(4))
    data += cell(2, 4, struct.pack("<I", serial << 2 | 2), 1) + cell(3, 5, b"\x2a") + cell(9, 6, struct.pack("<d", 12.5) + b"\0\0\0\0")
    data += row(2) + cell(8, 0, wide("I2")) + cell(11, 6, b"\x17") + cell(5, 2, struct.pack("<d", 42.0), 2) + cell(4, 3, b"\1")
    source = read_source(xlsb(tmp_path / "items.xlsb", data, date1904=date1904))
    at = columns(source)
    assert at["document_no"] == ["I1", "I2"]
    assert at["document_date"] == [DAY, None]
    assert at["due_date"] == [ExcelError("#N/A"), None]
    assert at["amount"] == [12.5, ExcelError("#REF!")]
    assert (at["customer_id"], at["currency"]) == (["C客户", "0000000042"], ["CNY", True])
    assert source.told == ("1 of 2 rows is hidden in the file; hidden rows are read like the others",)


def test_p18_a_binary_workbook_that_made_its_reader_panic_is_refused(tmp_path):
    with pytest.raises(BadRequest, match=r"items\.xlsb is not a readable Excel file"):
        read_source(xlsb(tmp_path / "items.xlsb", row(2**31) + cell(5, 0, bytes(8))))
    source = read_source(xlsb(tmp_path / "far.xlsb", row(0) + cell(7, 0, struct.pack("<I", 0)) + row(1_048_575) + cell(5, 16_383, bytes(8))))
    assert source.rows == 0


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        ("<html><body><table><tr><th>Invoice no</th></tr></table></body></html>", "items.xls", r"a web page \(HTML\)"),
        ("\ufeff  <!DOCTYPE HTML><table>", "items.xls", r"a web page \(HTML\)"),
        ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "items.xls", r"an Excel file in XML \(2003\)"),
        ("%PDF-1.7\n…", "items.xlsx", "a PDF, not a table"),
        (b"\x1f\x8b\x08\x00\x00", "items.csv", r"a compressed file \(gzip\)"),
    ],
)
def test_p18_a_file_of_another_kind_under_a_wrong_name_is_named(tmp_path, content, name, says):
    with pytest.raises(BadRequest, match=says):
        read_source(file(tmp_path, content, name))


def refused_in_one_line(path):
    """Read a file; answers whether it was refused. Nothing but BadRequest may come of it."""
    reason = ""
    try:
        read_source(path)
    except BadRequest as error:
        reason = str(error)
    assert "\n" not in reason
    return bool(reason)


@pytest.mark.parametrize("kind", ["xlsx", "csv", "parquet", "xlsb", "xls", "ods"])
def test_p18_damaged_files_are_read_or_refused_in_one_line(tmp_path, kind, request):
    """Bytes are changed, cut out and cut off at random; nothing but a table or BadRequest comes of it."""
    good = tmp_path / f"good.{kind}"
    if kind == "xlsb":
        xlsb(good, row(0) + b"".join(cell(7, at, struct.pack("<I", at)) for at in range(7)) + row(1) + cell(5, 6, struct.pack("<d", 1.5)))
    elif kind == "parquet":
        pyarrow.parquet.write_table(pa.table({"no": ["a", "b"] * 50, "amount": np.arange(100.0), "on": [DAY] * 100}), good)
    elif kind == "csv":
        good.write_bytes('no,name,amount\nA1,Müller,1\nA2,"Li, ""W""\nx",2\n'.encode("cp1252"))
    else:
        items(tmp_path / "good.xlsx")
        if kind != "xlsx":
            converted(request.getfixturevalue("office"), tmp_path / "good.xlsx", kind)
    data, draw = good.read_bytes(), random.Random(kind)
    bad = tmp_path / f"bad.{kind}"
    refused = 0
    for _ in range(150):
        changed = bytearray(data)
        for _ in range(draw.choice([1, 3, 20])):
            at = draw.randrange(len(changed))
            action = draw.random()
            if action < 0.7:
                changed[at] = draw.randrange(256)
            elif action < 0.85:
                del changed[at : at + draw.randrange(1, 40)]
            else:
                del changed[at:]
            if not changed:
                changed = bytearray(b"\0")
        bad.write_bytes(changed)
        refused += refused_in_one_line(bad)
    assert refused


def test_p18_a_damaged_part_inside_a_whole_container_is_refused(tmp_path):
    good = items(tmp_path / "good.xlsx")
    draw = random.Random(18)
    for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml", "xl/_rels/workbook.xml.rels"):
        for _ in range(40):
            bad = shutil.copy(good, tmp_path / "bad.xlsx")

            def spoil(text):
                at = draw.randrange(len(text))
                return text[:at] + draw.choice(["<", ">", '"', "&", "9", "", "</c>", "<row>", " r=", "\0"]) + text[at + draw.randrange(4) :]

            edited(bad, part, spoil)
            refused_in_one_line(bad)


def test_p18_lines_that_end_as_on_an_old_mac_are_lines(tmp_path):
    source = read_source(file(tmp_path, "no,amount\rA1,5\r\rA2,6\r"))
    assert (columns(source), source.numbers.tolist()) == ({"no": ["A1", "A2"], "amount": ["5", "6"]}, [2, 4])


@pytest.mark.parametrize(("mark", "first"), [(";", "sep=;\n"), (",", "SEP=,\r\n"), ("\t", '"sep=\t"\n'), ("^", "sep=^\n")])
def test_j1_the_line_that_names_the_delimiter_is_no_row(tmp_path, mark, first):
    text = first + f"no{mark}amount\nA1{mark}5\n"
    source = read_source(file(tmp_path, text))
    assert (columns(source), source.numbers.tolist()) == ({"no": ["A1"], "amount": ["5"]}, [3])
    assert columns(read_source(file(tmp_path, text), header_row=2)) == {"no": ["A1"], "amount": ["5"]}


def test_j2_rows_have_the_numbers_that_an_editor_shows(tmp_path):
    text = 'no,name\n\nA1,"two\nlines"\n\n\nA2,"a ""quoted"" word"\nA3,5" pipe\nA4,x\n'
    assert read_source(file(tmp_path, text)).numbers.tolist() == [3, 7, 8, 9]
    assert read_source(file(tmp_path, "one line before\n" + text), header_row=2).numbers.tolist() == [4, 8, 9, 10]
    with pytest.raises(BadRequest, match=r"row 8 has 3 columns where the header has 2"):
        read_source(file(tmp_path, text.replace("A3,5", "A3,,5")))
