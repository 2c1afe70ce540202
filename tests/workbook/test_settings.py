"""The sheet Settings: defaults, labels in both languages, and one clear sentence for what cannot be."""

from __future__ import annotations

import datetime as dt

import pytest

from workbook.settings import LABELS, Settings, help_of, read_settings
from xladdin.errors import BadRequest


def test_blanks_take_the_defaults():
    assert read_settings(dict.fromkeys(LABELS)) == read_settings({}) == Settings()


def test_a_setting_is_found_by_key_and_by_its_label_in_either_language():
    assert read_settings({"limits": "10,20"}).limits == read_settings({"Aging buckets": "10,20"}).limits == read_settings({"账龄段": "10，20"}).limits == (10, 20)


def test_a_date_may_be_a_serial_number_a_text_or_a_date():
    day = dt.date(2026, 6, 30)
    assert {read_settings({"as_of": value}).as_of for value in (46203, "2026-06-30", day)} == {day}


def test_every_setting_has_labels_and_help_in_both_languages():
    assert set(LABELS) == set(Settings.model_fields)
    assert all(all(help_of(key)) and all(LABELS[key]) for key in LABELS)


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("interest_rule", "foo", "one of CN-SME, CN-SALE"),
        ("interest_rule", -1, "yearly rate from 0"),
        ("report_currency", "XQZ", 'currency "XQZ" is not known'),
        ("report_currency", "Yuan", "must be an ISO currency code such as CNY"),
        ("penalty_law", "DE", "'CN', 'CN-4LPR' or 'CN-30'"),
        ("prepay_floor", 3, "less than or equal to 1"),
        ("as_of", "31/12/2026", "a text like 2026-01-31"),
        ("ladder", "90,60", "must rise and be above 0; got 90, 60"),
        ("language", "fr", "'en' or 'zh'"),
    ],
)
def test_what_cannot_be_is_refused_naming_the_setting(key, value, words):
    with pytest.raises(BadRequest) as refused:
        read_settings({key: value})
    assert str(refused.value).startswith(f"setting {key} ({LABELS[key][0]}): ")
    assert words in str(refused.value)
