"""The rules that late interest can follow: an agreed rate, or what a law gives where nothing was agreed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Literal

from functions.rates import UNIT
from xladdin.cells import describe
from xladdin.errors import InvalidValue, OutOfRange

Fixing = Literal["rule", "daily", "first day"]
FIXINGS: Final = ("rule", "daily", "first day")

# State Council Order 802 (保障中小企业款项支付条例, in force since 1 June 2025), article 17; before, article 15 of Order 728:
# where no rate was agreed, late payment to a small or medium-sized enterprise bears 0.05% (万分之五) a day.
CN_SME_DAILY: Final = 0.0005
# Supreme People's Court, interpretation on contracts of sale (法释〔2020〕17号), article 18: where nothing was agreed, the one-year LPR
# plus 30% to 50%, of the LPR "when the breach happened" (违约行为发生时): that of the first day late stays (fixing "daily": day by day).
CN_SALE_FACTORS: Final = (1.3, 1.5)
# Directive 2011/7/EU, article 2(6): the reference rate plus at least eight percentage points.
EU_MARGIN: Final = 8 * UNIT // 100
# Late Payment of Commercial Debts (Rate of Interest) (No. 3) Order 2002 (SI 2002/1675), article 4: eight per cent over the official
# dealing rate of the 30 June or 31 December before interest starts to run; it does not change afterwards.
UK_MARGIN: Final = 8 * UNIT // 100
# Bürgerliches Gesetzbuch, § 288(2): nine points above the base rate between businesses. The base rate moves with the ECB's main
# refinancing rate on 1 January and 1 July (§ 247), 0.88 points below it: -0.38 against 0.50 in July 2013, 1.62 against 2.50 in January
# 2023, 3.62 against 4.50 in January 2024 (Deutsche Bundesbank). So it is the table ECB and 9 - 0.88 points.
DE_MARGIN: Final = 812 * UNIT // 10_000
# Highest yearly rate that is taken; more is a percentage written without its sign. Caps of interest lie far below: Canada, Criminal Code
# s. 347: 35% a year since 2025 and 48% for commercial loans, before 60% effective; China, private lending, 4 x LPR (法释〔2020〕17号,
# art. 25), 36% until 2020. Contracts write more than a court grants: 0.5% a day (千分之五, a house observation) is 183% a year.
HIGHEST_RATE: Final = 2.0
HIGHEST_FACTOR: Final = 10.0

KNOWN_RULES: Final = "CN-SME, CN-SALE, LPRxN such as LPRx1.5, EU, DE, UK, or a number: the rate a year (10% is 0.1)"
_LPR: Final = re.compile(r"LPR(?: ?[X×*] ?(\d{1,2}(?:\.\d{1,6})?))?")


@dataclass(frozen=True, slots=True)
class Rule:
    """How a day's rate is found: `table` rate plus `margin` units, times `factor`; without a table `yearly` or `daily`."""

    table: str | None = None
    margin: int = 0
    factor: float = 1.0
    first_day: bool = False  # the rate of the first day late stays for the whole time
    yearly: float = 0.0
    daily: float = 0.0


@lru_cache(maxsize=256, typed=True)  # TRUE is not the rate 1
def read_rule(rule_or_rate: Any, factor: float = CN_SALE_FACTORS[1], fixing: str = "rule") -> Rule:
    """Read a rule's name or a yearly rate. Raises InvalidValue for an unknown name, OutOfRange for a rate below 0 or above 200%."""
    if isinstance(rule_or_rate, (int, float)) and not isinstance(rule_or_rate, bool):
        if not 0 <= rule_or_rate <= HIGHEST_RATE:
            raise OutOfRange(f"rule_or_rate must be a yearly rate from 0 to {HIGHEST_RATE:g} (10% is 0.1); got {describe(rule_or_rate)}")
        return Rule(yearly=float(rule_or_rate))
    name = rule_or_rate.strip().upper() if isinstance(rule_or_rate, str) else ""
    first_day = fixing == "first day"
    if name == "CN-SME":
        return Rule(daily=CN_SME_DAILY)
    if name == "CN-SALE":
        low, high = CN_SALE_FACTORS
        if not low <= factor <= high:
            raise OutOfRange(f"factor must be {low:g} to {high:g} (LPR plus 30% to 50%); got {factor:g}")
        return Rule("LPR", factor=factor, first_day=fixing != "daily")
    if name == "EU":
        return Rule("ECB", EU_MARGIN, first_day=first_day)
    if name == "DE":
        return Rule("ECB", DE_MARGIN, first_day=first_day)
    if name == "UK":
        return Rule("BOE", UK_MARGIN, first_day=fixing != "daily")
    match = _LPR.fullmatch(name)
    if match is not None:
        if float(match[1] or 1) > HIGHEST_FACTOR:
            raise OutOfRange(f"rule_or_rate: at most {HIGHEST_FACTOR:g} times the LPR is credible; got {describe(rule_or_rate)}")
        return Rule("LPR", factor=float(match[1] or 1), first_day=first_day)
    raise InvalidValue(f"rule_or_rate must be one of {KNOWN_RULES}; got {describe(rule_or_rate)}")
