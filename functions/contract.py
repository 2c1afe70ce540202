"""Checks of a contract's terms by their numbers: prepayment, late payment penalty, legal review.

The law of China names no highest penalty rate. Civil Code art. 585(2) lets a court reduce a penalty "excessively higher" than the
loss; the Supreme People's Court's interpretation of the contract part (Fa Shi [2023] No. 13, art. 65) takes more than 30% above
the loss for excessive as a rule. What the loss of a late payment is, two rules measure:

* sales contracts without an agreed penalty: one-year LPR plus 30-50% (interpretation on sales contracts, 2020, art. 18);
* payments owed to small and medium enterprises without an agreed rate: 0.05% a day (State Council Order 802, in force 2025-06-01).

For comparison, private loans bear four times the one-year LPR at most (interpretation on private lending, 2020, art. 25). Our cap for
"CN" is the higher of 0.05% a day, which the State Council itself prescribes, and four times the LPR; "CN-4LPR" is the latter alone,
"CN-30" is 130% of the loss at 1.5 times the LPR. An explicit cap replaces the law's.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from xladdin.errors import InvalidValue, NotAvailable, OutOfRange
from xladdin.registry import Arg, Example, Rows, function

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
CATEGORY: Final = "Contract terms"
OK, BELOW_FLOOR, ABOVE_CAP, MISSING = range(4)
#: above the cap, proof asked for, perhaps mistyped
_PENALTY_REMARKS: Final = {
    "en": (
        "{rate:.4%} a day is above the cap of {cap:.4%}",
        "above {cap:.4%} a day, 130% of the loss at 1.5 x LPR: keep proof of the loss",
        "{rate:.2%} a day: is a percentage typed as a fraction?",
    ),
    "zh": (
        "日{rate:.4%}，超过上限{cap:.4%}",
        "高于日{cap:.4%}（按1.5倍LPR计损失的130%）：请保留损失证据",
        "日{rate:.2%}：是否把百分数当作小数填写？",
    ),
}
_FLOOR_REMARK: Final = {
    "en": "below the one-year LPR of {lpr:.4%} a day: a small creditor's agreed rate may not be (Order 802 art. 17)",
    "zh": "低于一年期LPR（日{lpr:.4%}）：中小企业款项约定利率不得低于该利率（国务院令第802号第17条）",
}
WORDS: Final = {"en": ("ok", "below floor", "above cap", "missing"), "zh": ("合格", "低于下限", "超过上限", "缺失")}

SME_DAILY: Final = 0.0005  # State Council Order 802 (2025): 0.05% a day where no rate was agreed
PRIVATE_LENDING: Final = 4.0  # private lending interpretation (2020) art. 25: times the one-year LPR
LOSS: Final = 1.5  # sales contracts interpretation (2020) art. 18(4): LPR plus up to 50%
EXCESS: Final = 1.3  # contract part interpretation (2023) art. 65(2): 30% above the loss is excessive as a rule
YEAR: Final = 365
#: 1% a day, 365% a year, is taken as written and told to be above the cap; more is a percentage written without its sign
HIGHEST_DAILY: Final = 0.01
LAWS: Final = ("CN", "CN-4LPR", "CN-30")

LANGUAGE = Arg("language", "text", "Language of the answer: en or zh.", "结果语言：en 或 zh。", default="en", choices=("en", "zh"))


def _words(codes: NDArray[np.int64], language: str) -> NDArray[np.object_]:
    return np.array(WORDS[language], dtype=object)[codes]


@function(
    category=CATEGORY,
    help_zh="预付款比例检查：合格、低于下限（默认30%）或缺失。",
    args=(
        Arg(
            "prepaid",
            "number",
            "Amount prepaid; blank = nothing agreed.",
            "预付款金额；空白为未约定。",
            shape="column",
            blank="missing",
            minimum=0,
        ),
        Arg("contract_value", "number", "Value of the contract.", "合同金额。", shape="column", blank="missing", minimum=0),
        Arg("floor", "number", "Least share to be prepaid, 30% = 0.3.", "最低预付比例，如0.3。", default=0.3, minimum=0, maximum=1),
        LANGUAGE,
    ),
    result="text",
    source="House rule: at least 30% prepaid.",
    errors=(OutOfRange,),
    examples=(
        Example((30000, 100000), "ok", "Exactly 30%.", "正好30%。"),
        Example((20000, 100000), "below floor", "20% is too little.", "20%不足。"),
        Example((None, 100000), "missing", "Nothing agreed.", "未约定。"),
    ),
)
def prepay_check(prepaid: Numbers, contract_value: Numbers, floor: float = 0.3, language: str = "en") -> Rows:
    """Whether a contract's prepayment reaches the floor: "ok", "below floor" or "missing".

    `prepaid`, `contract_value`: amounts in one currency, n rows, a blank or a value of 0 counts as missing; `floor`: fraction;
    `language`: en or zh. The floor itself is ok. Answers n texts, with a remark where more is prepaid than the contract is worth.
    """
    missing = np.isnan(prepaid) | np.isnan(contract_value) | (contract_value == 0)
    reached = prepaid >= floor * contract_value * (1 - 1e-12)
    codes = np.where(missing, MISSING, np.where(reached, OK, BELOW_FLOOR))
    return Rows(_words(codes, language)).remark(prepaid > contract_value, "more is prepaid than the contract is worth")


def daily_cap(law: str, lpr: Numbers) -> Numbers:
    """Highest penalty a day under a law (see the module); `lpr`: one-year rates as fractions, NaN where not given."""
    four = PRIVATE_LENDING * lpr / YEAR
    if law == "CN":
        return np.fmax(SME_DAILY, four)
    return four if law == "CN-4LPR" else EXCESS * LOSS * lpr / YEAR


@function(
    category=CATEGORY,
    help_zh="逾期违约金日利率检查：合格、低于下限、超过上限或缺失；依据见说明。",
    args=(
        Arg(
            "daily_rate",
            "number",
            "Penalty a day, 0.05% = 0.0005; blank or 0 = none agreed.",
            "日违约金率，如0.0005；空白或0为未约定。",
            shape="column",
            blank="missing",
            minimum=0,
            maximum=HIGHEST_DAILY,
        ),
        Arg(
            "law",
            "text",
            "CN: higher of 0.05% a day and 4 x LPR; CN-4LPR: 4 x LPR; CN-30: 130% of the loss at 1.5 x LPR.",
            "CN：日万分之五与4倍LPR取高；CN-4LPR：4倍LPR；CN-30：按1.5倍LPR损失的130%。",
            default="CN",
            choices=LAWS,
        ),
        Arg(
            "lpr",
            "number",
            "One-year LPR when the contract was made, 3% = 0.03.",
            "合同订立时一年期LPR，如0.03。",
            shape="column",
            default=None,
            blank="missing",
            minimum=0,
            maximum=0.5,
        ),
        Arg("cap", "number", "Highest rate a day, in place of the law's.", "自定日上限，替代法律上限。", default=None, minimum=0,
            maximum=HIGHEST_DAILY),
        LANGUAGE,
        Arg(
            "small_creditor",
            "boolean",
            "TRUE when the creditor is a small or medium enterprise: then the one-year LPR is the floor under Chinese law.",
            "债权人为中小企业填TRUE：约定利率不得低于一年期LPR。",
            default=False,
        ),
    ),
    result="text",
    source=(
        "PRC Civil Code art. 585(2); Fa Shi [2023] No. 13 art. 65 (30% above the loss); Fa Shi [2020] No. 17: sales contracts art. 18, "
        "private lending art. 25 (4 x LPR); State Council Order 802 art. 17 (0.05% a day; not below the LPR)."
    ),
    errors=(NotAvailable, OutOfRange),
    examples=(
        Example((0.0005,), "ok", "0.05% a day.", "日万分之五。"),
        Example((0.003,), "above cap", "0.3% a day is 110% a year.", "日千分之三，折合年110%。"),
        Example((None,), "missing", "No penalty agreed.", "未约定违约金。"),
    ),
)
def penalty_check(
    daily_rate: Numbers, law: str, lpr: Numbers, cap: float | None = None, language: str = "en", small_creditor: bool = False
) -> Rows:
    """Whether a late payment penalty would stand in court: "ok", "below floor", "above cap" or "missing".

    `daily_rate`: fractions a day, n rows, blank or 0 = none agreed; `law`: CN, CN-4LPR or CN-30; `lpr`: one-year rates as
    fractions, n rows; `cap`: a rate a day that replaces the law's; `language`: en or zh; `small_creditor`: the floor is the LPR when the
    contract was made (Order 802 art. 17). Answers n texts; the remark tells the cap,
    and where the 30% test would ask for proof of the loss. NotAvailable when the law needs an LPR and none is given.
    """
    caps = daily_cap(law, lpr) if cap is None else np.full(len(daily_rate), cap)
    missing = np.isnan(daily_rate) | (daily_rate == 0)
    over = daily_rate > caps * (1 + 1e-12)
    below = small_creditor & (daily_rate * YEAR < lpr * (1 - 1e-12))
    made = Rows(_words(np.where(missing, MISSING, np.where(over, ABOVE_CAP, np.where(below, BELOW_FLOOR, OK))), language))
    made.remark(~missing & below, lambda row: _FLOOR_REMARK[language].format(lpr=lpr[row] / YEAR))
    made.fail(~missing & np.isnan(caps), NotAvailable(f"law {law} needs lpr, the one-year loan prime rate"))
    high, proof, typed = _PENALTY_REMARKS[language]
    made.remark(~missing & over, lambda row: high.format(rate=daily_rate[row], cap=caps[row]))
    presumed = daily_cap("CN-30", lpr)
    made.remark(
        ~missing & ~over & (daily_rate > presumed * (1 + 1e-12)),
        lambda row: proof.format(cap=presumed[row]),
    )
    return made.remark(daily_rate >= 0.01, lambda row: typed.format(rate=daily_rate[row]))


@function(
    category=CATEGORY,
    help_zh="合同是否须法务审核：金额达到起点或跨境即为 TRUE。",
    args=(
        Arg("value", "number", "Value of the contract.", "合同金额。", shape="column", minimum=0),
        Arg(
            "cross_border",
            "boolean",
            "TRUE when the parties sit in different countries; blank = no.",
            "双方位于不同国家为 TRUE；空白为否。",
            shape="column",
            blank="missing",
        ),
        Arg("threshold", "number", "Value from which a contract is major.", "重大合同金额起点。", minimum=0),
    ),
    result="boolean",
    source="House rule: legal review of major contracts and of every cross-border one.",
    errors=(InvalidValue, OutOfRange),
    examples=(
        Example((1000000, False, 1000000), True, "The threshold itself is major.", "达到起点即须审核。"),
        Example((5000, True, 1000000), True, "Cross-border, however small.", "跨境合同均须审核。"),
    ),
)
def legal_review_needed(value: Numbers, cross_border: Flags, threshold: float) -> Flags:
    """Whether a contract must go through legal review: it is major or crosses a border.

    `value`: amounts, `threshold`: one amount in the same currency; `cross_border`: truth values, n rows. The threshold itself is
    major. Answers n truth values.
    """
    return np.asarray((value >= threshold) | cross_border)
