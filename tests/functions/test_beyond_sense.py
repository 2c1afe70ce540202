"""Rates that no contract has are #NUM! in the cell with their reason; what stands out of place in a block of numbers is told."""

from __future__ import annotations

import datetime as dt

import pytest

from xladdin.call import call
from xladdin.registry import functions

RATES = [
    ("PREMIUM", (1_000_000, 0.5), "rate"), ("PREMIUM", (1_000_000, 0.3), "rate"), ("PREMIUM", (1_000_000, -0.005), "rate"),
    ("PREMIUM", (1_000_000, 0.005, "insured", 0, 10), "loading"), ("PREMIUM", (1_000_000, 0.005, "insured", 0, 0, 6), "tax"),
    ("LATEINTEREST", (1000, "2025-01-31", "2025-04-01", 8), "rule_or_rate"), ("LATEINTEREST", (1000, "2025-01-31", "2025-04-01", 3.65), "rule_or_rate"),
    ("PENALTYCHECK", (0.05,), "daily_rate"),
    ("LATEINTEREST", (1000, "2025-01-31", "2025-04-01", -0.08), "rule_or_rate"),
    ("LATEINTEREST", (1000, "2025-01-31", "2025-04-01", "LPRx15"), "rule_or_rate"),
    ("PAYPLAN", (1000, 6, "2026-01-31", "m", 8), "rate"),
    ("PENALTYCHECK", (0.5,), "daily_rate"), ("PENALTYCHECK", (-0.0005,), "daily_rate"), ("PENALTYCHECK", (0.0005, "CN-4LPR", 3.1), "lpr"),
    ("ECL", ([[100, 50]], [[0.3, 16]]), "loss_rates"), ("ECL", ([[100, 50]], [[0.3, 0.4]], 10), "forward"),
    ("LOSSRATES", ([[100, 50], [120, 60]], 60), "loss_given_default"), ("LOSSRATES", ([[100, 50], [120, 60]], -0.1), "loss_given_default"),
    ("INDEMNITY", (100, 50, 90), "cover"), ("UNINSURED", (100, 50, 90), "cover"), ("RECOVERYSHARE", (10, 100, 50, 90), "cover"),
    ("EFFECTIVELIMIT", (100, 50, False, False, 20, 50), "guarantee_share"), ("PREPAYCHECK", (10, 100, 30), "floor"), ("DDTIER", (1, [[1, 2]], 20), "share"),
    ("NAMEMATCH", ("Acme", [["Zeta"]], 0.85), "cutoff"), ("BLACKLISTED", ("Acme", None, [["Zeta"]], 0.85), "cutoff"),
    ("DEFAULTPROB", (60, [["A", 50, 2]]), "probability"), ("DEFAULTPROB", (60, [["A", 50, -0.02]]), "probability"),
    ("DSO", (100, 1000, 36_500), "days"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "args", "argument"), RATES, ids=[f"{name} {argument} {number}" for number, (name, _, argument) in enumerate(RATES)])
def test_p12_a_rate_beyond_all_sense_is_num_in_the_cell_with_its_reason(name, args, argument):
    answer = call(name, *args)
    assert answer.value == "#NUM!", answer.reason
    assert argument in str(answer.reason)


@pytest.mark.parametrize(
    ("name", "args", "value"),
    [
        ("PREMIUM", (1_000_000, 0.2), 200_000), ("PREMIUM", (1_000_000, 0.012), 12_000), ("PENALTYCHECK", (0.003,), "above cap"),
        ("LATEINTEREST", (1000, "2025-01-31", "2025-04-01", 1.825), 300.0),
    ],
)  # fmt: skip
def test_p12_high_rates_that_contracts_do_have_are_still_answered(name, args, value):
    assert call(name, *args).value == value


def test_p12_one_senseless_rate_in_a_column_fails_alone():
    answer = call("PREMIUM", [[1000], [1000]], [[0.005], [0.5]])
    assert answer.value == [[5.0], ["#NUM!"]]
    assert "rate must be at most 0.2; got 0.5" in answer.reasons[1, 0]


TABLES = {
    ("ADDWORKDAYS", "holidays"): [["2027-01-01", False], ["2027-01-02", True]],
    ("WORKDAYSBETWEEN", "holidays"): [["2027-01-01", False], ["2027-01-02", True]],
    ("CREDITGRADE", "bands"): [["A", 50], ["B", 0]],
    ("DEFAULTPROB", "table"): [["A", 50, 0.02], ["B", 0, 0.1]],
    ("EARLYWARNING", "signals"): [["payment_trend", 1, 2, "up", 6], ["limit_use", 0.5, 0.9, "up", 1]],
    ("WARNINGREASONS", "signals"): [["payment_trend", 1, 2, "up", 6], ["limit_use", 0.5, 0.9, "up", 1]],
    ("CREDITSCORE", "scorecard"): [["net_worth", 0, 100, 5], ["net_worth", 100, None, 10]],
    ("CREDITREASONS", "scorecard"): [["net_worth", 0, 100, 5], ["net_worth", 100, None, 10]],
    ("CREDITLIMIT", "policy"): [["A", 0.1, 0.2, 0.1], ["B", 0.05, 0.1, 0]],
    ("CREDITLIMITREASON", "policy"): [["A", 0.1, 0.2, 0.1], ["B", 0.05, 0.1, 0]],
    ("LATEINTEREST", "rates"): [["LPR", "2026-01-20", 0.03], ["LPR", "2026-02-20", 0.03]],
    ("FXCONVERT", "rates"): [["USD/CNY", "2026-01-20", 7.0], ["EUR/CNY", "2026-02-20", 8.0]],
    ("INSURANCECLOCK", "policy_values"): None, ("LOSSRATES", "bucket_balances_by_month"): None, ("ROLLRATES", "bucket_balances_by_month"): None,
}  # fmt: skip
ODD = (
    dt.date(2026, 1, 1), dt.datetime(2026, 1, 1, 5), dt.time(5), dt.timedelta(1), True, "x", None, float("nan"), float("inf"), 1e308, -3,
    10**400, 1 + 2j, b"x",
)  # fmt: skip


@pytest.mark.parametrize(("name", "argument"), TABLES, ids=str)
def test_p12_what_stands_out_of_place_in_a_block_never_fails_inside(name, argument):
    spec = functions()[name]
    place = [arg.name for arg in spec.args].index(argument)
    example = list(spec.examples[0].args)
    if name == "LATEINTEREST":
        example = [1000, "2026-01-25", "2026-03-01", "CN-SALE"]
    table = TABLES[name, argument] or [row if isinstance(row, (list, tuple)) else [row] for row in example[place]]
    args = [*example, *[None] * (place + 1 - len(example))]
    for row in range(len(table)):
        for column in range(len(table[row])):
            for odd in ODD:
                changed = [list(cells) for cells in table]
                changed[row][column] = odd
                args[place] = changed
                answer = call(name, *args)
                assert not any("failed inside" in str(reason) for reason in answer.reasons.values()), (row, column, odd)


@pytest.mark.parametrize(
    ("name", "args", "words"),
    [
        ("CREDITGRADE", (60, [["A", dt.date(2026, 1, 1)], ["B", 0]]), "bands, row 1: the lowest score must be a number; got 2026-01-01"),
        ("DEFAULTPROB", (60, [["A", 50, dt.date(2026, 1, 1)]]), "table, row 1: the probability must be a number; got 2026-01-01"),
        ("EARLYWARNING", (["payment_trend"], [[3]], [["payment_trend", 1, dt.date(2026, 1, 1)]]), "signals, row 1: alarm must be a number; got 2026-01-01"),
        ("EARLYWARNING", (["payment_trend"], [[3]], [["payment_trend", 1, True]]), "signals, row 1: alarm must be a number; got TRUE"),
        ("DAYSOVERDUE", (dt.time(5), "2026-01-01"), "due"),
        ("HHI", ([[1, dt.date(2026, 1, 1)]],), "amounts must be a number; got 2026-01-01"),
    ],
)  # fmt: skip
def test_p12_dates_and_truths_inside_blocks_of_numbers_are_told(name, args, words):
    answer = call(name, *args)
    assert answer.value == "#VALUE!"
    assert words in str(answer.reason)
