"""The words of the insurance report; columns shared with other reports are in labels and register_words."""

from __future__ import annotations

from typing import Final

from workbook.reports.register_words import say
from xladdin.counted import fill_in

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
    "why_no_limit": ("{amount} without a limit from the insurer", "保险公司未批限额 {amount}"),
    "why_over": ("{amount} above the limit", "超保险限额 {amount}"),
    "why_share": ("own share {amount}", "自留部分 {amount}"),
    # facts and sums
    "unit_insured": ("customers with a balance", "个有余额的客户"),
    "fact_insured": ("Insured", "已投保"),
    "fact_uninsured": ("Uninsured", "未投保"),
    "fact_over_insured": ("Above the insurer's limit", "超保险限额"),
    "check_insured": ("Insured + uninsured + credit balances = outstanding of Scores and limits", "已投保 + 未投保 + 贷方余额 = 评分与额度未收合计"),
    "check_parts": ("Insurable + disputed + no policy + unapplied = ledger", "可保 + 争议 + 无保单 + 未核销 = 明细账"),
    # clocks
    "broken": ("Clocks missed", "已错过期限"),
    "at_risk": ("Cover in danger", "保障存疑金额"),
    "fact_at_risk": ("Cover lost or in danger", "保障丧失或存疑"),
    "clocks_title": ("Clocks of the policies, item by item ({count} missed)", "逐笔保险期限（已错过 {count} 笔）"),
    "reported_on": ("Reported on", "已报告日"),
    "notice_by": ("Report by", "报告期限"),
    "claim_until_day": ("Claim until", "索赔截止"),
    "extension_day": ("Extension ends", "展期届满"),
    "collections_day": ("Collections by", "委托追偿期限"),
    "what_to_do": ("What to do", "应办事项"),
    "clock_lost": ("cover lost: the claim window closed on {day}", "保障已丧失：索赔期于 {day} 截止"),
    "clock_not_reported": ("not reported by {day}: report today, the cover is in danger", "{day} 前未报告：请今日报告，保障存疑"),
    "clock_reported_late": ("reported late, on {day}: ask the insurer to confirm the cover", "报告已迟（{day}）：请保险人确认保障"),
    "clock_promise_beyond": ("promised for after the longest extension of {day}: ask for consent", "承诺日晚于最长展期 {day}：须经保险人同意"),
    "clock_collect": ("to be with collections since {day}", "{day} 起应已委托追偿"),
    "clock_report_by": ("report to the insurer by {day}", "{day} 前向保险人报告"),
    "clock_collect_by": ("hand over for collection by {day}", "{day} 前委托追偿"),
    "clock_claim_by": ("claim can be filed until {day}", "可索赔至 {day}"),
    # structures
    "structures_title": (
        "Structures compared on the ledger (simulated years: {years}, seed {seed}; kept = not paid by the insurer)",
        "按明细账比较各方案（模拟年数 {years}，种子 {seed}；自留＝保险不赔部分）",
    ),
    "choice": ("Choice", "建议"),
    "best": ("► best", "► 建议"),
    "structure": ("Structure", "方案"),
    "structure_none": ("no insurance", "不投保"),
    "structure_as_it_is": ("as it is today", "现状"),
    "structure_whole": ("whole turnover", "全部营业额"),
    "structure_named": ("named buyers, TOP {count}", "指定买家，前 {count} 名"),
    "sales_12": ("12-month sales", "近12个月销售"),
    "days_late": ("Days late", "逾期"),
    "buyers": ("Buyers", "买家数"),
    "premium": ("Premium a year", "年保费"),
    "kept_average": ("Kept, mean year", "平均年自留"),
    "kept_bad": ("Kept, 1 in 20", "二十年一遇自留"),
    "bad_cost": ("Sum, 1 in 20", "坏年合计"),
    "average_cost": ("Sum, mean", "平均合计"),
    "how_premium": ("How it comes about", "计算过程"),
    "how_as_it_is": ("premiums of {policies} on their insured amounts; today's limits", "{policies} 按投保金额计保费；现有限额"),
    "how_rate": ("{rate} × {amount} = {product}", "{rate} × {amount} = {product}"),
    "how_minimum": ("at least {amount}", "最低 {amount}"),
    "how_deductible": ("{amount} of each loss kept", "每笔免赔 {amount}"),
    "how_cap": ("at most {amount} a year", "年度最高赔付 {amount}"),
    "how_source": ("terms of {policy}", "条件同保单 {policy}"),
    "how_settings": ("rate of the settings", "费率取自设置"),
    "how_range": ("at 0.3 % to 1.2 %: {low} to {high}", "按0.3%至1.2%：{low} 至 {high}"),
    "fact_recommended": ("Recommended", "建议"),
    "recommended_bad": (
        "{structure}: premium {premium} + kept in a year of 1 in 20 {kept} = {total}, against {none} without insurance",
        "{structure}：保费 {premium} + 二十年一遇自留 {kept} = {total}；不投保为 {none}",
    ),
    "recommended_average": (
        "{structure}: premium {premium} + kept in a mean year {kept} = {total}, against {none} without insurance",
        "{structure}：保费 {premium} + 平均年自留 {kept} = {total}；不投保为 {none}",
    ),
    # concentration
    "concentration_title": ("Concentration of the balances", "余额集中度"),
    "line": ("Figure", "指标"),
    "share": ("Share", "占比"),
    "index": ("Index", "指数"),
    "line_hhi": ("HHI (0 to 10,000)", "赫芬达尔指数（0至10,000）"),
    "how_hhi": ("sum of the squared percentage shares of {count:customer}", "{count} 个客户占比百分数平方和"),
    "line_top": ("TOP {count}", "前 {count} 名"),
    # findings
    "policy_no_clocks": (
        "policy {policy} has no {names}: these clocks cannot be dated, so nothing warns of them",
        "保单 {policy} 未填 {names}：无法推算这些期限，也不会提醒",
    ),
    "policy_no_cover": ("policy {policy} has no cover: 90 % is assumed", "保单 {policy} 未填赔付比例：按90%计"),
}  # fmt: skip


def tell(key: str, language: str, **values: object) -> str:
    """Return a word of the insurance report, or one that all reports share, in the language of the reports, its {places} filled in."""
    if key not in INSURANCE_WORDS:
        return say(key, language, **values)
    text = INSURANCE_WORDS[key][language == "zh"]
    return fill_in(text, values) if values else text
