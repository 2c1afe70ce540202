"""The sheet Settings: each setting with its default, what it may hold, and the words that explain it.

The as-of date may be blank: then the command's day counts. Nothing below the command line or a button reads the clock.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from functions.late_rules import read_rule
from functions.money import minor_units
from workbook.schema import CHOICES_ZH
from xladdin.addresses import without_password
from xladdin.cells import FIRST_REPORT_DAY, LAST_REPORT_DAY, is_blank, read_date
from xladdin.errors import BadRequest, CellError
from xladdin.plain_text import writable

#: statuses of customers that may be said to be in default
_FAILING: Final = ("hold", "insolvent", "written off", "watch")


def _date(value: Any) -> Any:
    if is_blank(value):
        return None
    try:
        day = read_date(value, "the date")
    except CellError as error:
        raise ValueError(str(error)) from None
    if not FIRST_REPORT_DAY <= day <= LAST_REPORT_DAY:
        raise ValueError(f"must lie between {FIRST_REPORT_DAY} and {LAST_REPORT_DAY}; got {day}")
    return day


def _days(value: Any) -> Any:
    if isinstance(value, str):
        parts = [part for part in re.split(r"[,;，；、\s]+", value.strip()) if part]
        try:
            return tuple(int(part) for part in parts)
        except ValueError:
            raise ValueError(f'must be whole days like "30,60,90"; got "{value}"') from None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return (int(value),)
    return value


Days = Annotated[tuple[int, ...], BeforeValidator(_days)]


class Settings(BaseModel):
    """All settings of a workbook; unknown keys are refused, blanks take the default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: Annotated[dt.date | None, BeforeValidator(_date)] = Field(default=None, description="As-of date of every report; blank = the day of the refresh|报告统计日；空白为刷新当日")
    language: Literal["en", "zh"] = Field(default="en", description="Language of the reports: en or zh|报告语言：en 或 zh")
    report_currency: str = Field(default="CNY", description="Currency in which totals over currencies are shown|汇总币种")
    limits: Days = Field(default=(30, 60, 90, 180), description="Aging buckets: the last day of each|账龄段上限天数")
    aging_basis: Literal["due date", "document date"] = Field(default="due date", description="Day from which age is counted: due date or document date|账龄起算：due date 或 document date")
    unapplied: Literal["own column", "by date", "oldest first"] = Field(default="own column", description="Unapplied cash: own column, by date (in its bucket) or oldest first (settles the oldest items)|未核销款：own column、by date 或 oldest first")
    credit_notes: Literal["on their invoice", "own row"] = Field(default="on their invoice", description="Credit notes that name an invoice: on their invoice (reduce it) or own row (stay unapplied)|注明发票的贷项：on their invoice 冲减该发票，own row 单列为未核销")
    ladder: Days = Field(default=(30, 60, 90), description="Escalation: days past due of reminder, lawyer's letter, court|三级响应天数：友好协商、律师函、诉讼")
    skip_levels: bool = Field(default=False, description="Let an item jump levels in one run|允许一次跳级")
    advance: Literal["each run", "when done"] = Field(default="when done", description="An item goes up a level when done: once Level done shows that the one before was carried out, or each run; never sooner than the ladder's days after the level before|填写“已执行级别”后升级（when done），或每次运行升级（each run）；均不早于上一级之后阶梯所定天数")
    promise_grace: int = Field(default=3, ge=0, le=30, description="Days of grace after a promise to pay|承诺付款宽限天数")
    our_country: str = Field(default="", description="Our country, two letters (CN, DE, …): where seller and buyer both sit in CN or HK and no contract says otherwise, its law is taken; else a law must be chosen on Contracts|我方国家，两位代码：买卖双方均在中国内地或均在香港且合同未另行约定的，适用当地法律；否则须在合同表填写适用法律")
    interest_rule: str = Field(default="CN-SALE", description="Late interest where a contract agrees no rate: CN-SME, CN-SALE (claims under Chinese law), LPRx1.3, EU, DE, UK or a yearly rate|合同未约定时的逾期利息规则或年利率（CN-SALE仅用于适用中国法的债权）")
    interest_on_paid: bool = Field(default=False, description="Escalation, letters and claim pack: claim the interest still owed on invoices that were paid late|升级清单、函件与申报材料：对逾期后已付清的发票仍主张利息")
    prepay_floor: float = Field(default=0.30, ge=0, le=1, description="Smallest share to be prepaid|预付款最低比例")
    penalty_law: Literal["CN", "CN-4LPR", "CN-30"] = Field(default="CN", description="Law that caps the late payment penalty: CN, CN-4LPR or CN-30|违约金上限适用法律")
    collection_after: int = Field(default=60, ge=1, description="Contract rule: legal collection after more than this many days|合同规则：逾期超过此天数启动法律催收")
    legal_review_threshold: float = Field(default=1_000_000, ge=0, description="Contract value in report currency from which legal review is needed|须法务审核的合同金额（报告币种）")
    contract_folder: str = Field(default="", description="Contract terms: a folder with files of contracts, besides the workbook's own|合同条款：除工作簿所在文件夹外，存放合同文件的文件夹")
    hold_days: int = Field(default=60, ge=0, description="Scores and limits: nothing more on credit when an undisputed item is later than this many days|评分与额度：无争议款项逾期超过此天数即停止赊销")
    hold_grace: int = Field(default=0, ge=0, le=90, description="Scores and limits: days of grace before days past due or an expired limit hold|评分与额度：逾期或额度到期的宽限天数")
    hold_smallest: float = Field(default=0, ge=0, description="Scores and limits: smaller overdue items do not hold, in report currency|评分与额度：低于此金额的逾期不触发停止（报告币种）")
    hold_overdue_amount: float = Field(default=0, ge=0, description="Scores and limits: hold when more than this is overdue, in report currency; 0 = off|评分与额度：逾期金额超过此数即停止赊销（报告币种）；0为不用")
    hold_overdue_share: float = Field(default=0.5, ge=0, le=10, description="Scores and limits: hold when more than this share of the limit is overdue; 0 = off|评分与额度：逾期占额度超过此比例即停止赊销；0为不用")
    hold_order_amount: float = Field(default=0, ge=0, description="Scores and limits: hold when an order is above this amount, in report currency; 0 = off|评分与额度：单笔订单超过此金额须先审批（报告币种）；0为不用")
    hold_terms_days: int = Field(default=15, ge=0, description="Scores and limits: hold when new invoices give more days than the contract and these|评分与额度：新发票账期超过合同约定再加此天数即停止赊销")
    hold_excluded: str = Field(default="", description="Scores and limits: never held: customers or segments; rule:customer excludes one rule only|评分与额度：不停止的客户或分类；“规则:客户”仅排除该规则")
    verification_months: int = Field(default=12, ge=1, le=60, description="A verification counts this many months (house rule)|验证有效月数（内部规定）")
    score_reasons: int = Field(default=3, ge=1, le=20, description="Scores and limits: how many reasons of a score are named|评分与额度：列出的失分原因个数")
    dd_basis: Literal["exposure", "turnover"] = Field(default="exposure", description="Due diligence: customers are ranked by exposure or turnover of twelve months|尽职调查：按敞口（exposure）或近12个月营业额（turnover）排名")
    dd_share: float = Field(default=0.2, gt=0, le=1, description="Due diligence: share that is checked in depth (house rule: TOP 20 %)|尽职调查：深度尽调的比例（内部规定：前20%）")
    dd_rule: Literal["number", "value"] = Field(default="number", description="Due diligence: number = that share of the customers; value = those that make up the rest (80 %) of the amount|尽职调查：number 按户数，value 按金额（合计占其余80%者）")
    dd_cost_deep: float = Field(default=5_000, ge=0, description="Cost of a check in depth, in report currency (an example: put your own)|深度尽调每次成本（报告币种，示例值，请改为实际）")
    dd_cost_standard: float = Field(default=800, ge=0, description="Cost of a standard check, in report currency (an example: put your own)|标准尽调每次成本（报告币种，示例值，请改为实际）")
    dd_report_saving: float = Field(default=0.40, ge=0, le=1, description="Share of the cost that credit reports save: 40 % is the house's assumption, no published source|使用信用报告节省的成本比例：40%为内部假设，无公开来源")
    name_cutoff: float = Field(default=85, ge=50, le=100, description="Blacklist: least likeness of names that is a hit, 50 to 100 (house rule)|黑名单：名称相似度达到此值即命中，50至100（内部规定）")
    dispute_days: int = Field(default=30, ge=0, description="Disputes: days in which a dispute should be settled (house rule)|争议登记：争议应在多少天内解决（内部规定）")
    named_counts: Days = Field(default=(5, 10, 20, 50), description="Insurance: named-buyer structures compared: the TOP 5, 10, 20, 50 by exposure|信用保险：比较的指定买家方案：按敞口前5、10、20、50名")
    rate_whole: float = Field(default=0.003, ge=0, le=0.2, description="Insurance: premium rate of a whole turnover offer where no policy in force has one (house range 0.3 % to 1.2 %)|信用保险：全部营业额方案费率，无有效保单时用（内部区间0.3%至1.2%）")
    rate_named: float = Field(default=0.012, ge=0, le=0.2, description="Insurance: premium rate of a named-buyer offer where no policy in force has one (house range 0.3 % to 1.2 %)|信用保险：指定买家方案费率，无有效保单时用（内部区间0.3%至1.2%）")
    loss_given_default: float = Field(default=1.0, ge=0, le=1, description="Insurance, provision: share of a balance that is lost when a customer fails; 1 = nothing comes back in the year|信用保险、准备：客户违约时损失的余额比例；1为当年无追回")
    default_days: int = Field(default=90, ge=0, le=3_650, description="In default: more than this many days past due (IFRS 9 B5.5.37; Basel framework CRE36: 90)|违约认定：逾期超过此天数（IFRS 9 B5.5.37；巴塞尔框架 CRE36：90天）")
    default_amount: float = Field(default=0, ge=0, description="In default: only when more than this is so late, in report currency|违约认定：逾期超过该天数的金额须大于此数（报告币种）")
    default_share: float = Field(default=0.01, ge=0, le=1, description="In default: only when more than this share of what the customer owes is so late (1 %: Regulation (EU) 2018/171)|违约认定：该金额占客户欠款须超过此比例（1%：欧盟2018/171号条例）")
    default_status: str = Field(default="hold, insolvent, written off", description="In default by their status: hold, insolvent, written off or watch, with commas; none = no status|按状态认定违约：停止发货、破产、已核销、关注，用逗号分隔；none 为不按状态")
    own_risk: float = Field(default=0, ge=0, description="Insurance: what the house can bear in a year of 1 in 20, in report currency; 0 = the structure whose bad year costs least|信用保险：二十年一遇年份可自担的损失（报告币种）；0为取坏年总成本最低者")
    simulated_years: int = Field(default=10_000, ge=200, le=100_000, description="Insurance: years that are simulated|信用保险：模拟年数")
    simulation_seed: int = Field(default=2026, ge=0, description="Insurance: seed of the simulation; the same seed gives the same years|信用保险：模拟种子；同一种子结果相同")
    provision_forward: float = Field(default=0, ge=-1, le=3, description="Provision: change of the loss rates by what is expected of the economy, 0.1 = 10 % more|减值准备：前瞻性调整，0.1为上调10%")
    provision_large: float = Field(default=0.1, gt=0, le=1, description="Provision: customers above this share of all balances are left out of the matrix and judged by their own default probability (house figure)|减值准备：余额占比超过此值的客户不进矩阵，按自身违约概率单项计提（内部标准）")
    watch_rows: int = Field(default=500, ge=0, le=100_000, description="Watch list: indicators past their thresholds that are listed one by one, the worst customers first|预警清单：逐项列出的超限指标行数（最差客户在前）")
    own_cash: float = Field(default=0, ge=0, description="Liquidity: our own cash, in report currency; 0 = not shown|流动性：我方现金（报告币种）；0为不显示")
    weekly_costs: float = Field(default=0, ge=0, description="Stress: what we pay out in a week, in report currency; 0 = not shown|压力测试：我方每周支出（报告币种）；0为不显示")
    own_liabilities: float = Field(default=0, ge=0, description="Liquidity: our own current liabilities, in report currency; 0 = not shown|流动性：我方流动负债（报告币种）；0为不显示")
    ledger: str = Field(default="", description="Where the ledger lies; blank = the sheet Ledger, else a Parquet or CSV file or folder, duckdb:///…, postgres://…, spark:local?path=…|台账位置：空白为“Ledger”表；或 Parquet/CSV 文件或文件夹、duckdb:///…、postgres://…、spark:local?path=…")
    ledger_columns: str = Field(default="", description="Columns of that ledger where names do not tell: field=column, field==text for all rows|该台账的列对应：字段=列名；字段==固定文本")
    ledger_rows: int = Field(default=1_000, ge=10, le=500_000, description="Rows a report shows of a ledger that lies elsewhere; totals cover all|外部台账在报表中显示的行数；合计包含全部")
    snapshots: str = Field(default="", description="Trends: the folder that xladdin snapshot fills; blank = NAME-snapshots beside the workbook|趋势：xladdin snapshot 写入的文件夹；空白为工作簿旁的“文件名-snapshots”")
    creditor: str = Field(default="", description="Letters and claim pack: our name|催款函与申报材料：我方名称")
    creditor_address: str = Field(default="", description="Letters and claim pack: our address|催款函与申报材料：我方地址")
    creditor_contact: str = Field(default="", description="Letters and claim pack: who answers for us, with telephone or e-mail|催款函与申报材料：我方联系人及联系方式")
    payment_account: str = Field(default="", description="Letters: bank and account to pay to|催款函：收款银行及账号")
    letter_days: int = Field(default=7, ge=1, le=90, description="Letters: days a letter gives to pay (house rule)|催款函：函件给予的付款天数（内部规定）")
    insurer_form_workdays: int = Field(default=14, ge=1, le=250, description="Claim pack: working days in which the insurer answers a complete claim: its service level, no deadline of ours (see your policy)|申报材料：保险人受理完整索赔后的答复工作日数：保险人的服务标准，并非我方期限（以保单为准）")
    insurer_reply_days: int = Field(default=7, ge=1, le=250, description="Claim pack: days in which the insurer asks for papers that a claim lacks: its service level, no deadline of ours (see your policy)|申报材料：保险人提出补件要求的天数：保险人的服务标准，并非我方期限（以保单为准）")
    allocation: Literal["as booked", "costs and interest first"] = Field(default="as booked", description="Claim pack: part-payments count as booked (against the principal, as in the ledger), or against costs and interest first and then the principal (Civil Code of the People's Republic of China, art. 561)|申报材料：部分付款按账面（as booked，冲减本金），或先抵费用和利息、再抵本金（costs and interest first，民法典第561条）")
    retained_goods: Literal["price", "goods"] = Field(default="price", description="Claim pack: of goods whose title is retained, claim the price or take back the goods: not both|申报材料：所有权保留的货物，主张价款（price）或取回货物（goods），不可兼得")
    minimum_open: float = Field(default=0, ge=0, description="Escalation leaves out items below this amount; they stay in Aging|低于此金额不催收，但仍在账龄表中")

    @field_validator("limits", "ladder", "named_counts")
    @classmethod
    def _rising(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if not value or value[0] <= 0 or any(b <= a for a, b in pairwise(value)):
            raise ValueError(f"must rise and be above 0; got {', '.join(map(str, value)) or 'nothing'}")
        return value

    @field_validator("contract_folder", "snapshots")
    @classmethod
    def _folder(cls, value: str) -> str:
        if leads_elsewhere(value):
            raise ValueError(f'must be a folder of this computer; got "{without_password(value)}"')
        return value.strip()

    @field_validator("default_status")
    @classmethod
    def _statuses(cls, value: str) -> str:
        words = {CHOICES_ZH[choice]: choice for choice in _FAILING} | {choice: choice for choice in _FAILING}
        given = [" ".join(part.split()).casefold() for part in re.split("[,;，；、]", value) if part.strip()]
        unknown = [part for part in given if part not in words and part != "none"]
        if unknown:
            raise ValueError(f'must be some of {", ".join(_FAILING)}, or none; got "{unknown[0]}"')
        return ", ".join(dict.fromkeys(words[part] for part in given if part != "none")) or "none"

    @property
    def default_statuses(self) -> tuple[str, ...]:
        """The statuses of customers in default."""
        return () if self.default_status == "none" else tuple(self.default_status.split(", "))

    @field_validator("our_country")
    @classmethod
    def _country(cls, value: str) -> str:
        code = value.strip().upper()
        if code and not re.fullmatch(r"[A-Z]{2}", code):
            raise ValueError(f'must be a code of two letters such as CN or DE; got "{value}"')
        return code

    @field_validator("report_currency")
    @classmethod
    def _currency(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z]{3}", value.strip()):
            raise ValueError(f'must be an ISO currency code such as CNY; got "{value}"')
        code = value.strip().upper()
        try:
            minor_units(code)
        except CellError as error:
            raise ValueError(str(error)) from None
        return code

    @field_validator("interest_rule", mode="before")
    @classmethod
    def _rule(cls, value: Any) -> str:
        text = f"{value}".strip()
        try:
            read_rule(rule_or_rate(text))
        except CellError as error:
            raise ValueError(str(error)) from None
        return text


def leads_elsewhere(path: str) -> bool:
    """Whether a path is an address or lies on the network: merely looking there tells somebody else that we did."""
    return "://" in path or path.strip().startswith(("//", "\\\\", "\\/", "/\\"))


def rule_or_rate(text: str) -> float | str:
    """Read a yearly rate where the text is one; else leave the name of a rule."""
    try:
        return float(text)
    except ValueError:
        return text


LABELS: Final[dict[str, tuple[str, str]]] = {
    "as_of": ("As-of date", "统计日"),
    "language": ("Language", "语言"),
    "report_currency": ("Report currency", "报告币种"),
    "limits": ("Aging buckets", "账龄段"),
    "aging_basis": ("Age counted from", "账龄起算"),
    "unapplied": ("Unapplied cash", "未核销款"),
    "credit_notes": ("Credit notes", "贷项通知"),
    "ladder": ("Escalation ladder", "三级响应"),
    "skip_levels": ("May skip levels", "允许跳级"),
    "advance": ("Go up a level", "升级方式"),
    "promise_grace": ("Grace after a promise", "承诺宽限"),
    "our_country": ("Our country", "我方国家"),
    "interest_rule": ("Late interest", "逾期利息"),
    "interest_on_paid": ("Claim interest on paid invoices", "已付清发票仍主张利息"),
    "prepay_floor": ("Smallest prepayment", "预付款下限"),
    "penalty_law": ("Penalty law", "违约金法律"),
    "collection_after": ("Legal collection after", "法律催收起点"),
    "legal_review_threshold": ("Legal review from", "法务审核金额"),
    "contract_folder": ("Folder of contracts", "合同文件夹"),
    "hold_days": ("Hold after days past due", "停止赊销逾期天数"),
    "hold_grace": ("Grace before a hold", "停止赊销宽限"),
    "hold_smallest": ("Smallest overdue that holds", "触发停止的最小逾期"),
    "hold_overdue_amount": ("Hold when overdue above", "逾期金额上限"),
    "hold_overdue_share": ("Hold when share overdue", "逾期占额度上限"),
    "hold_order_amount": ("Hold orders above", "单笔订单上限"),
    "hold_terms_days": ("Hold when terms longer by", "账期放宽天数上限"),
    "hold_excluded": ("Never held", "不停止赊销名单"),
    "verification_months": ("Verification counts, months", "验证有效月数"),
    "score_reasons": ("Reasons of a score", "失分原因个数"),
    "dd_basis": ("Due diligence ranks by", "尽调排名依据"),
    "dd_share": ("Checked in depth", "深度尽调比例"),
    "dd_rule": ("Share is of", "尽调比例口径"),
    "dd_cost_deep": ("Cost of a deep check", "深度尽调成本"),
    "dd_cost_standard": ("Cost of a standard check", "标准尽调成本"),
    "dd_report_saving": ("Saved by credit reports", "信用报告节省比例"),
    "name_cutoff": ("Likeness of names", "名称相似度阈值"),
    "dispute_days": ("Days to settle a dispute", "争议解决天数"),
    "named_counts": ("Named buyers compared", "指定买家户数"),
    "rate_whole": ("Rate, whole turnover", "全部营业额费率"),
    "rate_named": ("Rate, named buyers", "指定买家费率"),
    "loss_given_default": ("Lost when a customer fails", "违约损失率"),
    "default_days": ("In default after days past due", "违约认定天数"),
    "default_amount": ("In default above an amount", "违约认定金额"),
    "default_share": ("In default above a share", "违约认定占比"),
    "default_status": ("In default by status", "违约认定状态"),
    "own_risk": ("Loss we can bear", "可自担损失"),
    "simulated_years": ("Simulated years", "模拟年数"),
    "simulation_seed": ("Seed of the simulation", "模拟种子"),
    "provision_forward": ("Outlook on losses", "前瞻性调整"),
    "provision_large": ("Large name from", "大额客户占比"),
    "watch_rows": ("Indicators listed", "列出指标行数"),
    "own_cash": ("Our cash", "我方现金"),
    "weekly_costs": ("Weekly costs", "每周支出"),
    "own_liabilities": ("Our current liabilities", "我方流动负债"),
    "ledger": ("Ledger", "台账位置"),
    "ledger_columns": ("Columns of the ledger", "台账列对应"),
    "ledger_rows": ("Rows shown", "显示行数"),
    "snapshots": ("Snapshots", "快照文件夹"),
    "creditor": ("Our name", "我方名称"),
    "creditor_address": ("Our address", "我方地址"),
    "creditor_contact": ("Our contact", "我方联系人"),
    "payment_account": ("Account to pay to", "收款账户"),
    "letter_days": ("Days a letter gives", "函件付款期限"),
    "insurer_form_workdays": ("Insurer answers in, working days", "保险人答复工作日"),
    "insurer_reply_days": ("Insurer asks for papers in, days", "保险人补件通知天数"),
    "allocation": ("Allocation of payments", "付款抵充顺序"),
    "retained_goods": ("Goods with retained title", "所有权保留的货物"),
    "minimum_open": ("Smallest item to escalate", "催收最低金额"),
}


def help_of(key: str) -> tuple[str, str]:
    """Return what a setting means, in English and Chinese."""
    english, _, chinese = (Settings.model_fields[key].description or "").partition("|")
    return english, chinese


def read_settings(values: Mapping[str, Any]) -> Settings:
    """Make settings from cells by key or label; blanks take the default. Raises BadRequest naming the setting and what it may be."""
    by_label = {label.casefold(): key for key, labels in LABELS.items() for label in (*labels, key)}
    known: dict[str, Any] = {}
    for name, value in values.items():
        key = by_label.get(str(name).strip().casefold())
        if key is None:
            raise BadRequest(f"there is no setting {name}; there are {', '.join(LABELS)}")
        if not is_blank(value):
            known[key] = writable(value) if isinstance(value, str) else value
    try:
        return Settings.model_validate(known)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0]) if first["loc"] else ""
        text = str(first["msg"]).removeprefix("Value error, ")
        raise BadRequest(f"setting {key} ({LABELS[key][0]}): {text}; {help_of(key)[0]}") from None
