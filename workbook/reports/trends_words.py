"""The words of the report Trends; columns shared with other reports are in labels and register_words."""

from __future__ import annotations

from typing import Final

from workbook.reports.liquidity_words import name as liquidity_name
from xladdin.counted import fill_in

TRENDS_WORDS: Final[dict[str, tuple[str, str]]] = {
    "trends_title": ("Trends from snapshots", "趋势（来自快照）"),
    # columns
    "month": ("Month", "月份"),
    "look": ("Day", "日期"),
    "unapplied": ("Unapplied", "未核销"),
    "outstanding": ("Outstanding", "未收合计"),
    "overdue": ("Of which overdue", "其中逾期"),
    "overdue_share": ("Overdue, share", "逾期占比"),
    "disputed": ("Of which disputed", "其中争议"),
    "customers": ("Customers", "户数"),
    "from": ("From", "起"),
    "to": ("To", "止"),
    "class": ("Days past due", "逾期天数"),
    "roll": ("Roll rate", "迁徙率"),
    "loss_rate": ("Loss rate", "损失率"),
    "from_to": ("From \\ to", "由 \\ 至"),
    "before": ("Overdue then", "期初逾期"),
    "after": ("Overdue now", "期末逾期"),
    "growth": ("Growth", "增加"),
    # classes of thirty days, and how one rolls into the next
    "age_0": ("Not due", "未到期"),
    "age_1": ("1-30 days", "1-30天"),
    "age_2": ("31-60 days", "31-60天"),
    "age_3": ("61-90 days", "61-90天"),
    "age_4": ("91-120 days", "91-120天"),
    "age_5": ("Over 120 days", "120天以上"),
    "defaulted": ("Over 90 days", "90天以上"),
    "roll_0": ("Not due → 1-30", "未到期 → 1-30"),
    "roll_1": ("1-30 → 31-60", "1-30 → 31-60"),
    "roll_2": ("31-60 → 61-90", "31-60 → 61-90"),
    "roll_3": ("61-90 → 91-120", "61-90 → 91-120"),
    # grades
    "new": ("new", "新增"),
    "gone": ("gone", "退出"),
    "no file": ("no file", "无档案"),
    # titles
    "rolls_title": ("Roll rates: share of each class that stood in the next one a month later", "迁徙率：各段余额次月落入下一段的比例"),
    "losses_title": ("Loss rates that follow, over {count:month}, with {lost} lost of the last class", "由此得出的损失率（{count}个月合计，最后一段损失{lost}）"),
    "moved_title": ("Grades from {first} to {last}: customers", "等级迁移（{first} 至 {last}）：户数"),
    "moved_amount_title": ("Grades from {first} to {last}: exposure on the second day, {currency}", "等级迁移（{first} 至 {last}）：期末敞口，{currency}"),
    "growth_title": ("Overdue that grew most from {first} to {last}, {currency}", "逾期增加最多的客户（{first} 至 {last}），{currency}"),
    "chart_ages": ("Open items by days past due", "按逾期天数的未清项"),
    "chart_share": ("Overdue, % of outstanding", "逾期占比（%）"),
    "chart_rolls": ("Roll rates, %", "迁徙率（%）"),
    # facts and checks
    "fact_newest": ("Newest snapshot", "最新快照"),
    "fact_month_before": ("a month before", "上月"),
    "fact_year_before": ("a year before", "上年"),
    "fact_worse": ("Grades worse / better", "等级下降／上升户数"),
    "check_ages": ("Items by age = items by bucket, all snapshots", "按天数合计 = 按账龄段合计（全部快照）"),
    # notes
    "no_folder": (
        "The workbook has no folder on this computer (never saved, or on SharePoint or OneDrive without a synced copy), so it has no snapshots: save it there, then run xladdin snapshot on it.",
        "工作簿在本机没有所在文件夹（尚未保存，或位于 SharePoint、OneDrive 而未同步），没有快照：请先保存到本机，再运行 xladdin snapshot。",
    ),
    "no_snapshots": (
        "There are no snapshots in {folder} yet: run xladdin snapshot {workbook} at every month end; --months 12 makes those of the past year from the ledger.",
        "{folder} 中还没有快照：请每月末运行 xladdin snapshot {workbook}；加 --months 12 可由台账补做过去一年。",
    ),
    "one_look": ("One month only: roll rates and growth come with the next one.", "仅有一个月：下月起可计算迁徙率与变动。"),
    "gap": ("No snapshot between {first} and {last}: no roll rates over the gap.", "{first} 与 {last} 之间缺少快照：不跨缺口计算迁徙率。"),
    "other_settings": (
        "Stored with other settings ({what}), so their buckets are left blank: {days}. Store them again with --force to compare them.",
        "以其他设置存储（{what}），账龄段留空：{days}。如需比较，请用 --force 重新存储。",
    ),
    "made_later": (
        "Made afterwards, from what the ledger tells of these days now: {days}.",
        "事后由台账补做（按现有记录）：{days}。",
    ),
    "no_migration": (
        "Grades are compared once two months have scores: credit files have no history, so each month end needs its own snapshot.",
        "有两个月的评分后方可比较等级：信用档案没有历史，须每月末存储快照。",
    ),
    "other_currency": (
        "The exposures of {day} are in {currency}, those of {last} in {other}: customers are compared, amounts are those of {last}.",
        "{day} 的敞口以 {currency} 计，{last} 以 {other} 计：仅比较户数，金额为 {last} 的敞口。",
    ),
    "ledger_moved": (
        "The ledger has changed since the snapshot of {day} was stored: {what}. --force stores it again.",
        "自存储 {day} 的快照后台账已变动：{what}。可用 --force 重新存储。",
    ),
    "unreadable": ("The snapshots are not shown: {why}.", "未显示快照：{why}。"),
    "setting_limits": ("buckets {value}", "账龄段 {value}"),
    "setting_aging_basis": ("age counted from {value}", "账龄起算 {value}"),
    "setting_unapplied": ("unapplied cash: {value}", "未核销款：{value}"),
    "setting_credit_notes": ("credit notes: {value}", "贷项通知：{value}"),
}  # fmt: skip


def name(key: str, language: str, **values: object) -> str:
    """Return a word of this report, or of those it shares, in the language."""
    pair = TRENDS_WORDS.get(key)
    if pair is None:
        return liquidity_name(key, language, **values)
    return fill_in(pair[1 if language == "zh" else 0], values)
