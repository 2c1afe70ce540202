"""One ledger, on the sheet and elsewhere: the same reports, to the cent."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from tests.large.sources import SOURCES, demo_book, needs
from workbook.large.attach import with_ledger
from workbook.refresh import make_reports
from workbook.sheet import as_json

DAY = dt.date(2026, 6, 30)


@pytest.fixture(scope="module")
def book():
    return demo_book()


def answers(book, settings, keys, day=DAY):
    made = make_reports(book, settings, day, keys)
    return {key: {**as_json(sheet), "findings": 0} for key, sheet in made.sheets.items()}


def elsewhere(book, ledger, settings, keys, day=DAY):
    changed = replace(book, settings=settings.model_copy(update={"ledger": ledger}))
    with with_ledger(changed, said=True) as whole:
        assert whole.large.documents == book.documents
        return answers(whole, whole.settings, keys, day)


@pytest.mark.parametrize("kind", [pytest.param(kind, marks=needs(kind)) for kind in SOURCES])
def test_aging_and_escalation_are_the_sheets_to_the_cent(kind, book, tmp_path):
    keys = ["aging", "escalation"]
    with SOURCES[kind](book, tmp_path) as ledger:
        assert elsewhere(book, ledger, book.settings, keys) == answers(book, book.settings, keys)


@pytest.mark.parametrize("changed", [
    {"unapplied": "by date"}, {"unapplied": "oldest first"}, {"aging_basis": "document date"}, {"limits": (10, 20)},
    {"minimum_open": 50_000}, {"skip_levels": True}, {"language": "zh"},
], ids=str)
def test_settings_mean_the_same_there(changed, book, tmp_path):
    settings = book.settings.model_copy(update=changed)
    with SOURCES["parquet"](book, tmp_path) as ledger:
        assert elsewhere(book, ledger, settings, ["aging", "escalation"]) == answers(book, settings, ["aging", "escalation"])


@pytest.mark.parametrize("day", ["2025-12-31", "2026-03-31", "2027-01-31"])
def test_days_past_and_future_are_the_same_there(day, book, tmp_path):
    day = dt.date.fromisoformat(day)
    with SOURCES["parquet"](book, tmp_path) as ledger:
        keys = ["aging", "escalation"]
        assert elsewhere(book, ledger, book.settings, keys, day) == answers(book, book.settings, keys, day)
