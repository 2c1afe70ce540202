"""The words of the cash forecast and the stress test."""

from __future__ import annotations

from typing import Final

from workbook.reports.insurance_words import tell as insurance_tell

FORECAST_WORDS: Final[dict[str, tuple[str, str]]] = {
    "forecast_title": ("Cash forecast: what comes in, week by week", "现金预测：逐周预计回款"),
    "period": ("Period", "期间"),
    "from_day": ("From", "起"),
    "until_day": ("Until", "止"),
    "expected": ("Expected", "预计回款"),
    "promised_part": ("Of which promised", "其中已承诺"),
    "early": ("If paid early", "较早情形"),
    "cautious": ("If paid late", "谨慎情形"),
    "running": ("Expected, summed up", "预计累计"),
    "cautious_running": ("Late, summed up", "谨慎累计"),
    "parts": ("Items", "笔数"),
    "payers": ("Customers", "客户数"),
    "week": ("Week {number}", "第{number}周"),
    "later": ("Later", "更晚"),
    "unknown": ("No history tells", "无历史可依"),
    "disputed_place": ("Disputed", "有争议"),
    "insolvent_place": ("Insolvent customers", "破产客户"),
    "unapplied_place": ("Unapplied cash", "未核销款"),
    "fact_weeks": ("In {weeks} weeks", "{weeks}周内"),
    "range": ("{expected}  ({low} to {high})", "{expected}（{low} 至 {high}）"),
    "fact_promised": ("Promised", "已承诺"),
    "fact_not_forecast": ("Not forecast", "未计入预测"),
    "fact_test": ("Last 4 weeks", "过去4周"),
    "tested": ("{expected} expected, {came} came", "预计 {expected}，实收 {came}"),
    "fact_own_history": ("From own history", "依自身历史"),
    "check_parts": ("Weeks + later + not forecast = ledger", "各周+更晚+未计入 = 明细账"),
    "how": ("Each item is expected when half of the customer's payments of a year that were at least as late had come; early: a quarter; late: three quarters. Promises go before, disputed parts and insolvent customers are left out.", "每笔按该客户一年内逾期更久的付款中有一半已到账之日预计；较早为四分之一，谨慎为四分之三。承诺优先；争议部分与破产客户不计入。"),
    "largest": ("The largest receipts expected", "最大预计回款"),
    "by_currency": ("By currency", "按币种"),
    "expected_on": ("Expected on", "预计日期"),
    "early_on": ("Early", "较早"),
    "late_on": ("Late", "较晚"),
    "basis": ("From", "依据"),
    "basis_0": ("own history", "自身历史"),
    "basis_1": ("all customers", "全部客户"),
    "basis_promise": ("promise", "承诺"),
    "amount_report": ("Amount, {currency}", "金额（{currency}）"),
    "not_forecast": ("Not forecast", "未计入"),
    "sum": ("Sum", "合计"),
    # the stress test
    "stress_title": ("Stress: the largest customers default at once", "压力测试：最大客户同时违约"),
    "failing": ("Defaults", "违约户数"),
    "who_fails": ("Who", "客户"),
    "lost": ("Receivables lost", "损失应收款"),
    "lost_share": ("Of outstanding", "占未收"),
    "insured_part": ("Insurer pays", "保险赔付"),
    "pays_after": ("After days", "赔付等待天数"),
    "expected_rest": ("Expected loss of the others", "其余客户预期损失"),
    "net_loss": ("Net loss", "净损失"),
    "missing_receipts": ("Receipts missing in 13 weeks", "13周内减少回款"),
    "cash_4": ("Cash in 4 weeks", "4周后现金"),
    "cash_13": ("Cash in 13 weeks", "13周后现金"),
    "lowest": ("Lowest cash", "最低现金"),
    "runway": ("Runway, weeks", "现金可支撑周数"),
    "runway_lost": ("Weeks lost", "减少周数"),
    "runs_out": ("Runs out in", "现金耗尽于"),
    "nobody": ("nobody", "无"),
    "and_before": ("those above and {name}", "以上及 {name}"),
    "fact_base": ("Runway today", "当前可支撑"),
    "fact_one": ("If the largest defaults", "最大客户违约后"),
    "fact_loss": ("Net loss, the largest", "最大客户净损失"),
    "fact_all": ("If the largest {count} default", "最大{count}户违约后"),
    "weeks": ("{weeks:.1f} weeks", "{weeks:.1f}周"),
    "no_costs": ("Fill the setting Weekly costs, and Our cash, to see how many weeks the cash lasts.", "填写“每周支出”及“我方现金”后显示现金可支撑周数。"),
    "stress_how": ("Cash today + expected receipts of the others (Cash forecast) - weekly costs; the insurer pays after its waiting period, before deductible and yearly maximum; nothing after 13 weeks is counted in, no new sales.", "当前现金＋其余客户预计回款（现金预测）−每周支出；保险在等待期后赔付，未扣免赔额及年度上限；13周后回款与新销售均不计。"),
}


def name(key: str, language: str, **values: object) -> str:
    """Return a word of these reports, or of those they share, in the language."""
    pair = FORECAST_WORDS.get(key)
    if pair is None:
        return insurance_tell(key, language, **values)
    return pair[1 if language == "zh" else 0].format(**values)
