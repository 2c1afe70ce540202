"""The rules of the contract check, and its sentences, in English and Chinese."""

from __future__ import annotations

from typing import Final

from xladdin.counted import fill_in

#: key -> the rule's name
RULES: Final[dict[str, tuple[str, str]]] = {
    "prepayment": ("1 Prepayment", "1 预付款"),
    "payment_terms": ("2 Instalments and credit days", "2 分期与账期"),
    "penalty": ("3 Late payment penalty", "3 逾期违约金"),
    "dispute": ("4 Dispute resolution", "4 争议解决"),
    "jurisdiction": ("5 Forum and governing law", "5 管辖与适用法律"),
    "retention_of_title": ("6 Retention of title", "6 所有权保留"),
    "collection": ("7 Legal collection", "7 法律催收"),
    "legal_review": ("8 Legal review", "8 法务审核"),
}

SENTENCES: Final[dict[str, tuple[str, str]]] = {
    "blank": ("blank", "空白"),
    "text_differs": ("row {row}, text {text}", "表中{row}，文本{text}"),
    "text_without": ("{row} is not in the text", "文本中没有{row}"),
    "texts_unread": ("Texts that could not be read", "无法读取的文本"),
    "why": ("Why", "原因"),
    "fact_differences": ("Text and row differ", "文本与表不符"),
    "fact_unread": ("Texts not read", "未读文本"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "value": ("Value", "合同金额"),
    "reviewed_by": ("Reviewed by", "审核人"),
    "reviewed_on": ("Reviewed on", "审核日"),
    "days_late": ("{days:day} past due", "逾期{days}天"),
    "prepayment_required": ("at least {floor} prepaid", "预付至少{floor}"),
    "prepayment_missing": ("Agree a prepayment of at least {floor} before delivery.", "约定交货前预付至少{floor}。"),
    "prepayment_low": ("Raise the prepayment by {short}, or insure the difference.", "预付款再增加{short}，或对差额投保。"),
    "payment_terms_required": ("instalments or credit days stated", "写明分期或账期"),
    "payment_terms_found": ("{parts:part}, {days:credit day}", "{parts}期，账期{days}天"),
    "payment_terms_missing": ("State the instalments with their shares, or the days of credit.", "写明分期比例或账期天数。"),
    "penalty_required": ("a daily rate within the cap ({law})", "约定日违约金率且不超上限（{law}）"),
    "penalty_missing": (
        "Agree a penalty, such as 0.05 % a day; without one only the statutory interest can be claimed.",
        "约定违约金，如日万分之五；未约定时只能主张法定利息。",
    ),
    "penalty_high": ("Lower the rate; a court may cut the excess (Civil Code art. 585). {why}", "降低违约金率；过高部分法院可酌减（民法典第585条）。{why}"),
    "penalty_no_lpr": ("The cap under {law} needs the LPR of the day of signature: fill in Signed, or add the rate to Rates.", "{law} 上限需签约日LPR：请填签订日或在利率表补充。"),
    "dispute_required": ("court or arbitration agreed", "约定诉讼或仲裁"),
    "dispute_court": ("court", "诉讼"),
    "dispute_arbitration": ("arbitration", "仲裁"),
    "dispute_missing": ("Agree how disputes are settled: a named court or arbitration body.", "约定争议解决方式及具体法院或仲裁机构。"),
    "jurisdiction_home": ("forum named", "写明管辖机构"),
    "jurisdiction_abroad": ("arbitration; forum and law named", "约定仲裁，写明机构与适用法律"),
    "jurisdiction_missing": ("Name the forum and, across borders, the governing law.", "写明管辖机构；跨境合同还须写明适用法律。"),
    "jurisdiction_court": (
        "Agree arbitration: awards are enforced in over 170 states (New York Convention 1958), court judgments in few.",
        "改为仲裁：裁决可依1958年《纽约公约》在170多个国家执行，法院判决则少有国家承认。",
    ),
    "title_required": ("title retained until paid", "付清前保留所有权"),
    "title_missing": (
        "Agree retention of title (Civil Code art. 641) and register it, so that it holds against third parties.",
        "约定所有权保留（民法典第641条）并办理登记，以对抗善意第三人。",
    ),
    "collection_required": ("nothing more than {days:day} past due", "无逾期超{days}天款项"),
    "collection_due": ("Start legal collection: {document} is {days:day} past due.", "启动法律催收：{document}已逾期{days}天。"),
    "review_required": ("legal review from {limit} or across borders", "金额达{limit}或跨境须法务审核"),
    "review_not_needed": ("not needed", "无需审核"),
    "review_missing": ("Have the contract reviewed; note who and when.", "送法务审核并登记审核人与日期。"),
}


def say(key: str, language: str, **values: object) -> str:
    """Return a sentence in the language of the reports, its {places} filled in."""
    text = SENTENCES[key][language == "zh"]
    return fill_in(text, values) if values else text
