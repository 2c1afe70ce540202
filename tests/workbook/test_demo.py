"""The demo's exporter is believable, the same everywhere, and shows what each report is for."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from workbook.book import RawTable, read_book
from workbook.demo import AS_OF, MONTH_ENDS, demo_data
from workbook.demo.customers import GROUPS, INSOLVENT, WORSENING
from workbook.demo.mistakes import MISTAKES
from workbook.demo.names import CITIES, credit_code
from workbook.history.job import store_history
from workbook.history.trends import History
from workbook.refresh import make_reports
from workbook.tables import TABLES
from xladdin.registry import reports

#: a few drawn numbers: they change only with the demo itself
FIRST, SUM = ("INV25-00001", "C0013", 20137.8), 685910350.06
RATES = {"CNY": 1.0, "USD": 7.2, "EUR": 7.8, "RMB": 1.0}


@pytest.fixture(scope="module")
def data():
    return demo_data()


@pytest.fixture(scope="module")
def book(data):
    raw = {key: RawTable(list(table), list(table.values()), 4) for key, table in data.items()}
    return read_book(raw, {"as_of": AS_OF})


@pytest.fixture(scope="module")
def ledger(data):
    """The ledger as rows, without the mistakes at its end."""
    columns = data["ledger"]
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return [row for row in rows if not row["document_no"].startswith("X-")]


@pytest.fixture(scope="module")
def open_amounts(ledger):
    """What is open of each invoice, worked out here the slow way, in the report currency; with its due date."""
    paid = defaultdict(Decimal)
    for row in ledger:
        if row["document_type"] != "invoice" and row["reference"]:
            paid[row["reference"]] += Decimal(str(row["amount"]))
    left = []
    for row in sorted(ledger, key=lambda row: (row["document_no"], row["instalment"] or 0)):
        if row["document_type"] == "invoice" and not row["settled_date"]:
            amount = Decimal(str(row["amount"]))
            used = min(amount, paid[row["document_no"]])
            paid[row["document_no"]] -= used
            left.append((row["due_date"], float(amount - used) * RATES[row["currency"]]))
    return left


def digest(data):
    return hashlib.sha256(json.dumps(data, default=str, ensure_ascii=False).encode()).hexdigest()


def test_the_same_seed_gives_the_same_data(data):
    assert digest(demo_data()) == digest(data)
    assert digest(demo_data(seed=7)) != digest(data)


def test_one_group_is_above_its_limit_though_its_members_are_not_and_one_customer_is_insolvent(book):
    sheet = make_reports(book, book.settings, AS_OF, ["scores_limits"]).sheets["scores_limits"]
    rows = {key: dict(zip(sheet.data, values, strict=True)) for key, *values in zip(sheet.data["customer_id"], *sheet.data.values(), strict=True)}
    for member, head in GROUPS.items():
        assert rows[member]["group_id"] == rows[head]["group_id"] == head
        assert all(rows[one]["exposure"] < rows[one]["credit_limit"] for one in (member, head))
    assert [rows[head]["group_exposure"] > rows[head]["credit_limit"] for head in GROUPS.values()] == [True, False]
    assert rows[INSOLVENT]["hold"].startswith("insolvent")


def test_every_platform_draws_the_same_numbers(data):
    assert (data["ledger"]["document_no"][0], data["ledger"]["customer_id"][0], data["ledger"]["amount"][0]) == FIRST
    assert round(sum(row for row in data["ledger"]["amount"] if isinstance(row, float)), 2) == SUM


def test_every_column_is_one_of_the_table_and_as_long_as_its_neighbours(data):
    assert set(data) == set(TABLES)
    for key, table in data.items():
        assert set(table) <= {field.key for field in TABLES[key].fields}
        assert len({len(values) for values in table.values()}) == 1, key


def test_values_are_of_the_kind_of_their_column(data):
    kinds = {"date": dt.date, "amount": float, "number": float, "rate": float, "integer": int, "text": str, "choice": str, "flag": bool}
    wrong = [
        (key, field.key, value)
        for key, table in data.items()
        for field in TABLES[key].fields
        for value in table.get(field.key, [])
        if value is not None and type(value) is not kinds[field.kind]
    ]
    assert len(wrong) == 3, "only the mistakes made on purpose: an amount and two dates typed as text"
    assert {column for _, column, _ in wrong} == {"amount", "due_date", "document_date"}


def test_the_size_is_that_of_a_real_firm(data, ledger):
    assert len(data["customers"]["customer_id"]) == 300
    assert 5_500 < len(ledger) < 6_500
    assert {row["currency"] for row in ledger} == {"CNY", "USD", "EUR"}
    assert (min(row["document_date"] for row in ledger), max(row["document_date"] for row in ledger)) == (dt.date(2025, 1, 1), AS_OF)


def test_every_kind_of_document_occurs(ledger):
    kinds = Counter(row["document_type"] for row in ledger)
    assert set(kinds) == {"invoice", "credit note", "payment", "advance", "adjustment"}
    assert min(kinds.values()) >= 10
    assert any(row["instalment"] == 3 for row in ledger)
    free = Counter(row["document_type"] for row in ledger if row["document_type"] != "invoice" and not row["reference"])
    assert set(free) >= {"payment", "credit note", "advance"}
    assert sum(row["disputed_amount"] is not None for row in ledger) >= 15
    assert sum(row["promise_date"] is not None for row in ledger) >= 15


def test_amounts_are_to_the_cent(data):
    for key, table in data.items():
        for field in TABLES[key].fields:
            if field.kind == "amount":
                assert all(round(value, 2) == value for value in table.get(field.key, []) if isinstance(value, float)), (key, field.key)


def test_numbers_rise_with_their_dates(ledger):
    days = defaultdict(list)
    for row in ledger:
        days[row["document_no"].split("-")[0]].append((row["document_no"], row["document_date"]))
    for rows in days.values():
        assert [day for _, day in sorted(rows)] == sorted(day for _, day in rows)


def test_nothing_happens_after_the_as_of_date(ledger):
    assert all(row["document_date"] <= AS_OF for row in ledger)
    assert all(row["settled_date"] is None or row["settled_date"] <= AS_OF for row in ledger)


def test_days_sales_outstanding_and_the_overdue_share_are_plausible(ledger, open_amounts):
    sales = sum(
        row["amount"] * RATES[row["currency"]] for row in ledger if row["document_type"] == "invoice" and (AS_OF - row["document_date"]).days < 180
    )
    total = sum(amount for _, amount in open_amounts)
    assert 50 < total / sales * 180 < 72
    assert 0.20 < sum(amount for due, amount in open_amounts if due < AS_OF) / total < 0.32


def test_six_customers_pay_later_every_month(data, ledger):
    due = {(row["document_no"]): row for row in ledger if row["document_type"] == "invoice" and not row["instalment"]}
    late = defaultdict(list)
    for row in ledger:
        if row["document_type"] == "payment" and row["reference"] in due:
            invoice = due[row["reference"]]
            late[row["customer_id"]].append(((invoice["document_date"] - dt.date(2025, 1, 1)).days / 30.4, (row["document_date"] - invoice["due_date"]).days))
        elif row["settled_date"]:
            late[row["customer_id"]].append(((row["document_date"] - dt.date(2025, 1, 1)).days / 30.4, (row["settled_date"] - row["due_date"]).days))
    assert len(WORSENING) == 6
    for number in WORSENING:
        months, days = np.array(late[number]).T
        assert len(days) >= 6
        assert np.polyfit(months, days, 1)[0] > 2, number
        index = data["customers"]["customer_id"].index(number)
        assert data["customers"]["management_changes"][index] >= 2


def test_their_orders_swing(data):
    orders = defaultdict(list)
    for number, amount in zip(data["orders"]["customer_id"], data["orders"]["amount"], strict=True):
        orders[number].append(amount)
    for number, amounts in orders.items():
        swing = max(amounts[-6:]) / min(amounts[-6:])
        assert (swing > 5) == (number in WORSENING), number


def test_credit_codes_have_the_right_check_characters(data):
    """The example of GB 32100-2015 itself, then every Chinese customer: the check sum worked out here from the standard."""
    assert credit_code("350100", "M000100Y") == "91350100M000100Y43"
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    codes = [code for code, country in zip(data["customers"]["register_no"], data["customers"]["country"], strict=True) if country == "CN"]
    assert len(codes) == len(set(codes)) > 100
    divisions = {division for _, _, division in CITIES}
    for code in codes:
        assert len(code) == 18
        assert code[2:8] in divisions
        assert (sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17])) + letters.index(code[17])) % 31 == 0


def test_invented_rates_say_so(data):
    assert set(data["rates"]["source"]) == {"demo data, invented"}
    assert {"USD/CNY", "EUR/CNY", "LPR1Y"} <= set(data["rates"]["table"])


def test_the_blacklist_names_two_customers(data):
    assert set(data["blacklist"]["register_no"]) & set(data["customers"]["register_no"]) - {None}
    assert len(data["blacklist"]["name"]) == 15


def test_every_mistake_made_on_purpose_is_found_and_nothing_else(book):
    found = [(finding.row, finding.column) for finding in book.findings if finding.source == "Ledger"]
    assert len(found) == len(book.findings), "the other tables are clean"
    assert len({row for row, _ in found}) == len(MISTAKES)


def test_every_report_has_something_to_show_and_reconciles(book, tmp_path):
    book = replace(book, folder=tmp_path, name="Credit-demo.xlsm")
    store_history(book, MONTH_ENDS)
    book = replace(book, history=History(book.snapshots))
    for report in reports().values():
        sheet = report.make(book, book.settings, AS_OF)
        assert sheet.rows >= 5, report.key
        assert all(check.ok for check in sheet.invariants), report.key


def test_p15_no_addressee_of_the_demo_is_test_dirt(data):
    """A letter of the demo goes to a name that a firm could have."""
    for key in ("name", "name_zh", "register_no"):
        texts = [text for text in data["customers"][key] if text]
        assert not [text for text in texts if text[0] in "=+-@" or "HYPERLINK" in text or not text.isprintable()]
