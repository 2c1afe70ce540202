"""The words of the watch list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from workbook.reports.insurance_words import tell as insurance_tell
from workbook.word_keys import states_of

WATCH_WORDS: Final[dict[str, tuple[str, str]]] = {
    "watch_title": ("Watch list: who is getting worse", "预警清单：谁在恶化"),
    # states and turns
    "state_0": ("green", "正常"),
    "state_1": ("watch", "关注"),
    "state_2": ("alarm", "警报"),
    "state_none": ("no data", "无数据"),
    "worse": ("worse", "恶化"),
    "better": ("better", "好转"),
    # columns
    "warning": ("State", "状态"),
    "since": ("Since", "起始日"),
    "was": ("Before", "此前"),
    "turn": ("Turn", "变化"),
    "why": ("What raised it (threshold)", "触发原因（阈值）"),
    "payment_trend": ("Days later a month", "付款每月推迟天数"),
    "spark_late": ("Days late, 12 months", "逾期天数（12个月）"),
    "order_swing": ("Order swing", "订单波动"),
    "spark_sales": ("Sales, 12 months", "销售（12个月）"),
    "management_changes": ("Management changes", "管理层变动"),
    "average_days_late": ("Days late, a year", "年均逾期天数"),
    "limit_use": ("Limit use", "额度使用率"),
    "in_alarm": ("Indicators in alarm", "警报指标数"),
    "in_watch": ("Indicators on watch", "关注指标数"),
    "fresh": ("New in a month", "一月内新增"),
    "judged": ("Indicators judged", "可判指标数"),
    "late_month": ("Days late {month}", "逾期天数 {month}"),
    "sales_month": ("Sales {month}", "销售 {month}"),
    # facts
    "fact_alarm": ("In alarm", "警报"),
    "fact_watch": ("On watch", "关注"),
    "fact_worse": ("Got worse", "恶化"),
    "fact_indicators": ("Indicators", "指标"),
    "fact_computed": ("{count} each, {judged:,} values judged", "每户{count}项，可判{judged:,}个"),
    "not_seen": ("Too little history to be judged (state: no data): {count}", "历史不足、无法判定（状态：无数据）：{count} 户"),
    # the indicators past their thresholds
    "passed": ("Indicators past their thresholds: {shown:,} of {all:,}, the worst customers first", "超过阈值的指标：共 {all:,} 项，列出 {shown:,} 项，最差客户在前"),
    "indicator": ("Indicator", "指标"),
    "key": ("Key", "键"),
    "value": ("Value", "数值"),
    "month_ago": ("A month ago", "一月前"),
    "change": ("Change", "变动"),
    "state_ago": ("State a month ago", "一月前状态"),
    "threshold": ("Threshold", "阈值"),
    "unit": ("Unit", "单位"),
    "sample": ("Sample", "样本"),
    # alerts
    "alerts_title": ("Alerts: what changed its state, and when", "预警记录：何时何事变化"),
    "raised_on": ("Raised on", "触发日"),
    "signal": ("Signal", "信号"),
    "sent_on": ("Sent on", "推送日"),
    "fact_new": ("New today", "今日新增"),
    "fact_unsent": ("Not sent yet", "未推送"),
    "unread": ("Rows of Alerts whose day, customer, signal or state could not be read were left out: {count}", "预警记录中因日期、客户、信号或状态无法识别而未保留的行：{count}"),
    "ahead": ("The list knows of a later day already; nothing is added for an earlier one.", "记录中已有更晚日期，较早日期不再新增。"),
    "signal_default": ("In default (days past due or status)", "已违约（逾期天数或状态）"),
    "line": ("{day} {state} (was {was}): {customer} {person}, {words} {value} (threshold {threshold})", "{day} {state}（此前 {was}）：{customer} {person}，{words} {value}（阈值 {threshold}）"),
    # the catalogue
    "catalogue": ("Catalogue: {count} indicators; a row on the sheet Signals with a key changes its thresholds and lets it make the state", "指标目录：共 {count} 项；在“Signals”表写入某键即可改阈值，并参与状态判定"),
    "group": ("About", "类别"),
    "watch_from": ("Watch from", "关注起点"),
    "alarm_from": ("Alarm from", "警报起点"),
    "window": ("Window, days", "窗口（天）"),
    "bad": ("Bad when", "不利方向"),
    "formula": ("Formula", "公式"),
    "least": ("Smallest sample", "最小样本"),
    "count_alarm": ("Customers in alarm", "警报客户数"),
    "count_watch": ("Customers on watch", "关注客户数"),
    "direction_up": ("high", "偏高"),
    "direction_down": ("low", "偏低"),
    "direction_both": ("far from 0", "大幅偏离"),
    "group_payments": ("how it pays", "付款"),
    "group_balances": ("what it owes", "欠款"),
    "group_sales": ("what it buys", "销售"),
    "group_orders": ("what it orders", "订单"),
    "group_disputes": ("what it disputes", "争议"),
    "group_promises": ("what it promises", "承诺"),
    "group_file": ("its credit file", "信用档案"),
    "group_concentration": ("its weight", "集中度"),
    "group_insurance": ("its insurance", "保险"),
    "unit_days": ("days", "天"),
    "unit_share": ("share", "比例"),
    "unit_times": ("times", "倍"),
    "unit_count": ("number", "个"),
    "unit_days/month": ("days a month", "天/月"),
    "unit_points": ("points", "分"),
    "unit_months": ("months", "月"),
}


def name(key: str, language: str, **values: object) -> str:
    """Return a word of this report, or of those it shares, in the language."""
    pair = WATCH_WORDS.get(key)
    if pair is None:
        return insurance_tell(key, language, **values)
    return pair[1 if language == "zh" else 0].format(**values)


#: the states as they are kept, whatever they are called
STATE_CODES: Final = {"green": 0, "watch": 1, "alarm": 2}


def state_levels(before: Mapping[str, Sequence[Any]], key: str) -> list[int]:
    """Read a column of states as it stood: 0 green, 1 watch, 2 alarm, -1 none of them."""
    known = {text: level for level in (0, 1, 2) for text in WATCH_WORDS[f"state_{level}"]}  # lists from before the keys stood in the file
    return [-1 if level is None else level for level in states_of(before, key, known, STATE_CODES)]


def state_codes(levels: Iterable[int]) -> list[str]:
    """Return what is kept of levels; blank for -1."""
    names = (*STATE_CODES, "")
    return [names[level] for level in levels]
