"""Indicators of standing: what a customer owes as the ledger stood, what its credit file says, its weight, and its insurance."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from functions.credit_file import complete
from workbook.indicators.scene import Numbers, Scene, largest_of, ratio, total_of
from workbook.questions.balances import BUCKETS
from workbook.questions.columns import dates, numbers, whole
from workbook.questions.spans import WINDOWS
from workbook.sheet import MONEY_SCALE

_MONTH: Final = 365.25 / 12
_FILE: Final = (
    "current_ratio", "quick_ratio", "cash_ratio", "debt_to_assets", "equity_to_liabilities", "working_capital_to_assets",
    "retained_earnings_to_assets", "ebit_to_assets", "roa", "altman_z2", "litigation_count", "management_changes", "years_of_trade",
)  # fmt: skip


def balances(scene: Scene, until: np.datetime64) -> dict[str, Numbers]:
    """Work out what each customer owed on a day, and how that changed since the windows began."""
    now = _balance(scene, until)
    number = now["open_items"]
    made = {key: now[key] for key in now if not key.startswith("_")}
    made |= {f"{key}_sample": number for key in list(made) if key != "open_items"}
    made["_owed"], made["_overdue"] = now["_owed"], now["_overdue"]
    limit = scene.found.effective / MONEY_SCALE
    for window in WINDOWS:
        then = _balance(scene, until - np.timedelta64(window, "D"))
        columns = {
            "balance_change": ratio(now["_owed"], then["_owed"]) - 1,
            "overdue_change": ratio(now["_overdue"], then["_overdue"]) - 1,
            "overdue_share_rise": now["overdue_share"] - _or_nothing(then, "overdue_share"),
            "overdue30_share_rise": now["overdue30_share"] - _or_nothing(then, "overdue30_share"),
            "overdue90_share_rise": now["overdue90_share"] - _or_nothing(then, "overdue90_share"),
            "oldest_days_rise": now["oldest_days"] - _or_nothing(then, "oldest_days"),
            "mean_days_rise": now["mean_days_overdue"] - then["mean_days_overdue"],
            "overdue_items_rise": now["overdue_items"] - then["overdue_items"],
            "use_of_limit_rise": ratio(now["_owed"] - then["_owed"], np.nan_to_num(limit, nan=0.0, posinf=0.0)),
        }
        for key, values in columns.items():
            made[f"{key}_{window}"] = values
            made[f"{key}_{window}_sample"] = number
    return made


def _or_nothing(then: dict[str, Numbers], key: str) -> Numbers:
    """Who owed nothing then had nothing overdue."""
    return np.where(then["open_items"] > 0, then[key], 0.0)


def _balance(scene: Scene, day: np.datetime64) -> dict[str, Numbers]:
    count = scene.count
    rows = np.flatnonzero((scene.then.look == np.searchsorted(scene.looks, day)) & (scene.holder >= 0))
    then, who, rates = scene.then.table.take(pa.array(rows)), scene.holder[rows], scene.rates[rows]

    def total(*keys: str) -> Numbers:
        return total_of(who, np.asarray(sum(whole(then, key) for key in keys)) * rates, count)

    here = numbers(then, "items") > 0
    owed, overdue, number = total(*BUCKETS), total(*BUCKETS[1:]), total_of(who, numbers(then, "items"), count)
    days = np.where(here, (day - dates(then, "oldest")).astype(np.float64), np.nan)
    largest, squares = numbers(then, "largest") * rates, numbers(then, "squares") * rates**2
    return {
        "_owed": owed,
        "_overdue": overdue,
        "open_items": number,
        "overdue_items": total_of(who, numbers(then, "overdue_items"), count),
        "overdue_share": ratio(overdue, owed),
        **{f"overdue{limit}_share": ratio(total(*BUCKETS[at:]), owed) for limit, at in ((30, 2), (60, 3), (90, 4))},
        "oldest_days": np.where(number > 0, np.maximum(np.nan_to_num(largest_of(who, days, count)), 0), np.nan),
        "mean_days_overdue": ratio(total_of(who, numbers(then, "late_days") * rates, count), overdue),
        "largest_item_share": ratio(np.nan_to_num(largest_of(who[here], largest[here], count)), owed),
        "unapplied_share": ratio(-total("unapplied"), owed),
        "items_concentration": ratio(total_of(who, squares, count), owed**2),
        "currencies": np.where(number > 0, total_of(who, here.astype(np.float64), count), np.nan),
    }


def today(scene: Scene, known: dict[str, Numbers]) -> dict[str, Numbers]:
    """Work out what is known of the day alone: credit file, weight in our receivables, insurance."""
    found, cover = scene.found, scene.cover
    exposure, outstanding = found.exposure / MONEY_SCALE, found.outstanding / MONEY_SCALE
    file = complete(scene.file)
    nothing = np.full(scene.count, np.nan)
    made = {key: _finite(file.get(key, nothing)) for key in _FILE}
    made |= {"score": scene.score, "default_chance": scene.chance}
    made["months_since_review"] = _months(scene, "last_review")
    made["statements_age"] = _months(scene, "statements_verified")
    for key, item in (("exposure_to_net_worth", "net_worth"), ("exposure_to_sales", "sales"), ("exposure_to_cash", "cash")):
        made[key] = ratio(exposure, np.nan_to_num(file.get(item, nothing) * scene.statement_rate))
    limit = found.limit / MONEY_SCALE
    worth = np.nan_to_num(file.get("net_worth", nothing) * scene.statement_rate)
    made["limit_to_net_worth"] = ratio(np.nan_to_num(limit, posinf=0.0), worth)
    until = scene.file.get("limit_until")
    left = nothing if until is None else (until - scene.as_of).astype(np.float64)
    made["limit_days_left"] = left if until is None else np.where(np.isnat(until), np.nan, left)
    made["limit_use"] = ratio(exposure, np.nan_to_num(found.effective / MONEY_SCALE, posinf=0.0))
    made["outstanding_share"] = _share(np.maximum(outstanding, 0))
    made["share_of_overdue"] = _share(known["_overdue"])
    made["group_share"] = np.where(found.grouped, ratio(found.group_exposure / MONEY_SCALE, np.full(scene.count, exposure.sum())), np.nan)
    balance = cover.balance / MONEY_SCALE
    made["uninsured_share"] = ratio(cover.uninsured / MONEY_SCALE, balance)
    reasons = cover.reasons
    made["no_policy_share"] = ratio(reasons["why_no_policy"] / MONEY_SCALE, balance)
    made["over_insured_limit_share"] = ratio(np.where(np.isnan(cover.limit), 0, reasons["why_over"]) / MONEY_SCALE, balance)
    made["insured_limit_use"] = ratio(cover.insurable / MONEY_SCALE, np.nan_to_num(cover.limit / MONEY_SCALE))
    return made


def _months(scene: Scene, key: str) -> Numbers:
    days = scene.file.get(key)
    if days is None or days.dtype.kind != "M":
        return np.full(scene.count, np.nan)
    return np.where(np.isnat(days), np.nan, (scene.as_of - days).astype(np.float64) / _MONTH)


def _finite(values: Numbers) -> Numbers:
    """Leave out ratios without limit (assets and no debt): they are good ones."""
    return np.where(np.isfinite(values), values, np.nan)


def _share(amounts: Numbers) -> Numbers:
    total = amounts.sum()
    return amounts / total if total > 0 else np.full(len(amounts), np.nan)
