"""What tests share: an empty and a small filled workbook, each built once and copied."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.limit import LIMIT, pytest_runtest_call, pytest_runtest_setup, pytest_runtest_teardown

__all__ = ["pytest_runtest_call", "pytest_runtest_setup", "pytest_runtest_teardown"]  # hooks: no test waits without an end

# tests are not timed: a busy machine is no fault of what is tested
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

D = dt.date
AS_OF = D(2026, 6, 30)


def small_data():
    """Forty invoices of five customers with payments, credit notes and a contract."""
    ledger = []
    for number in range(40):
        made = D(2026, 1, 5) + dt.timedelta(3 * number)
        ledger.append({
            "document_no": f"INV-{number:03}", "document_type": "invoice", "customer_id": f"C{number % 5}", "currency": ("CNY", "USD")[number % 2],
            "document_date": made, "due_date": made + dt.timedelta(30), "amount": 1000 + number * 10.01, "contract_no": "K1" if number == 0 else None,
        })  # fmt: skip
    ledger.append({"document_no": "PAY-1", "document_type": "payment", "customer_id": "C0", "currency": "CNY", "document_date": D(2026, 3, 1), "amount": 400, "reference": "INV-000"})
    ledger.append({"document_no": "ADV-1", "document_type": "advance", "customer_id": "C1", "currency": "USD", "document_date": D(2026, 3, 1), "amount": 77.7})
    tables = {
        "ledger": ledger,
        "customers": [{"customer_id": f"C{number}", "name": f"Customer {number}", "name_zh": f"客户{number}", "country": "CN"} for number in range(5)],
        "contracts": [{"contract_no": "K1", "customer_id": "C0", "value": 5000, "currency": "CNY", "prepaid": 100, "dispute": "court"}],
        "rates": [{"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7.0}],
    }
    return {name: {key: [row.get(key) for row in rows] for key in dict.fromkeys(k for row in rows for k in row)} for name, rows in tables.items()}


@pytest.fixture(scope="session")
def _built(tmp_path_factory) -> Path:
    from workbook.build import build_workbook

    folder = tmp_path_factory.mktemp("built")
    build_workbook(folder / "small.xlsm", data=small_data(), settings={"as_of": AS_OF, "interest_rule": "CN-SME"})
    build_workbook(folder / "empty.xlsm", settings={"as_of": AS_OF})
    return folder


@pytest.fixture
def small(_built, tmp_path) -> Path:
    """A small filled workbook, never refreshed."""
    return Path(shutil.copy(_built / "small.xlsm", tmp_path / "Credit.xlsm"))


@pytest.fixture
def empty(_built, tmp_path) -> Path:
    """An empty workbook."""
    return Path(shutil.copy(_built / "empty.xlsm", tmp_path / "Credit.xlsm"))


def pytest_addoption(parser):
    parser.addoption("--limit", type=float, default=LIMIT, metavar="SECONDS", help="how long a test may take that has no mark limit")
    parser.addoption("--parity", metavar="FILE", help="write the table of what works in which host (with tests/hosts, in one process)")
