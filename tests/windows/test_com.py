"""Calls as VBA makes them, through xlwings' own library to the COM server in Windows' Python, under Wine."""

from __future__ import annotations

from typing import Any

import pytest

from tests.windows.bridge import Bridge, connected, marks
from xladdin.hosts.excel.server import SCRIPT

pytestmark = list(marks)
NA, VALUE, NAME = ({"i": 0x800A0000 - (1 << 32) + number} for number in (2042, 2015, 2029))
EXCEL_ERRORS = {2000: "#NULL!", 2007: "#DIV/0!", 2015: "#VALUE!", 2023: "#REF!", 2029: "#NAME?", 2036: "#NUM!", 2042: "#N/A"}


@pytest.fixture(scope="module")
def excel() -> Any:
    with connected() as bridge:
        yield bridge


def answered(excel: Bridge, name: str, *args: Any) -> tuple[Any, Any]:
    """The value, as a cell or rows of cells, and the rows of reasons or None."""
    both = excel.ask(name, *args)["value"]
    assert both["from"] == 0
    value, reasons = both["list"]
    if isinstance(value, dict) and "rows" in value:
        assert value["from"] == [0, 0]
        value = value["rows"]
    if reasons is not None:
        assert reasons["from"] == [0, 0]
        reasons = [[row["i"], column["i"], text] for row, column, text in reasons["rows"]]
    return value, reasons


def test_a_number_arrives_as_a_double_and_no_reason_as_empty(excel: Bridge) -> None:
    assert excel.ask("DAYSOVERDUE", 46200, 46203) == {"value": {"list": [3.0, None], "from": 0}}


@pytest.mark.parametrize("number", EXCEL_ERRORS)
def test_an_error_value_goes_in_and_comes_out_as_its_code(excel: Bridge, number: int) -> None:
    value, reasons = answered(excel, "DAYSOVERDUE", {"e": number}, 46203)
    assert value == {"i": 0x800A0000 - (1 << 32) + number}
    assert EXCEL_ERRORS[number] in reasons[0][2]


def test_error_values_inside_a_range_stay_in_their_rows(excel: Bridge) -> None:
    column = [[46200], *([{"e": number}] for number in EXCEL_ERRORS), [46201]]
    value, reasons = answered(excel, "DAYSOVERDUE", column, 46203)
    assert [row[0] for row in value] == [3.0, *({"i": 0x800A0000 - (1 << 32) + number} for number in EXCEL_ERRORS), 2.0]
    assert [reason[:2] for reason in reasons] == [[row, 0] for row in range(1, 8)]


def test_an_error_value_that_only_newer_excels_have_is_a_value_error(excel: Bridge) -> None:
    assert answered(excel, "DAYSOVERDUE", {"e": 2045}, 46203)[0] == VALUE  # #SPILL!


@pytest.mark.parametrize("left_out", [None, {"missing": 0}])
def test_an_argument_left_out_takes_its_default(excel: Bridge, left_out: Any) -> None:
    assert answered(excel, "AGINGBUCKET", 46200, 46300, left_out, "en") == ("91-180 days", None)


def test_truth_values_and_texts_arrive_as_such(excel: Bridge) -> None:
    assert "TRUE" in answered(excel, "DAYSOVERDUE", True, 46203)[1][0][2]
    assert "月结" in answered(excel, "DAYSOVERDUE", "月结", 46203)[1][0][2]


def test_chinese_text_beyond_the_basic_plane_goes_in_and_comes_out(excel: Bridge) -> None:
    assert "𠮷野家" in answered(excel, "DAYSOVERDUE", "𠮷野家", 46203)[1][0][2]
    assert answered(excel, "AGINGBUCKET", 46160, 46200, None, "zh")[0] == "31-60天"


def test_a_block_keeps_its_rows_and_columns(excel: Bridge) -> None:
    assert answered(excel, "DAYSOVERDUE", [[1, 2, 3], [4, 5, 6]], 10) == ([[9.0, 8.0, 7.0], [6.0, 5.0, 4.0]], None)


@pytest.mark.parametrize("width", [1, 2, 3, 4])
@pytest.mark.parametrize("height", [1, 2, 3, 4])
def test_answers_and_reasons_of_any_size_stay_apart(excel: Bridge, height: int, width: int) -> None:
    for wrong in range(height * width + 1):
        cells = ["soon" if index < wrong else 46200 for index in range(height * width)]
        value, reasons = answered(excel, "DAYSOVERDUE", [cells[start : start + width] for start in range(0, len(cells), width)], 46203)
        rows = value if isinstance(value, list) else [[value]]
        assert [len(row) for row in rows] == [width] * height
        assert [reason[:2] for reason in reasons or [] if reason[0] >= 0] == [list(divmod(index, width)) for index in range(wrong)]


def test_a_block_as_large_as_its_reasons_stays_apart_from_them(excel: Bridge) -> None:
    value, reasons = answered(excel, "DAYSOVERDUE", [[46200, 46201, "soon"]], 46203)
    assert value == [[3.0, 2.0, VALUE]]
    assert [reason[:2] for reason in reasons] == [[0, 2], [-1, -1]]


def test_a_list_that_is_no_block_is_an_error_with_a_reason(excel: Bridge) -> None:
    value, reasons = answered(excel, "DAYSOVERDUE", [[1, 2], [1]], 5)
    assert value == VALUE
    assert "all rows as long as the first" in reasons[0][2]
    assert answered(excel, "DAYSOVERDUE", [], 5)[0] == VALUE


def test_a_constant_list_of_a_formula_is_a_column(excel: Bridge) -> None:
    assert answered(excel, "DAYSOVERDUE", [1, 2], 5)[0] == [[4.0], [3.0]]


def test_a_cell_that_is_asked_about_brings_its_reason(excel: Bridge) -> None:
    assert answered(excel, "CREDITWHY", [{"e": 2015}, "due is blank"]) == ("due is blank", None)
    assert "not available" in answered(excel, "CREDITWHY", [{"e": 2042}, None])[0]


def test_an_unknown_function_is_a_name_error_with_a_reason(excel: Bridge) -> None:
    value, reasons = answered(excel, "NOSUCH", 1)
    assert value == NAME
    assert "NOSUCH" in reasons[0][2]


def test_too_many_arguments_are_an_error_with_a_reason(excel: Bridge) -> None:
    value, reasons = answered(excel, "DAYSOVERDUE", *range(1, 30))
    assert value == VALUE
    assert "at most" in reasons[0][2]


def test_a_server_without_calls_is_told_alive(excel: Bridge) -> None:
    assert excel.do("method", "Ready", []) == {"value": True}


def test_the_same_command_is_the_same_python(excel: Bridge) -> None:
    before = excel.pids()
    excel.start()
    assert excel.pids() == before
    assert len(before) == 1


def test_a_million_rows_come_back(excel: Bridge) -> None:
    rows = 1_048_576
    answer = excel.do("ask", SCRIPT, "DAYSOVERDUE", [{"repeat": 46200, "rows": rows}, 46203], limit=120)
    value, reasons = answer["value"]["list"]
    assert len(value["rows"]) == rows
    assert {row[0] for row in value["rows"]} == {3.0}
    assert reasons is None
