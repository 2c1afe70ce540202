"""The tables of the insurance report below its rows: the structures with their arithmetic, and how concentrated the balances are."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from functions.liquidity import hhi
from functions.money import round_money
from workbook.reports.common import amount_text
from workbook.reports.insurance_cover import Cover
from workbook.reports.insurance_structures import Structure, how, recommended, structure_name
from workbook.reports.insurance_words import tell
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE, Block, Column

#: how many of the largest customers are summed up
TOPS: Final = (1, 5, 10, 20)


def structures_block(made: list[Structure], settings: Settings) -> Block:
    """Compare the structures, in the order of the choice; the recommended one is marked."""
    language = settings.language
    best = recommended(made, settings.own_risk)

    def column(key: str, kind: Any, width: int, style: Any = "plain") -> Column:
        return Column(key, tell(key, language), kind, width, style)

    return Block(
        tell("structures_title", language, years=f"{settings.simulated_years:,}", seed=settings.simulation_seed),
        (
            column("choice", "text", 11, "key"),
            column("structure", "text", 28, "strong"),
            column("buyers", "integer", 13),
            column("sales_12", "amount", 16),
            column("premium", "amount", 16),
            column("kept_average", "amount", 15),
            column("cover", "rate", 9),
            column("kept_bad", "amount", 16),
            column("bad_cost", "amount", 16, "strong"),
            column("how_premium", "text", 44),
            column("average_cost", "amount", 15),
        ),
        {
            "choice": [tell("best", language) if one is best else "" for one in made],
            "structure": [structure_name(one, language) for one in made],
            "buyers": [one.count or None for one in made],
            "sales_12": [_units(one.turnover) for one in made],
            "premium": [_units(one.premium) for one in made],
            "kept_average": [_units(one.kept_average) for one in made],
            "cover": [one.terms.cover if one.terms and one.key != "as_it_is" else None for one in made],
            "kept_bad": [_units(one.kept_bad) for one in made],
            "bad_cost": [_units(one.premium) + _units(one.kept_bad) for one in made],
            "how_premium": [how(one, settings) for one in made],
            "average_cost": [_units(one.premium) + _units(one.kept_average) for one in made],
        },
    )


def recommendation(made: list[Structure], settings: Settings) -> str:
    """Write the recommended structure with its arithmetic against having none."""
    language, currency = settings.language, settings.report_currency
    best, none = recommended(made, settings.own_risk), made[0]
    bad = settings.own_risk <= 0
    parts = (best.premium, best.kept_bad if bad else best.kept_average)
    total, other = sum(map(_units, parts)), _units(none.bad_cost if bad else none.average_cost)
    words = {
        "structure": structure_name(best, language),
        "premium": amount_text(_units(parts[0]), currency),
        "kept": amount_text(_units(parts[1]), currency),
        "total": amount_text(total, currency),
        "none": amount_text(other, currency),
    }
    return tell("recommended_bad" if bad else "recommended_average", language, **words)


def concentration_block(cover: Cover, settings: Settings) -> Block | None:
    """Show the index of concentration and the shares of the largest balances, with their arithmetic."""
    language, currency = settings.language, settings.report_currency
    amounts = np.sort(cover.balance[cover.balance > 0])[::-1]
    if not len(amounts):
        return None
    total = int(amounts.sum())
    lines: list[tuple[str, float | None, float | None, str]] = [
        (tell("line_hhi", language), None, round(hhi(amounts.astype(np.float64))), tell("how_hhi", language, count=f"{len(amounts):,}"))
    ]
    for count in TOPS:
        top = int(amounts[:count].sum())
        text = f"{amount_text(top, currency)} / {amount_text(total, currency)}"
        lines.append((tell("line_top", language, count=count), top / total, None, text))
    return Block(
        tell("concentration_title", language),
        (
            Column("blank", "", "text", 11),
            Column("line", tell("line", language), "text", 28, "key"),
            Column("share", tell("share", language), "rate", 13),
            Column("index", tell("index", language), "integer", 16),
            *(Column(f"blank{number}", "", "text") for number in range(5)),
            Column("how_premium", tell("how_premium", language), "text", 44),
        ),
        {
            "blank": [""] * len(lines),
            "line": [line[0] for line in lines],
            "share": [line[1] for line in lines],
            "index": [line[2] for line in lines],
            **{f"blank{number}": [""] * len(lines) for number in range(5)},
            "how_premium": [line[3] for line in lines],
        },
    )


def _units(amount: float) -> int:
    """Round to cents half-up, in 1/10000."""
    return int(np.rint(round_money(np.array([amount])) * MONEY_SCALE)[0])
