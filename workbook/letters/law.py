"""The law a letter leans on, by the law that governs the claim, in English and Chinese. Each sentence names its source.

Sources: Civil Code of the People's Republic of China (arts 12, 188, 192, 195, 579, 585, 594); United Nations Convention on Contracts for the
International Sale of Goods (arts 53, 62, 78); Sale of Goods Ordinance (Cap. 26) s. 51 and Limitation Ordinance (Cap. 347) s. 4, Hong Kong;
Sale of Goods Act 1979 s. 49, Late Payment of Commercial Debts (Interest) Act 1998 and Limitation Act 1980 s. 5, United Kingdom;
Directive 2011/7/EU; State Council Order No. 802 (payments to small and medium-sized enterprises).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Any, Final

from functions.limitation import LAWS

#: the key of a claim for which no law was chosen; before another key: the law whose limitation is the shorter of the two countries'
UNCHOSEN: Final = "?"
#: keys of Chinese law
CHINESE: Final = ("CN", "CN-INTL")
#: countries between which a sale is none between states: no CISG and no article 594 without more (the Convention holds for Hong Kong since
#: 1 December 2022 by China's declaration, and not between parties of one contracting state: CISG art. 1(1))
_ONE_STATE: Final = frozenset({"CN", "HK", "MO", "TW"})
#: where seller and buyer both sit, its law governs a contract that names none: activities within China, Civil Code art. 12; for Hong Kong
#: the common law's closest connection. The United Kingdom has several laws (Scotland: five years), so none is taken for it.
_HOME_LAWS: Final = {"CN": "CN", "HK": "HK"}

#: governing law -> what it says on payment, English and Chinese
_LAWS: Final[dict[str, tuple[str, str]]] = {
    "CN": (
        "Under article 579 of the Civil Code of the People's Republic of China a creditor may demand payment of a price that is not paid; what was agreed for late payment is owed under article 585.",
        "根据《中华人民共和国民法典》第五百七十九条，当事人一方未支付价款的，对方可以请求其支付；约定的违约金依第五百八十五条应予支付。",
    ),
    "CN-INTL": (
        "Under article 579 of the Civil Code of the People's Republic of China a creditor may demand payment of a price that is not paid; where the United Nations Convention on Contracts for the International Sale of Goods applies, the price is owed under articles 53 and 62 and bears interest under article 78.",
        "根据《中华人民共和国民法典》第五百七十九条，当事人一方未支付价款的，对方可以请求其支付；适用《联合国国际货物销售合同公约》的，依第五十三条、第六十二条应付价款，并依第七十八条支付利息。",
    ),
    "HK": (
        "Under section 51 of the Sale of Goods Ordinance (Cap. 26 of the Laws of Hong Kong) a seller may sue for the price.",
        "根据香港《货品售卖条例》（第26章）第51条，卖方可就价款提起诉讼。",
    ),
    "UK": (
        "Under section 49 of the Sale of Goods Act 1979 a seller may sue for the price; interest on it is owed under the Late Payment of Commercial Debts (Interest) Act 1998.",
        "根据英国《1979年货物买卖法》第49条，卖方可就价款提起诉讼；利息依《1998年商业债务逾期支付（利息）法》计付。",
    ),
}
#: what is said on time, by whether a demand interrupts it; the years and their source are those of LIMITATIONDATE
_TIME: Final[dict[bool, tuple[str, str]]] = {
    True: ("{what} is a demand that interrupts the limitation of {years} years ({source}).", "{what}为履行请求，依{source}引起{years}年诉讼时效中断。"),
    False: ("The limitation{what} is {years} years ({source}).", "{what}时效期为{years}年（{source}）。"),
}
_WHOLE: Final[dict[bool, tuple[str, str]]] = {True: ("This letter", "本函"), False: ("", "")}
_PART: Final[dict[bool, tuple[str, str]]] = {True: ("For {fresh} this letter", "就{fresh}，本函"), False: (" of {fresh}", "{fresh}的")}
#: a claim whose limitation has passed: only the debtor's own consent helps (Civil Code art. 192), so no limitation is spoken of
_ACKNOWLEDGE: Final = (
    "Please acknowledge in writing that you owe {lapsed} and agree to pay.",
    "请贵司书面确认尚欠{lapsed}并同意履行。",
)
_YEARS: Final = {3: ("three", "三"), 4: ("four", "四"), 6: ("six", "六")}
_OTHER: Final = (
    "The price is owed under the contract and the law that governs it ({law}); where the United Nations Convention on Contracts for the International Sale of Goods applies, under its articles 53 and 62, with interest under article 78.",
    "价款依合同及其适用法律（{law}）应予支付；适用《联合国国际货物销售合同公约》的，依其第五十三条、第六十二条应付，并依第七十八条计息。",
)
_NO_LAW: Final = ("The price is owed as agreed, and payment is overdue.", "价款应按约定支付，现已逾期。")
_NAMED: Final = 5  # documents named in a sentence
#: rule of late interest -> how it is named
_INTEREST: Final[dict[str, tuple[str, str]]] = {
    "CN-SME": ("0.05 % a day (State Council Order No. 802)", "每日万分之五（国务院令第802号）"),
    "CN-SALE": ("the one-year loan prime rate of the first day of delay and 50 % of it", "违约发生时一年期贷款市场报价利率上浮50%"),
    "EU": ("the rate of Directive 2011/7/EU: that of the European Central Bank and eight points", "欧盟第2011/7/EU号指令利率：欧洲央行利率加八个百分点"),
    "DE": ("nine points above the base rate (section 288(2) of the German Civil Code)", "德国民法典第288条第2款：基准利率加九个百分点"),
    "UK": ("the statutory rate of the Late Payment of Commercial Debts (Interest) Act 1998", "《1998年商业债务逾期支付（利息）法》法定利率"),
}
#: how it goes on: by the agreed way of settling disputes
_STEP: Final[dict[str, tuple[str, str]]] = {
    "court": ("we shall sue before {forum}", "我方将向{forum}提起诉讼"),
    "arbitration": ("we shall apply for arbitration at {forum}", "我方将向{forum}申请仲裁"),
    "none": ("we shall sue before the court that has jurisdiction", "我方将向有管辖权的人民法院或主管法院提起诉讼"),
}


def governing(law: str | None, country: str | None, ours: str = "") -> str:
    """Return the key of the law of a claim; "" where nobody has chosen one and it is not plain.

    `law`: as the contract says; `country`: the buyer's, `ours`: the seller's, both may be unknown. Without a chosen law it is that of the
    country in which both sit. Chinese law is that of an international sale (four years) where they sit in different states.
    """
    chosen, buyer, seller = ((text or "").strip().upper() for text in (law, country, ours))
    if not chosen:
        return _HOME_LAWS.get(seller, "") if seller and seller == buyer else ""
    if chosen != "CN":
        return chosen
    sides = {seller or "CN", buyer or seller or "CN"}
    return "CN-INTL" if len(sides) > 1 and not sides <= _ONE_STATE else "CN"


def shortest_of(country: str | None, ours: str) -> str:
    """Return the key of the law, of the two countries', whose limitation ends first: the safe answer where none was chosen; else ""."""
    laws = [_HOME_LAWS.get((one or "").strip().upper(), "") for one in (country, ours)]
    return UNCHOSEN + min(laws, key=lambda one: LAWS[one].years) if all(laws) else ""


def chosen_contracts(agreed: Sequence[dict[str, Any]], numbers: Collection[str]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Pick, of a customer's contracts, those of the items (by number), and those whose law counts: the same, else the newest."""
    named = [one for one in agreed if one["contract_no"] in numbers]
    return named, named or sorted(agreed, key=lambda one: one["signed"] or dt.date.min)[-1:]


def law_of(chosen: Collection[dict[str, Any]], country: str | None, ours: str = "") -> str:
    """Return the key of the law that contracts agree on; "" where they differ: then nothing is plain."""
    laws = {(one["governing_law"] or "").strip().upper() for one in chosen}
    if len(laws) > 1:
        return ""
    return governing(laws.pop() if laws else None, country, ours)


def law_sentence(law: str, language: str, lapsed: Sequence[str] = (), fresh: Sequence[str] = ()) -> str:
    """Write what the law says on the price and on time.

    `lapsed`: documents whose limitation has passed, `fresh`: the others; of the former no limitation is spoken of, and under Chinese law
    the debtor is asked to acknowledge them. Without a chosen law no statute is named.
    """
    zh = language == "zh"
    if not law:
        return _NO_LAW[zh]
    if law not in _LAWS:
        return _OTHER[zh].format(law=law)
    limit, parts = LAWS[law], [_LAWS[law][zh]]
    restarts = limit.demand_restarts
    if fresh or not lapsed:
        what = _PART[restarts][zh].format(fresh=listed(fresh, zh=zh)) if lapsed else _WHOLE[restarts][zh]
        source = limit.source_zh if zh else limit.source
        parts.append(_TIME[restarts][zh].format(what=what, years=_YEARS[limit.years][zh], source=source))
    parts.append(acknowledgement(law, language, lapsed))
    return ("" if zh else " ").join(filter(None, parts))


def acknowledgement(law: str, language: str, lapsed: Sequence[str]) -> str:
    """Ask for a written acknowledgement of documents whose limitation has passed under Chinese law; elsewhere it revives nothing."""
    zh = language == "zh"
    return _ACKNOWLEDGE[zh].format(lapsed=listed(lapsed, zh=zh)) if lapsed and law in CHINESE else ""


def listed(documents: Sequence[str], *, zh: bool) -> str:
    """Name documents in a sentence, the first few of many."""
    ones = list(dict.fromkeys(documents))
    if len(ones) > _NAMED:
        more = len(ones) - _NAMED
        return f"{'、'.join(ones[:_NAMED])}等{len(ones)}笔" if zh else f"{', '.join(ones[:_NAMED])} and {more} more"
    return "、".join(ones) if zh else " and ".join(filter(None, (", ".join(ones[:-1]), ones[-1])))


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
