"""The words of the provision report; columns shared with other reports are in labels and register_words."""

from __future__ import annotations

from typing import Final

from workbook.reports.insurance_words import tell as insurance_tell

PROVISION_WORDS: Final[dict[str, tuple[str, str]]] = {
    "provision_title": ("Provision for expected credit losses", "预期信用损失准备"),
    # columns
    "unapplied_part": ("Unapplied", "未核销"),
    "insured_part": ("Insured part", "已投保部分"),
    "base": ("Base", "计提基数"),
    "method": ("Method", "方法"),
    "loss_rate": ("Loss rate", "损失率"),
    "provision": ("Provision", "准备金额"),
    "by_matrix": ("matrix", "矩阵"),
    "alone": ("individual", "单项"),
    "alone_default": ("individual: in default", "单项：已违约"),
    # the matrix
    "matrix_title": (
        "Matrix: how balances rolled over the last {months} times 30 days, without the names judged one by one (lost of a default: {lost})",
        "准备矩阵：最近 {months} 个30天的迁徙情况，不含单项计提客户（违约损失率：{lost}）",
    ),
    "matrix_default_title": ("Matrix: loss rates of the standard's example, as our own history is too short", "准备矩阵：历史数据不足，采用准则示例损失率"),
    "bucket": ("Bucket", "账龄段"),
    "bucket_balance": ("Balance", "余额"),
    "roll": ("Rolls on", "迁徙率"),
    "share_base": ("Base", "计提基数"),
    # facts, notes, sums
    "fact_provision": ("Provision", "准备合计"),
    "fact_matrix": ("By the matrix", "矩阵计提"),
    "fact_alone": ("Judged one by one", "单项计提"),
    "fact_insured_apart": ("Insured, apart", "已投保，另列"),
    "no_history": (
        "the ledger does not show how balances rolled ({why}): the loss rates of IFRS 9, illustrative example 12, are used; replace them by your own history",
        "台账无法反映余额迁徙（{why}）：暂用《国际财务报告准则第9号》示例12的损失率，请以自有历史替换",
    ),
    "check_buckets": ("Buckets + unapplied = outstanding of Scores and limits", "各账龄段 + 未核销 = 评分与额度未收合计"),
    "check_base": ("Base + insured + credit balances = outstanding", "计提基数 + 已投保 + 贷方余额 = 未收合计"),
    "check_ledger": ("Buckets + unapplied = ledger", "各账龄段 + 未核销 = 明细账"),
}


def speak(key: str, language: str, **values: object) -> str:
    """Return a word of this report, or of those it shares, in the language."""
    pair = PROVISION_WORDS.get(key)
    if pair is None:
        return insurance_tell(key, language, **values)
    return pair[1 if language == "zh" else 0].format(**values)
