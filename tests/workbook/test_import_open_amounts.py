"""Point 9: whatever layout a file has, the total that an import leaves open is the file's own, or the file is refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook.book import RawTable, read_book
from workbook.importing.money_names import meaning_of
from workbook.importing.options import ImportOptions
from workbook.importing.plan import make_plan
from workbook.importing.type_words import meanings
from workbook.open_items import SCALE, read_open_items
from xladdin.errors import BadRequest

EXPORTS = Path(os.environ.get("XLADDIN_DATA", Path(__file__).parents[3] / "shared" / "data")) / "exports"
TODAY = dt.date(2026, 6, 30)
HEAD = ["Invoice no", "Customer id", "Invoice date", "Due date", "Currency"]
WORDS = {
    "ours": {"invoice": "invoice", "credit": "credit note", "payment": "payment"},
    "QuickBooks": {"invoice": "Invoice", "credit": "Credit Memo", "payment": "Payment"},
    "SAP": {"invoice": "RV", "credit": "DG", "payment": "DZ"},
    "Sage": {"invoice": "SI", "credit": "SC", "payment": "SR"},
    "Chinese": {"invoice": "销售发票", "credit": "红字发票", "payment": "收款单"},
}


def table(rows, header):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def plan_of(folder, text, **options):
    path = folder / "items.csv"
    path.write_text(text, "utf-8")
    return make_plan(path, "Ledger", ImportOptions(**options))


def open_total(plan):
    """What the workbook's reports say is open, by customer."""
    book = read_book({"ledger": RawTable(list(plan.cells), list(plan.cells.values()), 4)}, {})
    _, totals = read_open_items(book.table("ledger"), TODAY)
    answer = {}
    for (customer, _), units in totals.items():
        answer[customer] = answer.get(customer, Decimal(0)) + Decimal(units) / SCALE
    return {customer: total for customer, total in answer.items() if total}


def refused(folder, text, **options):
    with pytest.raises(BadRequest) as error:
        plan_of(folder, text, **options)
    return str(error.value)


# ---- what the names of columns say


@pytest.mark.parametrize(
    "name",
    [
        "Open balance", "Remaining Amount", "Remaining Amt. (LCY)", "Residual", "Amount Due Signed", "amount_residual", "O/S Amount", "Outstanding",
        "未结算金额", "未核销金额", "未收金额", "余额", "应收余额", "offener Betrag", "Restbetrag", "restant dû", "Reste à payer", "Saldo", "Balance Due", "Unpaid",
        "Amount due in doc. curr.", "openstaand bedrag", "pendiente", "残高",
    ],
)  # fmt: skip
def test_p09_names_that_mean_what_is_open_are_known(name):
    assert meaning_of(name) == "open"


@pytest.mark.parametrize("name", ["Settled", "已核销金额", "已结算金额", "Amount Paid", "bezahlt", "réglé", "Payments", "已收金额", "AmountCredited", "pagado"])
def test_p09_names_that_mean_what_is_settled_are_known(name):
    assert meaning_of(name) == "settled"


@pytest.mark.parametrize(
    "name",
    [
        "Due date", "Net due date", "Payment terms", "Payment method", "Days outstanding", "Aging bucket", "isOpen", "Amount due original", "Credit limit",
        "Invoice amount", "total", "due_in_date", "Applied to", "账龄", "收款方式", "Customer name", "Posting status", "Remark",
    ],
)  # fmt: skip
def test_p09_names_that_say_nothing_of_it_are_left_alone(name):
    assert meaning_of(name) == ""


# ---- refusals that name the column and the option, and options that then work

ONE = ["I1", "C1", "2026-01-05", "2026-02-04", "CNY"]


@pytest.mark.parametrize("name", ["Remaining Amount", "Open balance", "未核销金额", "余额", "Residual", "offener Betrag", "restant dû", "O/S"])
def test_p09_an_unused_column_of_what_is_open_is_refused_and_the_options_it_names_work(tmp_path, name):
    text = table([[*ONE, "100.00", "invoice", "40.00"], ["I2", *ONE[1:], "50.00", "invoice", "50.00"]], [*HEAD, "Amount", "Type", name])
    message = refused(tmp_path, text)
    assert f'"{name}" changes what is open, and nothing uses it' in message
    for option in re.findall(r'--map "(\w+)=', message):
        assert open_total(plan_of(tmp_path, text, mapping={option: name})) == {"C1": Decimal(90)}
    assert open_total(plan_of(tmp_path, text, ignored=(name,))) == {"C1": Decimal(150)}


def test_p09_an_unused_column_of_what_is_settled_is_refused(tmp_path):
    text = table([[*ONE, "100.00", "invoice", "40.00"]], [*HEAD, "Amount", "Type", "bezahlt"])
    assert '--map "settled_amount=bezahlt"' in refused(tmp_path, text)
    assert open_total(plan_of(tmp_path, text, mapping={"settled_amount": "bezahlt"})) == {"C1": Decimal(60)}


def test_p09_two_columns_of_what_is_settled_are_not_one(tmp_path):
    """Xero has Amount Paid and Amount Credited: one of them alone leaves too much open."""
    text = table([[*ONE, "100.00", "invoice", "40.00", "10.00"]], [*HEAD, "Amount", "Type", "Amount Paid", "Amount Credited"])
    assert '"Amount Credited" changes what is open' in refused(tmp_path, text)


def test_p09_what_is_open_less_what_is_settled_is_no_amount(tmp_path):
    text = table([[*ONE, "60.00", "invoice", "40.00"]], [*HEAD, "Outstanding Amount", "Type", "Paid Amount"])
    plan = plan_of(tmp_path, text)
    assert open_total(plan) == {"C1": Decimal(60)}
    assert plan.unmapped == ["Paid Amount"]
    message = refused(tmp_path, text, mapping={"amount": "Outstanding Amount", "settled_amount": "Paid Amount"})
    assert "taken off a second time" in message


def test_p09_settled_in_part_with_a_day_is_not_settled_in_full(tmp_path):
    text = table([[*ONE, "60.00", "invoice", "2026-03-01"]], [*HEAD, "Outstanding Amount", "Type", "Payment date"])
    assert open_total(plan_of(tmp_path, text)) == {"C1": Decimal(60)}


def test_p09_a_column_that_is_open_by_the_other_two_needs_no_word(tmp_path):
    text = table([[*ONE, "100.00", "invoice", "40.00", "60.00"]], [*HEAD, "Amount", "Type", "已核销金额", "未核销金额"])
    assert open_total(plan_of(tmp_path, text)) == {"C1": Decimal(60)}
    assert "未核销金额" in refused(tmp_path, text.replace("60.00", "61.00"))


def test_p09_a_running_balance_is_no_open_amount(tmp_path):
    rows = [[*ONE, "100.00", "invoice", "100.00"], ["P1", "C1", "2026-02-01", "", "CNY", "30.00", "payment", "70.00"]]
    rows.append(["I2", "C2", "2026-02-01", "2026-03-01", "CNY", "5.00", "invoice", "5.00"])
    assert '"Balance" changes what is open' in refused(tmp_path, table(rows, [*HEAD, "Amount", "Type", "Balance"]))
    signed = [[*row[:5], "-30.00" if row[0] == "P1" else row[5], *row[6:]] for row in rows]
    assert open_total(plan_of(tmp_path, table(signed, [*HEAD, "Amount", "Type", "Balance"]))) == {"C1": Decimal(70), "C2": Decimal(5)}


def test_p09_what_is_open_with_more_than_its_amount_is_refused_with_its_row(tmp_path):
    text = table([[*ONE, "100.00", "invoice", "140.00"]], [*HEAD, "Amount", "Type", "Open"])
    assert "row 2 is open with more than its amount" in refused(tmp_path, text, mapping={"open_amount": "Open"})


def test_p09_replacing_forgets_what_was_settled_where_the_file_says_what_is_open(tmp_path):
    text = table([[*ONE, "60.00", "invoice"]], [*HEAD, "Outstanding Amount", "Type"])
    path = tmp_path / "items.csv"
    path.write_text(text, "utf-8")
    there = RawTable(
        ["Document no.", "Type", "Customer", "Currency", "Amount", "Settled", "Document date", "Promised"],
        [["I1"], ["invoice"], ["C1"], ["CNY"], [100.0], [40.0], [46027.0], [9.0]], 4,
    )  # fmt: skip
    assert make_plan(path, "Ledger", ImportOptions(mode="replace"), there).kept == {"promise_amount": [9.0]}


# ---- debit and credit


def test_p09_debit_and_credit_are_asked_for_and_subtracted(tmp_path):
    rows = [[*ONE, "Sales", "100.00", ""], ["P1", "C1", "2026-02-01", "", "CNY", "Receipt", "", "30.00"]]
    text = table(rows, [*HEAD, "Vch", "Debit", "Credit"])
    assert '--map "debit=Debit" --map "credit=Credit"' in refused(tmp_path, text)
    assert '"Credit"' in refused(tmp_path, text, mapping={"amount": "Debit"}, constants={"document_type": "invoice"})
    plan = plan_of(tmp_path, text, mapping={"debit": "Debit", "credit": "Credit"})
    assert open_total(plan) == {"C1": Decimal(70)}


@pytest.mark.parametrize(("name", "debit", "credit"), [("Soll/Haben-Kennzeichen", "S", "H"), ("借贷方向", "借", "贷"), ("Dr/Cr", "Dr", "Cr"), ("SHKZG", "S", "H")])
def test_p09_a_mark_of_debit_or_credit_is_never_left_out(tmp_path, name, debit, credit):
    rows = [[*ONE, "100.00", debit], ["G1", *ONE[1:], "30.00", credit]]
    text = table(rows, [*HEAD, "Amount", name])
    assert f'--map "debit_credit={name}"' in refused(tmp_path, text, constants={"document_type": "invoice"})
    assert open_total(plan_of(tmp_path, text, mapping={"debit_credit": name}, constants={"document_type": "invoice"})) == {"C1": Decimal(70)}


# ---- signs


@pytest.mark.parametrize("system", list(WORDS))
def test_p09_credits_and_payments_lower_the_debt_whatever_their_sign(tmp_path, system):
    words = WORDS[system]
    for sign in ("", "-"):
        rows = [[*ONE, "100.00", words["invoice"]], ["G1", *ONE[1:], f"{sign}20.00", words["credit"]], ["P1", *ONE[1:], f"{sign}30.00", words["payment"]]]
        assert open_total(plan_of(tmp_path, table(rows, [*HEAD, "Amount", "Type"]))) == {"C1": Decimal(50)}


def test_p09_signs_that_differ_are_asked_for_and_what_is_said_counts_for_the_whole_file(tmp_path):
    rows = [[*ONE, "100.00", "invoice"], ["G1", *ONE[1:], "-20.00", "credit note"], ["P1", *ONE[1:], "30.00", "payment"]]
    text = table(rows, [*HEAD, "Amount", "Type"])
    message = refused(tmp_path, text)
    assert "some credits and payments are negative (1 row, as credit note -20.00), some positive (1 row, as payment 30.00)" in message
    assert "--signs debt" in message
    assert open_total(plan_of(tmp_path, text, signs="debt")) == {"C1": Decimal(110)}
    assert open_total(plan_of(tmp_path, text, signs="type")) == {"C1": Decimal(90)}


@pytest.mark.parametrize("sign", [1, -1])
def test_p09_money_paid_back_on_a_credit_note_has_the_other_sign_and_is_no_riddle(tmp_path, sign):
    rows = [["G1", *ONE[1:], 100 * sign, "credit note", ""], ["P1", *ONE[1:], -100 * sign, "payment", "G1"]]
    beside = [["I9", *ONE[1:], 70, "invoice", ""], ["P9", *ONE[1:], 30 * sign, "payment", "I9"]]
    for more, total in ((beside, 40), (beside[:1], 70)):
        text = table([*rows, *more], [*HEAD, "Amount", "Type", "Settles"])
        assert sum(open_total(plan_of(tmp_path, text)).values()) == Decimal(total)
    alone = table(rows, [*HEAD, "Amount", "Type", "Settles"])
    if sign > 0:
        assert sum(open_total(plan_of(tmp_path, alone)).values()) == 0
    else:
        assert "there is no invoice beside them" in refused(tmp_path, alone)


def test_p09_a_negative_payment_that_names_no_document_beside_a_credit_note_is_asked_for(tmp_path):
    rows = [["G1", *ONE[1:], "100.00", "credit note", ""], ["P1", *ONE[1:], "-100.00", "payment", ""]]
    assert "--signs debt" in refused(tmp_path, table(rows, [*HEAD, "Amount", "Type", "Settles"]))


def test_p09_invoices_that_are_negative_in_sum_are_asked_for(tmp_path):
    rows = [[*ONE, "-100.00", "invoice"], ["P1", *ONE[1:], "30.00", "payment"]]
    assert "the invoices are negative in sum" in refused(tmp_path, table(rows, [*HEAD, "Amount", "Type"]))


def test_p09_a_type_that_is_not_known_is_asked_for_by_its_word(tmp_path):
    rows = [[*ONE, "100.00", "Invoice"], ["G1", *ONE[1:], "20.00", "Goodwill"]]
    text = table(rows, [*HEAD, "Amount", "Type"])
    assert '--map "document_type:Goodwill=adjustment"' in refused(tmp_path, text)
    assert open_total(plan_of(tmp_path, text, mapping={"document_type:Goodwill": "credit note"})) == {"C1": Decimal(80)}


def test_p09_codes_of_two_letters_mean_what_they_mean_in_their_system():
    assert meanings(["RV", "DZ", "SA"]) == {"RV": "invoice", "DZ": "payment", "SA": "adjustment"}
    assert meanings(["SI", "SA", "SC"]) == {"SI": "invoice", "SA": "advance", "SC": "credit note"}
    assert meanings(["SA"]) == meanings(["RV", "SI"]) == meanings(["Refund"]) == {}


def test_p09_adjustments_of_another_system_are_asked_for(tmp_path):
    rows = [[*ONE, "100.00", "Invoice"], ["J1", *ONE[1:], "20.00", "Journal"]]
    assert "it is not clear whether its adjustments (1 row) raise the debt" in refused(tmp_path, table(rows, [*HEAD, "Amount", "Type"]))


# ---- any ledger in any layout

_money = st.integers(1, 10_000_000).map(lambda cents: Decimal(cents) / 100)
_row = st.tuples(st.sampled_from(["invoice", "invoice", "credit", "payment"]), st.sampled_from(["C1", "C2"]), _money, st.floats(0, 1))
_ledger = st.lists(_row, min_size=1, max_size=8).filter(lambda rows: any(kind == "invoice" for kind, *_ in rows))
_names = st.sampled_from(["Open balance", "Remaining Amount", "Residual", "Outstanding", "未核销金额", "余额", "offener Betrag", "restant dû", "Saldo"])
_paid = st.sampled_from(["Paid", "Settled amount", "已核销金额", "bezahlt", "Amount Paid", "Paid amount"])
LAYOUTS = {  # whose sign the amount has, whether the credits alone have one, and what stands beside the amount
    "signed": ("debt", ()), "signed without types": ("debt", ("no type",)), "type and positive": ("type", ()),
    "type and negative credits": ("credits", ()), "gross and settled, signed": ("debt", ("gross", "settled")),
    "gross and settled": ("type", ("gross", "settled")), "gross and open, signed": ("debt", ("gross", "open")),
    "gross and open": ("type", ("gross", "open")), "gross, settled and open": ("debt", ("gross", "settled", "open")),
    "open alone": ("debt", ("open name",)), "debit and credit": ("sides", ()), "a mark of the side": ("mark", ()),
}  # fmt: skip


def written(ledger, layout, words, open_name, paid_name):
    """Write a ledger in a layout; returns the text, the truth by customer, and the options that a refusal would name."""
    sign, beside = LAYOUTS[layout]
    header = [*HEAD, *([] if sign == "sides" else [open_name if "open name" in beside else "Amount"])]
    header += ["Debit", "Credit"] if sign == "sides" else ["Dr/Cr"] if sign == "mark" else []
    header += [paid_name] * ("settled" in beside) + [open_name] * ("open" in beside) + ["Type"] * ("no type" not in beside)
    rows, truth = [], {}
    for number, (kind, customer, gross, share) in enumerate(ledger):
        left = (gross * Decimal(str(share))).quantize(Decimal("0.01")) if "gross" in beside else gross
        lowers = kind != "invoice"
        truth[customer] = truth.get(customer, Decimal(0)) + (-left if lowers else left)
        turn = -1 if lowers and (sign == "debt" or (sign == "credits" and kind == "credit")) else 1
        row = [f"N{number}", customer, "2026-01-05", "2026-02-04", "CNY"]
        row += ["" if lowers else gross, gross if lowers else ""] if sign == "sides" else [turn * gross]
        row += ["Cr" if lowers else "Dr"] if sign == "mark" else []
        row += [turn * (gross - left)] * ("settled" in beside) + [turn * left] * ("open" in beside)
        row += [WORDS[words][kind]] * ("no type" not in beside)
        rows.append([str(cell) for cell in row])
    mapping = {"amount": open_name} if "open name" in beside else {"debit": "Debit", "credit": "Credit"} if sign == "sides" else {}
    mapping |= {"debit_credit": "Dr/Cr"} if sign == "mark" else {}
    mapping |= {"open_amount": open_name} if "open" in beside else {"settled_amount": paid_name} if "settled" in beside else {}
    options = {"mapping": mapping, "number_formats": {"": "1,234.56"}, "signs": "type" if sign == "type" else "debt"}
    if "no type" in beside:
        options["constants"] = {"document_type": "invoice"}
    return table(rows, header), {customer: total for customer, total in truth.items() if total}, options


@pytest.mark.parametrize("layout", list(LAYOUTS))
@settings(deadline=None, max_examples=12)
@given(ledger=_ledger, words=st.sampled_from(list(WORDS)), open_name=_names, paid_name=_paid)
def test_p09_no_layout_gives_a_wrong_total(tmp_path_factory, layout, ledger, words, open_name, paid_name):
    folder = tmp_path_factory.getbasetemp()
    text, truth, options = written(ledger, layout, words, open_name, paid_name)
    constants = options.get("constants", {})
    found, refusal = None, ""
    try:
        found = open_total(plan_of(folder, text, number_formats=options["number_formats"], constants=constants))
    except BadRequest as error:
        refusal = str(error)
    assert found == truth or "--" in refusal  # the option that decides
    if LAYOUTS[layout][0] != "credits":  # with what the refusal asks for, the total is right
        assert open_total(plan_of(folder, text, **options)) == truth


# ---- the exports of other systems


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the exports are not here")
def test_p09_the_kingdee_profile_takes_what_is_open():
    truth = json.loads((EXPORTS / "truth.json").read_text("utf-8"))["kingdee_receivables.xlsx"]
    plan = make_plan(EXPORTS / "kingdee_receivables.xlsx", "Ledger", ImportOptions(profile="kingdee-receivable", header_row=3))
    assert open_total(plan) == {customer: Decimal(total) for customer, total in truth["by_customer"].items()}


@pytest.mark.skipif(not EXPORTS.is_dir(), reason="the exports are not here")
@pytest.mark.parametrize("option", ["open_amount", "amount"])
def test_p09_an_aging_detail_of_quickbooks_gives_its_own_total(tmp_path, option):
    truth = json.loads((EXPORTS / "truth.json").read_text("utf-8"))["quickbooks_ar_aging_detail.csv"]
    rows = list(csv.reader(io.StringIO((EXPORTS / "quickbooks_ar_aging_detail.csv").read_text("utf-8"))))
    header = next(place for place, row in enumerate(rows) if "Open balance" in row)
    text = table([row + [""] * (len(rows[header]) - len(row)) for row in rows[header + 1 :]], rows[header])
    mapping = {"document_no": "Num", "customer_id": "Customer full name", "document_date": "Date"}
    given_too = {"constants": {"currency": "USD"}, "date_formats": {"": "m/d/y"}}
    assert '"Open balance"' in refused(tmp_path, text, mapping=mapping, **given_too)
    plan = plan_of(tmp_path, text, mapping={**mapping, option: "Open balance"}, **given_too)
    assert open_total(plan) == {customer: Decimal(total) for customer, total in truth["by_customer"].items()}


# ---- words that say a row is settled


@pytest.mark.parametrize(("name", "words"), [
    ("Status", ("Paid", "Open")), ("Invoice Status", ("VOID", "Overdue")), ("状态", ("已结清", "未结")), ("Open", ("No", "Yes")), ("isOpen", ("0", "1")),
    ("Paid", ("x", "")), ("Cleared", ("TRUE", "FALSE")), ("Offen", ("nein", "ja")),
])  # fmt: skip
def test_p09_rows_that_say_they_are_settled_do_not_count_in_silence(tmp_path, name, words):
    rows = [[*ONE, "100.00", "invoice", words[0]], ["I2", *ONE[1:], "50.00", "invoice", words[1]]]
    text = table(rows, [*HEAD, "Amount", "Type", name])
    assert f'"{name}" changes what is open' in refused(tmp_path, text)
    assert open_total(plan_of(tmp_path, text, ignored=(name,))) == {"C1": Decimal(150)}
    with_open = [[*row, "0.00" if row[0] == "I1" else "50.00"] for row in rows]
    plan = plan_of(tmp_path, table(with_open, [*HEAD, "Amount", "Type", name, "Balance"]), mapping={"open_amount": "Balance"})
    assert open_total(plan) == {"C1": Decimal(50)}


def test_p09_two_lines_of_one_document_are_no_repeated_row(tmp_path):
    rows = [[*ONE, "100.00", "invoice", "1"], [*ONE, "100.00", "invoice", "2"], [*ONE, "100.00", "invoice", "2"]]
    plan = plan_of(tmp_path, table(rows, [*HEAD, "Amount", "Type", "Position"]))
    assert (plan.rows, plan.repeated) == (2, 1)
    assert open_total(plan) == {"C1": Decimal(200)}
