"""What Excel's server answers to what COM brings."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from xladdin.hosts.excel.server import answer

NA = -2146826246  # 0x800A07FA, #N/A as COM carries it
VALUE = -2146826273


def test_a_call_answers_its_value_as_a_float_and_no_reason():
    assert answer("DAYSOVERDUE", (46200.0, 46203.0)) == [3.0, None]
    assert type(answer("DAYSOVERDUE", (46200.0, 46203.0))[0]) is float


def test_an_error_value_leaves_as_its_com_code_with_the_reason():
    value, reasons = answer("DAYSOVERDUE", ("yesterday", 46203.0))
    assert value == VALUE
    assert "yesterday" in reasons[0][2]


def test_an_error_inside_a_range_comes_out_in_its_row():
    value, _ = answer("DAYSOVERDUE", (((46200.0,), (NA,), (46201.0,)), 46203.0))
    assert value == [[3.0], [NA], [2.0]]


def test_an_unknown_function_is_a_name_error_with_a_reason():
    value, reasons = answer("NOSUCH", ())
    assert value == -2146826259
    assert "NOSUCH" in reasons[0][2]


def test_a_value_with_as_many_rows_as_reasons_stays_apart_from_them():
    value, reasons = answer("DAYSOVERDUE", (((46200.0, 46201.0, "soon"),), 46203.0))
    assert value == [[3.0, 2.0, VALUE]]
    assert len(reasons) == 2
    assert reasons[0][:2] == [0, 2]
    assert reasons[1] == [-1, -1, ""], "COM would make one array of more dimensions of two arrays with as many rows"
    assert len(answer("DAYSOVERDUE", ((("later",), ("soon",)), 46203.0))[1]) == 3


def test_what_no_cell_holds_is_an_error_in_its_row_and_never_a_defect():
    value, reasons = answer("DAYSOVERDUE", ((((1.0,),), 46200.0, object()), 46203.0))
    assert value == [[VALUE], [3.0], [VALUE]]
    assert "report" not in reasons[0][2]


def test_a_currency_and_a_date_of_a_macro_are_a_number_and_a_date():
    assert answer("DAYSOVERDUE", (dt.datetime(2026, 6, 30, tzinfo=dt.UTC), Decimal(46204))) == [1.0, None]
