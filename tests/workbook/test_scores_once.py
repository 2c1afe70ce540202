"""Scores and limits asks for its arrays once, and a button does without what it does not need."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import numpy as np

from tests.ledgers import book_of
from workbook.reports import scores_limits
from workbook.reports.exposure import Exposures, exposures

DAY = dt.date(2026, 6, 30)


def book(count):
    ledger = [{"document_no": f"I{number}", "customer_id": f"C{number}", "amount": 100 + number, "due_date": DAY} for number in range(count)]
    return book_of(ledger, customers=[{"customer_id": f"C{number}", "credit_limit": 150} for number in range(count)])


def test_p30_exposure_and_head_room_are_worked_out_once_and_not_once_per_customer(monkeypatch):
    counted = {"exposure": 0, "headroom": 0}
    for name in counted:
        made = getattr(Exposures, name)

        def count(self, made=made, name=name):
            counted[name] += 1
            return made.func(self)

        prop = type(made)(count)
        prop.__set_name__(Exposures, name)
        monkeypatch.setattr(Exposures, name, prop)
    read = book(300)
    sheet = scores_limits.make(read, read.settings, DAY)
    assert counted == {"exposure": 1, "headroom": 1}
    assert sum(value is not None and value < 0 for value in sheet.data["headroom"]) == 249
    found = exposures(read, read.settings, DAY)
    assert np.array_equal(found.exposure, np.maximum(found.outstanding + found.orders, 0))


def test_p30_the_reports_are_loaded_without_ibis():
    code = "import sys; from xladdin.registry import reports; reports(); import workbook.refresh, workbook.importing.job; sys.exit('ibis' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=120).returncode == 0
