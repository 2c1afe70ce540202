"""Files as other systems leave them: encodings, delimiters, sheets, and what is no table at all."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest

from workbook.importing.columns import convert
from workbook.importing.sources import read_source
from workbook.schema import LEDGER
from xladdin.errors import BadRequest


def file(tmp_path, content, name="items.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def columns(source):
    return {name: column.to_pylist() if isinstance(column, pa.Array) else column for name, column in zip(source.header, source.columns, strict=True)}


CHINESE = "单据编号,客户,金额\nA1,上海国际贸易有限公司,100.50\nA2,北京进出口公司,7\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_text_is_read_in_the_encoding_it_is_in(tmp_path, encoding):
    source = read_source(file(tmp_path, CHINESE.encode(encoding)))
    assert columns(source)["客户"] == ["上海国际贸易有限公司", "北京进出口公司"]
    assert source.header == ["单据编号", "客户", "金额"]


def test_western_text_with_single_accents_is_cp1252(tmp_path):
    source = read_source(file(tmp_path, "no;name\nA1;Müller & Söhne\nA2;Café €\n".encode("cp1252")))
    assert columns(source)["name"] == ["Müller & Söhne", "Café €"]
    assert source.detected == {"format": "CSV", "encoding": "cp1252", "delimiter": "semicolon"}


def test_bytes_that_speak_for_no_encoding_are_refused(tmp_path):
    with pytest.raises(BadRequest) as error:
        read_source(file(tmp_path, b"no,name\nA1,\xff\xfe\xfd\nA2,\xe9\n"))
    assert str(error.value) == (
        "items.csv: the encoding of the text is not clear; say it with --encoding, one of "
        "utf-8-sig, utf-8, utf-16, gb18030, big5, shift_jis, euc_jp, euc_kr, cp1250, cp1251, cp1252, cp1253, cp1254, cp1257, mac_roman, cp850"
    )


def test_an_encoding_that_does_not_fit_is_refused(tmp_path):
    with pytest.raises(BadRequest, match=r"items\.csv is not text in the encoding utf-8; try --encoding with one of utf-8-sig"):
        read_source(file(tmp_path, CHINESE.encode("gb18030")), encoding="utf-8")


@pytest.mark.parametrize(("mark", "name"), [(",", "comma"), (";", "semicolon"), ("\t", "tab"), ("|", "bar")])
def test_the_delimiter_is_the_one_that_splits_every_row_alike(tmp_path, mark, name):
    source = read_source(file(tmp_path, mark.join(["no", "amount"]) + "\n" + "\n".join(mark.join([f"A{n}", "1"]) for n in range(5))))
    assert source.detected["delimiter"] == name
    assert columns(source)["no"] == [f"A{n}" for n in range(5)]


def test_decimal_commas_do_not_look_like_a_delimiter(tmp_path):
    source = read_source(file(tmp_path, "no;amount;tax\nA1;1,50;0,10\nA2;2,50;0,20\n"))
    assert columns(source) == {"no": ["A1", "A2"], "amount": ["1,50", "2,50"], "tax": ["0,10", "0,20"]}


def test_two_delimiters_that_both_fit_are_refused(tmp_path):
    with pytest.raises(BadRequest) as error:
        read_source(file(tmp_path, "a,b;c\n1,2;3\n"))
    assert str(error.value) == "items.csv: columns may be parted by comma or semicolon; say it with --delimiter"
    assert columns(read_source(file(tmp_path, "a,b;c\n1,2;3\n"), delimiter=";")) == {"a,b": ["1,2"], "c": ["3"]}


def test_quoted_cells_keep_delimiters_and_line_breaks(tmp_path):
    source = read_source(file(tmp_path, 'no,name\nA1,"Li, ""Wang""\nand sons"\n'))
    assert columns(source)["name"] == ['Li, "Wang"\nand sons']


def test_a_row_of_another_width_is_refused_with_its_text(tmp_path):
    with pytest.raises(BadRequest) as error:
        read_source(file(tmp_path, "no,amount\nA1,1\nA2,1,234\nA3,2\n"))
    assert str(error.value) == "items.csv: row 3 has 3 columns where the header has 2 (1 such row): A2,1,234"


@pytest.mark.parametrize(
    ("content", "name", "message"),
    [
        ("", "items.csv", "items.csv is empty"),
        (b"\x00\x01\x02\x03" * 10, "items.bin", "items.bin is neither text nor an Excel or Parquet file"),
        (b"PK\x03\x04 truncated", "items.xlsx", "items.xlsx is not a readable Excel file (it may be encrypted or damaged): "),
        (b"\xd0\xcf\x11\xe0 encrypted", "items.xlsx", "items.xlsx is not a readable Excel file (it may be encrypted or damaged): "),
        (b"PAR1 damaged", "items.parquet", "items.parquet is not a readable Parquet file: "),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path, content, name, message):
    with pytest.raises(BadRequest) as error:
        read_source(file(tmp_path, content, name))
    assert str(error.value).startswith(message)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(BadRequest, match=r"none\.csv cannot be read: No such file or directory"):
        read_source(tmp_path / "none.csv")


def test_a_header_may_stand_further_down(tmp_path):
    source = read_source(file(tmp_path, "Open items of our company\n\nno,amount\nA1,5\n"), header_row=3)
    assert (columns(source), source.numbers.tolist()) == ({"no": ["A1"], "amount": ["5"]}, [4])
    with pytest.raises(BadRequest, match=r"items\.csv has no row 9"):
        read_source(file(tmp_path, "no,amount\nA1,5\n"), header_row=9)


def workbook(tmp_path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    path = tmp_path / "items.xlsx"
    book.save(path)
    return path


def test_an_excel_file_gives_its_one_sheet_with_data(tmp_path):
    source = read_source(workbook(tmp_path, Empty=[], Items=[["no", "date", None], ["007", dt.date(2026, 1, 31), None], [8, None, None]]))
    assert source.header == ["no", "date"]
    assert columns(source)["no"] == ["007", 8.0]
    assert source.detected == {"format": "Excel", "sheet": "Items"}


def test_an_excel_file_with_several_sheets_asks_which(tmp_path):
    path = workbook(tmp_path, One=[["a"], [1]], Two=[["b"], [2]])
    with pytest.raises(BadRequest) as error:
        read_source(path)
    assert str(error.value) == "items.xlsx has several sheets with data: One, Two; choose one with --sheet"
    assert read_source(path, sheet="Two").header == ["b"]
    with pytest.raises(BadRequest, match=r"items\.xlsx has no sheet Three; there are One, Two"):
        read_source(path, sheet="Three")


def test_parquet_keeps_its_types(tmp_path):
    path = tmp_path / "items.parquet"
    table = pa.table({"no": ["A1", None], "on": pa.array([dt.date(2026, 1, 31), None]), "amount": pa.array([Decimal("1.00"), Decimal("2.00")])})
    pyarrow.parquet.write_table(table, path)
    source = read_source(path)
    at = dict(zip(source.header, source.columns, strict=True))
    assert convert(LEDGER.field("document_no"), "no", at["no"], "", "").cells == ["A1", None]
    assert convert(LEDGER.field("document_date"), "on", at["on"], "", "").cells == [46053.0, None]
    assert convert(LEDGER.field("amount"), "amount", at["amount"], "", "").cells == [1.0, 2.0]


@pytest.mark.parametrize(
    ("key", "cells", "expected", "read_as"),
    [
        ("document_no", ["1930571429.0", "7.0", None], ["1930571429", "7", None], "whole numbers, .0 left off"),
        ("document_no", ["1.0", "A1"], ["1.0", "A1"], ""),
        ("document_no", [1930571429.0, 7.5], ["1930571429", "7.5"], ""),
        ("document_no", [" =1+1 ", "@x", "+5", "-x"], ["=1+1", "@x", "+5", "-x"], ""),
        ("document_no", [dt.datetime(2026, 1, 31)], ["2026-01-31"], ""),
        ("document_date", [dt.datetime(2026, 1, 31), "2026-03-04", 20260131.0, None], [46053.0, 46085.0, 46053.0, None], "y/m/d or yyyymmdd or dates"),
        ("document_date", ["31/1/2026", "31/02/2026"], [46053.0, "31/02/2026"], "d/m/y"),
        ("document_date", [dt.date(1890, 1, 1)], ["1890-01-01"], "dates"),
        ("amount", ["1,234.50", "n/a", 7, None, ""], [1234.5, "n/a", 7.0, None, None], "1,234.56"),
        ("amount", [float("nan"), float("inf")], ["nan", "inf"], ""),
        ("instalment", ["1", "2"], [1.0, 2.0], "whole numbers"),
        ("retention_of_title", [True, "yes", None], ["yes", "yes", None], ""),
    ],
)
def test_a_source_column_becomes_cells_and_what_cannot_be_read_stays_as_text(key, cells, expected, read_as):
    found = convert(LEDGER.field(key), "x", cells, "", "")
    assert (found.cells, found.read_as) == (expected, read_as)


def test_a_plain_column_of_texts_is_read_at_once_as_it_would_be_one_by_one():
    field = LEDGER.field("amount")
    for texts in (["1.25", None, "-3", " 4.5 "], ["1", "", "22"], ["12.345", "1.5"], ["1234.567", "0.25"]):
        plain = [text.strip() or None if text is not None else None for text in texts]
        assert convert(field, "x", pa.array(texts), "", "").cells == convert(field, "x", plain, "", "").cells
    with pytest.raises(BadRequest, match=r"12\.345 may be"):
        convert(field, "x", pa.array(["12.345", "7"]), "", "")
