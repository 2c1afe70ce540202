"""The words of eight contract clauses in English and Chinese: one row a clause and language.

A sentence is looked at for a clause when it holds one of its `keys`. A `decoy` in it vetoes the sentence: those words speak of something
else. `strong` makes the clause present, `weak` makes it weak. A space in an English pattern stands for any white space; gaps are
bounded, so a long text is read in linear time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

CLAUSES: Final = (
    "prepayment", "instalments", "penalty", "dispute", "governing-law", "retention-of-title", "acceptance", "jurisdiction",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Words:
    """How one clause is worded in one language; the rows below are the only ones, and each equals itself alone."""

    clause: str
    language: str
    keys: tuple[str, ...]
    patterns: tuple[str, str, str]

    @cached_property
    def strong(self) -> re.Pattern[str]:
        """What makes the clause present. Compiled when first looked for: all of them together take a while."""
        return self._compiled(0)

    @cached_property
    def weak(self) -> re.Pattern[str]:
        """What makes it weak."""
        return self._compiled(1)

    @cached_property
    def decoy(self) -> re.Pattern[str]:
        """What speaks of something else."""
        return self._compiled(2)

    def _compiled(self, place: int) -> re.Pattern[str]:
        pattern = self.patterns[place]
        return re.compile(pattern.replace(" ?", r"\s?").replace(" ", r"\s+") if self.language == "en" else pattern, re.IGNORECASE)


def _words(clause: str, language: str, keys: str, strong: str, weak: str, decoy: str) -> Words:
    return Words(clause, language, tuple(keys.split("|")), (strong, weak, decoy))


_NEVER: Final = r"(?!)"
_PERCENT: Final = (
    r"(?:\d[\d.]{0,6}\s{0,2}(?:%|％|per ?cent)|\b(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-five)?|ten|fifteen|one hundred) per ?cent)"
)
_BEFORE: Final = (  # when money paid is paid before the goods are handed over
    r"(?:prepay|prepaid|in advance|advance payment|deposit|down ?payment|up-?\s?front|with (?:the |each )?(?:purchase )?order|(?:up)?on (?:the )?(?:contract )?(?:signing|signature|placement|placing)"
    r"|(?:up)?on .{0,20}(?:acceptance|confirmation) of (?:any |the |each |an )?(?:purchase )?order|after (?:contract )?(?:signing|signature|order confirmation)|(?:before|prior to) (?:the )?(?:(?:goods|products|machines?) (?:are |is )?)?(?:shipment|shipped|dispatch|deliver|production|produced|manufactur|leav|load|releas))"
)
_NUMBER: Final = r"(?:\d{1,3}\)?|seven|ten|fifteen|thirty|five|three|two|four|fourteen|twenty|twenty-one|forty-five|sixty|ninety)"
_DAYS_EN: Final = rf"{_NUMBER}.{{0,30}}?(?:days?|hours|weeks)"
_FAULT: Final = r"(?:shortage|defect|discrepan|non-?\s?conform|lack of conformity|not in conformity|damage|quality|quantity)"
_NATION: Final = r"(?-i:\b(?!The\b|This\b|Such\b|Applicable|Relevant|Governing|Any\b|All\b|Local|No\b|Export|Tax\b|Mandatory|Labou?r|Antitrust)[A-Z][A-Za-z]+)"
_RATE_ZH: Final = r"(?:\d[\d.]{0,6}\s{0,2}[%％‰]|百分之|千分之|万分之)"
_SHARE_ZH: Final = r"(?:\d[\d.]{0,6}\s{0,2}[%％]|百分之[一二三四五六七八九十]{1,4}|[一二三四五六七八九]成)"

WORDS: Final = (
    _words(
        "prepayment", "en", "prepay|prepaid|advance|deposit|down payment|downpayment|upfront|up front|up-front|order|before|in full|full payment|prior to|signing|signature|placement|placing",
        rf"{_BEFORE}[^;]{{0,160}}?{_PERCENT}|{_PERCENT}[^;]{{0,160}}?{_BEFORE}"
        r"|(?:full|entire) (?:payment|price|amount|purchase price).{0,60}(?:in advance|(?:before|prior to) (?:shipment|dispatch|delivery|release))|(?:full prepayment|prepayment in full|cash (?:in advance|before delivery))"
        r"|(?:not|only) .{0,60}(?:until|after) .{0,40}(?:pa(?:id|yment) (?:for )?in full|full payment)|pa(?:id|yment|yable) in full.{0,60}(?:in advance|(?:before|prior to) (?:the )?(?:shipment|dispatch|delivery|release|goods))",
        r"advance payment|prepayment|down ?payment|pay(?:s|ment|able)?\b.{0,60}(?:in advance|up-?\s?front)|pay(?:s|ment|able)?\b.{0,120}(?:before|prior to) (?:shipment|dispatch)"
        r"|deposit.{0,60}(?:of the (?:order|contract|purchase)|with (?:the|each) order)",
        r"bid bond|tender (?:bond|deposit|guarantee|security)|tender price|bid (?:security|deposit)|performance (?:bond|deposit|guarantee|security)|deposited|deposit in the (?:mail|post)|date of deposit"
        r"|security deposit|warranty deposit|escrow|freight (?:is |shall be |to be )?prepaid|freight charges? prepaid|(?:postage|charges|postages) prepaid|prepaid (?:freight|postage|mail)|(?:days?|months?|weeks?) in advance|notice in advance|rent\b"
        r"|(?:agreed|approved|review\w*|inform\w*|writing|consent\w*) in advance|in advance in writing|no (?:prepayment|advance payment|deposit|down ?payment)|without (?:any )?(?:prepayment|deposit|advance payment)|first[- ]class|discount|letter of credit|insurance|inspect|advance payment (?:bond|guarantee)",
    ),
    _words(
        "prepayment", "zh", "预付|预收|定金|订金|首付|款到发货|先款后货|签订|签约|生效|发货前|提货前|交货前|出厂前|装运前|订货时|收到货款后发货",
        rf"(?:预付|预收|定金|订金|首付).{{0,60}}?{_SHARE_ZH}|{_SHARE_ZH}.{{0,40}}?(?:预付|定金|订金|首付)|(?:签订|生效|签约|订货|发货前|提货前|交货前|出厂前|装运前).{{0,40}}(?:支付|付).{{0,30}}?{_SHARE_ZH}"
        r"|款到发货|先款后货|(?:发货|交货|提货|出厂|装运)前.{0,20}(?:付清|支付|结清)(?:全部|全额|所有)|全额(?:预付|付款)|预付(?:全部|全额)|(?:付清|支付)(?:全部|全额).{0,20}后.{0,6}发货",
        r"预付货?款|预付|支付定金|首付款|收到.{0,6}货款后发货|(?:签订|生效)(?:之日)?.{0,20}(?:支付|付).{0,8}(?:货款|价款)",
        r"违约金|解除合同|投标保证金|履约保证金|质量保证金|质保金|租赁保证金|押金|投标人|无需(?:支付)?(?:预付|定金)|不(?:支付|收取|要求|设)(?:任何)?(?:预付|定金|订金)|预付卡|差旅|运费.{0,8}预付|预付运费|双倍返还",
    ),
    _words(
        "instalments", "en", "instalment|installment|balance|remaining|remainder|%|per cent|percent|milestone",
        rf"(?:\b(?:two|three|four|five|six|seven|eight|ten|twelve|\d{{1,2}})\b.{{0,25}}install?ments?)|install?ments?.{{0,120}}{_PERCENT}"
        rf"|{_PERCENT}.{{0,200}}?\b(?:balance|remaining|remainder|the rest)\b|(?:balance|remaining|remainder).{{0,15}}{_PERCENT}.{{0,120}}?(?:paid|pay|prior|before|upon|on|after|against|within)"
        rf"|{_PERCENT}.{{0,80}}?\b(?:upon|on|after|before|prior|against|with|within|payable|advance|deposit|down|at)\b.{{0,160}}?{_PERCENT}.{{0,40}}?\b(?:upon|on|after|before|prior|against|with|within|net|at)\b"
        r"|install?ments? (?:on|due|payable|falling)|(?:remaining )?balance (?:of the \w+ )?(?:shall be paid |is payable |payable |due )?(?:upon|against|before|prior to|within)\b",
        r"(?:pay|payment|paid|payable|price).{0,60}install?ments?|install?ments?.{0,40}pay|milestone payments?|payments?.{0,40}milestone|remaining balance (?:shall|will|is)",
        r"(?:deliver|ship)\w*.{0,30}(?:by|in) (?:\w+ )?install?ments?|each (?:delivery|shipment)|install?ments? of (?:goods|products)"
        r"|partial (?:shipments?|deliver)|outstanding balance bears|voting|ownership of|per ?cent of the shares|% of the shares|capital|bid bond|premium|install?ment (?:deliver|shipment)|tolerance|discount|moisture|invoice value against|interest",
    ),
    _words(
        "instalments", "zh", "分期|余款|尾款|分批|期支付|期偿还|期付|次付|次支付|进度款|分两|分三|分四|%",
        rf"分(?:[二两三四五六七八九十]{{1,3}}|\d{{1,2}})(?:期|次|笔|批)(?:支付|付|偿还|清)|分期.{{0,80}}?{_SHARE_ZH}|{_SHARE_ZH}.{{0,120}}?(?:余款|尾款|剩余|其余|余下)|(?:支付|付).{{0,40}}(?:货款|价款|款).{{0,60}}(?:余款|尾款).{{0,20}}|货到后.{{0,10}}付清余款"
        rf"|{_SHARE_ZH}.{{0,50}}{_SHARE_ZH}.{{0,50}}{_SHARE_ZH}|付.{{0,10}}{_SHARE_ZH}.{{0,40}}付.{{0,10}}{_SHARE_ZH}",
        r"分期(?:付款|支付|偿还)|付清(?:余款|尾款)|支付(?:余款|尾款)|进度款",
        r"分[期批]交货|分[期批]发货|分批装运|不得分期|不(?:接受|允许|同意)分期|持股|股权|增值税|不合格率|短装|溢短装",
    ),
    _words(
        "penalty", "en", "late|overdue|delay|default|past due|past-due|unpaid|when due|not paid|fails to pay|failure to pay|interest|arrears|outstanding",
        r"(?:late|overdue|delay|past[- ]due|unpaid|when due|not paid|fails? to pay|failure to pay|default in payment|in arrears|interest|service charge|finance charge).{0,200}?"
        r"(?:\d[\d.]{0,6}\s{0,2}(?:%|‰|per ?cent)|(?:one|two|three|four|five|six|eight|ten|twelve|one and one-half|one-half|eight) per ?cent|percentage points|USD ?\d|\$ ?\d).{0,80}?(?:per|a|each|for each|every|annual|above|over|monthly|daily)\b"
        r"|(?:\d[\d.]{0,6}\s{0,2}(?:%|‰|per ?cent)).{0,100}?(?:per|a|each|every)(?: calendar)? (?:day|month|week|annum|year).{0,120}?(?:late|overdue|delay|past[- ]due|unpaid|outstanding|arrears)"
        rf"|(?:each|every|per) (?:calendar )?(?:day|week|month) of (?:late payment|delay in payment|default).{{0,120}}?{_PERCENT}"
        r"|interest.{0,80}(?:times|x) .{0,20}\bLPR\b",
        r"(?:late|overdue|past[- ]due|delayed) (?:payment|amount|invoice|account|sum)s?.{0,100}(?:interest|charge|damages|penalt|compensat|fee)|(?:interest|penalt(?:y|ies)|late (?:fee|charge)s?).{0,80}(?:late|overdue|past[- ]due|unpaid|delayed|not paid)"
        r"|(?:fails? to pay|pays late|default(?:s)? (?:in|on|of) (?:the )?payment|delay(?:s)? (?:in )?payment).{0,120}(?:liable|damages|interest|penalt|compensat)",
        r"storage|warehous|demurrage|detention|title defect|defect in title|defective title|claims? title|encumbrance|late deliver|delay\w* (?:in )?(?:the )?(?:deliver|shipment|dispatch)|delayed (?:deliver|goods)"
        r"|tax(?:es)?,? interest|interest,? (?:and|or) penalties|right,? title|security interest|loan|late shipment|shipped late|delivered late|fails? to deliver|delay in performance of the seller|refunds? the|repays? the price",
    ),
    _words(
        "penalty", "zh", "逾期|迟延|延迟|延期|拖欠|未按|滞纳金|未付|违约金|不按|未能按|未及时",
        rf"(?:逾期|迟延|延迟|延期|拖欠|未按|不按|未能按|未付|未及时).{{0,80}}?{_RATE_ZH}|(?:滞纳金|违约金).{{0,60}}?{_RATE_ZH}.{{0,40}}(?:逾期|拖欠|未付)"
        r"|(?:逾期|迟延|延迟|未按|拖欠).{0,40}(?:支付|付款|货款).{0,60}(?:LPR|贷款市场报价利率|同期(?:同类)?贷款利率).{0,30}(?:倍|计算|计付)|(?:逾期|迟延|延迟|拖欠|未按|付款).{0,80}(?:LPR|贷款市场报价利率|同期(?:同类)?贷款利率).{0,12}倍|每(?:逾期|延迟)一[日天].{0,40}\d+\s{0,2}元",
        r"(?:逾期|迟延|延迟|延期|拖欠|未按|不按|未能按|未及时).{0,30}(?:付款|支付|货款|价款|结清).{0,60}(?:违约责任|违约金|赔偿|利息|滞纳金|损失)|(?:违约责任|违约金|滞纳金|利息).{0,40}(?:逾期付款|迟延付款|延迟付款)",
        r"仓储费|堆存费|保管费|仓租|滞期费|滞箱费|所有权.{0,60}(?:瑕疵|争议|纠纷|追索)|权利瑕疵|权属瑕疵|逾期(?:交货|供货|发货|交付)|(?:迟延|延迟|延期)(?:交货|供货|发货|交付)|未(?:能)?按[^，。]{0,12}(?:交货|供货|发货|交付)|拒绝收货|拒收|逾期提货|资金利息|开具?发票",
    ),
    _words(
        "dispute", "en", "dispute|arbitrat|litigat|court|controvers|legal action|suit|difference|disagreement",
        r"(?:dispute|controvers|claim|difference|disagreement|action|suit|proceeding|legal action)(?:s|y|ies)?\b.{0,260}?(?:arbitrat|\bcourts?\b|litigat)|(?:submitted|referred|settled|resolved) (?:to|by|through|in) (?:binding |final |\w{3,7} )?arbitration|shall be arbitrated|(?:submitted|referred) to .{0,80}arbitrat"
        r"|courts? (?:of|in|located|at).{0,120}(?:jurisdiction|dispute)|jurisdiction of (?:the )?(?:\w+ ){0,4}courts?|courts?.{0,80}jurisdiction.{0,60}(?:dispute|claim|controvers)"
        r"|arbitrat.{0,120}(?:CIETAC|ICC|LCIA|SIAC|HKIAC|AAA|American Arbitration Association|rules|dispute|difference)",
        r"(?:dispute|controvers|difference|disagreement)(?:s|y|ies)?\b.{0,160}(?:negotiat|amicab|good faith|mediat|consult)|amicabl.{0,60}(?:settle|resolve)",
        r"court order|order of (?:an?|any) |\binvalid\b|unenforceable|by a third|order to|ordered by|disclos|required by (?:a )?court|court of law to disclose|invoice in dispute|disputed (?:invoice|amount|portion)s? (?:need|shall|may)|severab|held (?:to be )?(?:invalid|unenforceable)"
        r"|trademark dispute|labou?r dispute|not (?:aware of|party to|a party to) any (?:pending )?(?:litigation|suit|proceeding)|no (?:litigation|action|suit)|pending (?:litigation|law ?suit|suit)|bankruptcy court|court supervised|dispute the (?:validity|ownership)|indemnif|\bdefend|harmless|infring|attorneys' fees and court",
    ),
    _words(
        "dispute", "zh", "争议|纠纷|仲裁|诉讼|起诉|诉至|异议|争执|争端|分歧|协商",
        r"(?:争议|纠纷|争端|争执|分歧|异议|协商不成|协商未果|协商不能|(?:协商|磋商|调解)[^，。；]{0,8}(?:不成|未果|未能|无法|不能|失败)[^，。；]{0,8}).{0,120}?(?:仲裁|法院|诉讼|起诉|诉至)|(?:提交|提请|申请).{0,40}仲裁|诉讼.{0,30}法院.{0,4}管辖|由.{0,40}仲裁(?:委员会|中心|院|机构).{0,20}仲裁",
        r"(?:争议|纠纷|争端|分歧|争执).{0,60}(?:协商|调解|沟通)",
        r"质量异议.{0,20}(?:期|书面)|所有权.{0,40}(?:争议|纠纷)|权利.{0,40}争议|无争议(?:金额|部分)|不存在.{0,20}(?:诉讼|仲裁)|未涉及|劳动争议|诉讼费|律师费.{0,12}承担",
    ),
    _words(
        "governing-law", "en", "governed|governing|governs|construed|interpreted|applicable law|laws of|law of|in accordance with the law|law applies|law shall|law governs|subject to",
        r"(?:governed|construed|interpreted|subject)(?![^.;]{0,40}\b(?:applicable|relevant|local|prevailing) laws?\b(?! of))[^.;]{0,90}\b(?:laws?|CISG)\b(?: of| in force in)?|governed by.{0,80}(?:United Nations Convention|CISG)|govern(?:ing|ed by)[^.;]{0,60}\blaws? of\b[^.;]{0,60}(?:\bshall\b|\bis\b|\bare\b|:)|laws? of [^.;]{2,60} (?:shall |will )?(?:apply|applies|governs?)\b"
        rf"|governing law[:.] ?(?:the )?(?:laws? of )?(?-i:[A-Z])|{_NATION} (?:substantive |contract )?laws? (?:shall |will )?(?:appl(?:y|ies)|governs?)\b|(?:United Nations Convention|CISG).{{0,80}}(?:governs|applies|shall (?:apply|govern))",
        r"(?:applicable|relevant|local|prevailing) laws?.{0,40}(?:shall|will) (?:apply|govern)|subject to (?:the )?(?:applicable|relevant) laws?\b|governed by (?:the )?(?:applicable|relevant|local|prevailing) laws?",
        r"comply with|compliance with|under the laws of .{0,40}(?:organi[sz]ed|incorporated|existing)|(?:organi[sz]ed|incorporated|existing)[^.;]{0,60}under the laws|required by|corporation (?:governed|subject)|permitted by|relationship is governed by section|export"
        r"|tax laws?|observe the|laws and regulations",
    ),
    _words(
        "governing-law", "zh", "适用|管辖法律|准据法|法律|民法典|合同法",
        r"(?:适用|受|依照|依据|按照)[^。；]{0,30}(?:法律|法)(?:管辖|解释|约束|的管辖|并据其解释)|(?:适用|准据法[为是]?|适用法律[为是]?)[:：]?(?:中华人民共和国|中国|香港|英国|英格兰|新加坡|瑞士|荷兰|印度|意大利|奥地利|比利时|加拿大|澳大利亚|马来西亚|印度尼西亚|越南|巴西|西班牙|美国|德国|日本|[^，。；]{1,10}国|[^，。；]{1,10}(?:州|特别行政区))[^，。；]{0,10}法律?"
        r"|(?:订立|效力|解释|履行)[^。；]{0,40}适用[^。；]{2,20}法|以[^，。；]{1,20}法律?为准据法|适用《?联合国国际货物销售合同公约》?",
        r"(?:未尽事(?:宜|项)|未约定(?:的)?(?:事宜|事项)?|没有约定的).{0,30}(?:法律|法规|民法典|合同法)|适用(?:相关|有关|国家)(?:的)?法律|按(?:国家|有关|相关)法律(?:法规)?(?:规定)?(?:处理|执行)|适用法律",
        r"根据《.{0,60}(?:订立|签订|达成|规定).{0,30}|遵守.{0,20}法律|违反.{0,20}法律|法律责任|法律顾问|法律(?:、|和)?(?:法规)?(?:另有)?规定的(?:税|其他)|适用税率|适用于|适用范围|合法",
    ),
    _words(
        "retention-of-title", "en", "title|ownership|owner of|property in|property of|purchase money",
        r"(?:title|ownership|property in).{0,120}?(?:remain|retain|vest|reserved?|stays?|shall not pass|will not pass|does not pass|not transfer).{0,140}?(?:paid|payment|pay\b|cleared funds|purchase price)"
        r"|(?:remains?|stays?) (?:the )?(?:\w+ )?(?:property|owner) of.{0,60}(?:until|till|unless|pending|as long as).{0,120}(?:paid|payment|pay\b|settle)"
        r"|until.{0,80}(?:paid|payment|settled).{0,80}(?:title|ownership|property).{0,60}(?:remain|stay|vest|retain|reserv|belong|shall not pass)"
        r"|(?:retain|reserve)s?.{0,40}(?:title|ownership).{0,300}(?:until|till|pending).{0,100}(?:paid|payment|pay\b|received)|(?:title|ownership|property).{0,80}pass(?:es)?.{0,60}(?:only|once|when|upon|after).{0,50}(?:paid in full|full payment|payment in full|payment of (?:all|the full))",
        r"retention of title|reservation of title|(?:retain|reserve)s? (?:the )?(?:title|ownership) (?:to|in|of) (?:the |all |said )?(?:goods|products)|purchase money security interest",
        r"intellectual property|tooling|moulds?\b|molds?\b|trademark|copyright|patent|software|documents of title|title and headings|drawings|samples|job title|right,? title,? and interest|shareholder|licen[cs]e fee|marketable title",
    ),
    _words(
        "retention-of-title", "zh", "所有权",
        r"所有权.{0,40}?(?:保留|仍归|归属|归|属于?|不转移|不发生转移).{0,60}?(?:付清|结清|支付|货款|全款|价款)|(?:付清|结清|支付完|支付全部|全部货款|全额付款|全部价款|未[^，。；]{0,8}(?:支付|付清|结清|付款)).{0,60}?所有权.{0,20}(?:转移|归|属|保留|方)|保留.{0,20}所有权.{0,40}(?:付清|支付|货款)|(?:(?:付清|结清|支付)[^，。；]{0,10}前|未[^，。；]{0,8}(?:支付|付清|结清|付款))[^。；]{0,16}保留.{0,12}所有权|所有权.{0,30}(?:付清|结清|支付全部|支付完毕).{0,30}(?:转移|移转)",
        r"(?:所有权保留|保留.{0,12}所有权)",
        r"不论|无论|知识产权|模具|著作权|图纸|样品|商标|专利|软件|抵押|留置|瑕疵|房屋|土地|公司所有权|包装物",
    ),
    _words(
        "acceptance", "en", "accept|inspect|reject|shortage|examin|claim|defect|discrepan|conform",
        rf"(?:inspect|accept|reject|examin).{{0,200}}?within.{{0,40}}?{_DAYS_EN}|(?:claim|notif|notice|report).{{0,120}}?{_FAULT}.{{0,120}}?within.{{0,40}}?{_DAYS_EN}|{_FAULT}.{{0,120}}?(?:claim|notif|notice|report).{{0,80}}?within.{{0,40}}?{_DAYS_EN}"
        rf"|within.{{0,40}}?{_DAYS_EN}.{{0,200}}?(?:inspect|accept|reject|examin|shortage|non-?\s?conform|not in conformity)|within.{{0,40}}?{_DAYS_EN}.{{0,120}}?(?:arrival|deliver|receipt).{{0,120}}?{_FAULT}"
        rf"|\b(?:has|have) .{{0,20}}{_DAYS_EN}.{{0,100}}?\bto (?:inspect|examine|reject|test)|deemed (?:to (?:be|have been) )?(?:finally )?accepted|deemed (?:to have )?accept(?:ed|ance)|acceptance certificate",
        r"(?:buyer|customer|distributor|reseller|purchaser)\b.{0,60}(?:inspect|examine)s?.{0,60}(?:goods|products?|shipment|delivery)|(?:goods|products?|shipments?).{0,60}(?:inspected|subject to acceptance test|acceptance test)|upon delivery.{0,300}\binspection\b|(?:goods|products?|shipments?)\b.{0,40}subject to (?:the \w+ )?(?:final )?inspection",
        r"accept(?:ance|s|ed)? (?:of )?(?:this|the|an|any|each|such|all|our|your|his|its)? ?(?:agreement|offer|purchase orders?|orders?\b|terms|contract|appointment|quotation|assignment)|orders? (?:shall|will|not|may|is|are|received)|purchase order|accept or reject|confirm or reject|acceptance by|offer is open|approve or reject"
        r"|(?:inspect|audit|examin)\w*.{0,40}(?:books|records|facilit|premises|accounts|plant)|banker'?s'? acceptance|documents against acceptance|bill of exchange|access to its accounts|generally accepted|mediator|promotional|warranty (?:claim|repair)|terminat|warranty period|hereby accepts?|indemnif",
    ),
    _words(
        "acceptance", "zh", "验收|检验|验货|异议|视为合格|签收",
        r"(?:验收|检验|验货|(?:质量|数量|外观|规格|产品|货物)[^。；]{0,12}异议).{0,60}?(?:\d{1,3}|[一二三五七十两]{1,3})\s{0,2}个?(?:日|天|工作日|小时|周)|(?:\d{1,3}|[一二三五七十两]{1,3})\s{0,2}个?(?:日|天|工作日|小时|周)(?:内|之内)?.{0,50}?(?:验收|检验|验货|异议)|视为.{0,12}(?:验收)?(?:合格|认可|接受)|(?:验收|检验)标准",
        r"(?:验收|检验|验货|签收)",
        r"验收(?:合格)?后(?:\d{1,3}[日天]内)?(?:再|方)?(?:付|支付|结)|履约担保|验收(?:合格)?后(?:退|返)还|银行承兑|承兑汇票|消防验收|年度检验|检验检疫费|工程竣工|审计|营业执照|商检费|安检",
    ),
    _words(
        "jurisdiction", "en", "jurisdiction|court|venue",
        r"(?:exclusive|sole|non-?\s?exclusive|personal) jurisdiction|courts? (?:of|in|located in|at|sitting in) (?!competent)[^.;]{2,80}(?:jurisdiction|competent|venue)|jurisdiction (?:of|and venue).{0,60}courts?|submits? to the jurisdiction|venue.{0,60}(?:shall|will) (?:be|lie)"
        r"|(?:brought|filed|heard|instituted|commenced)[^.;]{0,40} (?:in|before|by) (?:the )?[^.;]{0,50}courts? (?:of|in|at|for|located)(?! competent)|courts? of competent jurisdiction (?:in|located in) (?-i:[A-Z])"
        r"|(?-i:\b[Cc]ourts? (?:of|in|at|for|located in|sitting in) (?:and for )?(?:the (?:[Ss]tate|[Cc]ity|[Cc]ounty|[Pp]rovince|[Rr]epublic|[Pp]eople's|[Cc]anton) ?(?:of )?)?(?!Law|Appeal|Competent|Arbitration|Justice)[A-Z])|courts? (?:at|of|in) (?:the )?(?:place|domicile|seat|principal place|registered office)\b",
        r"courts? (?:of|having) competent jurisdiction|competent courts?|(?:courts?).{0,40}jurisdiction",
        r"(?:any|each|every|other|such|applicable|foreign|relevant|all) jurisdictions?\b|jurisdiction (?:in which|where)|laws? of (?:the|that) jurisdiction|tax jurisdiction|held (?:to be )?(?:invalid|unenforceable)|severab|\binvalid\b|unenforceable|submitted to any court|by a third|judgment (?:up)?on (?:the|any) award|awarded against|incorporat|regulatory|administrative agency|order of (?:a|any|the)|bankruptcy|decisions of the",
    ),
    _words(
        "jurisdiction", "zh", "法院|管辖",
        r"(?:卖方|买方|甲方|乙方|供方|需方|原告|被告|合同签订地|签订地|合同履行地|履行地|所在地|住所地|[一-龥]{2,12}(?:市|区|县|省|国际商事))[^，。；]{0,24}(?:人民法院|法院)|法院.{0,12}(?:专属|排他|非排他)?.{0,4}管辖权|专属管辖|排他(?:性)?管辖|由[^，。；]{2,30}法院管辖",
        r"(?:依法|均可|可以?|有权)?向?(?:有管辖权的)?(?:人民)?法院.{0,8}(?:起诉|提起诉讼|诉讼)|诉至.{0,12}法院|管辖法院",
        r"法院(?:强制)?执行|法院查封|法院(?:的)?(?:判决|裁定|命令)(?:要求|披露)|被(?:人民)?法院|海关管辖|法院受理.{0,8}破产|未涉及|诉讼程序",
    ),
)  # fmt: skip
BY_LANGUAGE: Final = {language: tuple(words for words in WORDS if words.language == language) for language in ("en", "zh")}
