"""NAMESCORE, NAMEMATCH and BLACKLISTED."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.names import plain_company, salted
from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call

LIST = [["Acme GmbH"], ["北京华信贸易有限公司"], ["Feeney, Aufderhar and Kirlin"], [None]]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ACME Co., Ltd.", "Acme GmbH"),
        ("ＡＣＭＥ", "Acme GmbH"),
        ("北京华信贸易股份有限公司", "北京华信贸易有限公司"),
        ("Kirlin, Feeney and Aufderhar", "Feeney, Aufderhar and Kirlin"),
        ("Feeney, Aufderhar an-d Kirlin", "Feeney, Aufderhar and Kirlin"),
    ],
)
def test_a_name_is_found_whatever_its_legal_form_and_writing(name: str, found: str) -> None:
    assert call("NAMEMATCH", name, LIST).value == found


def test_a_stranger_is_not_available_and_the_nearest_is_named() -> None:
    answer = call("NAMEMATCH", "Zenith", [["Acme GmbH"]])
    assert answer.value == "#N/A"
    assert answer.reason == "no name reaches 85; the nearest is Acme GmbH with 20"


def test_an_empty_list_says_so() -> None:
    assert call("NAMESCORE", "Acme", [[None]]).reason == "list holds no name"


def test_a_blacklist_is_searched_by_number_first_then_by_name_hashed_or_not() -> None:
    plain = [["Acme GmbH", "9111-0000"]]
    hashed = [[salted(plain_company("Acme GmbH"), "s")], [salted("91110000", "s")]]
    assert call("BLACKLISTED", "Acme Ltd", "91110000", plain).reason == "the number is listed"
    assert call("BLACKLISTED", "Acme Ltd", "1", plain).reason == "like Acme GmbH (100)"
    assert call("BLACKLISTED", "Acme Ltd", "1", hashed, 85, "s").value is True
    assert call("BLACKLISTED", None, "9111 0000", hashed, 85, "s").reason == "the number is listed"
    assert call("BLACKLISTED", "Acme Ltd", "91110000", hashed, 85, "other salt").value is False
    assert call("BLACKLISTED", "Zenith", "1", plain).value is False
    assert call("BLACKLISTED", None, None, plain).value is False


@given(st.text(max_size=30))
def test_a_name_is_wholly_like_itself(name: str) -> None:
    if name:
        assert call("NAMESCORE", name, [["other"], [name]]).value == 100


@given(columns(name=cells(st.sampled_from(["Acme", "北京华信", "Kirlin", "Zenith Inc"])), number=cells(st.sampled_from(["1", "91110000"]))))
def test_columns_equal_single_cells(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("BLACKLISTED", rows, list=[["Acme GmbH", "91110000"]])
    names = [{"name": row["name"]} for row in rows]
    assert_column_equals_single_cells("NAMEMATCH", names, list=LIST)
    assert_column_equals_single_cells("NAMESCORE", names, list=LIST)
