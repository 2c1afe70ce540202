"""The words of the claim pack in English and Chinese."""

from __future__ import annotations

from typing import Final

from xladdin.counted import fill_in

WORDS: Final[dict[str, tuple[str, str]]] = {
    # sheets
    "sheet_summary": ("Summary", "汇总"),
    "sheet_debt": ("Proof of debt", "债权明细"),
    "sheet_interest": ("Interest", "利息计算"),
    "sheet_security": ("Security", "担保与权利"),
    "sheet_evidence": ("Evidence", "证据目录"),
    "sheet_dates": ("Dates", "期限"),
    # titles
    "title": ("Claim in bankruptcy: {name}", "破产债权申报：{name}"),
    "subtitle": (
        "Bankruptcy accepted on {accepted}   ·   interest to and with {until} by {rule}   ·   all amounts in the currency of the claim",
        "破产受理日 {accepted}   ·   利息按{rule}计算至 {until}（含当日）   ·   金额均为原币",
    ),
    # columns
    "currency": ("Currency", "币种"),
    "principal": ("Principal", "本金"),
    "set_off": ("Set off", "抵销"),
    "interest": ("Interest", "利息"),
    "total": ("Claimed", "申报合计"),
    "ledger": ("Ledger", "明细账"),
    "check": ("Agrees", "核对"),
    "in_report": ("In {currency}", "折合{currency}"),
    "document_no": ("Document", "单据编号"),
    "instalment": ("Part", "期次"),
    "document_date": ("Dated", "单据日期"),
    "due_date": ("Due", "到期日"),
    "amount": ("Amount", "原金额"),
    "reduced": ("Paid and credited", "已付及冲减"),
    "open": ("Open", "未付本金"),
    "remark": ("Remark", "备注"),
    "first": ("From", "起"),
    "last": ("To", "止"),
    "days": ("Days", "天数"),
    "rate": ("Rate a year", "年利率"),
    "event": ("What", "事项"),
    "right": ("Right", "权利"),
    "on_what": ("On what", "标的"),
    "basis": ("Basis", "依据"),
    "needed": ("Needed", "所需证据"),
    "for_what": ("For", "用途"),
    "state": ("State", "状态"),
    "where": ("Where", "位置"),
    "date": ("Last day", "最后日期"),
    "counting": ("How it is counted", "计算方法"),
    # remarks on items
    "not_due": ("not due: due by the bankruptcy (art. 46)", "未到期，因破产受理视为到期（第46条）"),
    "disputed": ("{amount} disputed by the customer", "客户争议 {amount}"),
    "unapplied": ("unapplied: set off (art. 40)", "未核销，抵销（第40条）"),
    "no_rate": ("interest open: {why}", "利息待定：{why}"),
    "payment_line": ("payment or credit set against the principal", "付款或冲减抵本金"),
    "split_line": ("payment set against interest, then the principal", "付款先抵利息，再抵本金"),
    "against_remark": ("{amount} of payments set against interest", "付款中 {amount} 抵作利息"),
    "interest_line": ("interest", "利息"),
    # summary
    "claimant": ("Claimant", "债权人"),
    "debtor": ("Debtor", "债务人"),
    "accepted_on": ("Accepted on", "受理日"),
    "missing_papers": ("Papers missing", "缺失证据"),
    "nearest": ("Next date", "最近期限"),
    "law": ("Law", "法律"),
    "law_home": ("Enterprise Bankruptcy Law of the People's Republic of China; articles are its articles", "《中华人民共和国企业破产法》；所引条款均出自该法"),
    "law_abroad": ("the debtor sits abroad ({country}): the law of its bankruptcy governs form, dates and interest; have it checked there", "债务人在境外（{country}）：形式、期限及利息依破产地法律，请当地律师核对"),
    "bridge": ("From the ledger to the principal claimed", "从明细账到申报本金"),
    "ledger_open": ("Open in the ledger", "账面未付"),
    "set_against": ("Set against costs and interest", "已抵费用及利息"),
    "principal_claimed": ("Principal claimed", "申报本金"),
    "bridge_why": (
        "Payments were set against costs and interest first, then the principal (Civil Code, art. 561); the ledger sets them against the principal",
        "付款先抵实现债权的费用和利息，再抵本金（民法典第561条）；账面冲减本金",
    ),
    "bridge_agrees": ("✓ principal less set-off = ledger + payments set against costs and interest, to the cent", "✓ 本金减抵销 = 明细账 + 已抵费用及利息，分文不差"),
    "bridge_not": ("✗ principal less set-off is not the ledger's and what was set against costs and interest", "✗ 本金减抵销与明细账加已抵费用及利息不符"),
    "all_agree": ("✓ principal less set-off = ledger, to the cent", "✓ 本金减抵销 = 明细账，分文不差"),
    "not_agree": ("✗ principal less set-off is not the ledger's", "✗ 本金减抵销与明细账不符"),
    # security
    "no_security": ("none recorded", "无记录"),
    "add_security": (
        "guarantee, mortgage, pledge, standby credit: the workbook records none; add what you hold, with amount and rank, or the claim counts as unsecured (art. 49)",
        "保证、抵押、质押、备用信用证：工作簿未记录；如有请补充金额及顺位，否则按无担保申报（第49条）",
    ),
    "right_title": ("Goods whose title is retained", "所有权保留的货物"),
    "on_documents": ("goods of {documents}", "单据 {documents} 项下货物"),
    "basis_title": ("take back before distribution: art. 38; the contract's clause must be shown", "取回权：第38条；须提供合同条款"),
    "basis_title_contract": ("take back before distribution: art. 38; clause in contract {contracts}", "取回权：第38条；合同 {contracts} 条款"),
    "right_setoff": ("Set-off of unapplied money", "未核销款抵销"),
    "basis_setoff": ("art. 40: tell the administrator", "第40条：须向管理人主张"),
    "right_insurance": ("Credit insurance", "信用保险"),
    "basis_insurance": ("policy {policy}, {insurer}: the claim passes to the insurer as far as it pays", "保单 {policy}（{insurer}）：保险人赔付部分债权转移"),
    "right_guarantee": ("Other security", "其他担保"),
    "insured_on": ("{amount} open under the policy; limit {limit}", "保单项下未付 {amount}；限额 {limit}"),
    "no_limit": ("none", "无"),
    # evidence
    "ev_contract": ("Contract {what}, signed", "合同 {what}（签署件）"),
    "ev_no_contract": ("Contract or order for {what}", "{what} 的合同或订单"),
    "ev_invoice": ("Invoice {what}", "发票 {what}"),
    "ev_delivery": ("Proof of delivery for {what}", "{what} 的交货凭证（签收单、提单）"),
    "ev_balance": ("Confirmation of the balance", "对账确认"),
    "ev_demand": ("Reminders and lawyer's letters", "催款函、律师函"),
    "ev_register": ("Register extract of the debtor", "债务人工商登记"),
    "ev_ruling": ("Ruling or notice of the court on the bankruptcy", "法院受理裁定或公告"),
    "ev_policy": ("Policy {what} and its limit approval", "保单 {what} 及限额批单"),
    "ev_power": ("Power of attorney and our register extract", "授权委托书及我方营业执照"),
    "for_debt": ("that the debt exists", "债权成立"),
    "for_amount": ("amount and due date", "金额及到期日"),
    "for_delivery": ("that we performed", "我方已履行"),
    "for_time": ("limitation interrupted", "时效中断"),
    "for_formal": ("form of the filing", "申报形式要件"),
    "for_insurer": ("the insurer's form", "保险索赔"),
    "state_found": ("found", "已有"),
    "state_recorded": ("recorded, paper missing", "已登记，缺文件"),
    "state_missing": ("missing", "缺失"),
    "recorded_contract": ("sheet Contracts, signed {day}", "合同表，签订日 {day}"),
    "recorded_register": ("sheet Customers: {what}, {day}", "客户表：{what}，{day}"),
    "recorded_policy": ("sheet Policies", "保单表"),
    # dates
    "date_filing": ("File the claim with the administrator", "向管理人申报债权"),
    "how_filing": (
        "the court sets it: 30 days to three months from its announcement (art. 45); counted from the acceptance the earliest is shown",
        "由法院确定：自公告之日起30日至3个月（第45条）；此处按受理日起最早日列示",
    ),
    "date_filing_late": ("Latest day a court may set for filing", "法院可定的最迟申报日"),
    "how_filing_late": ("three months from the acceptance (art. 45: from the announcement); later claims bear costs (art. 56)", "自受理日起3个月（第45条自公告日起）；逾期补充申报自担费用（第56条）"),
    "date_form": ("Claim form to the insurer", "向保险人提交索赔表"),
    "how_form": ("{days:working day} from the acceptance, Chinese working days (house rule; see the policy)", "自受理日起{days}个工作日（内部规定，以保单为准）"),
    "date_reply": ("Papers the insurer asks for", "保险人要求的补件"),
    "how_reply": ("{days:day} from its question; here counted from the last day of the form (house rule)", "自保险人要求起{days}天；此处自索赔表最后日起算（内部规定）"),
    "date_policy": ("{policy}: {clock}, document {document}", "{policy}：{clock}，单据 {document}"),
    "how_policy": ("the policy's own days, earliest item", "按保单自身期限，取最早一笔"),
    "date_unknown": ("not known: {why}", "未知：{why}"),
    "date_passed": ("passed on {day}", "已过（{day}）"),
    # the paper
    "paper_title": ("Proof of debt", "债权申报书"),
    "paper_to": ("To the administrator of {name} (register number {number})", "致 {name} 管理人（注册号 {number}）："),
    "paper_claim": ("We claim {totals}, as of {accepted}, the day the bankruptcy was accepted:", "我方申报债权合计 {totals}，截至破产受理日 {accepted}："),
    "paper_facts": ("Facts", "事实与理由"),
    "paper_facts_text": (
        "The debtor owes the price of {count:delivery|deliveries}, listed in the annex, under {contracts}. Interest is claimed at {rule} from the day after each due date to and with {until}; under article 46 of the Enterprise Bankruptcy Law interest stops with the acceptance, and debts not yet due ({not_due}) are due by it.",
        "债务人欠付附表所列 {count} 笔货款（{contracts}）。利息按{rule}自各笔到期日次日起算至 {until}（含当日）；依《企业破产法》第四十六条，受理时停止计息，未到期债权（{not_due} 笔）视为到期。",
    ),
    "paper_disputed": ("{amount} is disputed by the debtor and claimed all the same.", "其中债务人争议 {amount}，我方仍予申报。"),
    "paper_open_interest": ("The interest of {count:item} is not stated yet: {why}.", "{count} 笔利息待定：{why}。"),
    "paper_bridge": (
        "The payments received were set against the costs of enforcement and the interest owed at the time first, and then against the principal (Civil Code, article 561). Our books set them against the principal; from our books the principal follows so:",
        "已收款项依《民法典》第五百六十一条先抵实现债权的费用及当时应付利息，再抵本金。我方账面将其冲减本金，由账面至申报本金如下：",
    ),
    "paper_converted": ("At the rates of that day this is {amount}.", "按当日汇率折合 {amount}。"),
    "paper_security": ("Security and other rights (art. 49)", "担保及其他权利（第四十九条）"),
    "paper_evidence": ("Evidence", "证据目录"),
    "paper_signed": ("Claimant (seal)", "债权人（盖章）"),
    "paper_day": ("Date", "日期"),
    "paper_no_contract": ("its orders", "其订单"),
    "paper_contracts": ("contracts {numbers}", "合同 {numbers}"),
    "paper_annex": ("Annex: the items", "附表：债权明细"),
    "fill_in": ("(our name: fill it in on Settings)", "（我方名称：请在“设置”中填写）"),
}  # fmt: skip

#: the same where the debtor sits outside mainland China: the law of its bankruptcy is not ours to name
ABROAD: Final[dict[str, tuple[str, str]]] = {
    "not_due": ("not due on that day", "当日未到期"),
    "unapplied": ("unapplied: set off", "未核销，抵销"),
    "basis_title": ("the contract's clause must be shown; whether it holds is for the law of the bankruptcy", "须提供合同条款；效力依破产地法律"),
    "basis_title_contract": ("clause in contract {contracts}; whether it holds is for the law of the bankruptcy", "合同 {contracts} 条款；效力依破产地法律"),
    "basis_setoff": ("tell the administrator; whether it is allowed is for the law of the bankruptcy", "须向管理人主张；能否抵销依破产地法律"),
    "add_security": (
        "guarantee, mortgage, pledge, standby credit: the workbook records none; add what you hold, with amount and rank, or the claim counts as unsecured",
        "保证、抵押、质押、备用信用证：工作簿未记录；如有请补充金额及顺位，否则按无担保申报",
    ),
    "how_filing": ("the law of the bankruptcy and the court set it: ask the administrator at once", "由破产地法律及法院确定：请立即向管理人查询"),
    "paper_facts_text": (
        "The debtor owes the price of {count:delivery|deliveries}, listed in the annex, under {contracts}. Interest is claimed at {rule} from the day after each due date to and with {until}; {not_due:item was|items were} not due on that day.",
        "债务人欠付附表所列 {count} 笔货款（{contracts}）。利息按{rule}自各笔到期日次日起算至 {until}（含当日）；其中 {not_due} 笔当日未到期。",
    ),
    "paper_security": ("Security and other rights", "担保及其他权利"),
    "bridge_why": (
        "Payments were set against costs and interest first, then the principal; the ledger sets them against the principal; have the order checked there",
        "付款先抵费用和利息，再抵本金；账面冲减本金；抵充顺序请当地律师核对",
    ),
    "paper_bridge": (
        "The payments received were set against costs and the interest owed at the time first, and then against the principal. Our books set them against the principal; from our books the principal follows so:",
        "已收款项先抵费用及当时应付利息，再抵本金。我方账面将其冲减本金，由账面至申报本金如下：",
    ),
}  # fmt: skip


def put(key: str, language: str, *, abroad: bool = False, **values: object) -> str:
    """Return a text of the claim pack, its {places} filled in."""
    text = (ABROAD.get(key, WORDS[key]) if abroad else WORDS[key])[language == "zh"]
    return fill_in(text, values) if values else text
