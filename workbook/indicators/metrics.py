"""The metrics of the indicator catalogue: key, name, formula in words, unit, direction, thresholds, smallest sample, windows.

`direction` tells what is bad: up, down, or both; watch and alarm are house rules unless the formula names a source. {w} is the window.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from functions.early_warning import SIGNALS
from workbook.questions.spans import WINDOWS

NOW: Final = 0
TODAY: Final = (NOW,)


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of a customer and when it is bad."""

    key: str
    group: str
    words: str
    words_zh: str
    formula: str
    formula_zh: str
    unit: str  # days, share, times, count, days/month, points, months
    direction: str
    watch: float
    alarm: float
    minimum_sample: float = 0
    windows: tuple[int, ...] = WINDOWS


_T: Final = {signal.key: (signal.direction, signal.watch, signal.alarm, signal.minimum_sample) for signal in SIGNALS}
_p, _b, _s, _o, _d, _r, _f, _c, _i = "payments", "balances", "sales", "orders", "disputes", "promises", "file", "concentration", "insurance"

METRICS: Final = (
    # how it pays: settled invoices and payments with a reference, by the day they were paid
    Metric("late_mean", _p, "days late, mean", "平均逾期天数", "mean of days paid after the due date, early = 0, paid in the last {w} days", "最近{w}天付款的平均逾期天数（提前计0）", "days", "up", 15, 30, 3),
    Metric("late_signed", _p, "days late or early, mean", "平均早晚天数", "mean of paid less due date, early negative, last {w} days", "付款日减到期日的平均（提前为负），最近{w}天", "days", "up", 10, 25, 3),
    Metric("late_max", _p, "latest payment", "最长逾期", "largest number of days late of a payment of the last {w} days", "最近{w}天付款中最长逾期天数", "days", "up", 45, 90, 1),
    Metric("late_share", _p, "paid late", "逾期付款笔数占比", "payments after the due date / payments, last {w} days", "逾期付款笔数÷付款笔数，最近{w}天", "share", "up", 0.5, 0.8, 3),
    Metric("over30_share", _p, "paid more than 30 days late", "逾期30天以上付款占比", "payments more than 30 days late / payments, last {w} days", "逾期30天以上付款笔数÷付款笔数，最近{w}天", "share", "up", 0.2, 0.5, 3),
    Metric("over60_share", _p, "paid more than 60 days late", "逾期60天以上付款占比", "payments more than 60 days late / payments, last {w} days", "逾期60天以上付款笔数÷付款笔数，最近{w}天", "share", "up", 0.1, 0.3, 3),
    Metric("late_weighted", _p, "days late, by amount", "按金额加权逾期天数", "days late weighted by the amount paid, last {w} days", "按付款金额加权的逾期天数，最近{w}天", "days", "up", 15, 30, 3),
    Metric("late_amount_share", _p, "amount paid late", "逾期付款金额占比", "amount paid after the due date / amount paid, last {w} days", "逾期付款金额÷付款金额，最近{w}天", "share", "up", 0.5, 0.8, 3),
    Metric("days_to_pay", _p, "days to pay", "付款周期", "mean of days from document to payment, last {w} days", "从单据日到付款日的平均天数，最近{w}天", "days", "up", 90, 120, 3),
    Metric("late_spread", _p, "spread of days late", "逾期天数离散度", "standard deviation of days late, last {w} days", "逾期天数的标准差，最近{w}天", "days", "up", 20, 40, 6),
    Metric("late_rise", _p, "rise of days late", "逾期天数上升", "mean days late of the last {w} days less that of the {w} days before", "最近{w}天平均逾期天数减前{w}天", "days", "up", 7, 15, 3),
    Metric("days_to_pay_rise", _p, "rise of days to pay", "付款周期延长", "mean days to pay of the last {w} days less that of the {w} days before", "最近{w}天平均付款周期减前{w}天", "days", "up", 10, 20, 3),
    Metric("receipts_change", _p, "change of receipts", "回款变化", "amount paid in the last {w} days / in the {w} days before - 1", "最近{w}天付款金额÷前{w}天−1", "share", "down", -0.5, -0.8, 3),
    Metric("payments_change", _p, "change of payments", "付款笔数变化", "payments of the last {w} days / of the {w} days before - 1", "最近{w}天付款笔数÷前{w}天−1", "share", "down", -0.5, -0.8, 3),
    Metric("payment_trend", _p, "days later a month", "付款每月推迟天数", "median of the slopes of days late over all pairs of the last 60 payments of a year (PAYTREND)", "一年内最近60笔付款逾期天数的Theil-Sen斜率（PAYTREND）", "days/month", *_T["payment_trend"], TODAY),
    Metric("average_days_late", _p, "days late on average", "平均逾期", "mean days late of the last 365 days, as the score takes it", "最近365天平均逾期天数（与评分一致）", "days", *_T["average_days_late"], TODAY),
    Metric("days_since_payment", _p, "days since a payment", "距上次付款天数", "days since the last payment, while something is overdue", "有逾期时距最近一次付款的天数", "days", "up", 60, 90, 1, TODAY),
    # what it owes, as the ledger stood
    Metric("overdue_share", _b, "overdue part", "逾期占比", "overdue / open items", "逾期÷未清项", "share", "up", 0.3, 0.6, 1, TODAY),
    Metric("overdue30_share", _b, "part overdue more than 30 days", "逾期30天以上占比", "open more than 30 days past due / open items", "逾期30天以上÷未清项", "share", "up", 0.15, 0.4, 1, TODAY),
    Metric("overdue60_share", _b, "part overdue more than 60 days", "逾期60天以上占比", "open more than 60 days past due / open items", "逾期60天以上÷未清项", "share", "up", 0.1, 0.3, 1, TODAY),
    Metric("overdue90_share", _b, "part overdue more than 90 days", "逾期90天以上占比", "open more than 90 days past due / open items (default, IFRS 9 B5.5.37)", "逾期90天以上÷未清项（违约，IFRS 9 B5.5.37）", "share", "up", 0.05, 0.2, 1, TODAY),
    Metric("oldest_days", _b, "oldest item", "最长账龄逾期", "days past due of the oldest open item", "最早未清项的逾期天数", "days", "up", 30, 90, 1, TODAY),
    Metric("mean_days_overdue", _b, "days past due, by amount", "加权逾期天数", "days past due of overdue items weighted by amount", "逾期项按金额加权的逾期天数", "days", "up", 30, 60, 1, TODAY),
    Metric("overdue_items", _b, "overdue items", "逾期笔数", "number of open items past due", "逾期未清笔数", "count", "up", 5, 15, 1, TODAY),
    Metric("open_items", _b, "open items", "未清笔数", "number of open items", "未清笔数", "count", "up", 50, 200, 1, TODAY),
    Metric("largest_item_share", _b, "largest item", "最大单笔占比", "largest open item / open items, of five at least", "最大单笔÷未清项（至少五笔）", "share", "up", 0.6, 0.9, 5, TODAY),
    Metric("unapplied_share", _b, "unapplied cash", "未核销占比", "unapplied amounts / open items", "未核销金额÷未清项", "share", "up", 0.1, 0.3, 1, TODAY),
    Metric("limit_use", _b, "limit use", "额度使用率", "exposure / effective limit", "敞口÷有效额度", "share", *_T["limit_use"], TODAY),
    Metric("balance_change", _b, "growth of open items", "未清项增长", "open items / those of {w} days ago - 1", "未清项÷{w}天前−1", "share", "up", 0.5, 1, 3),
    Metric("overdue_change", _b, "growth of overdue", "逾期增长", "overdue / that of {w} days ago - 1", "逾期÷{w}天前−1", "share", "up", 0.5, 1, 1),
    Metric("overdue_share_rise", _b, "rise of the overdue part", "逾期占比上升", "overdue part less that of {w} days ago", "逾期占比减{w}天前", "share", "up", 0.15, 0.3, 1),
    Metric("overdue30_share_rise", _b, "rise of the part over 30 days", "逾期30天以上占比上升", "part over 30 days less that of {w} days ago", "逾期30天以上占比减{w}天前", "share", "up", 0.1, 0.25, 1),
    Metric("overdue90_share_rise", _b, "rise of the part over 90 days", "逾期90天以上占比上升", "part over 90 days less that of {w} days ago", "逾期90天以上占比减{w}天前", "share", "up", 0.05, 0.15, 1),
    Metric("oldest_days_rise", _b, "oldest item grows older", "最长逾期上升", "days past due of the oldest item less those of {w} days ago", "最长逾期天数减{w}天前", "days", "up", 20, 30, 1),
    Metric("mean_days_rise", _b, "rise of days past due", "加权逾期天数上升", "weighted days past due less those of {w} days ago", "加权逾期天数减{w}天前", "days", "up", 10, 25, 1),
    Metric("overdue_items_rise", _b, "more overdue items", "逾期笔数增加", "overdue items less those of {w} days ago", "逾期笔数减{w}天前", "count", "up", 3, 8, 1),
    Metric("use_of_limit_rise", _b, "rise of limit use", "额度使用率上升", "(open items now less those of {w} days ago) / effective limit", "（未清项减{w}天前）÷有效额度", "share", "up", 0.2, 0.4, 1),
    # what it buys
    Metric("sales_change", _s, "change of sales", "销售变化", "invoices less credit notes of the last {w} days / of the {w} days before - 1", "最近{w}天净开票÷前{w}天−1", "share", "both", 0.75, 1, 3),
    Metric("invoices_change", _s, "change of the number of invoices", "开票笔数变化", "invoices of the last {w} days / of the {w} days before - 1", "最近{w}天开票笔数÷前{w}天−1", "share", "both", 0.75, 1, 3),
    Metric("invoice_mean_change", _s, "change of the mean invoice", "平均单笔变化", "mean invoice of the last {w} days / of the {w} days before - 1", "最近{w}天平均单笔÷前{w}天−1", "share", "both", 0.75, 1.5, 3),
    Metric("largest_invoice_ratio", _s, "largest invoice", "最大单笔倍数", "largest invoice of the last {w} days / mean invoice of a year", "最近{w}天最大单笔÷一年平均单笔", "times", "up", 4, 8, 6),
    Metric("credit_note_share", _s, "credit notes", "贷项占比", "credit notes / invoices by amount, last {w} days", "贷项÷开票金额，最近{w}天", "share", "up", 0.05, 0.15, 3),
    Metric("credit_days", _s, "credit days granted", "授信账期", "days from document to due date weighted by amount, last {w} days", "按金额加权的账期天数，最近{w}天", "days", "up", 90, 120, 1),
    Metric("credit_days_rise", _s, "longer credit days", "账期延长", "credit days granted in the last {w} days less those of the {w} days before", "最近{w}天账期减前{w}天", "days", "up", 10, 20, 1),
    Metric("collection_rate", _s, "receipts to sales", "回款销售比", "amount paid / invoices less credit notes, last {w} days", "付款金额÷净开票，最近{w}天", "share", "down", 0.7, 0.4, 3),
    Metric("share_of_sales", _s, "share of our sales", "占我方销售", "its net invoices / those of all customers, last {w} days", "其净开票÷全部客户，最近{w}天", "share", "up", 0.1, 0.25, 1),
    Metric("days_since_invoice", _s, "days since an invoice", "距上次开票天数", "days since the last invoice, while something is open", "有未清项时距最近开票的天数", "days", "up", 120, 240, 1, TODAY),
    # what it orders
    Metric("orders_change", _o, "change of orders", "订单变化", "orders of the last {w} days / of the {w} days before - 1", "最近{w}天订单额÷前{w}天−1", "share", "both", 0.6, 0.9, 1),
    Metric("order_count_change", _o, "change of the number of orders", "订单数变化", "number of orders of the last {w} days / of the {w} days before - 1", "最近{w}天订单数÷前{w}天−1", "share", "both", 0.6, 0.9, 1),
    Metric("order_mean_change", _o, "change of the mean order", "平均订单变化", "mean order of the last {w} days / of the {w} days before - 1", "最近{w}天平均订单÷前{w}天−1", "share", "both", 0.75, 1.5, 1),
    Metric("orders_to_sales", _o, "orders to sales", "订单销售比", "orders / invoices less credit notes, last {w} days", "订单额÷净开票，最近{w}天", "share", "down", 0.7, 0.4, 1),
    Metric("order_swing", _o, "order swing", "订单波动", "last month's orders against the 12 before, in robust deviations (ORDERSWING)", "最近一月订单相对前12个月的稳健z值（ORDERSWING）", "times", *_T["order_swing"], TODAY),
    Metric("days_since_order", _o, "days since an order", "距上次订单天数", "days since the last order", "距最近订单的天数", "days", "up", 75, 150, 1, TODAY),
    Metric("uninvoiced_share", _o, "orders not invoiced", "未开票订单占比", "not invoiced part of the orders of a year / those orders", "一年订单中未开票部分÷订单额", "share", "up", 0.4, 0.7, 1, TODAY),
    # what it disputes
    Metric("disputes_opened", _d, "disputes opened", "新增争议", "documents whose dispute began in the last {w} days", "最近{w}天发生争议的单据数", "count", "up", 2, 4),
    Metric("disputed_sales_share", _d, "disputed to sales", "争议销售比", "amounts disputed in the last {w} days / invoices of those days", "最近{w}天争议金额÷同期开票", "share", "up", 0.1, 0.25, 1),
    Metric("disputed_invoices_share", _d, "disputes per invoice", "争议单据比", "disputes begun in the last {w} days / invoices of those days", "最近{w}天争议数÷同期开票数", "share", "up", 0.1, 0.25, 3),
    Metric("open_disputes", _d, "open disputes", "未决争议", "documents in dispute and not settled", "未结清的争议单据数", "count", "up", 2, 4, 0, TODAY),
    Metric("disputed_balance_share", _d, "disputed part", "争议占比", "disputed and open / open items", "未清争议金额÷未清项", "share", "up", 0.1, 0.3, 1, TODAY),
    Metric("dispute_age", _d, "oldest dispute", "最长争议", "days since the oldest open dispute began", "最早未决争议的天数", "days", "up", 45, 90, 1, TODAY),
    # what it promises
    Metric("promises_broken", _r, "promises broken", "违背承诺", "promises that fell due in the last {w} days and were not kept", "最近{w}天到期而未兑现的承诺数", "count", "up", 1, 3),
    Metric("promises_broken_share", _r, "part of promises broken", "违诺占比", "promises broken / promises that fell due, last {w} days", "未兑现承诺÷到期承诺，最近{w}天", "share", "up", 0.3, 0.6, 2),
    Metric("promises_late_amount", _r, "amount of broken promises", "违诺金额占比", "amount of promises broken in the last {w} days / open items", "最近{w}天违诺金额÷未清项", "share", "up", 0.1, 0.3, 1),
    Metric("promised_share", _r, "part under promise", "承诺占比", "running promises / open items", "有效承诺金额÷未清项", "share", "up", 0.5, 0.8, 1, TODAY),
    Metric("promise_reach", _r, "farthest promise", "最远承诺", "days until the last running promise", "距最晚有效承诺的天数", "days", "up", 45, 90, 1, TODAY),
    # what its credit file says
    Metric("current_ratio", _f, "current ratio", "流动比率", "current assets / current liabilities", "流动资产÷流动负债", "times", "down", 1.2, 1, 0, TODAY),
    Metric("quick_ratio", _f, "quick ratio", "速动比率", "(current assets less inventory) / current liabilities", "（流动资产−存货）÷流动负债", "times", "down", 0.8, 0.5, 0, TODAY),
    Metric("cash_ratio", _f, "cash ratio", "现金比率", "cash / current liabilities", "货币资金÷流动负债", "times", "down", 0.2, 0.1, 0, TODAY),
    Metric("debt_to_assets", _f, "debt to assets", "资产负债率", "total liabilities / total assets", "总负债÷总资产", "share", "up", 0.7, 0.85, 0, TODAY),
    Metric("equity_to_liabilities", _f, "equity to liabilities", "权益负债比", "net worth / total liabilities", "净资产÷总负债", "times", "down", 0.4, 0.15, 0, TODAY),
    Metric("working_capital_to_assets", _f, "working capital to assets", "营运资金占总资产", "(current assets less current liabilities) / total assets", "（流动资产−流动负债）÷总资产", "share", "down", 0.1, 0, 0, TODAY),
    Metric("retained_earnings_to_assets", _f, "retained earnings to assets", "留存收益占总资产", "retained earnings / total assets", "留存收益÷总资产", "share", "down", 0, -0.1, 0, TODAY),
    Metric("ebit_to_assets", _f, "EBIT to assets", "息税前利润占总资产", "EBIT / total assets", "息税前利润÷总资产", "share", "down", 0.02, 0, 0, TODAY),
    Metric("roa", _f, "return on assets", "总资产净利率", "net profit / total assets", "净利润÷总资产", "share", "down", 0.01, 0, 0, TODAY),
    Metric("altman_z2", _f, "Altman Z''", "Altman Z''", "Z'' of four ratios; grey from 2.6, distress below 1.1 (Altman)", "四比率 Z''；2.6以下灰区、1.1以下危险（Altman）", "points", "down", 2.6, 1.1, 0, TODAY),
    Metric("score", _f, "score", "信用评分", "credit score of Scores and limits", "评分与额度表的信用评分", "points", "down", 60, 40, 0, TODAY),
    Metric("default_chance", _f, "probability of default", "违约概率", "one-year probability of default of the grade", "等级对应的一年违约概率", "share", "up", 0.03, 0.1, 0, TODAY),
    Metric("litigation_count", _f, "lawsuits", "诉讼数", "lawsuits as defendant in 24 months", "近24个月作为被告的诉讼数", "count", "up", 1, 3, 0, TODAY),
    Metric("management_changes", _f, "management changes", "管理层变动", "changes of directors or legal representative in 12 months", "近12个月董事或法定代表人变更次数", "count", *_T["management_changes"], TODAY),
    Metric("months_since_review", _f, "months since the review", "距上次复审月数", "months since the credit file was reviewed; every quarter", "距上次信用复审的月数；每季一次", "months", "up", 4, 7, 0, TODAY),
    Metric("statements_age", _f, "age of the statements' check", "报表验证距今", "months since the statements were verified", "距报表验证的月数", "months", "up", 12, 18, 0, TODAY),
    Metric("years_of_trade", _f, "years of trade", "交易年数", "years since the first trade", "自首次交易的年数", "times", "down", 1, 0.5, 0, TODAY),
    Metric("exposure_to_net_worth", _f, "exposure to net worth", "敞口净资产比", "exposure / net worth of the customer", "敞口÷客户净资产", "share", "up", 0.1, 0.25, 0, TODAY),
    Metric("exposure_to_sales", _f, "exposure to its sales", "敞口销售比", "exposure / sales of the customer a year", "敞口÷客户年营业收入", "share", "up", 0.1, 0.25, 0, TODAY),
    Metric("exposure_to_cash", _f, "exposure to its cash", "敞口现金比", "exposure / cash of the customer", "敞口÷客户货币资金", "times", "up", 1, 2, 0, TODAY),
    Metric("limit_to_net_worth", _f, "limit to net worth", "额度净资产比", "credit limit / net worth of the customer", "信用额度÷客户净资产", "share", "up", 0.15, 0.3, 0, TODAY),
    Metric("limit_days_left", _f, "days the limit still runs", "额度剩余天数", "days until the credit limit ends", "距额度到期的天数", "days", "down", 30, 0, 0, TODAY),
    # how much of our risk it is
    Metric("outstanding_share", _c, "share of our receivables", "占我方应收", "outstanding / outstanding of all customers", "未收余额÷全部客户", "share", "up", 0.1, 0.2, 0, TODAY),
    Metric("share_of_overdue", _c, "share of all overdue", "占全部逾期", "overdue / overdue of all customers", "逾期÷全部客户逾期", "share", "up", 0.1, 0.2, 0, TODAY),
    Metric("group_share", _c, "share of its group", "集团占比", "exposure of its group / exposure of all customers", "所属集团敞口÷全部敞口", "share", "up", 0.15, 0.25, 0, TODAY),
    Metric("currencies", _c, "currencies owed in", "欠款币种数", "number of currencies of its open items", "未清项涉及的币种数", "count", "up", 3, 4, 1, TODAY),
    Metric("items_concentration", _c, "concentration of items", "单据集中度", "sum of squared shares of its open items (HHI), of five at least", "未清项份额平方和（HHI，至少五笔）", "share", "up", 0.5, 0.8, 5, TODAY),
    # what the insurance leaves
    Metric("uninsured_share", _i, "uninsured part", "未投保占比", "uninsured / balance", "未获保障÷余额", "share", "up", 0.6, 0.95, 0, TODAY),
    Metric("no_policy_share", _i, "part under no policy", "无保单占比", "balance under no policy in force / balance", "无有效保单部分÷余额", "share", "up", 0.6, 0.95, 0, TODAY),
    Metric("over_insured_limit_share", _i, "part above the insurer's limit", "超保险限额占比", "part above the insurer's limit / balance", "超保险限额部分÷余额", "share", "up", 0.1, 0.3, 0, TODAY),
    Metric("insured_limit_use", _i, "use of the insurer's limit", "保险限额使用率", "insurable balance / insurer's limit", "可保余额÷保险限额", "share", "up", 0.9, 1, 0, TODAY),
)
