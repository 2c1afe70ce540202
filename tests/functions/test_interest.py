"""Late interest, its rates, and claims with part-payments."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.claim import CIVIL_CODE_ORDER, PRINCIPAL_FIRST, allocate, interest_with_payments, rate_steps
from functions.late_rules import KNOWN_RULES, read_rule
from functions.rates import BUILT_IN, UNIT, read_rates
from tests.functions.shapes import DATES, assert_column_equals_single_cells, cells, columns
from xladdin.call import call
from xladdin.errors import InvalidValue, NotAvailable

D = dt.date.fromisoformat
AMOUNTS = st.one_of(st.decimals(-(10**6), 10**7, places=2).map(float), st.integers(0, 10**6))
RULES = st.sampled_from(["CN-SME", "CN-SALE", "LPRx1", "LPR", "LPRx1.3", "lpr×4", "EU", "DE", "UK", 0.1, 0, 0.085])

CASES = [
    pytest.param(100, "2026-01-01", "2026-01-21", 0, {}, 0.00, id="B1 ERPNext dunning, no rate"),
    pytest.param(100, "2026-01-01", "2026-01-16", 0.10, {}, 0.41, id="B2 ERPNext dunning, 15 days at 10%"),
    pytest.param(1000, "2012-12-31", "2013-12-31", "UK", {}, 85.00, id="B5 gov.uk, a year at 0.5% + 8%"),
    pytest.param(1000, "2012-12-31", "2013-02-19", "UK", {}, 11.64, id="B5 gov.uk, 50 days, exact"),
    pytest.param(1000, "2012-12-31", "2013-02-19", "UK", {"rounding": "daily"}, 11.50, id="B5 gov.uk, 50 days, each rounded: 50 x 0.23"),
    pytest.param(1000, "2026-01-01", "2026-02-20", 0.085, {"rounding": "daily", "currency": "JPY"}, 0.0, id="a day's interest below half a yen is none"),
    pytest.param(100_000, "2025-06-30", "2025-08-14", "CN-SME", {"rounding": "daily"}, 2250.00, id="a round day's interest"),
    pytest.param(100, "2026-01-01", "2026-01-01", 0.10, {"rounding": "daily"}, 0.0, id="rounded daily, not late"),
    pytest.param(4500, "2026-01-01", "2026-01-31", 0.11, {"currency": "EUR"}, 40.68, id="B7 EU example, 30 days at 11%"),
    pytest.param(100_000, "2025-06-30", "2025-08-14", "CN-SME", {}, 2250.00, id="B8 Order 802, 45 days at 0.05% a day"),
    pytest.param(100_000, "2025-06-30", "2025-08-14", "CN-SME", {"daycount": 360}, 2250.00, id="a daily rate knows no year"),
    pytest.param(100, "2026-01-01", "2026-01-01", 0.10, {}, 0.0, id="paid on the due date"),
    pytest.param(100, "2026-01-02", "2026-01-01", 0.10, {}, 0.0, id="until before due"),
    pytest.param(100, "2090-01-02", "2080-01-01", "LPR", {}, 0.0, id="until before due asks for no rate"),
    pytest.param(36_500, "2024-07-01", "2024-07-31", "LPRx1", {}, 102.50, id="LPR: 20 days at 3.45%, 10 at 3.35%"),
    pytest.param(36_500, "2024-07-01", "2024-07-31", "CN-SALE", {}, 155.25, id="CN-SALE is the LPR of the breach x 1.5: 30 days at 3.45%"),
    pytest.param(36_500, "2024-07-01", "2024-07-31", "CN-SALE", {"factor": 1.3}, 134.55, id="CN-SALE at the lower end"),
    pytest.param(36_500, "2024-07-01", "2024-07-31", "CN-SALE", {"fixing": "daily"}, 153.75, id="CN-SALE day by day"),
    pytest.param(36_500, "2024-07-01", "2024-07-31", "CN-SALE", {"fixing": "first day"}, 155.25, id="CN-SALE, LPR of the breach: 30 x 3.45% x 1.5"),
    pytest.param(36_000, "2024-07-01", "2024-07-31", "LPRx1", {"daycount": 360}, 102.50, id="LPR over 360 days"),
    pytest.param(36_500, "2023-06-20", "2023-07-10", "EU", {}, 225.0, id="EU: 10 days at 10.5%, 10 at 12%"),
    pytest.param(36_500, "2023-06-20", "2023-07-10", "DE", {}, 227.4, id="L17 DE: 10 days at 1.62% + 9, 10 at 3.12% + 9"),
    pytest.param(36_500, "2023-06-20", "2023-07-10", "UK", {}, 230.0, id="UK: the rate of the first day late stays, 20 days at 11.5%"),
    pytest.param(36_500, "2023-06-20", "2023-07-10", "UK", {"fixing": "daily"}, 245.0, id="UK day by day: 10 at 11.5%, 10 at 13%"),
    pytest.param(36_500, "2023-06-30", "2023-07-10", "UK", {}, 130.0, id="UK: interest starting on 1 July has the rate of 30 June"),
    pytest.param(36_500, "2023-06-29", "2023-07-10", "UK", {}, 126.5, id="UK: interest starting on 30 June has the rate of 31 December"),
    pytest.param(-100, "2026-01-01", "2026-01-16", 0.10, {}, -0.41, id="a credit note"),
    pytest.param(36_500, "2026-01-01", "2026-01-02", 0.1234, {"currency": "JPY"}, 12.0, id="yen have no cents"),
    pytest.param(36_500, "2026-01-01", "2026-01-02", 0.012345, {"currency": "KWD"}, 1.235, id="dinars have three digits"),
    pytest.param(201, "2026-01-01", "2026-01-02", 1.825, {}, 1.01, id="a half is rounded up: 1.005"),
]


@pytest.mark.parametrize(("amount", "due", "until", "rule", "named", "expected"), CASES)
def test_late_interest(amount: float, due: str, until: str, rule: object, named: dict[str, object], expected: float) -> None:
    answer = call("LATEINTEREST", amount, due, until, rule, **named)
    assert answer.value == expected, answer.reason


@pytest.mark.parametrize(
    ("amount", "rule", "expected"),
    [
        pytest.param(999.99, "UK", 40, id="B6"),
        pytest.param(1000, "UK", 70, id="B6"),
        pytest.param(9999.99, "UK", 70, id="B6"),
        pytest.param(10_000, "UK", 100, id="B6"),
        pytest.param(4500, "EU", 40, id="B7: 40.68 + 40 = 80.68"),
        pytest.param(4500, "DE", 40, id="L17 BGB § 288(5)"),
        pytest.param(0, "EU", 0, id="nothing owed"),
        pytest.param(-5, "uk", 0, id="a credit note"),
    ],
)
def test_fixed_sums(amount: float, rule: str, expected: float) -> None:
    assert call("LATEFIXEDSUM", amount, rule).value == expected


LATER = [["table", "date", "rate"], ["LPR", "2025-06-20", 0.03], ["USD/CNY", "whenever", 7.1], ["lpr 1y", 45_859, 0.03], ["", "", ""]]


@pytest.mark.parametrize(
    ("due", "until", "rule", "rates", "reason"),
    [
        ("2025-06-01", "2025-06-20", "LPRx1", None, "LPR: no rate is known from 2025-06-20 on; add later rates to the sheet Rates"),
        ("2025-06-01", "2025-06-19", "LPRx1", None, None),
        ("2019-08-18", "2019-09-01", "CN-SALE", None, "LPR: no rate is known before 2019-08-20; add earlier rates to the sheet Rates"),
        ("2025-12-30", "2025-12-31", "EU", None, None),
        ("2025-12-30", "2026-01-01", "EU", None, "ECB: no rate is known from 2026-01-01 on; add later rates to the sheet Rates"),
        ("2026-01-30", "2026-02-01", "UK", None, "BOE: no rate is known from 2026-01-01 on; add later rates to the sheet Rates"),
        ("2025-12-30", "2026-02-01", "UK", None, None),  # fixed on the first day late
        ("2025-06-01", "2025-08-19", "LPRx1", LATER, None),
        ("2025-06-01", "2025-08-20", "LPRx1", LATER, "LPR: no rate is known from 2025-08-20 on; add later rates to the sheet Rates"),
        ("2025-06-01", "2025-08-19", "LPRx1", [["LPR", "2025-08-20", 0.03]], "LPR: no rate is known from 2025-06-20 to 2025-08-19; add the missing rates to the sheet Rates"),
        ("2025-12-30", "2026-06-30", "EU", [["ECB", "2026-01-01", 0.02]], None),
        ("2026-01-30", "2026-02-01", "UK", [["Bank of England", "2025-12-31", 0.04]], None),
    ],
)
def test_a_day_without_a_known_rate_is_an_error_naming_the_table(due: str, until: str, rule: str, rates: object, reason: str | None) -> None:
    answer = call("LATEINTEREST", 1000, due, until, rule, rates=rates)
    assert answer.reason == reason
    assert (answer.value == "#N/A") == (reason is not None)


def test_the_sheet_rates_replaces_a_rate_of_the_same_date() -> None:
    assert call("LATEINTEREST", 36_500, "2024-07-01", "2024-07-31", "LPRx1", rates=[["LPR", "2024-07-22", 0.0345]]).value == 103.5


def test_a_publication_after_a_weekend_leaves_no_gap() -> None:
    assert call("LATEINTEREST", 36_500, "2025-04-18", "2025-04-21", "LPRx1").value == 9.3  # 20 April 2025 was a Sunday


@pytest.mark.parametrize(
    ("args", "named", "code", "reason"),
    [
        ((1, "2026-01-01", "2026-01-02", "CN"), {}, "#VALUE!", f'rule_or_rate must be one of {KNOWN_RULES}; got the text "CN"'),
        ((1, "2026-01-01", "2026-01-02", True), {}, "#VALUE!", f"rule_or_rate must be one of {KNOWN_RULES}; got TRUE"),
        ((1, "2026-01-01", "2026-01-02", 10), {}, "#NUM!", "rule_or_rate must be a yearly rate from 0 to 2 (10% is 0.1); got 10"),
        ((1, "2026-01-01", "2026-01-02", -0.1), {}, "#NUM!", "rule_or_rate must be a yearly rate from 0 to 2 (10% is 0.1); got -0.1"),
        ((1, "2026-01-01", "2026-01-02", None), {}, "#VALUE!", "rule_or_rate is blank"),
        ((1, "2026-01-01", "2026-01-02", 0.1), {"daycount": 364}, "#VALUE!", "daycount must be 365 or 360; got 364"),
        ((1, "2026-01-01", "2026-01-02", 0.1), {"currency": "EURO"}, "#VALUE!", 'currency "EURO" is not known; it must be a code of ISO 4217 such as CNY, USD or EUR'),
        ((1, "2025-01-01", "2025-01-02", "CN-SALE"), {"factor": 2}, "#NUM!", "factor must be 1.3 to 1.5 (LPR plus 30% to 50%); got 2"),
        ((1, "2025-01-01", "2025-01-02", "EU"), {"rates": [["ECB", "2026-03-12", 0.02]]}, "#VALUE!", "rates, row 1: the reference rate of ECB is taken on 1 January and 1 July; got 2026-03-12"),
        ((1, "2025-01-01", "2025-01-02", "LPR"), {"rates": [["LPR", "2025-06-20", 3.0]]}, "#NUM!", "rates, row 1: rate must be a fraction, 0.0345 for 3.45%; got 3"),
        ((1, "2025-01-01", "2025-01-02", "LPR"), {"rates": [["LPR", "2025-06-20", "3%"]]}, "#VALUE!", 'rates, row 1: rate must be a number; got the text "3%"'),
        ((1, "2025-01-01", "2025-01-02", "LPR"), {"rates": [["LPR", "June", 0.03]]}, "#VALUE!", 'rates, row 1: date must be a date or a text like 2026-01-31; got the text "June"'),
        ((1, "2025-01-01", "2025-01-02", "LPR"), {"rates": [["LPR", "2025-06-20"]]}, "#VALUE!", "rates, row 1: a row is table, date, rate; got 2 columns"),
        ((1, "2025-01-01", "2025-01-02", "LPR"), {"rounding": "daily"}, "#VALUE!", 'rounding "daily" needs one rate throughout: a rate a year, CN-SME, UK, or the fixing "first day"'),
        ((1, "2025-01-01", "2025-01-02", "LPR"), {"fixing": "weekly"}, "#VALUE!", 'fixing must be one of rule, daily, first day; got the text "weekly"'),
    ],
)
def test_what_cannot_be_answered_says_why(args: tuple[object, ...], named: dict[str, object], code: str, reason: str) -> None:
    answer = call("LATEINTEREST", *args, **named)
    assert (answer.value, answer.reason) == (code, reason)


def test_a_truth_value_is_no_rate_even_after_the_same_number_was() -> None:
    assert call("LATEINTEREST", 365, "2026-01-01", "2026-01-02", 1).value == 1.0
    assert call("LATEINTEREST", 365, "2026-01-01", "2026-01-02", True).value == "#VALUE!"


def test_a_row_without_a_rate_fails_alone() -> None:
    answer = call("LATEINTEREST", [[36_500], [36_500]], [["2024-07-01"], ["2031-01-01"]], [["2024-07-31"], ["2031-02-01"]], "LPR")
    assert answer.value == [[102.5], ["#N/A"]]
    assert list(answer.reasons) == [(1, 0)]


@given(
    columns(amount=cells(AMOUNTS), due=cells(DATES), until=cells(DATES), currency=cells(st.sampled_from(["CNY", "JPY", "", None, "kwd"]))),
    RULES,
    st.sampled_from(["rule", "daily", "first day"]),
)
def test_a_column_equals_its_single_cells(rows: list[dict[str, object]], rule: object, fixing: str) -> None:
    assert_column_equals_single_cells("LATEINTEREST", rows, rule_or_rate=rule, fixing=fixing)


@given(columns(amount=cells(AMOUNTS)), st.sampled_from(["EU", "UK"]))
def test_fixed_sums_of_a_column_equal_single_cells(rows: list[dict[str, object]], rule: str) -> None:
    assert_column_equals_single_cells("LATEFIXEDSUM", rows, rule=rule)


DAYS_WITH_RATES = st.dates(D("2019-08-20"), D("2025-06-18"))


@given(AMOUNTS, DAYS_WITH_RATES, DAYS_WITH_RATES, RULES, st.sampled_from([360, 365]))
def test_running_totals_equal_a_day_by_day_sum_in_exact_fractions(amount: float, due: dt.date, until: dt.date, rule: object, daycount: int) -> None:
    exact = Fraction(0)
    read = read_rule(rule)
    for offset in range(max((until - due).days, 0)):
        day = due + dt.timedelta(1 if read.first_day else offset + 1)
        if read.table is None:
            exact += Fraction(repr(read.daily)) + Fraction(repr(read.yearly)) / daycount
        else:
            day_rate = [rate for start, rate in BUILT_IN[read.table] if D(start) < day + dt.timedelta(read.table != "BOE")][-1]
            exact += (Fraction(repr(day_rate)) + Fraction(read.margin, UNIT)) * Fraction(repr(read.factor)) / daycount
    exact *= Fraction(repr(float(amount)))
    cents = abs(exact) * 100
    expected = float(Fraction(int(cents + Fraction(1, 2)), 100)) * (1 if exact >= 0 else -1)
    assert call("LATEINTEREST", amount, due, until, rule, daycount=daycount).value == expected


@given(AMOUNTS.filter(lambda amount: amount >= 0), DAYS_WITH_RATES, DAYS_WITH_RATES, RULES)
def test_a_claim_without_payments_is_late_interest(amount: float, due: dt.date, until: dt.date, rule: object) -> None:
    claim = interest_with_payments(amount, due, until, rule)  # type: ignore[arg-type]
    assert claim.interest == call("LATEINTEREST", amount, due, until, rule).value
    assert sum(line.days for line in claim.lines) == (max((until - due).days, 0) if amount else 0)


def test_a_part_payment_goes_to_costs_then_interest_then_principal() -> None:
    claim = interest_with_payments(36_500, D("2026-01-01"), D("2026-03-02"), 0.10, [(D("2026-01-31"), 10_000.0)], costs=100)
    assert [(line.first, line.last, line.principal) for line in claim.lines] == [
        (D("2026-01-02"), D("2026-01-31"), 36_500.0),
        (D("2026-02-01"), D("2026-03-02"), 26_900.0),
    ]
    paid = claim.allocations[0]
    assert (paid.costs, paid.interest, paid.principal, paid.left_over) == (100.0, 300.0, 9_600.0, 0.0)
    assert (claim.costs, claim.interest, claim.principal, claim.total) == (0.0, 221.1, 26_900.0, 27_121.1)


def test_a_part_payment_can_go_to_principal_first() -> None:
    claim = interest_with_payments(36_500, D("2026-01-01"), D("2026-03-02"), 0.10, [(D("2026-01-31"), 10_000.0)], costs=100, order=PRINCIPAL_FIRST)
    assert (claim.costs, claim.interest, claim.principal) == (100.0, 517.81, 26_500.0)


def test_payments_after_the_last_day_have_not_happened_and_what_exceeds_the_debt_is_left_over() -> None:
    assert interest_with_payments(100, D("2026-01-01"), D("2026-01-31"), 0.1, [(D("2026-02-01"), 50.0)]).principal == 100.0
    claim = interest_with_payments(100, D("2026-01-01"), D("2026-03-31"), 0.1, [(D("2026-01-01"), 150.0)])
    assert (claim.lines, claim.total, claim.allocations[0].left_over) == ((), 0.0, 50.0)


@given(
    st.decimals(0, 10**6, places=2).map(float),
    st.lists(st.tuples(DAYS_WITH_RATES, st.decimals(0, 10**5, places=2).map(float)), max_size=5),
    st.sampled_from([CIVIL_CODE_ORDER, PRINCIPAL_FIRST]),
)
def test_no_cent_is_lost_between_payments_and_what_stays_owed(principal: float, payments: list[tuple[dt.date, float]], order: tuple[str, ...]) -> None:
    due, until = D("2021-03-31"), D("2025-06-18")
    claim = interest_with_payments(principal, due, until, "LPRx1.5", payments, costs=40, order=order)
    exact = [Fraction(repr(value)) for value in (principal, 40.0)]
    paid = sum((Fraction(repr(a.amount)) - Fraction(repr(a.left_over)) for a in claim.allocations), Fraction(0))
    interest = sum((Fraction(repr(line.interest)) for line in claim.lines), Fraction(0))
    assert abs(sum(exact) + interest - paid - Fraction(repr(claim.total))) <= Fraction(501, 100_000)
    assert min(claim.costs, claim.interest, claim.principal) >= 0


def test_allocation_works_on_columns() -> None:
    parts = allocate(np.array([50.0, 500.0]), np.array([10.0, 10.0]), np.array([20.0, 20.0]), np.array([100.0, 100.0]))
    assert [part.tolist() for part in parts] == [[10.0, 10.0], [20.0, 20.0], [20.0, 100.0], [0.0, 370.0]]
    with pytest.raises(InvalidValue, match="order must name costs, interest and principal once each; got interest"):
        allocate(np.array([50.0]), np.array([10.0]), np.array([20.0]), np.array([100.0]), ["interest"])


def test_a_claim_refuses_what_it_cannot_count() -> None:
    with pytest.raises(InvalidValue, match="a payment must not be below 0; got -1 on 2026-01-05"):
        interest_with_payments(100, D("2026-01-01"), D("2026-01-31"), 0.1, [(D("2026-01-05"), -1.0)])
    with pytest.raises(NotAvailable, match="ECB: no rate is known from 2026-01-01 on"):
        interest_with_payments(100, D("2025-12-01"), D("2026-01-31"), "EU")


def test_steps_of_a_rate_join_when_the_rate_did_not_change() -> None:
    steps = rate_steps(read_rule("LPR"), D("2024-06-20"), D("2024-10-31"))
    assert [(first, last) for first, last, _ in steps] == [
        (D("2024-06-21"), D("2024-07-21")),
        (D("2024-07-22"), D("2024-10-20")),
        (D("2024-10-21"), D("2024-10-31")),
    ]


@pytest.mark.parametrize(("table", "last"), [("LPR", "2025-06-19"), ("ECB", "2025-12-31"), ("BOE", "2025-12-31")])
def test_a_table_says_how_long_it_is_valid(table: str, last: str) -> None:
    assert read_rates(table).valid_until == np.datetime64(last)


def test_no_built_in_table_has_a_gap() -> None:
    for table in BUILT_IN:
        assert read_rates(table).known.tolist()[1:-1] == [True] * len(BUILT_IN[table])
