"""REGISTERCHECK: numbers that are published by their owners or in the standards."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.register_numbers import SCHEMES, USCC_LETTERS, uscc
from tests.functions.shapes import assert_column_equals_single_cells, cells, columns
from xladdin.call import call

GOOD = [
    ("91110000600037341L", "CN"), ("91110000600037341L", "统一社会信用代码"), ("914403001922038216", "USCC"), ("INR2EJN1ERAN0W5ZP974", "LEI"),
    ("7LTWFZYICNSX8D621K86", "LEI"), ("DE136695976", "DE"), ("136 695 976", "DE"), ("732 829 320", "SIREN"), ("FR83404833048", "FR"),
    ("73282932000074", "SIRET"), ("GB980780684", "GB"), ("00743110157", "IT"), ("54362315K", "ES"), ("A13585625", "ES"), ("NL004495445B01", "NL"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "scheme"), GOOD)
def test_a_published_number_is_valid_and_no_single_digit_of_it_may_change(number: str, scheme: str) -> None:
    assert call("REGISTERCHECK", number, scheme).value == "valid"
    digits = [at for at, letter in enumerate(number) if letter.isdigit()]
    for at in digits[2:-2]:
        changed = number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]
        assert call("REGISTERCHECK", changed, scheme).value != "valid"


@pytest.mark.parametrize(
    ("number", "scheme"), [("91110000600037341", "CN"), ("9111000060003734IL", "CN"), ("DE0", "DE"), ("１３６６９５９７６", "DE"), ("=1+1", "LEI")]
)
def test_another_form_is_a_wrong_format(number: str, scheme: str) -> None:
    assert call("REGISTERCHECK", number, scheme).value == "wrong format"


def test_an_unknown_scheme_lists_the_known_ones() -> None:
    answer = call("REGISTERCHECK", "1", "XX")
    assert answer.value == "#VALUE!"
    assert answer.reason == f'there is no scheme "XX"; known are {", ".join(SCHEMES)}, and CN for USCC'


@given(st.text(USCC_LETTERS, min_size=17, max_size=17))
def test_exactly_one_check_character_is_right(stem: str) -> None:
    assert sum(uscc(stem + last) for last in USCC_LETTERS) == 1


@given(columns(number=cells(st.sampled_from([number for number, _ in GOOD])), country_or_scheme=cells(st.sampled_from([*SCHEMES, "cn"]))))
def test_a_column_equals_single_cells(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("REGISTERCHECK", rows)
