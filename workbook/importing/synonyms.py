"""What other systems call our columns: the words of SAP, Kingdee (金蝶), Yonyou (用友), ERPNext, Dynamics, NetSuite and public samples.

Only words that mean one thing stand here. "Date" or "Customer name" could be several of our columns, and a guess in a ledger is worse
than a question.
"""

from __future__ import annotations

from typing import Final

LEDGER: Final[dict[str, tuple[str, ...]]] = {
    "document_no": (
        "invoice number", "invoice no", "invoice id", "invoice", "document number", "doc no", "doc number", "doc id", "voucher no", "vch no", "belnr",
        "belegnummer", "belegnr", "rechnungsnummer", "凭证编号", "发票号", "发票号码", "发票编号", "单据号", "单据号码", "单号", "凭证号", "应收单号", "billing document", "transaction number",
    ),
    "document_type": ("document type", "doc type", "voucher type", "vch type", "transaction type", "blart", "belegart", "凭证类型", "类型", "单据类型名称"),
    "customer_id": (
        "customer id", "customer no", "customer number", "customer code", "cust number", "cust no", "account number", "kunnr", "party", "debitor", "debitorennummer", "kundennummer",
        "客户", "客户代码", "客户号", "客户编码", "往来单位编码",
    ),
    "reference": (
        "reference invoice", "against invoice", "against voucher", "applied to", "invoice reference", "settles document", "clearing document", "rebzg",
        "核销单号", "核销发票", "对应发票", "源单编号",
    ),
    "instalment": ("installment", "instalment no", "line item", "buzei", "rebzz", "分期", "期数", "行号"),
    "document_date": (
        "invoice date", "doc date", "bldat", "belegdatum", "rechnungsdatum", "posting date", "voucher date", "transaction date",
        "开票日期", "发票日期", "业务日期", "单据日", "凭证日期",
    ),
    "due_date": (
        "net due date", "nettofälligkeit", "nettofälligkeitsdatum", "fälligkeitsdatum", "fällig am", "净到期日", "due in date", "due on", "payment due date", "maturity date", "faedt",
        "应收日期", "付款到期日", "到期日期", "收款到期日",
    ),
    "terms": (
        "payment terms", "terms of payment", "zahlungsbedingung", "zahlungsbedingungen", "cust payment terms", "zterm", "payment terms template", "账期", "收款条件", "付款条款",
    ),
    "currency": ("currency code", "invoice currency", "document currency", "doc currency", "belegwährung", "währung", "凭证货币", "waers", "curr", "货币", "币别", "原币"),
    "amount": (
        "invoice amount", "document amount", "amount in doc curr", "amount in doc. curr.", "amt in doc. curr.", "amount in document currency", "amount in doc. currency", "betrag in belegwährung", "betrag belegwährung",
        "凭证货币金额", "以凭证货币计的金额", "total open amount", "outstanding amount",
        "grand total", "wrbtr", "total amount", "价税合计", "应收金额", "发票金额", "原币金额", "单据金额", "含税金额",
    ),
    "settled_amount": ("paid amount", "amount paid", "received amount", "已收金额", "已核销金额", "已付金额", "收款金额"),
    "settled_date": ("clearing date", "paid date", "payment date", "augdt", "settled date", "清账日期", "收款日期", "核销日期"),
    "disputed_amount": ("disputed amount", "dispute amount", "争议额"),
    "dispute_reason": ("reason for dispute", "dispute code", "争议说明"),
    "dispute_date": ("dispute opened", "dispute since"),
    "promise_date": ("promised date", "promise to pay date", "promised on", "承诺日期", "承诺付款日期"),
    "promise_amount": ("promise to pay amount", "promised amount"),
    "payment_method": ("payment method", "mode of payment", "zlsch", "结算方式", "收款方式"),
    "contract_no": ("contract number", "contract id", "sales contract", "合同号", "合同号码"),
    "policy_no": ("policy number", "policy id", "保单号"),
    "retention_of_title": ("retention of title", "title retention", "所有权"),
}
CUSTOMERS: Final[dict[str, tuple[str, ...]]] = {
    "customer_id": LEDGER["customer_id"],
    "name": ("customer name", "name customer", "name 1", "name1", "account name", "company name", "客户名称", "往来单位名称"),
    "name_zh": ("chinese name", "中文名", "客户中文名称"),
    "country": ("country code", "land1", "country region", "国家代码", "国别"),
    "register_no": ("vat number", "tax id", "vat registration no", "stceg", "company number", "统一社会信用代码", "税号", "纳税人识别号"),
    "group_id": ("parent customer", "parent account", "group customer", "集团客户", "上级客户"),
    "credit_limit": ("credit limit amount", "klimk", "授信额度"),
    "insured_limit": ("insurance limit", "insured amount", "限额批复"),
    "segment": ("customer group", "kdgrp", "客户分类", "客户类别"),
    "sales": ("turnover", "annual sales", "revenue", "营业额"),
}
SYNONYMS: Final = {"ledger": LEDGER, "customers": CUSTOMERS}
#: names that mean the field only where nothing surer is there: SAP's customer line items (FBL5N) call the customer "Account"
SECOND_NAMES: Final = {"ledger": {"customer_id": ("account", "customer account", "konto")}}
