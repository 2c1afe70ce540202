"""Formulas as text: moved, renamed, and as files write them."""

from __future__ import annotations

import pytest

from xladdin.hosts.file import formulas
from xladdin.hosts.file.address import Rect, column_name, column_number, parse_rect, quote_sheet, split_reference


@pytest.mark.parametrize(
    ("formula", "rows", "columns", "moved"),
    [
        ("A1+$B2+C$3+$D$4", 1, 1, "B2+$B3+D$3+$D$4"),
        ("SUM(A1:B9,'My A1'!A1)", 2, 0, "SUM(A3:B11,'My A1'!A3)"),
        ('A1&"A1"', 1, 0, 'A2&"A1"'),
        ("LOG10(A1)+TAX2024+A1B", 1, 0, "LOG10(A2)+TAX2025+A1B"),
        ("Items[A1]+Items[[#This Row],[B2]]+A1", 1, 1, "Items[A1]+Items[[#This Row],[B2]]+B2"),
        ("A:B+$A:C+2:3+$2:3", 1, 1, "B:C+$A:D+3:4+$2:4"),
        ("A1", -1, 0, "#REF!"),
        ("XFD1", 0, 1, "#REF!"),
        ("Sheet1!A1+A1.x", 1, 0, "Sheet1!A2+A1.x"),
        ("1E5+A1", 1, 0, "1E5+A2"),
        ("[1]Book!A1", 1, 0, "[1]Book!A2"),
    ],
)
def test_a_formula_moves_like_a_copied_one(formula, rows, columns, moved):
    # TAX2024 is a cell of a sheet with 16,384 columns, as it is in Excel
    assert formulas.shift(formula, rows, columns) == moved


@pytest.mark.parametrize(
    ("shown", "held"),
    [
        ("=SORT(UNIQUE(A1:A9))", "_xlfn._xlws.SORT(_xlfn.UNIQUE(A1:A9))"),
        ('=XLOOKUP(A1,B:B,C:C)&"IFS("', '_xlfn.XLOOKUP(A1,B:B,C:C)&"IFS("'),
        ("=SUM(A1)", "SUM(A1)"),
        ("=NETWORKDAYS.INTL(A1,B1)", "NETWORKDAYS.INTL(A1,B1)"),
        ("=NORM.S.DIST(1,TRUE)", "_xlfn.NORM.S.DIST(1,TRUE)"),
        ("=CREDITSCORE(A1)", "CREDITSCORE(A1)"),
    ],
)
def test_young_functions_have_another_name_in_the_file(shown, held):
    assert formulas.to_file(shown) == held
    assert formulas.from_file(held) == shown


@pytest.mark.parametrize(
    ("formula", "renamed", "dropped"),
    [
        ("Old!A1+old!$B$2", "'New one'!A1+'New one'!$B$2", "#REF!+#REF!"),
        ("'Old'!A:B&\"Old!A1\"", "'New one'!A:B&\"Old!A1\"", '#REF!&"Old!A1"'),
        ("Older!A1+MyOld!A1", "Older!A1+MyOld!A1", "Older!A1+MyOld!A1"),
        ("SUM(Old!1:2)", "SUM('New one'!1:2)", "SUM(#REF!)"),
        ("Items[Old]", "Items[Old]", "Items[Old]"),
    ],
)
def test_a_sheet_s_new_name_or_end_is_followed(formula, renamed, dropped):
    assert formulas.rename_sheet(formula, "Old", "New one") == renamed
    assert formulas.drop_sheet(formula, "Old") == dropped


@pytest.mark.parametrize(
    ("text", "rect"),
    [
        ("A1", (1, 1, 1, 1)), ("$B$2:$D$5", (2, 2, 5, 4)), ("D5:B2", (2, 2, 5, 4)), ("A:C", (1, 1, 1048576, 3)), ("3:5", (3, 1, 5, 16384)),
        ("XFD1048576", (1048576, 16384, 1048576, 16384)), ("XFE1", None), ("A1048577", None), ("A0", None), ("A", None), ("1", None), ("A1:B", None), ("", None),
        ("AAAA1", None), ("A1:B2:C3", None),
    ],
)  # fmt: skip
def test_addresses_are_read(text, rect):
    assert parse_rect(text) == (None if rect is None else Rect(*rect))
    if rect and text == text.replace("$", "") and text != "D5:B2":
        assert parse_rect(text).a1() == text


def test_every_column_has_its_name():
    assert [column_number(column_name(number)) for number in range(1, 16_385)] == list(range(1, 16_385))


@pytest.mark.parametrize(("name", "quoted"), [("Plain", "Plain"), ("My sheet", "'My sheet'"), ("it's", "'it''s'"), ("A1", "'A1'"), ("R1C1", "'R1C1'"), ("账龄", "账龄"), ("1st", "'1st'"), ("TRUE", "'TRUE'")])
def test_sheet_names_are_quoted_when_needed(name, quoted):
    assert quote_sheet(name) == quoted
    assert split_reference(f"{quoted}!$A$1") == (name, Rect(1, 1, 1, 1))
