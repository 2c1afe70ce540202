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
    # blacklist
    "blacklist_title": ("Blacklist", "黑名单核对"),
    "register_no": ("Register no.", "注册号"),
    "number_check": ("Number check", "号码校验"),
    "hit_on": ("Hit on", "命中项"),
    "hit_score": ("Score", "相似度"),
    "listed_as": ("Listed as", "名单所列名称"),
    "listed_no": ("Listed no.", "名单所列号码"),
    "listed_by": ("Listed by", "列入机构"),
    "listed_on": ("Listed on", "列入日"),
    "expires_on": ("Expires on", "失效日"),
    "entry_state": ("Entry", "条目状态"),
    "entry_note": ("Reason given", "列入原因"),
    "hit_advice": ("What to do", "处理建议"),
    "decision": ("Decision", "处理决定"),
    "hit_number": ("number", "号码"),
    "hit_name": ("name", "名称"),
    "hit_both": ("number and name", "号码和名称"),
    "hit_number_hash": ("number (hashed)", "号码（哈希）"),
    "hit_name_hash": ("name (hashed)", "名称（哈希）"),
    "hit_both_hash": ("number and name (hashed)", "号码和名称（哈希）"),
    "entry_in_force": ("in force", "有效"),
    "entry_expired": ("expired", "已失效"),
    "entry_pending": ("appeal pending", "申诉中"),
    "entry_upheld": ("appeal upheld", "申诉成立"),
    "entry_later": ("not listed yet", "尚未列入"),
    "advice_number": ("the same number: no deliveries on credit until cleared up", "号码相同：查清之前停止赊销"),
    "advice_number_name": (
        "the same number under another name: check the register, then hold",
        "号码相同、名称不同：核对工商登记后停止赊销",
    ),
    "advice_name": ("the name is alike: compare the numbers before deciding", "名称相似：核对注册号后再决定"),
    "advice_other": ("the name is alike, the numbers differ: probably another company", "名称相似但号码不同：可能是另一家企业"),
    "advice_hash": ("hashed: ask {source} for its entry", "哈希条目：向{source}索取详情"),
    "advice_pending": ("; an appeal is pending", "；申诉处理中"),
    "advice_ended": ("none: the entry has no effect any more", "无需处理：该条目已失效"),
    "hash_shown": ("hash {start}…", "哈希 {start}…"),
    "check_valid": ("valid", "有效"),
    "check_wrong checksum": ("wrong checksum", "校验码错误"),
    "check_wrong format": ("wrong format", "格式错误"),
    "fact_hits": ("In force", "有效命中"),
    "fact_hits_ended": ("Ended or upheld", "已失效或申诉成立"),
    "fact_entries": ("Entries compared", "已比对条目"),
    "hit_count": ("{customers} customers, exposure {amount}", "{customers} 个客户，敞口 {amount}"),
    "check_entries": ("Entries compared + not comparable = all", "已比对 + 无法比对 = 全部条目"),
    "hashes_left": (
        "{count} hashed entries are not compared: {why}",
        "{count} 条哈希条目未比对：{why}",
    ),
    "no_salt": ("no salt is known here (see xladdin blacklist import)", "本机无盐值（见 xladdin blacklist import）"),
    "other_salt": ("they were made with another salt ({ids}; yours is {mine})", "所用盐值不同（{ids}；本机为 {mine}）"),
}  # fmt: skip


def say(key: str, language: str, **values: object) -> str:
    """Return a word of the registers, or one that all reports share, in the language of the reports, its {places} filled in."""
    if key not in REGISTER_WORDS:
        return word(key, language, **values)
    text = REGISTER_WORDS[key][language == "zh"]
    return text.format(**values) if values else text


