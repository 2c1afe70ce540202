"""CREDITLIMIT: the smallest of three parts; blanks do not count, a policy of one's own replaces the shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.credit_limit import POLICY, credit_limit, credit_limit_reason
from xladdin.call import call

HEADERS = ["grade", "net_worth", "sales", "terms", "insured_limit", "own_risk"]
amounts = st.none() | st.floats(0, 1e9)


def limit_of(*row: object, policy: object = None) -> object:
    args = [HEADERS[: len(row)], [list(row)]] + ([policy] if policy else [])
    return call("CREDITLIMIT", *args).value


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (("BB", 1_000_000), 100_000),
        (("BB", None, 3_650_000, 60), 60_000),
        (("BB", 1_000_000, 3_650_000, 60), 60_000),
        (("A", None, None, None, 200_000), 260_000),
        (("A", None, None, None, 200_000, 0), 200_000),
        (("A", None, None, None, 200_000, 15_000), 215_000),
        (("A", -5, None, None, 200_000), 0),
        (("D", 1_000_000, None, None, 1000), 0),
        ((" bb ", 1_000_000), 100_000),
    ],
)
def test_the_smallest_part_is_the_limit(row: tuple[object, ...], expected: float) -> None:
    assert limit_of(*row) == pytest.approx(expected)


@pytest.mark.parametrize(("row", "error"), [(("BB", None), "#N/A"), ((None, 5), "#N/A"), (("XX", 5), "#VALUE!"), (("BB", "much"), "#VALUE!")])
def test_what_cannot_be_worked_out_says_why(row: tuple[object, ...], error: str) -> None:
    answer = call("CREDITLIMIT", HEADERS[: len(row)], [list(row)])
    assert str(answer.value) == error
    assert answer.reason


def test_negative_terms_and_headers_without_a_grade_are_refused() -> None:
    assert str(limit_of("BB", 100, 100, -3)) == "#NUM!"
    assert "grade" in str(call("CREDITLIMIT", ["net_worth"], [[5]]).reason)
    assert "nothing to work" in str(call("CREDITLIMIT", ["grade"], [["A"]]).reason)


def test_a_policy_of_ones_own_replaces_the_shares() -> None:
    policy = [["grade", "of net worth", "of sales", "own risk"], ["good", 0.5, 1, 0], ["bad", 0, 0, 0]]
    assert limit_of("good", 100, policy=policy) == 50
    assert limit_of("bad", 100, policy=policy) == 0
    assert "twice" in str(call("CREDITLIMIT", HEADERS[:2], [["a", 1]], [["a", 0.1, 0, 0], ["a", 0.2, 0, 0]]).reason)


def test_chinese_headers_and_reasons_are_understood() -> None:
    args = (["等级", "净资产", "保险限额"], [["BB", 1_000_000, 50_000]])
    assert call("CREDITLIMIT", *args).value == pytest.approx(55_000)
    assert call("CREDITLIMITREASON", *args, language="zh").value == "保险限额加自担风险 55,000；净资产占比 100,000"


@given(st.sampled_from([one.grade for one in POLICY]), amounts, amounts, st.none() | st.floats(0, 720), amounts)
def test_more_of_anything_never_lowers_a_limit_and_a_better_grade_never_does(
    grade: str, worth: float | None, sales: float | None, terms: float | None, insured: float | None
) -> None:
    def limit(name: str, factor: float = 1) -> float | None:
        row = [name, *(None if value is None else value * factor for value in (worth, sales)), terms, insured]
        made = credit_limit(HEADERS[:5], [row])
        return None if made.failures and any(mask[0] for mask, _ in made.failures) else float(made.values[0])

    base = limit(grade)
    if base is None:
        return
    assert base >= 0
    more = limit(grade, 2)
    assert more is not None
    assert more >= base
    grades = [one.grade for one in POLICY]
    better = limit(grades[max(grades.index(grade) - 1, 0)])
    assert better is not None
    assert better >= base
    assert credit_limit_reason(HEADERS[:5], [[grade, worth, sales, terms, insured]]).values[0]
