"""Which insurance is worth its price: premiums by their arithmetic, what is kept by simulation, the choice."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.loss_simulation import asset_correlation, bad_year, yearly_losses
from tests.ledgers import book_of, report_of, rows_of
from workbook.reports.insurance_cover import covers
from workbook.reports.insurance_structures import recommended, structures
from xladdin.call import call

D = dt.date
DAY = D(2026, 6, 30)
GRADES = [{"grade": "A", "from_score": 50, "default_probability": 0.02}, {"grade": "B", "from_score": 0, "default_probability": 0.10}]
WHOLE = {
    "policy_no": "W", "structure": "whole turnover", "currency": "CNY", "premium_rate": 0.005, "cover": 0.9, "valid_from": D(2026, 1, 1),
    "valid_until": D(2026, 12, 31), "insured_amount": 1_000_000,
}  # fmt: skip


def priced(given=None, policies=(), customers=None, **more):
    ledger = [{"document_no": f"I{n}", "customer_id": f"C{n}", "amount": 1000 * n, "due_date": DAY} for n in range(1, 11)]
    customers = customers or [{"customer_id": f"C{n}", "credit_limit": 20_000} for n in range(1, 11)]
    book = book_of(ledger, {"simulated_years": 2000, "named_counts": "3"} | (given or {}), customers=customers, policies=list(policies), grades=GRADES, **more)
    return {one.key: one for one in structures(book, covers(book, book.settings, DAY), book.settings, DAY)}, book


def test_premiums_are_rate_times_the_turnover_of_those_covered():
    made, _ = priced()
    assert made["whole"].premium == pytest.approx(55_000 * 0.003)
    assert made["top 3"].premium == pytest.approx(27_000 * 0.012)
    assert (made["none"].premium, made["as_it_is"].premium) == (0.0, 0.0)


def test_the_terms_of_a_policy_in_force_go_before_the_settings():
    made, _ = priced(policies=[WHOLE | {"minimum_premium": 400, "deductible": 50}])
    assert made["whole"].premium == 400
    assert made["as_it_is"].premium == 5000
    assert made["whole"].terms.source == "W"


@pytest.mark.parametrize("day", [{"valid_until": D(2026, 6, 29)}, {"valid_from": D(2026, 7, 1)}])
def test_a_policy_that_is_not_in_force_has_no_say(day):
    made, _ = priced(policies=[WHOLE | day])
    assert (made["whole"].terms.source, made["as_it_is"].premium) == ("", 0.0)


def test_the_premium_agrees_with_the_function_premium():
    made, _ = priced()
    assert round(made["whole"].premium, 2) == call("PREMIUM", 55_000, 0.003).value


def test_customers_on_hold_or_without_a_limit_are_covered_by_nobody():
    customers = [{"customer_id": f"C{n}", "credit_limit": 20_000 if n != 9 else None, "status": "hold" if n == 10 else "active"} for n in range(1, 11)]
    made, _ = priced(customers=customers)
    assert (made["whole"].count, made["top 3"].turnover) == (8, 8000 + 7000 + 6000)


def test_the_same_seed_gives_the_same_years_and_another_seed_others():
    first, second, third = (priced({"simulation_seed": seed})[0]["none"].kept_average for seed in (1, 1, 2))
    assert first == second != third


def test_without_insurance_an_average_year_costs_the_expected_loss():
    made, book = priced({"simulated_years": 40_000})
    chance = {row["customer_id"]: row["pd"] for row in _scores(book)}
    expected = sum(1000 * n * chance[f"C{n}"] for n in range(1, 11))
    assert made["none"].kept_average == pytest.approx(expected, rel=0.05)


def test_an_insolvent_customer_has_failed_in_every_report():
    """Its probability of default is 1 in the simulation, in Scores and limits, and in the expected loss of the Dashboard."""
    customers = [{"customer_id": f"C{n}", "credit_limit": 20_000, "status": "insolvent" if n == 10 else "active"} for n in range(1, 11)]
    made, book = priced({"simulated_years": 40_000}, customers=customers)
    chance = {row["customer_id"]: row["pd"] for row in _scores(book)}
    assert (chance["C10"], chance["C9"] < 1) == (1.0, True)
    expected = sum(1000 * n * chance[f"C{n}"] for n in range(1, 11))
    assert made["none"].kept_average == pytest.approx(expected, rel=0.05)
    figures = {row["figure"]: row["today"] for row in rows_of(report_of("dashboard", book, DAY))}
    assert figures["Expected loss of a year"] == pytest.approx(expected, abs=0.01)


def _scores(book):
    data = report_of("scores_limits", book, DAY).data
    return [dict(zip(data, values, strict=True)) for values in zip(*data.values(), strict=True)]


def test_the_choice_is_the_cheapest_bad_year_or_within_what_can_be_borne_the_cheapest_average():
    made, _ = priced()
    every = list(made.values())
    assert recommended(every, 0) is min(every, key=lambda one: one.premium + one.kept_bad)
    bearable = made["whole"].kept_bad
    assert recommended(every, bearable).kept_bad <= bearable
    assert recommended(every, 0.01) is min(every, key=lambda one: one.kept_bad)


def test_the_report_shows_the_arithmetic_of_the_choice():
    _, book = priced()
    sheet = report_of("insurance", book, DAY)
    block = sheet.blocks[0].data
    whole = block["structure"].index("whole turnover")
    assert block["how_premium"][whole].startswith("0.30% × CNY 55,000 = CNY 165; rate of the settings; at 0.3 % to 1.2 %: CNY 165 to CNY 660")
    assert [a + b for a, b in zip(block["premium"], block["kept_bad"], strict=True)] == block["bad_cost"]
    assert [a + b for a, b in zip(block["premium"], block["kept_average"], strict=True)] == block["average_cost"]
    assert sum(mark != "" for mark in block["choice"]) == 1
    assert dict(sheet.facts)["Recommended"].startswith(block["structure"][[bool(mark) for mark in block["choice"]].index(True)])


def test_concentration_agrees_with_the_functions_hhi_and_topshare():
    _, book = priced()
    block = report_of("insurance", book, DAY).blocks[1].data
    amounts = [[1000 * n] for n in range(1, 11)]
    assert block["index"][0] == round(call("HHI", amounts).value)
    assert block["share"][2] == pytest.approx(call("TOPSHARE", amounts, 5).value)


def test_the_correlation_is_that_of_the_basel_formula():
    assert asset_correlation(np.array([0.0, 1.0])) == pytest.approx([0.24, 0.12], abs=1e-9)


def test_a_certain_default_is_lost_every_year_and_an_impossible_one_never():
    drawn = yearly_losses(np.array([1.0, 0.0, 0.5]), np.array([[10.0], [20.0], [0.0]]), 300, 1)
    assert (drawn == 10.0).all()


def test_a_quarter_of_the_years_share_is_as_asked_for_one_customer():
    drawn = yearly_losses(np.array([0.25]), np.array([[1.0]]), 40_000, 3)
    assert drawn.mean() == pytest.approx(0.25, abs=0.01)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1e6), st.floats(0, 1)), min_size=1, max_size=20),
    st.integers(0, 2**32),
)
def test_what_is_insured_never_exceeds_the_loss_in_any_year(rows, seed):
    chances, gross, share = map(np.array, zip(*rows, strict=True))
    drawn = yearly_losses(chances, np.column_stack([gross, gross * share]), 200, seed)
    assert (drawn[:, 1] <= drawn[:, 0] + 1e-6).all()
    assert (bad_year(drawn) <= gross.sum() + 1e-6).all()
