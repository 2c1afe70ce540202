"""The words of the registers: disputes, promises, payment plans, blacklist, due diligence; columns shared with other reports are in labels."""

from __future__ import annotations

from typing import Final

from workbook.labels import word

REGISTER_WORDS: Final[dict[str, tuple[str, str]]] = {
    # disputes
    "disputes_title": ("Disputes", "争议登记"),
    "disputed_amount": ("Disputed", "争议金额"),
    "dispute_share": ("Share of open", "占未收比例"),
    "dispute_reason": ("Reason", "争议原因"),
    "disputed_since": ("Disputed since", "争议起始日"),
    "dispute_age": ("Age, days", "争议天数"),
    "act_by": ("Settle by", "应解决日"),
    "dispute_late": ("Days beyond", "超期天数"),
    "must_act": ("Who must act", "责任部门"),
    "blocked": ("What is blocked", "受阻事项"),
    "act_quality": ("Quality control", "质量部门"),
    "act_quantity": ("Warehouse", "仓储部门"),
    "act_price": ("Sales", "销售部门"),
    "act_delivery": ("Logistics", "物流部门"),
    "act_documents": ("Documents desk", "单证部门"),
    "act_other": ("Credit control", "信用管理部门"),
    "block_all": ("escalation held in full", "整笔暂缓升级"),
    "block_part": ("{amount} not escalated, the rest is", "{amount} 暂缓升级，其余照常"),
    "block_insurer": ("claim under {policy} until settled", "解决前不能向保单 {policy} 索赔"),
    "fact_disputed_total": ("Disputed", "争议"),
    "fact_disputes_late": ("Beyond {days} days", "超过 {days} 天"),
    "fact_oldest_dispute": ("Oldest", "最长"),
    "days": ("{days} days", "{days} 天"),
    "by_reason": ("By reason", "按原因汇总"),
    "no_reason": ("(no reason given)", "（未填原因）"),
    "check_disputed": ("Disputes = disputed column of Aging", "争议登记 = 账龄表争议列"),
    "dispute_undated": (
        "{count} disputed items have no date in Disputed since: their age is counted from the document date",
        "{count} 笔争议未填争议日期：按单据日期计算天数",
    ),
    # promises
    "promises_title": ("Promises to pay", "付款承诺登记"),
    "promise_state": ("State", "状态"),
    "promised_amount": ("Promised", "承诺金额"),
    "paid_in_time": ("Paid in time", "按期已付"),
    "promise_missing": ("Not paid in time", "按期未付"),
    "promise_days": ("Days to go or late", "剩余/超期天数"),
    "open_then": ("Open when noted", "登记时未收"),
    "noted_on": ("Noted on", "登记日"),
    "beyond_clocks": ("Deadlines before the promise", "承诺日前届满的期限"),
    "broken_before": ("Broken by customer", "该客户违约次数"),
    "promise_running": ("running", "进行中"),
    "promise_kept": ("kept", "已兑现"),
    "promise_broken": ("broken", "未兑现"),
    "promise_replaced": ("replaced", "已更改"),
    "promise_withdrawn": ("withdrawn", "已撤销"),
    "promises_by_customer": ("By customer", "按客户汇总"),
    "promises_kept_share": ("Kept", "兑现率"),
    "check_promises": ("Open of what was promised = ledger", "承诺项下未收 = 明细账"),
    "promise_not_understood": (
        '"{value}" on the sheet Escalation is no promise date and has no effect',
        "升级清单中的“{value}”不是承诺日期，未生效",
    ),
}  # fmt: skip


def say(key: str, language: str, **values: object) -> str:
    """Return a word of the registers, or one that all reports share, in the language of the reports, its {places} filled in."""
    if key not in REGISTER_WORDS:
        return word(key, language, **values)
    text = REGISTER_WORDS[key][language == "zh"]
    return text.format(**values) if values else text


