"""CLAUSECHECK, CLAUSEQUOTE and find_clauses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.clause_words import CLAUSES
from functions.clauses import STATES, find_clauses
from tests.functions.shapes import assert_column_equals_single_cells, columns
from xladdin.call import call

CASES = [
    ("买方应在合同签订后5日内预付合同总价的30%作为预付款。", "prepayment", "present", 0.3, "share"),
    ("买方预付合同总价的20%。", "prepayment", "weak", 0.2, "share"),
    ("投标人应缴纳合同价2%的投标保证金。", "prepayment", "absent", None, ""),
    ("The Buyer shall pay 40% of the contract price in advance.", "prepayment", "present", 0.4, "share"),
    ("Each bidder shall furnish a bid bond of 5% with its tender, payable in advance.", "prepayment", "absent", None, ""),
    ("货款分三期支付。", "instalments", "present", 3, "instalments"),
    ("The price is payable in four equal instalments.", "instalments", "present", 4, "instalments"),
    ("Delivery may be made in instalments.", "instalments", "absent", None, ""),
    ("买方逾期付款的，每日按逾期金额的万分之五支付违约金。", "penalty", "present", 0.0005, "per day"),
    ("买方未按期支付货款的，应承担违约责任。", "penalty", "weak", None, ""),
    ("逾期提货的，买方每日支付货值0.1%的仓储费。", "penalty", "absent", None, ""),
    ("因所有权争议，卖方应返还货款并按日万分之五计付资金利息。", "penalty", "absent", None, ""),
    ("Overdue amounts bear interest at 1.5% per month.", "penalty", "present", 0.015, "per month"),
    ("Goods not collected bear storage of 0.1% per day of delay.", "penalty", "absent", None, ""),
    ("因本合同发生的争议，提交中国国际经济贸易仲裁委员会仲裁。", "dispute", "present", None, "arbitration"),
    ("双方发生争议应友好协商解决。", "dispute", "weak", None, ""),
    ("Any dispute shall be finally settled by arbitration in Singapore.", "dispute", "present", None, "arbitration"),
    ("本合同适用中华人民共和国法律。", "governing-law", "present", None, "中华人民共和国"),
    ("This Agreement is governed by the laws of England and Wales.", "governing-law", "present", None, "England"),
    ("根据《中华人民共和国民法典》订立本合同。", "governing-law", "absent", None, ""),
    ("买方付清全部货款前，货物所有权仍归卖方。", "retention-of-title", "present", None, ""),
    ("Title to the goods shall remain with the Seller until payment in full.", "retention-of-title", "present", None, ""),
    ("The Seller retains title to all tooling until the tooling cost is paid.", "retention-of-title", "absent", None, ""),
    ("买方应于收货后7日内验收，逾期视为合格。", "acceptance", "present", 7, "days"),
    ("The Buyer shall inspect the goods within ten (10) days of delivery.", "acceptance", "present", 10, "days"),
    ("协商不成的，向卖方所在地人民法院提起诉讼。", "jurisdiction", "present", None, ""),
    ("The courts of Hong Kong shall have exclusive jurisdiction.", "jurisdiction", "present", None, "exclusive"),
]


@pytest.mark.parametrize(("text", "clause", "state", "number", "unit"), CASES, ids=[f"{row[1]} {row[2]}: {row[0][:30]}" for row in CASES])
def test_a_clause_is_told_from_its_decoys_and_its_number_is_read(text: str, clause: str, state: str, number: float | None, unit: str) -> None:
    found = {one.clause: one for one in find_clauses(text)}[clause]
    assert (found.state, found.unit) == (state, unit)
    assert found.number == (None if number is None else pytest.approx(number))
    assert call("CLAUSECHECK", text, clause).value == state
    assert call("CLAUSEQUOTE", text, clause).value == (text if state != "absent" else "")


def test_the_words_found_stand_where_the_finding_says() -> None:
    text = "".join(f"{index}. {row[0]}\n\n" for index, row in enumerate(CASES, start=1))
    for found in find_clauses(text):
        assert found.state == "present"
        assert " ".join(text[found.start : found.end].split()) == found.quote


def test_an_unknown_clause_is_named_with_those_there_are() -> None:
    answer = call("CLAUSECHECK", "text", "warranty")
    assert answer.value == "#VALUE!"
    assert answer.reason == f'there is no clause "warranty"; clauses are {", ".join(CLAUSES)}'


def test_an_empty_text_has_no_clause() -> None:
    assert call("CLAUSECHECK", None, "penalty").value == "absent"
    assert call("CLAUSEQUOTE", "", "penalty").value == ""


@pytest.mark.parametrize("filler", ["interest late title 5% ", "逾期" * 20, "(", "a " * 600])
def test_a_hundred_pages_of_one_repeated_phrase_are_read_to_their_last_clause(filler: str) -> None:
    clause = "Any dispute shall be submitted to CIETAC for arbitration."
    text = (filler + ". ") * (300_000 // len(filler)) + "\n\n" + clause
    found = {one.clause: one for one in find_clauses(text)}
    assert text[found["dispute"].start : found["dispute"].end] == clause


@given(columns(text=st.sampled_from([row[0] for row in CASES] + ["", "=1+1"]), clause=st.sampled_from([*CLAUSES, "other"])))
def test_a_column_of_texts_equals_single_texts(rows: list[dict[str, Any]]) -> None:
    assert_column_equals_single_cells("CLAUSECHECK", rows)
    assert_column_equals_single_cells("CLAUSEQUOTE", rows)


@given(st.text(max_size=200), st.sampled_from(CASES))
def test_any_text_is_answered_and_more_text_never_weakens_a_finding(noise: str, case: tuple[Any, ...]) -> None:
    before = {one.clause: one for one in find_clauses(noise)}
    after = {one.clause: one for one in find_clauses(noise + "\n\n" + case[0])}
    assert all(STATES.index(after[clause].state) >= STATES.index(case[2]) for clause in [case[1]])
    assert set(before) == set(after) == set(CLAUSES)
