"""The escalation list: levels, holds, deadlines, and that no level is skipped."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from tests.ledgers import book_of, report_of, rows_of
from workbook.sheet import listed

D = dt.date
AS_OF = D(2026, 6, 30)
RATE = [{"table": "LPR1Y", "date": D(2026, 1, 20) + dt.timedelta(30 * month), "rate": 0.03} for month in range(8)]


EACH_RUN = {"advance": "each run"}
#: seller and buyer sit in China, so its law governs what no contract says otherwise
HOME = {"our_country": "CN"}
BUYER = [{"customer_id": "C1", "country": "CN"}]


def late(days, number="I1", **more):
    return {"document_no": number, "amount": 100, "document_date": D(2025, 1, 1), "due_date": AS_OF - dt.timedelta(days), **more}


def run(book, as_of, before=None, typed=None):
    """One run of the list after another; `typed` is what the analyst wrote in between, for every row."""
    previous = {key: listed(values) for key, values in before.data.items()} if before is not None else {}
    size = len(previous.get("document_no", []))
    previous.update({key: [value] * size for key, value in (typed or {}).items()})
    return report_of("escalation", dataclasses.replace(book, previous={"escalation": previous}), as_of)


def level(sheet):
    return [row["level"] for row in rows_of(sheet)]


def test_b4_one_year_late_goes_up_one_level_a_run_and_one_run_is_one_level():
    book = book_of([late(365)], EACH_RUN)
    first = run(book, D(2025, 12, 30))
    second = run(book, D(2026, 4, 30), first)
    third = run(book, AS_OF, second)
    assert [level(first), level(second), level(third)] == [[1], [2], [3]]
    assert level(run(book, AS_OF)) == [1]


def test_b3_a_level_not_done_is_not_followed_by_the_next():
    """Tryton: levels after 5, 20 and 40 days."""
    settings = {"ladder": "5,20,40", "advance": "when done"}
    book = book_of([{"document_no": "I1", "amount": 100, "document_date": D(2026, 1, 1), "due_date": D(2026, 1, 1)}], settings)

    def day(number):
        return D(2026, 1, 1) + dt.timedelta(number)

    assert level(run(book, day(4))) == [0]
    first = run(book, day(5))
    assert level(first) == [1]
    not_done = run(book, day(30), first)
    assert level(not_done) == [1]
    assert rows_of(not_done)[0]["held_because"] == "level 1 not done yet"
    blocked = run(book, day(31), not_done, {"level_done": 1, "override": "hold"})
    assert level(blocked) == [1]
    unblocked = run(book, day(50), blocked, {"level_done": 1})
    assert level(unblocked) == [2], "never 3 at once"
    paid = book_of([{"document_no": "I1", "amount": 100, "settled_date": day(50), "due_date": D(2026, 1, 1)}], settings)
    assert level(run(paid, day(51), unblocked)) == []


def test_a_second_refresh_on_the_same_day_changes_nothing():
    book = book_of([late(200)], EACH_RUN)
    first = run(book, D(2026, 5, 31))
    second = run(book, AS_OF, first)
    again = run(book, AS_OF, second)
    assert level(second) == level(again) == [2]
    assert rows_of(again) == rows_of(second)


def test_levels_are_skipped_only_when_told():
    assert level(run(book_of([late(95)], {"skip_levels": True}), AS_OF)) == [3]


@pytest.mark.parametrize(("days", "reached"), [(1, 0), (29, 0), (30, 1), (59, 1), (60, 2), (89, 2), (90, 3)])
def test_the_ladder_begins_a_level_on_its_day(days, reached):
    assert rows_of(run(book_of([late(days)]), AS_OF))[0]["reached_level"] == reached


def test_an_item_disputed_in_full_is_held_at_its_level_with_the_reason():
    first = run(book_of([late(95)]), D(2026, 6, 1))
    held = run(book_of([late(95, disputed_amount=100, dispute_reason="quality")]), AS_OF, first)
    row = rows_of(held)[0]
    assert (row["level"], row["held_because"]) == (1, "disputed in full")


def test_an_item_disputed_in_part_is_escalated_for_the_rest():
    row = rows_of(run(book_of([late(95, disputed_amount=40)]), AS_OF))[0]
    assert (row["level"], row["held_because"], row["disputed"]) == (1, "CNY 40.00 disputed, the rest is escalated", "40.00")


@pytest.mark.parametrize(("promised", "held"), [(AS_OF - dt.timedelta(3), True), (AS_OF - dt.timedelta(4), False)])
def test_a_promise_holds_until_three_days_after_its_date(promised, held):
    row = rows_of(run(book_of([late(95, promise_date=promised)]), AS_OF))[0]
    assert (row["level"], bool(row["held_because"])) == ((0, True) if held else (1, False))


def test_a_promise_typed_into_the_list_counts_like_one_in_the_ledger():
    book = book_of([late(95)])
    first = run(book, D(2026, 6, 1))
    row = rows_of(run(book, AS_OF, first, {"promise_date": D(2026, 7, 15)}))[0]
    assert (row["level"], row["held_because"]) == (1, "promise to pay by 2026-07-15")


def test_an_override_sets_the_level():
    book = book_of([late(35)])
    assert level(run(book, AS_OF, run(book, D(2026, 6, 1)), {"override": "3"})) == [3]


def test_interest_runs_on_what_is_not_disputed():
    book = book_of([late(45, amount=100_000)], {"interest_rule": "CN-SME"})
    assert rows_of(run(book, AS_OF))[0]["interest"] == "2250.00"
    book = book_of([late(45, amount=100_000, disputed_amount=50_000)], {"interest_rule": "0.365"})
    assert rows_of(run(book, AS_OF))[0]["interest"] == "2250.00"


def test_interest_without_a_rate_is_blank_and_said():
    sheet = run(book_of([late(45)]), AS_OF)
    assert rows_of(sheet)[0]["interest"] is None
    assert "no rate is known" in sheet.problems[0].message
    assert rows_of(run(book_of([late(45)], rates=RATE), AS_OF))[0]["interest"] is not None


def test_all_deadlines_stand_nearest_first():
    policy = {
        "policy_no": "P1", "notice_days": 30, "collections_days": 90, "claim_until_days": 180, "max_extension_days": 60,
        "waiting_days": 150, "counted_from": "due date", "days_kind": "calendar",
    }  # fmt: skip
    book = book_of([late(10, policy_no="P1")], HOME, policies=[policy], customers=BUYER)
    row = rows_of(run(book, AS_OF))[0]
    assert row["next_clock"] == "2026-07-20"
    assert row["clocks"] == (
        "2026-07-20 overdue notice to insurer · 2026-08-19 longest extension ends · 2026-09-18 hand over for collection"
        " · 2026-11-18 claim from · 2026-12-17 claim until · 2029-06-20 limitation"
    )


def test_the_day_from_which_a_claim_can_be_filed_is_no_deadline():
    policy = {"policy_no": "P1", "waiting_days": 15, "claim_until_days": 180}
    row = rows_of(run(book_of([late(10, policy_no="P1")], HOME, policies=[policy], customers=BUYER), AS_OF))[0]
    assert row["clocks"] == "2026-07-06 claim from · 2026-12-17 claim until · 2029-06-20 limitation"
    assert row["next_clock"] == "2026-12-17"


def test_an_insurers_working_days_follow_the_chinese_calendar():
    policy = {"policy_no": "P1", "notice_days": 3, "counted_from": "due date", "days_kind": "working"}
    item = {"document_no": "I1", "amount": 1, "document_date": D(2026, 9, 1), "due_date": D(2026, 9, 30), "policy_no": "P1"}
    assert rows_of(run(book_of([item], policies=[policy]), D(2026, 10, 5)))[0]["next_clock"] == "2026-10-10"


def test_a_foreign_buyers_claim_under_chinese_law_has_the_longer_limitation():
    contracts = [{"contract_no": "K1", "customer_id": "C1", "governing_law": "CN"}]
    book = book_of([late(10)], HOME, customers=[{"customer_id": "C1", "country": "DE"}], contracts=contracts)
    assert rows_of(run(book, AS_OF))[0]["next_clock"] == "2030-06-20"


NO_LAW = "limitation not known, no law chosen: put it on Contracts, or Our country on Settings"


@pytest.mark.parametrize(
    ("ours", "buyer", "law", "words"),
    [
        ("DE", "GB", None, NO_LAW),  # L6
        ("CN", "US", None, NO_LAW),
        ("", "CN", None, NO_LAW),
        ("CN", None, None, NO_LAW),
        ("GB", "GB", None, NO_LAW),  # England or Scotland is not known
        ("CN", "HK", None, "2029-06-20 limitation · no law chosen: the shorter limitation of both countries"),  # L7
        ("HK", "CN", None, "2029-06-20 limitation · no law chosen: the shorter limitation of both countries"),
        ("CN", "HK", "CN", "2029-06-20 limitation"),
        ("CN", "CN", None, "2029-06-20 limitation"),
        ("HK", "HK", None, "2032-06-20 limitation"),
        ("CN", "CN", "UK", "2032-06-20 limitation"),
    ],
)
def test_p13_no_law_is_taken_for_foreign_sellers_and_buyers_that_nobody_chose(ours, buyer, law, words):
    contracts = [{"contract_no": "K1", "customer_id": "C1", "governing_law": law}] if law else []
    book = book_of([late(10)], {"our_country": ours}, customers=[{"customer_id": "C1", "country": buyer}], contracts=contracts)
    assert rows_of(run(book, AS_OF))[0]["clocks"] == words


def test_p13_contracts_under_different_laws_leave_none_for_an_item_that_names_neither():
    contracts = [{"contract_no": f"K{law}", "customer_id": "C1", "governing_law": law, "signed": D(2025, 1, 1)} for law in ("HK", "CN")]
    ledger = [late(10, contract_no="KHK"), late(10, "I2", contract_no="KCN")]
    rows = rows_of(run(book_of(ledger, HOME, customers=BUYER, contracts=contracts), AS_OF))
    assert [row["clocks"] for row in rows] == ["2032-06-20 limitation", "2029-06-20 limitation"]


def test_p13_a_level_waits_for_what_was_done_and_for_the_ladder_s_days():
    """L5: three refreshes on three days are no three levels."""
    book = book_of([late(122)])
    first = run(book, D(2026, 6, 28))
    second = run(book, D(2026, 6, 29), first)
    third = run(book, AS_OF, second)
    assert [level(one) for one in (first, second, third)] == [[1], [1], [1]]
    assert rows_of(third)[0]["held_because"] == "level 1 not done yet"
    done = run(book, AS_OF, second, {"level_done": 1})
    assert level(done) == [1]
    assert rows_of(done)[0]["held_because"] == "level 2 from 2026-07-28: 30 days after level 1"
    assert level(run(book, D(2026, 7, 27), done, {"level_done": 1})) == [1]
    assert level(run(book, D(2026, 7, 28), done, {"level_done": 1})) == [2]


@pytest.mark.parametrize("advance", ["each run", "when done"])
def test_p13_nobody_goes_up_two_levels_within_the_ladder_s_days_however_often_it_runs(advance):
    book = book_of([late(300)], {"advance": advance, "ladder": "10,25,60"})
    sheet, days = None, {}
    for offset in range(70):
        sheet = run(book, D(2026, 5, 1) + dt.timedelta(offset), sheet, {"level_done": 3})
        for _ in range(2):  # the same day again changes nothing
            sheet = run(book, D(2026, 5, 1) + dt.timedelta(offset), sheet, {"level_done": 3})
        days.setdefault(level(sheet)[0], offset)
    assert days == {1: 0, 2: 15, 3: 50}


def test_p14_an_insolvent_customer_s_items_say_file_claim():
    customers = [{"customer_id": "C1", "status": "insolvent"}, {"customer_id": "C2"}]
    for language, words in (("en", ("File claim", "insolvent: file the claim (claim pack)")), ("zh", ("申报债权", "已破产：申报债权（申报材料）"))):
        sheet = run(book_of([late(95), late(95, "I2", customer_id="C2")], {"skip_levels": True, "language": language}, customers=customers), AS_OF)
        row = next(row for row in rows_of(sheet) if row["customer_id"] == "C1")
        assert (row["action"], row["held_because"], row["next_date"], row["level"]) == (*words, None, 0)
        assert next(row for row in rows_of(sheet) if row["customer_id"] == "C2")["level"] == 3


def test_p13_an_insured_item_asks_for_the_insurer_s_consent_before_a_lawyer_s_letter():
    ledger = [late(95, policy_no="P1"), late(95, "I2"), late(40, "I3", policy_no="P1")]
    rows = rows_of(run(book_of(ledger, {"skip_levels": True}, policies=[{"policy_no": "P1"}]), AS_OF))
    assert {row["document_no"]: row["held_because"] for row in rows} == {"I1": "insured: the insurer's consent first", "I2": "", "I3": ""}


POLICY = {"policy_no": "P1", "notice_days": 30, "collections_days": 90, "counted_from": "due date", "days_kind": "calendar"}


def test_p16_a_missed_deadline_is_never_the_next_one():
    row = rows_of(run(book_of([late(40, policy_no="P1")], policies=[POLICY]), AS_OF))[0]
    assert row["next_clock"] == "2026-08-19"
    assert row["missed"] == "2026-06-20 overdue notice to insurer, 10 days ago"
    gone = rows_of(run(book_of([late(100, policy_no="P1")], {"language": "zh"}, policies=[POLICY]), AS_OF))[0]
    assert gone["next_clock"] is None
    assert gone["missed"] == "2026-04-21 向保险人报告逾期，已过 70 天 · 2026-06-20 委托追偿，已过 10 天".replace("，", ", ")


def test_p16_a_deadline_of_today_is_next_and_not_missed():
    row = rows_of(run(book_of([late(30, policy_no="P1")], policies=[POLICY]), AS_OF))[0]
    assert (row["next_clock"], row["missed"]) == ("2026-06-30", "")


@pytest.mark.parametrize(("reported", "missed"), [(D(2026, 6, 1), ""), (D(2026, 6, 25), "2026-06-20 overdue notice to insurer, 10 days ago")])
def test_p16_a_notice_that_the_insurer_got_in_time_is_no_deadline_any_more(reported, missed):
    row = rows_of(run(book_of([late(40, policy_no="P1", reported_on=reported)], policies=[POLICY]), AS_OF))[0]
    assert (row["next_clock"], row["missed"]) == ("2026-08-19", missed)


@pytest.mark.parametrize(
    ("demand", "until", "missed"),
    [(None, None, "2025-08-10 limitation, 478 days ago"), (D(2024, 5, 1), "2027-05-01", ""), (D(2026, 1, 1), None, "2025-08-10 limitation, 478 days ago")],
)
def test_p13_the_limitation_runs_from_the_last_proved_demand_unless_it_came_too_late(demand, until, missed):
    """L8 and L9."""
    item = {"document_no": "I1", "amount": 1, "document_date": D(2022, 7, 1), "due_date": D(2022, 8, 10), "last_demand": demand}
    sheet = run(book_of([item], HOME, customers=BUYER), D(2026, 12, 1))
    assert (rows_of(sheet)[0]["next_clock"], rows_of(sheet)[0]["missed"]) == (until, missed)
    assert ("ask for a written acknowledgement" in " ".join(sheet.notes)) == bool(missed)


@pytest.mark.parametrize(
    ("contract", "law", "until"),
    [
        ("K1", "UK", "2032-06-20"), ("K1", "hk", "2032-06-20"), ("K1", "CN", "2030-06-20"), ("K1", "NY", None),
        (None, "UK", "2032-06-20"), ("K9", "UK", "2032-06-20"),
    ],
)  # fmt: skip
def test_the_limitation_is_that_of_the_contract_s_law_as_in_the_letters(contract, law, until):
    """An item without its contract on the sheet takes the customer's newest one; the limitation of a law that is not known has no day."""
    contracts = [
        {"contract_no": "K0", "customer_id": "C1", "governing_law": "CN", "signed": D(2024, 1, 1)},
        {"contract_no": "K1", "customer_id": "C1", "governing_law": law, "signed": D(2025, 1, 1)},
    ]
    book = book_of([late(10, contract_no=contract)], customers=[{"customer_id": "C1", "country": "GB"}], contracts=contracts)
    row = rows_of(run(book, AS_OF))[0]
    assert row["next_clock"] == until
    assert row["clocks"] == (f"{until} limitation" if until else "limitation not known (NY): ask counsel")


def test_the_list_holds_what_the_overdue_buckets_hold():
    book = book_of([late(10), late(0, "I2"), late(-5, "I3"), late(100, "I4", currency="USD")])
    sheet = run(book, AS_OF)
    assert [(check.currency, check.left, check.ok) for check in sheet.invariants] == [("CNY", 1_000_000, True), ("USD", 1_000_000, True)]


def test_the_promised_row_keys_are_there():
    row = rows_of(run(book_of([late(10)]), AS_OF))[0]
    assert list(row)[:15] == [
        "document_no", "instalment", "customer_id", "name", "currency", "due_date", "days_overdue", "open_amount", "disputed", "level",
        "action", "next_date", "interest", "held_because", "next_clock",
    ]  # fmt: skip


def test_customers_are_summed_worst_first():
    block = run(book_of([late(10), late(95, "I2", customer_id="C2"), late(95, "I3", customer_id="C2")]), AS_OF).blocks[0]
    assert (list(block.data["customer_id"]), list(block.data["items"]), list(block.data["oldest"])) == (["C2", "C1"], [2, 1], [95, 10])


def test_the_list_is_in_chinese_when_the_language_is():
    row = rows_of(run(book_of([late(95)], {"language": "zh"}), AS_OF))[0]
    assert row["action"] == "友好协商"


def test_cash_that_settles_the_oldest_items_is_not_asked_for_again():
    ledger = [
        {"document_no": "A", "amount": 100, "due_date": D(2026, 1, 1)},
        {"document_no": "B", "amount": 50, "due_date": D(2026, 2, 1)},
        {"document_no": "V", "document_type": "advance", "amount": 120},
    ]
    rows = {way: rows_of(report_of("escalation", book_of(ledger, {"unapplied": way, "interest_rule": 0}), "2026-06-30")) for way in ("own column", "oldest first")}
    assert {row["document_no"]: row["open_amount"] for row in rows["own column"]} == {"A": "100.00", "B": "50.00"}
    assert {row["document_no"]: row["open_amount"] for row in rows["oldest first"]} == {"B": "30.00"}


def test_an_unknown_limitation_stands_after_the_policy_s_days_and_none_is_made_up():
    policy = {"policy_no": "P1", "notice_days": 30, "counted_from": "due date", "days_kind": "calendar"}
    contracts = [{"contract_no": "K1", "customer_id": "C1", "governing_law": "DE"}]
    for language, text in (("en", "2026-07-20 overdue notice to insurer · limitation not known (DE): ask counsel"), ("zh", "2026-07-20 向保险人报告逾期 · 诉讼时效未知（DE）：请咨询律师")):
        book = book_of([late(10, policy_no="P1", contract_no="K1")], {"language": language}, policies=[policy], contracts=contracts)
        row = rows_of(run(book, AS_OF))[0]
        assert (row["next_clock"], row["clocks"]) == ("2026-07-20", text)


def test_the_customers_stand_below_the_columns_of_the_same_name():
    made = run(book_of([late(40)]), AS_OF)
    above = [column.label for column in made.columns]
    below = {column.label: place for place, column in enumerate(made.blocks[0].columns) if column.label}
    shared = {label: place for label, place in below.items() if label in above}
    assert len(shared) >= 6
    assert shared == {label: above.index(label) for label in shared}
