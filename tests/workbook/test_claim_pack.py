"""The claim pack: principal to the cent of the ledger, interest to the day of acceptance, rights, evidence that is missing, dates."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledgers import book_of
from workbook.claim.debt import debt_of
from workbook.claim.evidence import evidence_of
from workbook.claim.job import write_claim_pack
from workbook.claim.pack import Pack
from workbook.claim.paper import paper_of
from workbook.claim.rights import deadlines_of, rights_of
from workbook.claim.sheets import workbook_of
from workbook.claim.words import ABROAD, WORDS
from xladdin.call import call
from xladdin.errors import BadRequest

D = dt.date
DAY = D(2026, 6, 15)
RULE = {"interest_rule": "CN-SME"}


def debt(ledger, given=None, *, stop_before=False, day=DAY, **tables):
    book = book_of(ledger, RULE | (given or {}), **tables)
    return debt_of(book, book.settings, "C1", day, stop_before=stop_before), book


def invoice(number="I", amount=1000.0, due=D(2026, 3, 1), **more):
    return {"document_no": number, "amount": amount, "due_date": due} | more


def pay(amount, day, reference="I", kind="payment", number="P"):
    return {"document_no": f"{number}{day:%m%d}", "document_type": kind, "amount": amount, "document_date": day, "reference": reference}


def test_interest_runs_to_the_day_of_acceptance_as_lateinterest_says():
    made, _ = debt([invoice()])
    expected = call("LATEINTEREST", 1000, "2026-03-01", "2026-06-15", "CN-SME").value
    assert made.sums() == {"CNY": (10_000_000, 0, round(expected * 10_000))}


def test_the_day_of_acceptance_bears_none_when_asked():
    made, _ = debt([invoice()], stop_before=True)
    assert made.sums()["CNY"][2] == round(call("LATEINTEREST", 1000, "2026-03-01", "2026-06-14", "CN-SME").value * 10_000)


def test_a_part_payment_ends_the_interest_on_its_part():
    made, _ = debt([invoice(), pay(400, D(2026, 4, 1))])
    item = made.items[0]
    assert item.open == 6_000_000
    assert item.interest == round((1000 * 31 + 600 * 75) * 0.0005 * 10_000)
    assert [(line.principal, line.days) for line in item.claim.lines] == [(1000.0, 31), (600.0, 75)]


def test_what_comes_after_the_acceptance_has_not_happened():
    made, _ = debt([invoice(), pay(400, D(2026, 6, 16)), invoice("later", 5, document_date=D(2026, 6, 16))])
    assert made.sums()["CNY"][0] == 10_000_000


def test_a_payment_on_the_day_itself_counts():
    made, _ = debt([invoice(), pay(400, DAY)], stop_before=True)
    assert round(made.items[0].claim.principal * 10_000) == made.items[0].open == 6_000_000


def test_what_is_not_due_is_claimed_without_interest():
    made, _ = debt([invoice(due=D(2026, 8, 1))])
    assert made.sums() == {"CNY": (10_000_000, 0, 0)}


def test_unapplied_money_is_set_off_and_the_sum_is_the_ledger_s():
    made, _ = debt([invoice(), {"document_no": "P", "document_type": "payment", "amount": 250}])
    assert made.sums()["CNY"][:2] == (10_000_000, -2_500_000)
    assert made.ledger == {"CNY": 7_500_000}


def test_instalments_take_their_payments_in_order_with_their_days():
    rows = [invoice(due=D(2026, 2, 1), instalment=1), invoice(due=D(2026, 3, 1), instalment=2), pay(1300, D(2026, 4, 1)), pay(200, D(2026, 5, 1))]
    made, _ = debt(rows)
    item = made.items[0]
    assert (item.instalment, item.open) == (2, 5_000_000)
    assert [(one.date, one.principal) for one in item.claim.allocations] == [(D(2026, 4, 1), 300.0), (D(2026, 5, 1), 200.0)]


def test_a_payment_that_was_reversed_is_taken_back_from_the_latest_before_it():
    made, _ = debt([invoice(), pay(400, D(2026, 4, 1)), pay(300, D(2026, 5, 1)), pay(-300, D(2026, 5, 20))])
    assert [(one.date, one.principal) for one in made.items[0].claim.allocations] == [(D(2026, 4, 1), 400.0)]
    assert made.items[0].open == 6_000_000


def test_a_rate_that_is_not_known_leaves_the_interest_open_and_says_which_table():
    made, _ = debt([invoice(due=D(2035, 1, 1), document_date=D(2034, 1, 1))], {"interest_rule": "CN-SALE"}, day=D(2035, 6, 1))
    assert made.items[0].interest is None
    assert "LPR" in made.items[0].problem


@pytest.mark.parametrize(
    ("ledger", "customer", "message"),
    [
        ([invoice()], "C9", "there is no customer C9 on the sheets Customers and Ledger"),
        ([invoice(), pay(1000, D(2026, 4, 1))], "C1", "customer C1 owes nothing on 2026-06-15, so there is nothing to claim"),
    ],
)
def test_without_a_debt_there_is_no_claim(ledger, customer, message):
    book = book_of(ledger, RULE)
    with pytest.raises(BadRequest) as refused:
        debt_of(book, book.settings, customer, DAY)
    assert str(refused.value) == message


events = st.tuples(
    st.sampled_from(["invoice", "invoice", "payment", "credit note", "advance", "adjustment"]), st.sampled_from(["A", "B", None]),
    st.sampled_from(["CNY", "JPY"]), st.integers(-300, 90_000), st.integers(0, 150), st.one_of(st.none(), st.integers(1, 3)),
    st.one_of(st.none(), st.integers(1, 50_000)),
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(events, min_size=1, max_size=14))
def test_the_principal_claimed_is_the_ledger_s_to_the_cent_whatever_was_paid(rows):
    ledger = []
    for n, (kind, document, currency, units, day, part, settled) in enumerate(rows):
        made = D(2026, 1, 1) + dt.timedelta(day)
        amount, done = (value if value is None or currency == "JPY" else value / 100 for value in (units, settled))
        row = {"document_type": kind, "currency": currency, "amount": amount, "document_date": made, "due_date": made + dt.timedelta(20)}
        row |= {"document_no": document or f"X{n}", "instalment": part, "settled_amount": done} if kind == "invoice" else {"document_no": f"P{n}", "reference": document}
        ledger.append(row)
    book = book_of(ledger, RULE)
    try:
        found = debt_of(book, book.settings, "C1", DAY)
    except BadRequest:
        return
    assert all(check.ok for check in found.invariants("")), found.sums()
    for one in found.items:
        assert round(one.claim.principal * 10_000) == one.open
        assert one.interest >= 0


POLICY = {"policy_no": "W", "insurer": "Insurer A", "notice_days": 60, "counted_from": "due date"}


def pack(ledger, given=None, language="en", folder=None, **tables):
    made, book = debt(ledger, given, **tables)
    return Pack(
        made, rights_of(book, made, book.settings, language), evidence_of(book, made, folder, language),
        deadlines_of(book, made, book.settings, language), book.settings, language,
    )  # fmt: skip


def test_the_insurer_s_form_is_due_after_working_days_and_its_questions_after_days():
    days = {one.name: one.day for one in pack([invoice(policy_no="W")], policies=[POLICY]).deadlines}
    assert days["Claim form to the insurer"] == call("ADDWORKDAYS", "2026-06-15", 14).value
    assert days["Claim form to the insurer"] == D(2026, 7, 6)  # the Dragon Boat day off, 19 June, is no working day
    assert days["Papers the insurer asks for"] == D(2026, 7, 13)
    assert days["W: overdue notice to insurer, document I"] == D(2026, 4, 30)
    assert days["File the claim with the administrator"] == D(2026, 7, 15)


def test_a_year_without_a_calendar_is_said_and_not_guessed():
    made, book = debt([invoice(policy_no="W")], day=D(2026, 12, 28), policies=[POLICY])
    form = next(one for one in deadlines_of(book, made, book.settings, "en") if one.name.startswith("Claim form"))
    assert form.day is None
    assert "calendar unknown" in form.counting


def test_a_policy_without_clocks_is_a_clear_line():
    found = [one for one in pack([invoice(policy_no="W")], policies=[POLICY]).deadlines if one.day is None]
    assert any("the policy has no collections_days; fill it in on the sheet Policies" in one.counting for one in found)


def test_abroad_no_article_of_chinese_law_is_named():
    customers = [{"customer_id": "C1", "name": "Buyer Inc.", "country": "US"}]
    made = pack([invoice(retention_of_title="yes"), {"document_no": "P", "document_type": "payment", "amount": 1}], customers=customers)
    document = Document(io.BytesIO(paper_of(made)))
    text = "\n".join([*(one.text for one in document.paragraphs), *(cell.text for table in document.tables for row in table.rows for cell in row.cells)])
    assert "art." not in text
    assert "Enterprise Bankruptcy Law" not in text
    assert next(one for one in made.deadlines if one.name.startswith("File the claim")).day is None


def test_rights_are_those_of_ledger_and_contract_and_the_rest_is_asked_for():
    ledger = [invoice("A", retention_of_title="yes"), invoice("B", contract_no="K"), {"document_no": "P", "document_type": "payment", "amount": 10}]
    contracts = [{"contract_no": "K", "customer_id": "C1", "retention_of_title": "yes"}]
    found = [(one.name, one.on_what) for one in pack(ledger, contracts=contracts).rights]
    assert found == [("Goods whose title is retained", "goods of A, B"), ("Set-off of unapplied money", "CNY 10.00"), ("Other security", "none recorded")]


def test_evidence_is_found_by_name_and_what_is_missing_comes_first(tmp_path):
    folder = tmp_path / "evidence"
    (folder / "deep").mkdir(parents=True)
    for name in ("invoice INV-1.pdf", "deep/INV-1 bill of lading.pdf", "INV-12 delivery note.pdf", "court ruling.pdf"):
        (folder / name).write_text("x")
    made = {one.what: (one.state, one.where) for one in pack([invoice("INV-1"), invoice("INV-2")], folder=folder).evidence}
    assert made["Invoice INV-1"] == ("found", "invoice INV-1.pdf")
    assert made["Proof of delivery for INV-1"] == ("found", "INV-1 bill of lading.pdf")
    assert made["Invoice INV-2"] == ("missing", "")
    assert made["Ruling or notice of the court on the bankruptcy"][0] == "found"
    assert next(iter(made.values()))[0] == "missing"


def test_a_contract_on_the_sheet_is_recorded_but_its_paper_is_asked_for():
    made = {one.what: one.state for one in pack([invoice(contract_no="K")], contracts=[{"contract_no": "K", "customer_id": "C1"}]).evidence}
    assert made["Contract K, signed"] == "recorded"


def test_both_files_are_valid(tmp_path):
    from openxml_audit import OpenXmlValidator

    made = pack([invoice("A", contract_no="K"), invoice("B", 70, currency="JPY", due=D(2026, 9, 1)), pay(3, D(2026, 4, 1), "A")])
    for name, content in (("a.docx", paper_of(made)), ("a.xlsx", workbook_of(made))):
        (tmp_path / name).write_bytes(content)
        assert [str(error) for error in OpenXmlValidator().validate(str(tmp_path / name)).errors] == []


def test_both_files_are_fit_to_be_read_on_paper():
    made = pack([invoice("A", contract_no="K"), pay(3, D(2026, 4, 1), "A")])
    for table in Document(io.BytesIO(paper_of(made))).tables:
        assert [len(row.trPr.xpath("w:tblHeader")) for row in table._tbl.tr_lst] == [1, *[0] * (len(table.rows) - 1)]
        assert all(row.trPr.xpath("w:cantSplit") for row in table._tbl.tr_lst)
    for sheet in openpyxl.load_workbook(io.BytesIO(workbook_of(made))).worksheets[1:]:
        texts = [cell for row in sheet.iter_rows(min_row=4) for cell in row if isinstance(cell.value, str) and not cell.value.startswith("=")]
        # a text stands in from the number before it, a label from that of its own
        assert {(cell.alignment.horizontal, cell.alignment.indent) for cell in texts} <= {("left", 1), ("right", 0), ("center", 0)}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_workbook_adds_up_and_agrees_with_the_ledger(language):
    ledger = [invoice("A", 1234.56), invoice("B", 70, currency="JPY"), pay(34.56, D(2026, 4, 1), "A"), {"document_no": "P", "document_type": "payment", "amount": 20}]
    made = pack(ledger, {"creditor": "=1+1"}, language=language, rates=[{"table": "JPY/CNY", "date": D(2026, 1, 1), "rate": 0.05}])
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(made)), data_only=True)
    debt_page = book.worksheets[1]
    rows = [[cell.value for cell in row] for row in debt_page.iter_rows(min_row=5)]
    items = [row for row in rows if row[4]]
    totals = {row[0]: row for row in rows if row[0] in ("CNY", "JPY")}
    for code, (principal, credit, interest) in made.debt.sums().items():
        assert round(sum(row[7] for row in items if row[4] == code), 2) == totals[code][7] == (principal + credit) / 10_000
        assert totals[code][8] == interest / 10_000
        assert totals[code][9] == made.claimed[code] / 10_000
    summary = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert [row[6] for row in summary if row[0] in ("CNY", "JPY")] == ["✓", "✓"]
    assert summary[3][1] == "=1+1"
    assert openpyxl.load_workbook(io.BytesIO(workbook_of(made))).worksheets[0]["B4"].data_type == "s"


def test_the_interest_lines_add_up_to_the_item(tmp_path):
    made = pack([invoice("A", 1000), pay(300, D(2026, 4, 1), "A"), pay(100, D(2026, 5, 1), "A")])
    page = openpyxl.load_workbook(io.BytesIO(workbook_of(made))).worksheets[2]
    lines = [row for row in page.iter_rows(min_row=5, values_only=True) if row[0] == "A"]
    assert [row[2] for row in lines] == ["interest", "payment or credit set against the principal"] * 2 + ["interest"]
    assert round(sum(row[9] or 0 for row in lines), 2) == made.debt.items[0].interest / 10_000


def test_every_text_is_there_in_both_languages_with_the_same_places():
    import re

    for key, (english, chinese) in {**WORDS, **{f"{key} abroad": one for key, one in ABROAD.items()}}.items():
        assert english, key
        assert set(re.findall(r"{(\w+)", english)) == set(re.findall(r"{(\w+)", chinese)), key
    for key, one in ABROAD.items():
        assert set(re.findall(r"{(\w+)", one[0])) <= set(re.findall(r"{(\w+)", WORDS[key][0])), key


def test_the_two_files_are_written_and_not_replaced_unasked(small: Path, tmp_path):
    from xladdin.hosts.file import open_book

    book = open_book(small)
    out = tmp_path / "pack"
    lines, data = write_claim_pack(book, "C1", out, DAY, accepted=D(2026, 6, 10))
    assert sorted(path.name for path in out.iterdir()) == sorted(data["files"]) == ["C1 claim 2026-06-10 en.docx", "C1 claim 2026-06-10 en.xlsx"]
    assert data["reconciled"]
    assert "the ledger's to the cent" in lines[-1]
    with pytest.raises(BadRequest, match="nothing was written"):
        write_claim_pack(book, "C1", out, DAY, accepted=D(2026, 6, 10))
    with pytest.raises(BadRequest, match="the language of the claim pack is en or zh"):
        write_claim_pack(book, "C1", out, DAY, language="fr")
    with pytest.raises(BadRequest, match="there is no folder"):
        write_claim_pack(book, "C1", out, DAY, evidence=tmp_path / "none")
    book.close()
