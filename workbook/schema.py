"""The tables an analyst fills: their columns, what each may hold, and the words for it in English and Chinese.

A column is found by its English header, its Chinese header or its key; the key never changes. Kinds of columns:
text, date, amount (money in the row's currency), number, integer, rate (a fraction: 3 % = 0.03), flag (yes / no), choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

FieldKind = Literal["text", "date", "amount", "number", "integer", "rate", "flag", "choice"]

DOCUMENT_TYPES: Final = ("invoice", "credit note", "payment", "advance", "adjustment")
CHOICES_ZH: Final = {
    "invoice": "发票",
    "credit note": "贷项通知",
    "payment": "收款",
    "advance": "预收款",
    "adjustment": "调整",
    "court": "诉讼",
    "arbitration": "仲裁",
    "none": "无",
    "active": "正常",
    "watch": "关注",
    "hold": "停止发货",
    "insolvent": "破产",
    "written off": "已核销",
    "whole turnover": "全部营业额",
    "named buyers": "指定买家",
    "due date": "到期日",
    "extension end": "展期届满",
    "calendar": "自然日",
    "working": "工作日",
    "pending": "申诉中",
    "upheld": "申诉成立",
    "rejected": "申诉驳回",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One column: key, headers, kind, and the help that stands in the header's comment."""

    key: str
    en: str
    zh: str
    kind: FieldKind
    help: str
    help_zh: str
    required: bool = False
    choices: tuple[str, ...] = ()
    refers: str = ""  # "customers.customer_id": the value must exist there
    width: int = 12
    places: int = 0  # decimals of a number that always stand, so that decimal points stand under each other


@dataclass(frozen=True, slots=True)
class Table:
    """One Excel table on a sheet of its own; `unique` are the columns that together name a row."""

    key: str
    name: str  # of the Excel table and of its sheet
    zh: str
    help: str
    help_zh: str
    fields: tuple[Field, ...]
    unique: tuple[str, ...] = ()

    def field(self, key: str) -> Field:
        """Return the column of this key. Raises KeyError."""
        return next(field for field in self.fields if field.key == key)


def _f(
    key: str, en: str, zh: str, kind: FieldKind, help_en: str, help_zh: str, *,
    required: bool = False, choices: tuple[str, ...] = (), refers: str = "", width: int = 12, places: int = 0,
) -> Field:
    return Field(key, en, zh, kind, help_en, help_zh, required, choices, refers, width, places)


LEDGER: Final = Table(
    "ledger", "Ledger", "应收账款明细",
    "One row per document or instalment. Amounts are positive; the type gives the sign.",
    "每张单据或每期一行；金额填正数，正负由单据类型决定。",
    (
        _f("document_no", "Document no.", "单据编号", "text", "Number of the invoice, credit note or payment.", "发票、贷项或收款的编号。", required=True, width=16),
        _f("document_type", "Type", "单据类型", "choice", "invoice, credit note, payment, advance or adjustment (an adjustment lowers the debt; a negative one raises it).", "发票、贷项通知、收款、预收款或调整（调整减少债权，负数则增加）。", required=True, choices=DOCUMENT_TYPES),
        _f("customer_id", "Customer", "客户编号", "text", "Number of the customer, as on the sheet Customers.", "客户编号，与客户表一致。", required=True, refers="customers.customer_id"),
        _f("reference", "Settles", "核销单据", "text", "The document that this payment or credit note settles; blank = unapplied.", "本收款或贷项所核销的单据；空白表示未核销。", refers="ledger.document_no", width=16),
        _f("instalment", "Instalment", "期次", "integer", "1, 2, 3 … when one document falls due in parts; else blank.", "分期到期时填 1、2、3……，否则留空。", width=10),
        _f("document_date", "Document date", "单据日期", "date", "Date of the document. Before it the document does not exist.", "单据日期；此日之前单据不存在。", required=True),
        _f("due_date", "Due date", "到期日", "date", "Blank: worked out from the terms, else the document date, with a line on Data problems.", "空白则按账期推算，否则取单据日期并在数据问题中提示。"),
        _f("terms", "Terms", "付款条件", "text", "NET 30, EOM+60, 2/10 NET 30, 月结30天 …", "如 NET 30、EOM+60、月结30天。"),
        _f("currency", "Currency", "币种", "text", "ISO code: CNY, USD, EUR …", "ISO 币种代码，如 CNY、USD、EUR。", required=True, width=9),
        _f("amount", "Amount", "金额", "amount", "Positive, in the currency of the row.", "正数，以本行币种计。", required=True, width=15),
        _f("settled_amount", "Settled", "已结金额", "amount", "What has been paid on this row where payments are not rows of their own.", "若收款不单独成行，此处填已付金额。", width=15),
        _f("settled_date", "Settled on", "结清日", "date", "Day of that payment; alone it means settled in full.", "付款日；仅填此日表示已全部结清。"),
        _f("disputed_amount", "Disputed", "争议金额", "amount", "Part of the amount that the customer disputes.", "客户有争议的金额。", width=14),
        _f("dispute_reason", "Dispute reason", "争议原因", "text", "Quality, quantity, price, delivery …", "质量、数量、价格、交期等。", width=16),
        _f("dispute_date", "Disputed since", "争议日期", "date", "Day the dispute was raised.", "提出争议的日期。"),
        _f("promise_date", "Promise date", "承诺付款日", "date", "Day the customer promised to pay.", "客户承诺付款的日期。"),
        _f("promise_amount", "Promised", "承诺金额", "amount", "Amount promised; blank = all of it.", "承诺支付的金额；空白为全部。", width=14),
        _f("payment_method", "Method", "付款方式", "text", "T/T, L/C, D/P, D/A, open account …", "电汇、信用证、付款交单、承兑交单、赊销等。"),
        _f("contract_no", "Contract", "合同编号", "text", "Number of the contract, as on the sheet Contracts.", "合同编号，与合同表一致。", refers="contracts.contract_no"),
        _f("policy_no", "Policy", "保单编号", "text", "Insurance policy that covers the document.", "承保该单据的保单。", refers="policies.policy_no"),
        _f("retention_of_title", "Title retained", "所有权保留", "flag", "yes when the goods stay ours until paid.", "货款付清前所有权保留则填 yes。"),
        _f("reported_on", "Reported to insurer", "已向保险人报告", "date", "Day the overdue item was reported to the insurer.", "向保险公司报告逾期的日期。"),
        _f("last_demand", "Last proved demand", "最近可证明催收日", "date", "Day of the last demand that can be proved, or of the debtor's acknowledgement: the limitation runs from it where the law says so.", "最近一次可证明的催收或债务人确认之日；依法自此重新计算诉讼时效。", width=14),
    ),
    unique=("document_no", "document_type", "instalment"),
)

CUSTOMERS: Final = Table(
    "customers", "Customers", "客户",
    "One row per customer: identity, limits, verifications and the last statement.",
    "每个客户一行：身份、额度、验证及最近报表。",
    (
        _f("customer_id", "Customer", "客户编号", "text", "Number of the customer.", "客户编号。", required=True),
        _f("name", "Name", "名称", "text", "Legal name.", "法定名称。", width=38),
        _f("name_zh", "Name (Chinese)", "中文名称", "text", "Legal name in Chinese.", "中文法定名称。", width=28),
        _f("country", "Country", "国家", "text", "ISO code of two letters: CN, DE, US …", "两位 ISO 国家代码。", width=9),
        _f("register_no", "Register no.", "注册号", "text", "Unified social credit code, VAT or company number.", "统一社会信用代码、税号或公司注册号。", width=20),
        _f("group_id", "Group", "集团", "text", "Customer number of the head of the group.", "集团母公司客户编号。"),
        _f("first_trade", "First trade", "首次交易", "date", "Day of the first delivery.", "首次交货日期。"),
        _f("last_review", "Last review", "上次复审", "date", "Day the credit file was last reviewed.", "信用档案上次复审日期。"),
        _f("credit_limit", "Credit limit", "信用额度", "amount", "In the report currency; blank = none set, 0 = no credit.", "以报告币种计；空白为未设，0 为不予赊销。", width=14),
        _f("limit_until", "Limit until", "额度有效期至", "date", "Last day of the credit limit; blank = no end.", "信用额度有效期最后一日；空白为无期限。"),
        _f("insured_limit", "Insured limit", "保险限额", "amount", "The insurer's limit, in the report currency.", "保险公司批复的限额，以报告币种计。", width=14),
        _f("status", "Status", "状态", "choice", "active, watch, hold, insolvent or written off.", "正常、关注、停止发货、破产或已核销。", choices=("active", "watch", "hold", "insolvent", "written off")),
        _f("segment", "Segment", "分类", "text", "Your own grouping.", "自定义分类。"),
        _f("register_verified", "Register verified", "工商验证", "date", "Day the register entry was checked.", "核实工商登记的日期。"),
        _f("register_evidence", "Register evidence", "工商验证依据", "text", "What shows it: extract, file number.", "依据：登记摘录、档案号。", width=20),
        _f("statements_verified", "Statements verified", "报表验证", "date", "Day the financial statements were checked.", "核实财务报表的日期。"),
        _f("statements_evidence", "Statements evidence", "报表验证依据", "text", "What shows it: audit report, tax return.", "依据：审计报告、纳税申报。", width=20),
        _f("reputation_verified", "Reputation verified", "口碑验证", "date", "Day trade references were checked.", "核实商业口碑的日期。"),
        _f("reputation_evidence", "Reputation evidence", "口碑验证依据", "text", "What shows it: trade references, association.", "依据：同行证明、行业协会。", width=20),
        _f("litigation_count", "Lawsuits", "诉讼数", "integer", "Lawsuits as defendant in the last 24 months.", "近24个月作为被告的诉讼数。"),
        _f("management_changes", "Management changes", "管理层变动", "integer", "Changes of directors or legal representative in 12 months.", "近12个月董事或法定代表人变更次数。"),
        _f("bank_grade", "Bank grade", "银行评级", "text", "Grade of the customer's bank.", "客户开户行评级。"),
        _f("country_grade", "Country grade", "国家评级", "text", "Grade of the country.", "国家风险评级。"),
        _f("statement_currency", "Statement currency", "报表币种", "text", "Currency of the statement items.", "财务数据币种。", width=9),
        _f("cash", "Cash", "货币资金", "amount", "Cash and equivalents.", "货币资金。", width=14),
        _f("current_assets", "Current assets", "流动资产", "amount", "Current assets.", "流动资产。", width=14),
        _f("total_assets", "Total assets", "总资产", "amount", "Total assets.", "总资产。", width=14),
        _f("current_liabilities", "Current liabilities", "流动负债", "amount", "Current liabilities.", "流动负债。", width=14),
        _f("total_liabilities", "Total liabilities", "总负债", "amount", "Total liabilities.", "总负债。", width=14),
        _f("net_worth", "Net worth", "净资产", "amount", "Equity.", "净资产。", width=14),
        _f("retained_earnings", "Retained earnings", "留存收益", "amount", "Retained earnings.", "留存收益。", width=14),
        _f("ebit", "EBIT", "息税前利润", "amount", "Earnings before interest and tax, a year.", "年度息税前利润。", width=14),
        _f("net_profit", "Net profit", "净利润", "amount", "Net profit, a year.", "年度净利润。", width=14),
        _f("sales", "Sales", "营业收入", "amount", "Sales of the customer, a year.", "客户年营业收入。", width=14),
    ),
    unique=("customer_id",),
)

CONTRACTS: Final = Table(
    "contracts", "Contracts", "合同",
    "One row per contract with the terms that protect the receivable.",
    "每份合同一行，记录保护债权的条款。",
    (
        _f("contract_no", "Contract", "合同编号", "text", "Number of the contract.", "合同编号。", required=True),
        _f("customer_id", "Customer", "客户编号", "text", "Customer, as on the sheet Customers.", "客户编号，与客户表一致。", required=True, refers="customers.customer_id"),
        _f("signed", "Signed", "签订日", "date", "Day of signature.", "签订日期。"),
        _f("value", "Value", "合同金额", "amount", "Total value.", "合同总金额。", width=15),
        _f("currency", "Currency", "币种", "text", "ISO code.", "ISO 币种代码。", width=9),
        _f("prepaid", "Prepaid", "预付款", "amount", "Amount paid before delivery.", "交货前支付的金额。", width=15),
        _f("instalments", "Instalments", "期数", "integer", "Number of instalments agreed.", "约定分期数。"),
        _f("credit_days", "Credit days", "账期天数", "integer", "Days of credit after delivery.", "交货后账期天数。"),
        _f("penalty_daily", "Penalty a day", "日违约金率", "rate", "Late payment penalty a day: 0.05 % = 0.0005.", "逾期违约金日利率，如 0.05%。"),
        _f("dispute", "Disputes", "争议解决", "choice", "court, arbitration or none.", "诉讼、仲裁或无。", choices=("court", "arbitration", "none")),
        _f("forum", "Forum", "管辖机构", "text", "Court or arbitration body named.", "约定的法院或仲裁机构。", width=34),
        _f("governing_law", "Governing law", "适用法律", "text", "CN, HK or UK; of others the limitation is not known.", "适用法律：CN、HK、UK；其他法律的诉讼时效未知。"),
        _f("cross_border", "Cross-border", "跨境", "flag", "yes when the parties sit in different countries.", "双方位于不同国家则填 yes。"),
        _f("retention_of_title", "Title retained", "所有权保留", "flag", "yes when title passes only on payment.", "付清货款前保留所有权则填 yes。"),
        _f("legal_review_by", "Reviewed by", "法务审核人", "text", "Who reviewed the contract.", "审核人。", width=16),
        _f("legal_review_date", "Reviewed on", "法务审核日", "date", "Day of the legal review.", "审核日期。"),
        _f("text", "Text", "合同文本", "text", "The clauses, pasted, or the path of the file.", "粘贴的条款文本或文件路径。", width=40),
    ),
    unique=("contract_no",),
)
