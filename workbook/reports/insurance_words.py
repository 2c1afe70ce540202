"""The words of the insurance report; columns shared with other reports are in labels and register_words."""

from __future__ import annotations

from typing import Final

from workbook.reports.register_words import say

INSURANCE_WORDS: Final[dict[str, tuple[str, str]]] = {
    "insurance_title": ("Credit insurance", "信用保险"),
    # columns
    "policy": ("Policy", "保单"),
    "no_policy": ("Without a policy in force", "无有效保单"),
    "disputed_insured": ("Disputed under a policy", "保单项下争议"),
    "insurable": ("Can be insured", "可保金额"),
    "insured_limit": ("Insured limit", "保险限额"),
    "cover": ("Cover", "赔付比例"),
    "insured": ("Insured", "已投保"),
    "uninsured": ("Uninsured", "未投保"),
    "uninsured_why": ("Why not insured", "未投保原因"),
    # why a part is not insured
    "why_no_policy": ("{amount} without a policy in force", "无有效保单 {amount}"),
    "why_disputed": ("{amount} disputed", "争议 {amount}"),
    "why_no_limit": ("no limit from the insurer", "保险公司未批限额"),
    "why_over": ("{amount} above the limit", "超保险限额 {amount}"),
    "why_share": ("own share {amount}", "自留部分 {amount}"),
    # facts and sums
    "unit_insured": ("customers with a balance", "个有余额的客户"),
    "fact_insured": ("Insured", "已投保"),
    "fact_uninsured": ("Uninsured", "未投保"),
    "fact_over_insured": ("Above the insurer's limit", "超保险限额"),
    "check_insured": ("Insured + uninsured + credit balances = outstanding of Scores and limits", "已投保 + 未投保 + 贷方余额 = 评分与额度未收合计"),
    "check_parts": ("Insurable + disputed + no policy + unapplied = ledger", "可保 + 争议 + 无保单 + 未核销 = 明细账"),
    # findings
    "policy_no_cover": ("policy {policy} has no cover: 90 % is assumed", "保单 {policy} 未填赔付比例：按90%计"),
}  # fmt: skip


def tell(key: str, language: str, **values: object) -> str:
    """Return a word of the insurance report, or one that all reports share, in the language of the reports, its {places} filled in."""
    if key not in INSURANCE_WORDS:
        return say(key, language, **values)
    text = INSURANCE_WORDS[key][language == "zh"]
    return text.format(**values) if values else text
