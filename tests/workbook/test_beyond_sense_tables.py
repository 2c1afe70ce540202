"""Rates in tables and settings that nobody can mean have a finding and count as blank; a setting is refused."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.ledgers import book_of, report_of, rows_of
from workbook.settings import read_settings
from xladdin.errors import BadRequest

D = dt.date
DAY = D(2026, 6, 30)
LEDGER = [{"document_no": "I1", "amount": 1000, "document_date": D(2025, 1, 1), "due_date": D(2025, 2, 1), "policy_no": "P1", "contract_no": "K1"}]
CONTRACT = {"contract_no": "K1", "customer_id": "C1", "signed": D(2024, 1, 1), "governing_law": "CN"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    ("table", "column", "row", "good", "bad"),
    [
        ("policies", "premium_rate", {"policy_no": "P1"}, (0, 0.003, 0.2), (0.5, 50, -0.003)),
        ("policies", "cover", {"policy_no": "P1"}, (0, 0.9, 1), (90, 1.01, -0.9)),
        ("contracts", "penalty_daily", CONTRACT, (0, 0.0005, 0.01), (0.05, 5, -0.0005)),
        ("grades", "default_probability", {"grade": "A", "from_score": 50}, (0, 0.02, 1), (2, 1.5, -0.02)),
        ("rates", "rate", {"table": "LPR1Y", "date": D(2025, 6, 20)}, (0.0345, -0.005, 0.49), (3.45, 0.5, -0.2)),
        ("rates", "rate", {"table": "一年期LPR", "date": D(2025, 6, 20)}, (0.03,), (3,)),
        ("rates", "rate", {"table": "ecb", "date": D(2026, 1, 1)}, (0.0215,), (2.15,)),
        ("rates", "rate", {"table": "USD/CNY", "date": D(2025, 6, 20)}, (7.1, 0.0001, 16_000), (0, -7)),
    ],
)  # fmt: skip
def test_p12_a_rate_beyond_all_sense_in_a_table_is_a_finding_and_counts_as_blank(table, column, row, good, bad, language):
    def found(value):
        book = book_of(LEDGER, {"language": language}, **{table: [row | {column: value}]})
        told = [one for one in book.findings if one.column == column and one.severity == "error"]
        return book.tables[table][column][0].as_py(), told

    for value in good:
        assert found(value) == (value, [])
    for value in bad:
        left, (one,) = found(value)
        assert left is None
        assert (one.row, one.value) == (2, f"{value:g}")
        assert ("counts as blank" if language == "en" else "按空白处理") in one.message


def test_p12_one_senseless_rate_does_not_take_the_other_rates_of_its_table_along():
    rates = [{"table": "LPR1Y", "date": D(2026, 5, 20), "rate": 3.45}, {"table": "USD/CNY", "date": D(2026, 1, 1), "rate": 7}]
    ledger = [LEDGER[0] | {"document_date": D(2025, 3, 1), "due_date": D(2025, 5, 1), "currency": "USD", "contract_no": None}]
    book = book_of(ledger, {"interest_rule": "LPRx1.5", "report_currency": "CNY"}, rates=rates)
    row = rows_of(report_of("escalation", book, D(2025, 6, 10)))[0]
    assert float(row["interest"]) > 0
    assert dict(report_of("aging", book, DAY).facts)["Outstanding"] == "CNY 7,000.00"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("loss_given_default", 45), ("loss_given_default", -0.1), ("default_share", 1.5), ("provision_large", 10), ("prepay_floor", 30), ("dd_share", 20),
        ("dd_report_saving", 40), ("rate_whole", 0.3), ("rate_named", 1.2), ("provision_forward", 10), ("hold_overdue_share", 50), ("name_cutoff", 0.85),
        ("interest_rule", "8"), ("interest_rule", 3.65), ("interest_rule", "LPRx15"), ("interest_rule", -0.1),
    ],
)  # fmt: skip
def test_p12_a_setting_beyond_all_sense_is_refused(key, value):
    with pytest.raises(BadRequest, match="setting"):
        read_settings({key: value})
