"""When the files are due, and what the checks of a year cost: all in depth, by tiers, and with credit reports."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from functions.reviews import REVIEW_MONTHS
from workbook.reports.register_words import say
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Block, Column

Dates = NDArray[np.datetime64]
#: months shown beyond the one of the day: every file that is reviewed each quarter falls due within them
AHEAD: Final = REVIEW_MONTHS
A_YEAR: Final = 12 // REVIEW_MONTHS


@dataclass(frozen=True, slots=True)
class Cost:
    """Checks and their cost a year, in 1/10000 of the report currency."""

    deep: int
    standard: int
    all_deep: int
    tiers: int
    with_reports: int

    @property
    def saved(self) -> int:
        """What reports save of the cost of the tiers."""
        return self.tiers - self.with_reports


def cost_of_year(deep: int, standard: int, settings: Settings) -> Cost:
    """Work out what the checks of a year cost: each file once a quarter."""
    costs = [round(cost * MONEY_SCALE) for cost in (settings.dd_cost_deep, settings.dd_cost_standard)]
    tiers = A_YEAR * (deep * costs[0] + standard * costs[1])
    saved = round(tiers * settings.dd_report_saving)
    return Cost(deep, standard, A_YEAR * (deep + standard) * costs[0], tiers, tiers - saved)


def calendar_block(due: Dates, deep: NDArray[np.bool_], today: np.datetime64, settings: Settings) -> Block:
    """Count the reviews that are late and those of each month to come, by tier; files without trade have no date."""
    language = settings.language
    month = today.astype("datetime64[M]")
    starts = [np.datetime64(month + number, "D") for number in range(AHEAD + 2)]
    months = [str(start.astype("datetime64[M]")) for start in starts[:-1]]
    labels = [say("calendar_late", language), *months, say("calendar_later", language)]
    late = due < today
    within = [(due >= max(start, today)) & (due < end) for start, end in pairwise(starts)]
    masks = [late, *within, due >= starts[-1]]
    none = np.isnat(due)
    return Block(
        say("calendar", language),
        (
            Column("month", say("calendar_month", language), "text", 11, "key"),
            Column("blank", "", "text"),
            Column("deep", say("tier_deep", language), "integer"),
            Column("standard", say("tier_standard", language), "integer"),
            Column("all", say("items", language), "integer", 9, "strong"),
        ),
        {
            "month": [*labels, say("calendar_none", language)],
            "blank": [""] * (len(labels) + 1),
            "deep": [int((mask & deep).sum()) for mask in (*masks, none)],
            "standard": [int((mask & ~deep).sum()) for mask in (*masks, none)],
            "all": [int(mask.sum()) for mask in (*masks, none)],
        },
    )


def cost_block(cost: Cost, settings: Settings) -> Block:
    """Write the arithmetic of the cost: each line with how it comes about."""
    language = settings.language
    each = {"deep": f"{settings.dd_cost_deep:,.0f}", "standard": f"{settings.dd_cost_standard:,.0f}", "times": A_YEAR}
    counts = {"n": f"{cost.deep:,}", "m": f"{cost.standard:,}", "all": f"{cost.deep + cost.standard:,}"}
    share = f"{settings.dd_report_saving:.0%}"
    lines = (
        ("cost_all_deep", say("cost_all_deep_how", language, **each, **counts), cost.all_deep),
        ("cost_tiers", say("cost_tiers_how", language, **each, **counts), cost.tiers),
        ("cost_reports", say("cost_reports_how", language, share=share), cost.with_reports),
        ("cost_saved", say("cost_saved_how", language, share=share), cost.saved),
        ("cost_saved_all", say("cost_saved_all_how", language), cost.all_deep - cost.with_reports),
    )
    return Block(
        say("cost_title", language, currency=settings.report_currency),
        (
            Column("line", say("cost_line", language), "text", 11, "key"),
            Column("how", say("cost_how", language), "text", 28),
            *(Column(f"blank{number}", "", "text") for number in range(3)),
            Column("amount", say("cost_amount", language), "amount", 16, "strong"),
        ),
        {
            "line": [say(key, language) for key, _, _ in lines],
            "how": [how for _, how, _ in lines],
            **{f"blank{number}": [""] * len(lines) for number in range(3)},
            "amount": [amount for _, _, amount in lines],
        },
    )


