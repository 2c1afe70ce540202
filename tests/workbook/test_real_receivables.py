"""Aging of real receivables, rebuilt at past dates and compared with a plain pandas computation. Skipped where the data is absent."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from tests.test_command_line import run
from xladdin.registry import reports

DATA = Path(os.environ.get("XLADDIN_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "receivables"
IBM = DATA / "WA_Fn-UseC_-Accounts-Receivable.csv"
EDGES = [0, 30, 60, 90, 180]
KEYS = ["not_due", "bucket_1", "bucket_2", "bucket_3", "bucket_4", "bucket_5"]

pytestmark = pytest.mark.skipif(not IBM.exists(), reason="the public receivables files are not beside the repository")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    path = tmp_path_factory.mktemp("ibm") / "Credit.xlsm"
    assert run("build", path)[0] == 0
    code, _, err = run("import", path, IBM, "--profile", "ibm-receivables", "--replace", "--add-customers")
    assert code == 0, err
    return path


def by_pandas(as_of):
    """The aging by hand: what exists, is not settled yet, and how late it is, in cents."""
    data = pd.read_csv(IBM)
    for column in ("InvoiceDate", "DueDate", "SettledDate"):
        data[column] = pd.to_datetime(data[column], format="%m/%d/%Y")
    day = pd.Timestamp(as_of)
    data = data[(data["InvoiceDate"] <= day) & (data["SettledDate"] > day)]
    late = (day - data["DueDate"]).dt.days
    bucket = pd.cut(late, [-10_000, *EDGES, 10_000], labels=KEYS).astype(str)
    cents = (data["InvoiceAmount"] * 100).round().astype(int)
    table = cents.groupby([data["customerID"], bucket]).sum().unstack(fill_value=0).reindex(columns=KEYS, fill_value=0)
    return {customer: tuple(int(value) for value in row) for customer, row in zip(table.index, table.to_numpy(), strict=True)}


@pytest.mark.parametrize("as_of", ["2012-06-30", "2013-03-31", "2013-12-31"])
def test_the_ibm_ledger_is_rebuilt_at_a_past_date(workbook, tmp_path, as_of):
    out = tmp_path / "aging.json"
    code, line, err = run("refresh", workbook, "--report", "aging", "--as-of", as_of, "--json", out)
    assert code == 0, err
    assert "0 unreconciled" in line
    aging = json.loads(out.read_text(encoding="utf-8"))["reports"]["aging"]
    shown = {row["customer_id"]: tuple(int(Decimal(row[key]) * 100) for key in KEYS) for row in aging["rows"]}
    assert shown == by_pandas(as_of)
    assert len(shown) > 5
    total = aging["totals"]["USD"]
    assert sum(Decimal(total[key]) for key in (*KEYS, "unapplied", "without_due")) == Decimal(total["outstanding"])


@pytest.mark.parametrize(
    ("name", "profile", "as_of", "rows"),
    [
        ("WA_Fn-UseC_-Accounts-Receivable_with_missing.csv", "ibm-receivables", "2013-03-31", 2586),
        ("open_items_9700.csv", "open-items-sap", "2020-03-31", 9700),
    ],
)
def test_every_row_of_the_other_files_is_in_the_totals_or_a_finding(tmp_path, name, profile, as_of, rows):
    path = tmp_path / "Credit.xlsm"
    run("build", path)
    code, _, err = run("import", path, DATA / name, "--profile", profile, "--replace", "--add-customers")
    assert code in (0, 1), err
    code, line, err = run("refresh", path, "--as-of", as_of)
    assert code in (0, 1), err
    assert f"{rows:,} documents, {len(reports())} reports, 0 unreconciled" in line
