"""Which insurance is worth its price: none, what we have, whole turnover, or the largest buyers by name, on the ledger's own figures.

* A structure covers some customers up to a limit: the insurer's where it gave one, else our own credit limit; none for customers on
  hold, insolvent or written off, whom no insurer takes.
* Its premium is the rate times the turnover of twelve months with those it covers, at least the minimum. Rate, cover, deductible,
  minimum and yearly maximum are those of the newest policy in force of that kind; without one, the settings' rate and a cover of 90 %.
* What stays with us is drawn by simulation: balances of today, the scores' probabilities of default, one common factor.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from functions.insurance import HIGH_RATE, LOW_RATE, MOST_COVER, indemnities, premiums
from functions.loss_simulation import bad_year, yearly_losses
from workbook.book import CreditBook
from workbook.reports.common import amount_text
from workbook.reports.due_diligence import turnovers
from workbook.reports.insurance_cover import Cover, policies_of
from workbook.reports.insurance_words import tell
from workbook.reports.scores_limits import default_chances
from workbook.settings import Settings
from workbook.sheet import MONEY_SCALE

Numbers = NDArray[np.float64]
#: the status of customers whom no insurer takes
_REFUSED: Final = pa.array(["hold", "insolvent", "written off"])


@dataclass(frozen=True, slots=True)
class Terms:
    """What an insurer asks and pays, in units of the report currency."""

    rate: float
    cover: float = MOST_COVER
    deductible: float = 0.0
    minimum: float = 0.0
    cap: float = np.inf
    source: str = ""  # the policy it comes from; empty: the settings


@dataclass(frozen=True, slots=True)
class Structure:
    """One way to be insured, in units of the report currency; what is kept is by year."""

    key: str
    count: int  # customers covered
    turnover: float  # of twelve months with them
    terms: Terms | None
    premium: float
    kept_average: float
    kept_bad: float  # 1 in 20

    @property
    def average_cost(self) -> float:
        """Premium and what is kept in an average year."""
        return self.premium + self.kept_average

    @property
    def bad_cost(self) -> float:
        """Premium and what is kept in a year of 1 in 20."""
        return self.premium + self.kept_bad


def structures(book: CreditBook, cover: Cover, settings: Settings, as_of: dt.date) -> list[Structure]:
    """Price every structure: none, as it is, whole turnover, and the TOP n by name."""
    found = cover.found
    turnover = turnovers(book, found, as_of) / MONEY_SCALE
    balance = cover.balance / MONEY_SCALE
    open_to_cover = np.maximum(cover.balance - cover.disputed, 0) / MONEY_SCALE * settings.loss_given_default
    chances = _chances(book, cover, settings, as_of)
    limit = _granted(book, cover)
    accepted = limit > 0
    whole, named = (_terms(book, cover, kind, settings, as_of) for kind in ("whole turnover", "named buyers"))
    now, now_terms, now_premium = _as_it_is(book, cover, settings, as_of)

    plans: list[tuple[str, NDArray[np.bool_], Terms | None, Numbers, float]] = [
        ("none", np.zeros(len(balance), dtype=np.bool_), None, np.zeros(len(balance)), 0.0),
        ("as_it_is", cover.insured > 0, now_terms, now, now_premium),
    ]
    ranked = np.argsort(-np.where(accepted, balance, -1.0), kind="stable")
    choices = [("whole", accepted, whole)]
    for count in settings.named_counts:
        chosen = np.zeros(len(balance), dtype=np.bool_)
        chosen[ranked[:count]] = True
        choices.append((f"top {count}", chosen & accepted & (balance > 0), named))
    for key, chosen, terms in choices:
        paid = np.where(chosen, indemnities(open_to_cover, limit, terms.cover, terms.deductible), 0.0)
        premium = _premium(float(turnover[chosen].sum()), terms.rate, terms.minimum) if chosen.any() else 0.0
        plans.append((key, chosen, terms, paid, premium))

    gross = balance * settings.loss_given_default
    losses = np.column_stack([gross, *(plan[3] for plan in plans)])
    drawn = yearly_losses(chances, losses, settings.simulated_years, settings.simulation_seed)
    caps = np.array([plan[2].cap if plan[2] else np.inf for plan in plans])
    kept = drawn[:, :1] - np.minimum(drawn[:, 1:], caps)
    average, bad = kept.mean(axis=0), bad_year(kept)
    return [
        Structure(key, int(chosen.sum()), float(turnover[chosen].sum()), terms, premium, float(average[number]), float(bad[number]))
        for number, (key, chosen, terms, _, premium) in enumerate(plans)
    ]


def recommended(made: list[Structure], own_risk: float) -> Structure:
    """Choose: the cheapest average year of those whose bad year we can bear; else the least bad one. 0: the cheapest bad year."""
    if own_risk <= 0:
        return min(made, key=lambda one: one.bad_cost)
    bearable = [one for one in made if one.kept_bad <= own_risk]
    return min(bearable, key=lambda one: one.average_cost) if bearable else min(made, key=lambda one: one.kept_bad)


def structure_name(one: Structure, language: str) -> str:
    """Write the name of a structure."""
    if one.key.startswith("top "):
        return tell("structure_named", language, count=one.key[4:])
    return tell(f"structure_{one.key}", language)


def how(one: Structure, settings: Settings) -> str:
    """Write how the premium of a structure comes about, with the house's range beside it."""
    language, currency = settings.language, settings.report_currency
    if one.terms is None:
        return ""
    if one.key == "as_it_is":
        return tell("how_as_it_is", language, policies=one.terms.source)
    terms = one.terms
    computed = one.turnover * terms.rate
    words = [tell("how_rate", language, rate=f"{terms.rate:.2%}", amount=_text(one.turnover, currency), product=_text(computed, currency))]
    if terms.minimum > computed and one.count:
        words.append(tell("how_minimum", language, amount=_text(terms.minimum, currency)))
    if terms.deductible:
        words.append(tell("how_deductible", language, amount=_text(terms.deductible, currency)))
    if np.isfinite(terms.cap):
        words.append(tell("how_cap", language, amount=_text(terms.cap, currency)))
    words.append(tell("how_source", language, policy=terms.source) if terms.source else tell("how_settings", language))
    words.append(tell("how_range", language, low=_text(one.turnover * LOW_RATE, currency), high=_text(one.turnover * HIGH_RATE, currency)))
    return ("；" if language == "zh" else "; ").join(words)


def _text(amount: float, currency: str) -> str:
    return amount_text(round(amount) * MONEY_SCALE, currency).removesuffix(".00")


def _chances(book: CreditBook, cover: Cover, settings: Settings, as_of: dt.date) -> Numbers:
    """Return each customer's probability of default; the others' mean by balance without a credit file."""
    found = cover.found
    chances = default_chances(book, found, settings, as_of)
    known = ~np.isnan(chances)
    weight = cover.balance[known].astype(np.float64)
    mean = float(np.average(chances[known], weights=weight)) if weight.sum() > 0 else 0.0
    return np.where(known, chances, mean)


def _granted(book: CreditBook, cover: Cover) -> Numbers:
    """Return the limit that an insurer would give: its own, else our credit limit; 0 for customers on hold or insolvent."""
    found = cover.found
    limit = np.nan_to_num(np.where(np.isnan(cover.limit), found.effective, cover.limit), posinf=0.0) / MONEY_SCALE
    refused = pc.fill_null(pc.is_in(book.tables["customers"]["status"], value_set=_REFUSED), fill_value=False)
    mask = np.append(np.asarray(refused, dtype=np.bool_), True)[found.row_of]
    return np.where(mask, 0.0, limit)


def _in_force(book: CreditBook, as_of: dt.date) -> list[dict[str, Any]]:
    """List the policies in force on the day, the newest last."""
    rows = [
        row
        for row in policies_of(book).values()
        if not (row["valid_from"] and row["valid_from"] > as_of) and not (row["valid_until"] and row["valid_until"] < as_of)
    ]
    return sorted(rows, key=lambda row: row["valid_from"] or dt.date.min)


def _terms(book: CreditBook, cover: Cover, kind: str, settings: Settings, as_of: dt.date) -> Terms:
    """Return the terms of a kind of policy: the newest in force with a rate, else the settings'."""
    mine = [row for row in _in_force(book, as_of) if row["structure"] == kind and row["premium_rate"] is not None]
    if not mine:
        return Terms(settings.rate_whole if kind == "whole turnover" else settings.rate_named)
    row = mine[-1]
    rate = cover.found.exchange.rate(row["currency"] or settings.report_currency) or 1.0
    return Terms(
        float(row["premium_rate"]), MOST_COVER if row["cover"] is None else float(row["cover"]), _amount(row, "deductible", 0.0) * rate,
        _amount(row, "minimum_premium", 0.0) * rate, _amount(row, "annual_cap", np.inf) * rate, row["policy_no"],
    )  # fmt: skip


def _as_it_is(book: CreditBook, cover: Cover, settings: Settings, as_of: dt.date) -> tuple[Numbers, Terms, float]:
    """Return what today's policies pay for each customer that fails, what they pay at most together, and their premium."""
    rows = _in_force(book, as_of)
    by_number: dict[str, float] = {}
    premium, cap = 0.0, 0.0
    for row in rows:
        rate = cover.found.exchange.rate(row["currency"] or settings.report_currency) or 1.0
        by_number[row["policy_no"]] = _amount(row, "deductible", 0.0) * rate
        premium += _premium(*(_amount(row, key, 0.0) for key in ("insured_amount", "premium_rate", "minimum_premium"))) * rate
        cap += _amount(row, "annual_cap", np.inf) * rate
    deductible = np.array([by_number.get(numbers.split(", ")[0], 0.0) for numbers in cover.policies])
    loss = cover.insurable / MONEY_SCALE * settings.loss_given_default
    paid: Numbers = indemnities(loss, cover.limit / MONEY_SCALE, np.nan_to_num(cover.cover), deductible)
    return np.maximum(paid, 0.0), Terms(0.0, cap=cap if rows else np.inf, source=", ".join(row["policy_no"] for row in rows)), premium


def _premium(insured: float, rate: float, minimum: float) -> float:
    return float(premiums(np.array([insured]), np.array([rate]), minimum)[0])


def _amount(row: dict[str, Any], key: str, missing: float) -> float:
    return missing if row[key] is None else float(row[key])
