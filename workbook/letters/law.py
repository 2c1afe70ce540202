"""The law a letter leans on, by the law that governs the claim, in English and Chinese. Each sentence names its source.

Sources: Civil Code of the People's Republic of China (arts 188, 195, 579, 585, 594); United Nations Convention on Contracts for the
International Sale of Goods (arts 53, 62, 78); Sale of Goods Ordinance (Cap. 26) s. 51 and Limitation Ordinance (Cap. 347) s. 4, Hong Kong;
Sale of Goods Act 1979 s. 49, Late Payment of Commercial Debts (Interest) Act 1998 and Limitation Act 1980 s. 5, United Kingdom;
Directive 2011/7/EU; State Council Order No. 802 (payments to small and medium-sized enterprises).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

from functions.limitation import LAWS

#: governing law -> what it says on payment, English and Chinese; the years and their source are those of LIMITATIONDATE
_LAWS: Final[dict[str, tuple[str, str]]] = {
    "CN": (
        "Under article 579 of the Civil Code of the People's Republic of China a creditor may demand payment of a price that is not paid; what was agreed for late payment is owed under article 585. This letter is a demand that interrupts the limitation of {years} years ({source}).",
        "根据《中华人民共和国民法典》第五百七十九条，当事人一方未支付价款的，对方可以请求其支付；约定的违约金依第五百八十五条应予支付。本函为履行请求，依{source}引起{years}年诉讼时效中断。",
    ),
    "CN-INTL": (
        "Under article 579 of the Civil Code of the People's Republic of China a creditor may demand payment of a price that is not paid; where the United Nations Convention on Contracts for the International Sale of Goods applies, the price is owed under articles 53 and 62 and bears interest under article 78. This letter is a demand that interrupts the limitation of {years} years ({source}).",
        "根据《中华人民共和国民法典》第五百七十九条，当事人一方未支付价款的，对方可以请求其支付；适用《联合国国际货物销售合同公约》的，依第五十三条、第六十二条应付价款，并依第七十八条支付利息。本函为履行请求，依{source}引起{years}年时效中断。",
    ),
    "HK": (
        "Under section 51 of the Sale of Goods Ordinance (Cap. 26 of the Laws of Hong Kong) a seller may sue for the price. The limitation is {years} years ({source}).",
        "根据香港《货品售卖条例》（第26章）第51条，卖方可就价款提起诉讼；时效期为{years}年（{source}）。",
    ),
    "UK": (
        "Under section 49 of the Sale of Goods Act 1979 a seller may sue for the price; interest on it is owed under the Late Payment of Commercial Debts (Interest) Act 1998. The limitation is {years} years ({source}).",
        "根据英国《1979年货物买卖法》第49条，卖方可就价款提起诉讼；利息依《1998年商业债务逾期支付（利息）法》计付；时效期为{years}年（{source}）。",
    ),
}
_YEARS: Final = {3: ("three", "三"), 4: ("four", "四"), 6: ("six", "六")}
_OTHER: Final = (
    "The price is owed under the contract and the law that governs it ({law}); where the United Nations Convention on Contracts for the International Sale of Goods applies, under its articles 53 and 62, with interest under article 78.",
    "价款依合同及其适用法律（{law}）应予支付；适用《联合国国际货物销售合同公约》的，依其第五十三条、第六十二条应付，并依第七十八条计息。",
)
#: rule of late interest -> how it is named
_INTEREST: Final[dict[str, tuple[str, str]]] = {
    "CN-SME": ("0.05 % a day (State Council Order No. 802)", "每日万分之五（国务院令第802号）"),
    "CN-SALE": ("the one-year loan prime rate and 50 % of it", "一年期贷款市场报价利率上浮50%"),
    "EU": ("the rate of Directive 2011/7/EU: that of the European Central Bank and eight points", "欧盟第2011/7/EU号指令利率：欧洲央行利率加八个百分点"),
    "UK": ("the statutory rate of the Late Payment of Commercial Debts (Interest) Act 1998", "《1998年商业债务逾期支付（利息）法》法定利率"),
}
#: how it goes on: by the agreed way of settling disputes
_STEP: Final[dict[str, tuple[str, str]]] = {
    "court": ("we shall sue before {forum}", "我方将向{forum}提起诉讼"),
    "arbitration": ("we shall apply for arbitration at {forum}", "我方将向{forum}申请仲裁"),
    "none": ("we shall sue before the court that has jurisdiction", "我方将向有管辖权的人民法院或主管法院提起诉讼"),
}


def governing(law: str | None, country: str | None) -> str:
    """Return the key of the law of a claim: as the contract says, else Chinese law, international where the customer is abroad."""
    chosen = (law or "CN").strip().upper()
    return "CN-INTL" if chosen == "CN" and (country or "CN") != "CN" else chosen


def chosen_contracts(agreed: Sequence[dict[str, Any]], numbers: Collection[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Pick, of a customer's contracts, those of the items (by number), and those whose law counts: the same, else the newest."""
    named = [one for one in agreed if one["contract_no"] in numbers]
    return named, named or sorted(agreed, key=lambda one: one["signed"] or dt.date.min)[-1:]


def law_of(chosen: Collection[dict[str, Any]], country: str | None) -> str:
    """Return the key of the law that contracts agree on; where they differ, it is as if none said anything."""
    laws = {one["governing_law"] for one in chosen}
    return governing(laws.pop() if len(laws) == 1 else None, country)


def law_sentence(law: str, language: str) -> str:
    """Write what the law says on the price and on time."""
    zh = language == "zh"
    if law not in _LAWS:
        return _OTHER[zh].format(law=law)
    limit = LAWS[law]
    return _LAWS[law][zh].format(years=_YEARS[limit.years][zh], source=limit.source_zh if zh else limit.source)


def interest_words(rule: str, language: str) -> str:
    """Write how late interest is worked out."""
    zh = language == "zh"
    if rule in _INTEREST:
        return _INTEREST[rule][zh]
    if rule.upper().startswith("LPRX"):
        times = rule[4:]
        return f"一年期贷款市场报价利率的{times}倍" if zh else f"{times} times the one-year loan prime rate"
    rate = f"{float(rule):.2%}"
    return f"年利率{rate}" if zh else f"{rate} a year"


def next_step(dispute: str | None, forum: str | None, language: str) -> str:
    """Write what follows when nothing is paid: the court or arbitration agreed on."""
    key = dispute if dispute in ("court", "arbitration") and forum else "none"
    return _STEP[key][language == "zh"].format(forum=forum)
