"""The smaller tables: orders, insurance policies, blacklist, rates, holidays, and the tables that hold the rules' numbers."""

from __future__ import annotations

from typing import Final

from workbook.schema import CONTRACTS, CUSTOMERS, LEDGER, Table
from workbook.schema import _f as f

ORDERS: Final = Table(
    "orders", "Orders", "订单", "Orders received, single or by month.", "已接订单，可逐单或按月。",
    (
        f("order_no", "Order", "订单编号", "text", "Number of the order, or the month.", "订单编号或月份。", required=True),
        f("customer_id", "Customer", "客户编号", "text", "Customer.", "客户编号。", required=True, refers="customers.customer_id"),
        f("order_date", "Order date", "订单日期", "date", "Day of the order.", "订单日期。", required=True),
        f("currency", "Currency", "币种", "text", "ISO code.", "ISO 币种代码。", required=True, width=9),
        f("amount", "Amount", "金额", "amount", "Value of the order.", "订单金额。", required=True, width=15),
        f("invoiced_amount", "Invoiced", "已开票", "amount", "Part already invoiced.", "已开票金额。", width=15),
    ),
    unique=("order_no", "customer_id"),
)
POLICIES: Final = Table(
    "policies", "Policies", "保单", "Credit insurance policies with the insurer's own clocks.", "信用保险保单及保险公司的各项期限。",
    (
        f("policy_no", "Policy", "保单编号", "text", "Number of the policy.", "保单编号。", required=True),
        f("insurer", "Insurer", "保险公司", "text", "Name of the insurer.", "保险公司名称。", width=20),
        f("structure", "Structure", "承保方式", "choice", "whole turnover or named buyers.", "全部营业额或指定买家。", choices=("whole turnover", "named buyers"), width=16),
        f("currency", "Currency", "币种", "text", "Currency of the policy.", "保单币种。", width=9),
        f("insured_amount", "Insured amount", "投保金额", "amount", "Turnover or limits insured a year.", "年度投保金额。", width=15),
        f("cover", "Cover", "赔付比例", "rate", "Insured share of a loss, up to 90 %.", "损失赔付比例，最高 90%。"),
        f("premium_rate", "Premium rate", "保险费率", "rate", "Rate on the insured amount.", "按投保金额计的费率。"),
        f("minimum_premium", "Minimum premium", "最低保费", "amount", "Premium owed at least.", "最低保费。", width=14),
        f("deductible", "Deductible", "免赔额", "amount", "Loss kept before the cover applies.", "免赔额。", width=14),
        f("annual_cap", "Yearly maximum", "年度赔付上限", "amount", "Most the insurer pays in a year.", "年度最高赔付额。", width=14),
        f("valid_from", "From", "起期", "date", "First day of cover.", "承保起始日。"),
        f("valid_until", "Until", "止期", "date", "Last day of cover.", "承保终止日。"),
        f("notice_days", "Overdue notice", "逾期通知天数", "integer", "Days until an overdue item must be reported.", "逾期须报告的天数。"),
        f("max_extension_days", "Longest extension", "最长展期", "integer", "Longest extension without the insurer's consent, days.", "无需保险人同意的最长展期天数。"),
        f("collections_days", "Collections", "委托追偿天数", "integer", "Days until collection must be handed over.", "须委托追偿的天数。"),
        f("waiting_days", "Waiting period", "等待期", "integer", "Days until a protracted default is a loss.", "拖欠构成损失的等待期天数。"),
        f("claim_until_days", "Claim until", "索赔期限", "integer", "Days in which a claim can be filed.", "可提出索赔的期限天数。"),
        f("counted_from", "Counted from", "起算点", "choice", "due date or extension end.", "到期日或展期届满。", choices=("due date", "extension end")),
        f("days_kind", "Days", "天数类型", "choice", "calendar or working days.", "自然日或工作日。", choices=("calendar", "working")),
    ),
    unique=("policy_no",),
)
PLANS: Final = Table(
    "plans", "Plans", "付款计划", "Payment plans agreed with customers, one row per instalment.", "与客户约定的付款计划，每期一行。",
    (
        f("plan_no", "Plan", "计划编号", "text", "Number of the plan.", "计划编号。", required=True),
        f("customer_id", "Customer", "客户编号", "text", "Customer.", "客户编号。", required=True, refers="customers.customer_id"),
        f("documents", "Documents", "涉及单据", "text", "Invoices the plan covers, separated by commas; the same in every row of a plan.", "计划涉及的发票，以逗号分隔；同一计划各行相同。", required=True, width=26),
        f("agreed_on", "Agreed on", "约定日", "date", "Day the plan was agreed; what is paid after it counts.", "约定日期；此后付款计入计划。", required=True),
        f("instalment", "Instalment", "期次", "integer", "1, 2, 3 …", "1、2、3……", required=True, width=10),
        f("due_date", "Due date", "到期日", "date", "Day the instalment is due.", "该期到期日。", required=True),
        f("currency", "Currency", "币种", "text", "ISO code of the invoices.", "发票币种代码。", required=True, width=9),
        f("amount", "Amount", "金额", "amount", "Principal of the instalment.", "该期本金。", required=True, width=15),
        f("interest", "Interest", "利息", "amount", "Interest agreed for the instalment.", "该期约定利息。", width=13),
        f("note", "Note", "备注", "text", "Security, guarantor, consent of the insurer.", "担保、保证人、保险人同意等。", width=30),
    ),
    unique=("plan_no", "instalment"),
)
BLACKLIST: Final = Table(
    "blacklist", "Blacklist", "黑名单", "Buyers not to be trusted, with source and expiry.", "失信买家，注明来源和有效期。",
    (
        f("name", "Name", "名称", "text", "Name as listed, or its salted hash.", "列名，或其加盐哈希。", required=True, width=32),
        f("register_no", "Register no.", "注册号", "text", "Number as listed, or its salted hash.", "注册号，或其加盐哈希。", width=20),
        f("source", "Source", "来源", "text", "Who listed the buyer.", "列入机构。", width=32),
        f("listed_on", "Listed on", "列入日", "date", "Day of the entry.", "列入日期。"),
        f("expires_on", "Expires on", "到期日", "date", "Day the entry ends.", "失效日期。"),
        f("appeal", "Appeal", "申诉", "choice", "Appeal of the listed buyer; one upheld ends the entry.", "被列入方的申诉；申诉成立则该条失效。", choices=("pending", "upheld", "rejected")),
        f("salt_id", "Salt id", "盐值标识", "text", "Of a hashed entry: which salt the association used.", "哈希条目所用盐值的标识。", width=15),
        f("note", "Note", "备注", "text", "Reason.", "原因。", width=30),
    ),
)
RATES: Final = Table(
    "rates", "Rates", "利率与汇率", "Interest and exchange rates; later rows extend the built-in tables.", "利率与汇率；可在此补充内置表。",
    (
        f("table", "Table", "表", "text", "LPR1Y, ECB, BOE, or a pair of currencies such as USD/CNY.", "LPR1Y、ECB、BOE 或货币对，如 USD/CNY。", required=True),
        f("date", "Date", "日期", "date", "First day the rate holds.", "生效日。", required=True),
        f("rate", "Rate", "比率", "number", "3 % = 0.03; for a pair: units of the second for 1 of the first.", "3%填0.03；货币对：1单位前者折合后者的数量。", required=True, places=4),
        f("source", "Source", "来源", "text", "Where it was published.", "公布来源。", width=30),
    ),
    unique=("table", "date"),
)
HOLIDAYS: Final = Table(
    "holidays", "Holidays", "节假日", "Days off and make-up working days of years not yet in the official calendar.", "官方日历尚未收录年份的节假日与调休。",
    (
        f("calendar", "Calendar", "日历", "text", "CN or another calendar's name.", "CN 或其他日历名称。", required=True),
        f("date", "Date", "日期", "date", "The day.", "日期。", required=True),
        f("working", "Working day", "是否工作日", "flag", "yes for a make-up working day, no for a day off.", "调休上班填 yes，休息填 no。", required=True),
        f("name", "Name", "名称", "text", "Name of the holiday.", "节日名称。", width=20),
    ),
    unique=("calendar", "date"),
)
SIGNALS: Final = Table(
    "signals", "Signals", "预警信号", "Thresholds of the early warning signals.", "预警信号阈值。",
    (
        f("signal", "Signal", "信号", "text", "Name of the signal.", "信号名称。", required=True, width=36),
        f("watch", "Watch from", "关注起点", "number", "Value from which the customer is watched.", "达到即关注。", places=2),
        f("alarm", "Alarm from", "警报起点", "number", "Value from which the alarm is raised.", "达到即报警。", places=2),
        f("minimum_sample", "Smallest sample", "最小样本", "integer", "Fewer observations give no signal.", "样本不足不出信号。"),
    ),
    unique=("signal",),
)
SCORECARD: Final = Table(
    "scorecard", "Scorecard", "评分卡", "The points of the score; change them to use your own scorecard.", "评分卡分值；修改即可使用自有评分卡。",
    (
        f("factor", "Factor", "因素", "text", "Name of the column that is scored.", "评分的列。", required=True, width=26),
        f("from", "From", "下限", "number", "Lowest value of the band (included).", "区间下限（含）。", places=2),
        f("to", "To", "上限", "number", "Highest value of the band (excluded).", "区间上限（不含）。", places=2),
        f("points", "Points", "分值", "number", "Points of the band; a row without from and to holds the points of a missing value.", "该区间分值；上下限均空表示缺失时的分值。", required=True, places=1),
    ),
)
GRADES: Final = Table(
    "grades", "Grades", "等级", "Grades with their lowest score and one-year probability of default.", "等级、最低分与一年违约概率。",
    (
        f("grade", "Grade", "等级", "text", "Name of the grade.", "等级名称。", required=True),
        f("from_score", "From score", "最低分", "number", "Lowest score of the grade.", "该等级最低分。", required=True),
        f("default_probability", "Default probability", "违约概率", "rate", "One-year probability of default.", "一年期违约概率。"),
    ),
    unique=("grade",),
)

TABLES: Final[dict[str, Table]] = {
    table.key: table
    for table in (LEDGER, CUSTOMERS, CONTRACTS, ORDERS, POLICIES, PLANS, BLACKLIST, RATES, HOLIDAYS, SIGNALS, SCORECARD, GRADES)
}
