"""Point 9: a ledger outside the workbook follows the rule of signs of an import: what lowers the debt lowers it, or it is asked for."""

from __future__ import annotations

import datetime as dt

import pytest

from workbook.large.ledger import open_ledger
from workbook.open_items import SCALE, open_items
from xladdin.errors import BadRequest

HEAD = "Invoice no,Customer id,Invoice date,Due date,Currency,Amount,Type,Reference"
OURS = ("invoice", "credit note", "payment")
WORDS = [OURS, ("Invoice", "Credit Memo", "Payment"), ("RV", "DG", "DZ"), ("销售发票", "红字发票", "收款单")]


def open_total(folder, lines, columns=""):
    path = folder / "items.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n", "utf-8")
    ledger = open_ledger(str(path), columns, folder)
    rows = ledger.engine.query(open_items(ledger.table, dt.date(2026, 6, 30))).to_pylist()
    ledger.engine.close()
    return sum((-1 if row["document_type"] != "invoice" else 1) * abs(row["open"]) for row in rows) / SCALE


def lines(words, credit, payment):
    return [
        f"I1,C1,2026-01-10,2026-02-10,EUR,1000,{words[0]},", f"C1,C1,2026-01-10,,EUR,{credit}150,{words[1]},I1",
        f"P1,C1,2026-01-20,,EUR,{payment}600,{words[2]},I1",
    ]  # fmt: skip


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("sign", ["", "-"])
def test_p09_credits_and_payments_lower_the_debt_whatever_their_sign(tmp_path, words, sign):
    assert open_total(tmp_path, lines(words, sign, sign)) == 250


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize(("credit", "payment"), [("-", ""), ("", "-")])
def test_p09_signs_that_differ_are_asked_for(tmp_path, words, credit, payment):
    with pytest.raises(BadRequest, match="signs==debt"):
        open_total(tmp_path, lines(words, credit, payment))


def test_p09_what_is_said_of_the_signs_counts(tmp_path):
    assert open_total(tmp_path, lines(OURS, "-", "-"), "signs==debt") == 250
    assert open_total(tmp_path, lines(OURS, "", ""), "signs==type") == 250
    with pytest.raises(BadRequest, match="signs are debt or type; got x"):
        open_total(tmp_path, lines(OURS, "", ""), "signs==x")
