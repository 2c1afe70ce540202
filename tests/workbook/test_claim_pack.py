"""The claim pack: principal to the cent of the ledger, interest to the day of acceptance, rights, evidence that is missing, dates."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from hypothesis import assume, given, settings
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
BUYER = [{"customer_id": "C1", "country": "CN"}]


def debt(ledger, given=None, *, stop_before=False, day=DAY, **tables):
    book = book_of(ledger, RULE | (given or {}), **({"customers": BUYER} | tables))
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


def ledger_of(rows):
    ledger = []
    for n, (kind, document, currency, units, day, part, settled) in enumerate(rows):
        made = D(2026, 1, 1) + dt.timedelta(day)
        amount, done = (value if value is None or currency == "JPY" else value / 100 for value in (units, settled))
        row = {"document_type": kind, "currency": currency, "amount": amount, "document_date": made, "due_date": made + dt.timedelta(20)}
        row |= {"document_no": document or f"X{n}", "instalment": part, "settled_amount": done} if kind == "invoice" else {"document_no": f"P{n}", "reference": document}
        ledger.append(row)
    return ledger


def owed(rows, given):
    book = book_of(ledger_of(rows), RULE | given)
    try:
        return debt_of(book, book.settings, "C1", DAY)
    except BadRequest:
        assume(False)  # nothing is owed
        raise


@settings(max_examples=100, deadline=None)
@given(st.lists(events, min_size=1, max_size=14))
def test_the_principal_claimed_is_the_ledger_s_to_the_cent_whatever_was_paid(rows):
    found = owed(rows, {})
    assert all(check.ok for check in found.invariants("")), found.sums()
    for one in found.items:
        assert round(one.claim.principal * 10_000) == one.open == one.principal
        assert one.set_against == 0
        assert one.interest >= 0


FIRST = {"allocation": "costs and interest first"}


@settings(max_examples=200, deadline=None)
@given(st.lists(events, min_size=1, max_size=14), st.booleans())
def test_the_bridge_from_the_ledger_to_the_principal_always_adds_up(rows, whole):
    """Whatever came in: nothing is claimed twice, nothing is lost, and both ways of setting payments claim the same debt but for interest."""
    given = FIRST | ({"interest_rule": "0.36"} if whole else {})
    found = owed(rows, given)
    booked = owed(rows, {key: value for key, value in given.items() if key != "allocation"})
    assert all(check.ok for check in found.invariants("")), found.bridge()
    for code, (opened, against, principal) in found.bridge().items():
        assert opened + against == principal
        assert opened == sum(one.open for one in found.items if one.currency == code)
        assert found.ledger[code] == opened + found.sums()[code][1]
    for one, other in zip(found.items, booked.items, strict=True):
        assert (one.open, one.document_no) == (other.open, other.document_no)
        assert one.open <= one.principal == one.open + one.set_against <= one.amount
        assert one.interest >= 0
        interest = sum(line.interest for line in one.claim.lines) * 10_000  # all that accrued: what is still owed and what was paid of it
        assert abs(interest - one.interest - one.set_against) <= 10_000 * (0.5 if one.currency == "JPY" else 0.005) + 1
        assert one.principal + one.interest >= other.principal + other.interest  # a higher principal bears more interest, never less


def test_payments_go_to_the_interest_of_their_day_first_when_the_setting_says_so():
    ledger = [invoice(amount=36_500.0, due=D(2026, 1, 1)), pay(10_000, D(2026, 1, 31))]
    made, _ = debt(ledger, FIRST | {"interest_rule": "0.1"})
    paid = made.items[0].claim.allocations[0]
    assert (paid.costs, paid.interest, paid.principal) == (0.0, 300.0, 9_700.0)  # 36,500 x 10 % / 365 x 30 days
    assert made.bridge() == {"CNY": (265_000_000, 3_000_000, 268_000_000)}
    assert made.sums()["CNY"] == (268_000_000, 0, round(26_800 * 0.1 / 365 * 135, 2) * 10_000)
    assert [check.right - check.left for check in made.invariants("")] == [0]


def test_a_credit_note_lowers_the_principal_in_either_order():
    ledger = [invoice(due=D(2026, 1, 1)), pay(400, D(2026, 4, 1), kind="credit note")]
    made, _ = debt(ledger, FIRST)
    assert made.bridge() == {"CNY": (6_000_000, 0, 6_000_000)}


def test_an_amount_settled_in_its_row_is_a_payment_of_its_day():
    made, _ = debt([invoice(due=D(2026, 1, 1), settled_amount=400, settled_date=D(2026, 1, 11))], FIRST)
    assert made.items[0].set_against == 50_000  # 1,000 x 0.05 % x 10 days
    assert made.bridge() == {"CNY": (6_000_000, 50_000, 6_050_000)}


def test_where_the_interest_is_not_known_payments_stay_as_booked():
    rows = [invoice(due=D(2035, 1, 1), document_date=D(2034, 1, 1)), pay(400, D(2035, 2, 1))]
    made, _ = debt(rows, FIRST | {"interest_rule": "CN-SALE"}, day=D(2035, 6, 1))
    assert made.bridge() == {"CNY": (6_000_000, 0, 6_000_000)}
    assert all(check.ok for check in made.invariants(""))


POLICY = {"policy_no": "W", "insurer": "Insurer A", "notice_days": 60, "counted_from": "due date"}


def pack(ledger, given=None, language="en", folder=None, **tables):
    made, book = debt(ledger, given, **tables)
    return Pack(
        made, rights_of(book, made, book.settings, language), evidence_of(book, made, folder, language),
        deadlines_of(book, made, book.settings, language), book.settings, language,
    )  # fmt: skip


def test_p13_the_insurer_s_service_level_is_no_deadline_of_ours():
    made = pack([invoice(policy_no="W")], policies=[POLICY])
    days = {one.name: one.day for one in made.deadlines}
    service = next(one for one in made.deadlines if one.name.startswith("Insurer's answer"))
    assert service.day is None
    assert service.counting == "14 working days from the day it has all papers; it asks for those that lack within 7 days (Settings; see the policy)"
    assert days["W: overdue notice to insurer, document I"] == D(2026, 4, 30)
    assert days["File the claim with the administrator"] == D(2026, 7, 15)
    assert sorted(day for day in days.values() if day) == [D(2026, 4, 30), D(2026, 7, 15), D(2026, 9, 15)]


def test_a_policy_without_clocks_is_a_clear_line():
    found = [one for one in pack([invoice(policy_no="W")], policies=[POLICY]).deadlines if one.day is None]
    assert any("the policy has no collections_days; fill it in on the sheet Policies" in one.counting for one in found)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("country", ["CN", "DE"])
def test_p23_a_claim_shows_no_due_date_where_the_terms_tell_none(country, language):
    ledger = [invoice(), {"document_no": "W", "amount": 50.0, "terms": "D/A 90", "policy_no": "P1"}]
    policies = [{"policy_no": "P1", "insurer": "I", "overdue_notice_days": 30}]
    made = pack(ledger, {"language": language}, language, customers=[{"customer_id": "C1", "country": country}], policies=policies)
    item = next(one for one in made.debt.items if one.document_no == "W")
    assert (item.due_shown, item.interest) == (None, 0)
    assert ("without due date" if language == "en" else "无到期日") in made.remark(item)
    paper = Document(io.BytesIO(paper_of(made)))
    words = [cell.text for table in paper.tables for row in table.rows for cell in row.cells] + [one.text for one in paper.paragraphs]
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(made)))
    words += [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    assert "W" in words
    assert not [text for text in words if "2999" in text or "3000" in text]


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


BRIDGED = [
    invoice("A", 36_500.0, due=D(2026, 1, 1)), pay(10_000, D(2026, 1, 31), "A"), pay(500, D(2026, 3, 1), "A", kind="credit note", number="N"),
    invoice("B", 70_000, currency="JPY", due=D(2026, 2, 1)), pay(30_000, D(2026, 5, 1), "B", number="Y") | {"currency": "JPY"},
    {"document_no": "U", "document_type": "payment", "amount": 20},
]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "title", "why"),
    [("en", "From the ledger to the principal claimed", "Civil Code, article 561"), ("zh", "从明细账到申报本金", "《民法典》第五百六十一条")],
)
def test_both_files_show_the_bridge_from_the_ledger_to_the_cent(language, title, why, tmp_path):
    from openxml_audit import OpenXmlValidator

    made = pack(BRIDGED, FIRST | {"interest_rule": "0.1"}, language=language, rates=[{"table": "JPY/CNY", "date": D(2026, 1, 1), "rate": 0.05}])
    bridge = {code: [units / 10_000 for units in parts] for code, parts in made.debt.bridge().items()}
    assert bridge["CNY"] == [26_000.0, 300.0, 26_300.0]
    (tmp_path / "a.xlsx").write_bytes(workbook_of(made))
    (tmp_path / "a.docx").write_bytes(paper_of(made))
    for name in ("a.xlsx", "a.docx"):
        assert [str(error) for error in OpenXmlValidator().validate(str(tmp_path / name)).errors] == []
    book = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)
    summary = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    at = [row[0] for row in summary].index(title)
    assert {row[0]: row[1:5] for row in summary[at + 3 : at + 5]} == {code: [*parts, "✓"] for code, parts in bridge.items()}
    assert not [cell for row in summary for cell in row if cell == "✗"]
    sums = {row[0]: row[5] for row in summary[:at] if row[0] in bridge}
    assert sums == {code: made.debt.ledger[code] / 10_000 for code in bridge} == {"CNY": 25_980.0, "JPY": 40_000.0}
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0].cell(at + 4, 4).value == f"=B{at + 4}+C{at + 4}"
    rows = [list(row) for row in book.worksheets[1].iter_rows(min_row=5, values_only=True)]
    for code, (opened, against, principal) in bridge.items():
        mine, total = [row for row in rows if row[4] == code], next(row for row in rows if row[0] == code)
        unapplied = made.debt.sums()[code][1] / 10_000
        assert [round(sum(row[at] or 0 for row in mine), 2) for at in (7, 8, 9)] == [opened + unapplied, against, principal + unapplied]
        assert total[7:10] == [opened + unapplied, against, principal + unapplied]
        assert total[11] == made.claimed[code] / 10_000
    interest = [row for row in book.worksheets[2].iter_rows(min_row=5, values_only=True) if row[0] == "A"]
    assert round(sum(row[9] or 0 for row in interest), 2) == made.debt.items[0].interest / 10_000
    document = Document(tmp_path / "a.docx")
    assert why in "\n".join(one.text for one in document.paragraphs)
    table = [[cell.text for cell in row.cells] for row in document.tables[1].rows]
    assert table[1:] == [["CNY", "26,000.00", "300.00", "26,300.00"], ["JPY", "40,000", f"{bridge['JPY'][1]:,.0f}", f"{bridge['JPY'][2]:,.0f}"]]
    assert "300.00" in document.tables[-1].rows[1].cells[-1].text


def test_as_booked_there_is_no_bridge_and_abroad_no_article_is_named():
    text = "\n".join(one.text for one in Document(io.BytesIO(paper_of(pack(BRIDGED)))).paragraphs)
    assert "561" not in text
    away = pack(BRIDGED, FIRST, customers=[{"customer_id": "C1", "name": "Buyer Inc.", "country": "US"}])
    text = "\n".join(one.text for one in Document(io.BytesIO(paper_of(away))).paragraphs)
    assert "561" not in text
    assert "costs and the interest owed at the time first" in text


def test_every_text_is_there_in_both_languages_with_the_same_places():
    import re

    for key, (english, chinese) in {**WORDS, **{f"{key} abroad": one for key, one in ABROAD.items()}}.items():
        assert english, key
        assert set(re.findall(r"{(\w+)", english)) == set(re.findall(r"{(\w+)", chinese)), key
    for key, one in ABROAD.items():
        assert set(re.findall(r"{(\w+)", one[0])) <= set(re.findall(r"{(\w+)", WORDS[key][0])), key


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01", "1949-12-31", "1900-01-01"])
def test_a_day_that_no_report_can_look_around_is_refused_in_a_line(day, small):
    """The last date of a cell has no deadline after it, the first no year before it."""
    from xladdin.jobs.papers import claim_pack_file
    from xladdin.jobs.workbooks import refresh_file

    before = small.read_bytes()
    for job, word in ((lambda: refresh_file(small, None, day, {}), "as-of date"), (lambda: claim_pack_file(small, "C1", small.parent / "out", day), "day of acceptance")):
        with pytest.raises(BadRequest) as refused:
            job()
        assert str(refused.value) == f"the {word} must lie between 1950-01-01 and 2199-12-31; got {day}"
    with pytest.raises(BadRequest, match=r"setting as_of \(As-of date\): must lie between 1950-01-01 and 2199-12-31"):
        refresh_file(small, None, None, {"as_of": day})
    assert small.read_bytes() == before


@pytest.mark.parametrize("day", ["1950-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_of_reports_are_reported(day, small):
    from xladdin.jobs.workbooks import refresh_file

    assert "0 unreconciled" in refresh_file(small, None, day, {}).lines[0]


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


def outward(made):
    document = Document(io.BytesIO(paper_of(made)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in document.paragraphs), *cells])


def test_p14_the_paper_counts_no_debts_that_are_not_there():
    late = {"contract_no": "K", "due": D(2026, 1, 1)}
    contracts = [{"contract_no": "K", "customer_id": "C1", "penalty_daily": 0.0003}, {"contract_no": "K2", "customer_id": "C1"}]
    text = outward(pack([invoice(**late)], contracts=contracts))
    assert "under contract K." in text
    assert "not yet due" not in text
    two = outward(pack([invoice(**late), invoice("LATER", due=D(2027, 1, 1), contract_no="K2")], contracts=contracts))
    assert "under contracts K, K2." in two
    assert "with the acceptance, and 1 debt not yet due is due by it." in two


INWARD = ("missing", "none recorded", "fill", "Settings", "sheet", "must be shown", "tell the administrator", "add ", "elect", "缺失", "设置", "请", "须", "补充")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("country", ["CN", "US", None])
def test_p14_the_proof_of_debt_holds_nothing_of_our_own_gaps_or_instructions(language, country, tmp_path):
    """L18: what is missing, unknown or to be done stands on the sheet Internal."""
    (tmp_path / "invoice A.pdf").write_text("x")
    ledger = [
        invoice("A", retention_of_title="yes", policy_no="W"), invoice("B", contract_no="K"), invoice("U", currency="EUR", due=D(2026, 1, 5)),
        {"document_no": "P", "document_type": "payment", "amount": 10},
    ]  # fmt: skip
    tables = {"customers": [{"customer_id": "C1", "country": country}], "policies": [POLICY], "contracts": [{"contract_no": "K", "customer_id": "C1"}]}
    made = pack(ledger, {"interest_rule": "EU"}, language, tmp_path, **tables)
    text = outward(made)
    assert not [words for words in INWARD if words in text]
    assert "invoice A.pdf" in text
    assert {"en": "not yet quantified", "zh": "尚待计算"}[language] in text
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(made)))
    inward = "\n".join(str(cell) for row in book.worksheets[-1].iter_rows(values_only=True) for cell in row if cell)
    for words in {"en": ("Our name", "missing", "none recorded", "ECB: no rate"), "zh": ("我方名称", "缺失", "无记录", "ECB: no rate")}[language]:
        assert words in inward
    assert "missing" not in "\n".join(str(cell) for row in book.worksheets[4].iter_rows(values_only=True) for cell in row if cell)


def test_p14_price_or_goods_never_both():
    """L19: of goods whose title is retained the price is claimed, or the goods."""
    ledger = [invoice("A", 1000, retention_of_title="yes"), invoice("B", 50, contract_no="K"), invoice("C", 7)]
    contracts = [{"contract_no": "K", "customer_id": "C1", "retention_of_title": "yes"}]
    price = pack(ledger, contracts=contracts)
    assert price.debt.sums()["CNY"][0] == 10_570_000
    assert "title" not in outward(price).casefold()
    goods = pack(ledger, {"retained_goods": "goods"}, contracts=contracts)
    assert goods.debt.sums()["CNY"][0] == 70_000
    assert all(check.ok for check in goods.debt.invariants(""))
    text = outward(goods)
    assert "We ask for their return, and do not claim their price" in text
    assert "1,000.00" not in text
    assert "1,000.00" in "".join(str(cell) for row in openpyxl.load_workbook(io.BytesIO(workbook_of(goods))).worksheets[1].iter_rows(values_only=True) for cell in row)


def test_p13_interest_that_is_not_known_is_never_zero():
    made = pack([invoice(due=D(2026, 1, 5)), invoice("J", 5, currency="JPY", due=D(2026, 8, 1))], {"interest_rule": "EU"})
    assert made.totals == "CNY 1,000.00 and interest not yet quantified and JPY 5"
    text = outward(made)
    assert "0.00" not in text.replace("1,000.00", "").replace("\n0.00\n", "")  # the set-off of nothing is 0.00
    assert "The interest of 1 item is claimed and will be quantified." in text
    summary = openpyxl.load_workbook(io.BytesIO(workbook_of(made)), data_only=True).worksheets[0]
    rows = {row[0]: row for row in summary.iter_rows(values_only=True)}
    assert rows["CNY"][3] == "not yet quantified"
    assert rows["JPY"][3] == 0


def test_p13_without_the_debtor_s_country_no_law_of_its_bankruptcy_is_named():
    made = pack([invoice(retention_of_title="yes")], customers=[{"customer_id": "C1"}])
    assert "art." not in outward(made)
    assert next(one for one in made.deadlines if one.name.startswith("File the claim")).day is None


def test_p04_an_agreed_rate_is_claimed_up_to_its_cap():
    """L3."""
    late = {"amount": 77_919.09, "due": DAY - dt.timedelta(83), "contract_no": "K"}
    for law, interest in (("CN", "3233.64"), ("UK", "6467.28")):
        contracts = [{"contract_no": "K", "customer_id": "C1", "penalty_daily": 0.001, "governing_law": law}]
        made = pack([invoice(**late)], {"interest_rule": "CN-SALE"}, contracts=contracts)
        assert made.debt.sums()["CNY"][2] == round(float(interest) * 10_000)
    assert "0.10 % a day as agreed in contract K" in outward(made)
    capped = pack([invoice(**late)], contracts=[{"contract_no": "K", "customer_id": "C1", "penalty_daily": 0.001, "governing_law": "CN"}])
    assert "0.05 % a day (contract K agrees 0.10 % a day; claimed up to 0.05 %)" in outward(capped)


NASTY = "Bad\x0bLine\x00 \uffff Ltd"


def test_p27_a_character_that_no_file_can_hold_stops_no_claim_pack(tmp_path):
    from openxml_audit import OpenXmlValidator

    made = pack([invoice(NASTY, contract_no=NASTY)], {"creditor": NASTY + "\ud800"}, customers=[{"customer_id": "C1", "name": NASTY, "country": "CN", "register_no": NASTY}])
    for name, content in (("a.docx", paper_of(made)), ("a.xlsx", workbook_of(made))):
        (tmp_path / name).write_bytes(content)
        assert [str(error) for error in OpenXmlValidator().validate(str(tmp_path / name)).errors] == []
    assert "Bad Line" in outward(made)
