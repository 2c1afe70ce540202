"""What late interest a claim bears: the rate its contract agrees, as far as the cap allows; else the rule of *Settings*.

An agreed rate is that of the item's own contract; an item that names none takes it from the customer's only contract. Under Chinese law
it is claimed up to the cap of PENALTYCHECK (Civil Code art. 585); what another law allows is not known here, so there it is claimed as
agreed. The rule CN-SALE is what Chinese law gives where nothing was agreed (Fa Shi [2020] No. 17, art. 18): it is claimed under Chinese
law, or where nothing is known of a foreign seller, buyer or law; other claims wait for a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from functions.contract import daily_cap
from functions.late_rules import Rule, read_rule
from functions.rates import UNIT, read_rates
from functions.stretches import Reductions, accrued_interest
from workbook.book import CreditBook
from workbook.letters.law import CHINESE, UNCHOSEN, interest_words
from workbook.reports.clocks import laws_of
from workbook.reports.common import Items, group, rate_rows
from workbook.settings import Settings, rule_or_rate
from xladdin.errors import CellError

_CHINA: Final = "CN"


@dataclass(frozen=True, slots=True)
class LateTerms:
    """The rule of late interest of a claim and how it is named; without a rule the words say why, and what to do."""

    rule: Rule | None
    english: str
    chinese: str

    def words(self, language: str) -> str:
        """How interest is worked out, or why it is not."""
        return self.chinese if language == "zh" else self.english


@dataclass(frozen=True, slots=True)
class Interest:
    """Interest of each item in 1/10000 units, None where it is not quantified yet; `problems` says why, with the items it concerns."""

    amounts: NDArray[np.object_]
    paid: NDArray[np.object_]  # what of the amounts that came in was set against it
    terms: NDArray[np.object_]  # the LateTerms of each item
    problems: list[tuple[NDArray[np.bool_], str]]


def interest_of(
    book: CreditBook, settings: Settings, items: Items, principal: NDArray[np.int64], until: NDArray[np.datetime64], came: Reductions,
    language: str = "",
) -> Interest:
    """Work out what each item bears on what was open in each stretch of days: one engine for Escalation, letters and claim packs.

    `principal`: what was owed before anything `came` in, in 1/10000 units; `until`: the last day that bears interest, by item.
    """
    terms, place = terms_of(book, settings, items)
    size = len(principal)
    due, currency = items.dates("due_date"), items.texts("currency")
    amounts, paid = np.full(size, None, dtype=object), np.zeros(size, dtype=object)
    problems: list[tuple[NDArray[np.bool_], str]] = []
    rates = tuple(map(tuple, rate_rows(book)))
    for number, one in enumerate(terms):
        rows = np.flatnonzero(place == number)
        if one.rule is None:
            problems.append((place == number, one.words(language or settings.language)))
            continue
        spot = np.full(size, -1, dtype=np.int64)
        spot[rows] = np.arange(len(rows))
        mine = spot[came.item] >= 0
        part = Reductions(spot[came.item[mine]], came.day[mine], came.amount[mine], came.price[mine])
        first = settings.allocation != "as booked"
        try:
            made = accrued_interest(
                principal[rows], due[rows], until[rows], one.rule, currency[rows], part, interest_first=first, rates=rates
            )
        except CellError as error:  # a row of the sheet Rates that cannot be read
            problems.append((place == number, str(error)))
            continue
        amounts[rows], paid[rows] = made.interest, made.paid
        for mask, failure in made.failures:
            amounts[rows[mask]], paid[rows[mask]] = None, 0
            failed = np.zeros(size, dtype=np.bool_)
            failed[rows[mask]] = True
            problems.append((failed, str(failure if isinstance(failure, Exception) else failure(int(np.flatnonzero(mask)[0])))))
    chosen = np.empty(len(terms), dtype=object)
    chosen[:] = terms
    return Interest(amounts, paid, chosen[place] if size else np.zeros(0, dtype=object), problems)


def terms_of(book: CreditBook, settings: Settings, items: Items) -> tuple[list[LateTerms], NDArray[np.int64]]:
    """Return the distinct terms of late interest of some items, and for each item the number of its own."""
    agreed = _Agreed(book, settings)
    homes = dict(zip(*(book.tables["customers"][key].to_pylist() for key in ("customer_id", "country")), strict=True))
    (customers, contracts, laws), rows = group(items.texts("customer_id"), items.texts("contract_no"), laws_of(book, items, settings))
    found: dict[LateTerms, int] = {}
    numbers = [
        found.setdefault(agreed.of(customer, contract, law) or _by_rule(settings, law, homes.get(customer)), len(found))
        for customer, contract, law in zip(customers, contracts, laws, strict=True)
    ]
    return list(found), np.array(numbers, dtype=np.int64)[rows] if len(rows) else np.zeros(0, dtype=np.int64)


class _Agreed:
    """The rates that contracts agree, with their caps."""

    def __init__(self, book: CreditBook, settings: Settings) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self._settings = settings
        for row in book.tables["contracts"].to_pylist():
            self._rows.setdefault(row["customer_id"] or "", []).append(row)
        self._rates = tuple(map(tuple, rate_rows(book)))

    def of(self, customer: str, contract: str, law: str) -> LateTerms | None:
        """Return the agreed terms of a contract; None where no rate was agreed."""
        mine = self._rows.get(customer, [])
        named = [row for row in mine if row["contract_no"] == contract] if contract else mine if len(mine) == 1 else []
        daily = named[0]["penalty_daily"] if len(named) == 1 else None
        if not daily or daily < 0:
            return None
        number, cap = named[0]["contract_no"] or "", self._cap(named[0]["signed"]) if law in CHINESE else None
        rate = _percent(daily)
        if cap is not None and np.isnan(cap):
            law_ = self._settings.penalty_law
            return LateTerms(
                None,
                f"the cap {law_} of the rate agreed in contract {number} needs the LPR of the day it was signed: add it to the sheet Rates",
                f"合同{number}约定利率的上限（{law_}）需要签订日的LPR：请在“利率与汇率”中补充",
            )
        if cap is not None and daily > cap * (1 + 1e-12):
            return LateTerms(
                Rule(daily=float(cap)),
                f"{_percent(cap)} a day (contract {number} agrees {rate} a day; claimed up to {_percent(cap)})",
                f"每日{_percent(cap)}（合同{number}约定每日{rate}，按每日{_percent(cap)}主张）".replace(" ", ""),
            )
        chinese = f"合同{number}约定的每日{rate}".replace(" ", "")
        return LateTerms(Rule(daily=float(daily)), f"{rate} a day as agreed in contract {number}", chinese)

    def _cap(self, signed: Any) -> float:
        """Return the highest rate a day by the setting *Penalty law* and the LPR of the day the contract was signed."""
        lpr = np.array([np.nan])
        if signed is not None:
            units, known = read_rates("LPR", self._rates).on(np.array([signed], dtype="datetime64[D]"))
            lpr = np.where(known, units / UNIT, np.nan)
        return float(daily_cap(self._settings.penalty_law, lpr)[0])


def _percent(rate: float) -> str:
    """Write a rate a day with the places it needs: 0.05 %, 0.10 %, 0.0356 %."""
    text = f"{rate * 100:.4f}"
    while text.endswith("0") and len(text.partition(".")[2]) > 2:
        text = text[:-1]
    return f"{text} %"


def _by_rule(settings: Settings, law: str, country: str | None) -> LateTerms:
    """Return the terms by the rule of *Settings*."""
    rule = settings.interest_rule
    home = (country or "").strip().upper()
    abroad = {settings.our_country, home} - {"", _CHINA} or (settings.our_country and not home)
    if rule == "CN-SALE" and law not in CHINESE and (law or abroad):
        named = law if law and not law.startswith(UNCHOSEN) else ""
        english = f"this claim is under the law {named}" if named else "no law was chosen for this claim"
        chinese = f"本债权适用法律为{named}" if named else "本债权未约定适用法律"
        return LateTerms(
            None,
            f"CN-SALE is a rule of Chinese law, and {english}: put the agreed penalty or the law on the sheet Contracts, "
            "or another rule into the setting Late interest",
            f"CN-SALE是中国法的规则，而{chinese}：请在合同表填写约定违约金或适用法律，或更改设置“逾期利息”",
        )
    return LateTerms(read_rule(rule_or_rate(rule)), interest_words(rule, "en"), interest_words(rule, "zh"))

