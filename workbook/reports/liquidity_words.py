"""The words of the liquidity report; columns shared with other reports are in labels and register_words."""

from __future__ import annotations

from typing import Final

from workbook.reports.insurance_words import tell as insurance_tell

LIQUIDITY_WORDS: Final[dict[str, tuple[str, str]]] = {
    "liquidity_title": ("Liquidity of receivables", "应收账款流动性"),
    "unit_months": ("months", "个月"),
    # columns
    "look": ("Day", "日期"),
    "receivables": ("Receivables", "应收账款"),
    "not_due": ("Not due", "未到期"),
    "overdue_part": ("Overdue", "已逾期"),
    "month_sales": ("Credit sales of the month", "当月赊销"),
    "dso": ("DSO, days", "DSO（天）"),
    "best_dso": ("Best possible DSO", "最佳DSO"),
    "add": ("Average days delinquent", "平均逾期天数"),
    "count_back": ("DSO, count-back", "回溯法DSO"),
    "cei": ("CEI, %", "CEI（%）"),
    # charts
    "chart_owed": ("Receivables: not due and overdue", "应收账款：未到期与已逾期"),
    "chart_days": ("Days sales outstanding and its family", "应收账款周转天数系列"),
    "chart_cei": ("Collection effectiveness, %", "催收有效性指数（%）"),
    # facts and sums
    "fact_dso": ("DSO", "DSO"),
    "fact_best": ("Best possible", "最佳可能"),
    "fact_true": ("True DSO", "真实DSO"),
    "fact_turnover": ("Turnover of a year", "年周转次数"),
    "fact_ratio": ("Cash ratio before / after insurance", "现金比率（保险前/后）"),
    "days": ("{days:.1f} days", "{days:.1f} 天"),
    "check_total": ("Receivables = outstanding of Scores and limits", "应收账款 = 评分与额度未收合计"),
    "check_by_currency": ("Receivables = ledger", "应收账款 = 明细账"),
}


def name(key: str, language: str, **values: object) -> str:
    """Return a word of this report, or of those it shares, in the language."""
    pair = LIQUIDITY_WORDS.get(key)
    if pair is None:
        return insurance_tell(key, language, **values)
    return pair[1 if language == "zh" else 0].format(**values)
