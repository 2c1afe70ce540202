"""The words of the dashboard."""

from __future__ import annotations

from typing import Final

from workbook.reports.liquidity_words import name as liquidity_name

DASHBOARD_WORDS: Final[dict[str, tuple[str, str]]] = {
    "dashboard_title": ("Dashboard: receivables on one page", "仪表盘：应收账款一览"),
    "figure": ("Figure", "指标"),
    "today": ("Today", "当前"),
    "month_ago": ("Last month end", "上月末"),
    "change": ("Change", "变动"),
    "place": ("Where to look", "查看"),
    "unit": ("Unit", "单位"),
    "outstanding": ("Outstanding", "未收余额"),
    "overdue": ("Overdue items", "已逾期"),
    "overdue_share": ("Overdue, %", "逾期占比（%）"),
    "over_90": ("Overdue more than 90 days", "逾期90天以上"),
    "dso_figure": ("DSO, days", "DSO（天）"),
    "best_figure": ("Best possible DSO, days", "最佳DSO（天）"),
    "exposure": ("Exposure with orders", "敞口（含订单）"),
    "over_limit": ("Above limits", "超额度"),
    "uninsured": ("Uninsured", "未投保"),
    "expected_loss": ("Expected loss of a year", "一年预期损失"),
    "in_alarm": ("Customers in alarm", "警报客户"),
    "weeks_4": ("Expected receipts, 4 weeks", "4周预计回款"),
    "days_unit": ("days", "天"),
    "count_unit": ("customers", "户"),
    "chart_aging": ("Receivables by age at month ends", "各月末账龄"),
    "chart_dso": ("DSO, best possible DSO and average days delinquent", "DSO、最佳DSO与平均逾期天数"),
    "chart_grades": ("Exposure by grade", "按等级的敞口"),
    "chart_top": ("Largest customers: exposure", "最大客户敞口"),
    "chart_map": ("Warning map: exposure by state and age of the oldest item", "预警图：按状态与最长逾期的敞口"),
    "no_grade": ("none", "无"),
    "check_aging": ("Chart by age = open items", "账龄图 = 未清项"),
    "check_grades": ("By grade = exposure", "等级图 = 敞口"),
    "check_map": ("Warning map = exposure", "预警图 = 敞口"),
}


def name(key: str, language: str, **values: object) -> str:
    """Return a word of this report, or of those it shares, in the language."""
    pair = DASHBOARD_WORDS.get(key)
    if pair is None:
        return liquidity_name(key, language, **values)
    return pair[1 if language == "zh" else 0].format(**values)
