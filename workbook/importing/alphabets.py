"""What text looks like in the languages that old encodings were made for: letters of words, and the characters that names are made of.

Of two encodings that both give characters, the one that gives words is right. The tables hold what names of companies, towns and papers
of trade are written with; they need not be complete, since what they do not decide is asked for.
"""

from __future__ import annotations

from typing import Final

#: letters beyond ASCII of one language each, in the lower case
LATIN: Final[dict[str, str]] = {
    "German": "äöüß", "French": "àâæçéèêëîïôœùûüÿ", "Spanish": "áéíóúñü", "Portuguese": "áâãàçéêíóôõúü", "Italian": "àèéìíòóùú",
    "Danish": "æøåé", "Swedish": "åäöéü", "Finnish": "åäöšž", "Icelandic": "áðéíóúýþæö", "Dutch": "éèëïöüáí", "Catalan": "àçéèíïóòúü",
    "Polish": "ąćęłńóśźż", "Czech": "áčďéěíňóřšťúůýž", "Slovak": "áäčďéíĺľňóôŕšťúýž", "Hungarian": "áéíóöőúüű", "Romanian": "ăâîșțşţ",
    "Croatian": "čćđšž", "Turkish": "çğıİöşüâî", "Estonian": "äõöüšž", "Latvian": "āčēģīķļņšūž", "Lithuanian": "ąčęėįšųūž",
    "Albanian": "çë", "Vietnamese": "ăâđêôơưàáãèéêìíòóõùúý",
}  # fmt: skip

#: marks beyond ASCII that stand between and beside words
MARKS: Final = frozenset("€£¥§°ºª№–—…‘’‚“”„«»‹›·•©®™±²³µ¼½¾×÷¿¡†‡\u00a0\u00ad\u200b\ufeff´`¨")
#: marks that never stand inside a word, and hardly beside one
ODD_MARKS: Final = frozenset("¤¦¬¯¸¨´¶¹\u00adˇ˘˙˛˝")
#: marks that may stand right before a word
OPENING: Final = frozenset("€£¥§№–—…‘’‚“”„«»‹›·•¿¡ªº\u00a0\u00ad\u200b\ufeff´`")
#: marks of East Asian papers
WIDE_MARKS: Final = frozenset(
    "　、。〈〉《》「」『』【】〔〕（）［］｛｝，．：；？！～－＋＝／＼＆＃＠％＊｜…"
    "—―‖·・′″※○●◎△▲□■☆★〒→←↑↓℃￥＄①②③④⑤⑥⑦⑧⑨⑩〇々仝ー"
)

VOWELS: Final = frozenset("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿőűůăąęěėįųūīēāıœ")

#: Russian letters by how often they stand (Wikipedia, "Letter frequency", read as an order), then those of the neighbours
CYRILLIC: Final = "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"
CYRILLIC_MORE: Final = "іїєґўјљњћђџѓќѕ"
GREEK: Final = "αοιετσνηυρπκμλωδγχθφβξζψςάέήίόύώϊϋΐΰ"
HEBREW: Final = "אבגדהוזחטיכךלמםנןסעפףצץקרשת"

#: characters of names, towns and papers of trade
HANZI: Final = frozenset(
    "公司有限股份责任集团厂店行所中心部院校会社国际贸易进出口商业务实工科技术电子信息网络软件通讯机械设备器材料建筑装饰房地产开发投资管理咨询服务"
    "物流运输仓储食品饮料医药化妆纺织服装鞋帽家具五金塑胶橡纸包印刷广告文化传媒教育旅游酒店餐饮农林牧渔能源环保水汽车配件船航空铁路金融银保险租赁"
    "北京上海天津重庆广东州深圳珠佛山莞惠江苏南无锡常杭宁波温嘉兴绍台浙安徽合肥福建厦门泉漳西昌山青岛济烟潍坊河石庄唐郑洛湖武汉长沙株四川成都绵"
    "贵阳云昆明陕甘肃兰新疆乌鲁木齐内蒙古黑龙哈尔滨吉林春辽大连沈鞍海口三亚香港澳"
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦"
    "单据编号客户名称日期金额币种类型发票到付款收应余未清已核销摘要备注合同订贷借方向元人民美欧本外年月天逾账龄段总数量价税率开户地址电话联系票号期末"
    "一二三四五六七八九十百千万亿零第的了和与及其他是不在为这个人我们来时对生能分于可下过后作里用道然前面成同动现没学如么法些主从者定日经发全体"
    "德华泰利丰盛达宏伟鑫源恒隆诚信永昌顺通和平安康健美好新世纪东方联合创益佳康宝龙凤金银玉星光辉明亮荣富贵祥瑞福禄寿喜"
)
HANZI_OLD: Final = frozenset(
    "公司有限股份責任集團廠店行所中心部院校會社國際貿易進出口商業務實工科技術電子資訊網路軟體通訊機械設備器材料建築裝飾房地產開發投資管理顧問服務"
    "物流運輸倉儲食品飲料醫藥化妝紡織服裝鞋帽家具五金塑膠橡紙包印刷廣告文化傳媒教育旅遊酒店餐飲農林牧漁能源環保水汽車配件船航空鐵路金融銀保險租賃"
    "台北臺灣新竹中高雄南桃園基隆彰化嘉義屏東花蓮苗栗雲林宜蘭香港九龍澳門上海東京州廣深圳市縣區鄉鎮路街巷弄號樓段"
    "王李張劉陳楊黃趙吳周徐孫馬朱胡郭何高林羅鄭梁謝宋唐許韓馮鄧曹彭曾蕭田董袁潘于蔣蔡余杜葉程蘇魏呂丁任沈姚盧姜崔鍾譚陸汪范金石廖賈夏方白鄒孟熊秦"
    "單據編號客戶名稱日期金額幣種類型發票到付款收應餘未清已核銷摘要備註合約訂貸借方向元人民美歐本外年月天逾帳齡段總數量價稅率開戶地址電話聯絡"
    "一二三四五六七八九十百千萬億零第的了和與及其他是不在為這個人我們來時對生能分於可下過後作裡用道然前面成同動現沒學如麼法些主從者定日經發全體"
    "德華泰利豐盛達宏偉鑫源恆隆誠信永昌順通平安康健美好世紀聯合創益佳寶鳳銀玉星光輝明亮榮富貴祥瑞福祿壽喜立精密"
)
KANJI: Final = frozenset(
    "株式会社有限合同商事工業産製作所電機器械販売物流運輸倉庫食品飲料薬化学繊維建設不動産開発投資管理銀行保険金融証券通信技術研究情報東西南北京都大阪"
    "名古屋横浜神戸福岡札幌仙台広島川崎千葉埼玉県市区町村丁目番地号山田中村小林加藤吉佐木高橋鈴渡辺伊斎松本井上清水野原石橋森池長谷岡島藤前後近遠"
    "取引先請求書伝票番号日付金額通貨種類支払期限入残高未済摘要備考合計数量単価税率消費円年月日第一二三四五六七八九十百千万億新日本国際貿易輸出入"
    "三菱住友井日立富士芝豊島津旭光和信栄昭平成令明治安全共同総支店営業部課長様御中"
)
#: syllables of Korean names of companies, towns, people and papers
HANGUL: Final = frozenset(
    "주식회사한국무역상사산업공전자기계건설개발식품유통물류운수화학섬유제약의료은행보험금융증권정보통신기술연구소과학시스템엔지니어링서울부산대구인천광"
    "울경북남충전라강원도특별자치시군읍면동리로길번김이박최정조윤장임오신권황안송류홍고문양손배백허남심노하곽성차구우진민나지엄채원방표"
    "거래처송장번호일자금액통화종류결제만기잔액미수담당비고합계수량단가세율부가원년월일제네트웍스텍코리아글로벌인터내셔널그룹홀딩스테크랩에스케이엘지삼현대롯데"
    "가나다라마바사아자차카타파하을를은는의에서와과도만해했있없것수들그저우니습요등및위된될"
)
