"""Letters: the right level, language and law for each customer; nothing disputed or promised; sums that tie to the escalation list."""

from __future__ import annotations

import datetime as dt
import io
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from mailmerge import MailMerge

from tests.ledgers import book_of, report_of
from workbook.letters.demands import letters_of
from workbook.letters.fill import FIELDS, ITEM_FIELDS, SUM_FIELDS, check_fields, fill
from workbook.letters.job import TEMPLATES, safe_name, write_letters
from workbook.letters.law import governing, law_sentence, next_step
from xladdin.errors import BadRequest

D = dt.date
DAY = D(2026, 6, 30)


def late(number: str, days: int, amount: float = 100, **more: Any) -> dict[str, Any]:
    return {"document_no": number, "amount": amount, "due_date": DAY - dt.timedelta(days=days)} | more


def demands(ledger, levels=(), only=(), given=None, **tables):
    book = book_of(ledger, {"skip_levels": "yes", "interest_rule": "CN-SME"} | (given or {}), **tables)
    sheet = report_of("escalation", book, DAY)
    return letters_of(book, sheet, DAY, levels, only), sheet, book


@pytest.mark.parametrize(("days", "level"), [(29, None), (30, 1), (59, 1), (60, 2), (89, 2), (90, 3), (400, 3)])
def test_the_letter_follows_the_ladder(days, level):
    made, _, _ = demands([late("I", days)])
    assert [one.level for one in made.letters] == ([level] if level else [])
    assert made.not_yet == (0 if level else 1)


def test_nobody_skips_a_level_unless_the_settings_say_so():
    made, _, _ = demands([late("I", 400)], given={"skip_levels": "no"})
    assert [one.level for one in made.letters] == [1]


@pytest.mark.parametrize(
    "held", [{"promise_date": D(2026, 7, 10)}, {"promise_date": D(2026, 6, 27)}, {"disputed_amount": 100, "dispute_date": D(2026, 2, 1)}]
)
def test_nothing_promised_or_disputed_in_full_is_asked_for(held):
    made, _, _ = demands([late("I", 70, **held), late("J", 40, 50)])
    assert [[item.document_no for item in one.demands] for one in made.letters] == [["J"]]
    assert (made.letters[0].level, made.held) == (1, 1)


def test_a_part_in_dispute_is_left_out_of_amount_and_interest():
    made, _, _ = demands([late("I", 40, 100, disputed_amount=30, dispute_date=D(2026, 2, 1))])
    assert made.letters[0].subtotals() == {"CNY": (700_000, 14_000)}  # 70 × 0.05 % × 40 days = 1.40


def test_every_currency_has_its_own_subtotal():
    made, _, _ = demands([late("I", 40), late("J", 40, 7, currency="USD"), late("K", 40, 3, currency="USD")])
    assert {code: amount for code, (amount, _) in made.letters[0].subtotals().items()} == {"CNY": 1_000_000, "USD": 100_000}


def test_the_letters_add_up_to_the_escalation_list_less_what_is_held():
    ledger = [late(f"I{n}", 20 + 7 * n, 10 + n, customer_id=f"C{n % 4}", currency=("CNY", "EUR")[n % 2]) for n in range(20)]
    ledger[3]["promise_date"] = D(2026, 7, 5)
    ledger[8] |= {"disputed_amount": 5, "dispute_date": D(2026, 1, 2)}
    made, sheet, _ = demands(ledger)
    for code in ("CNY", "EUR"):
        asked = (sheet.data["currency"] == code) & ~sheet.codes["no_letter"] & (sheet.data["level"] > 0)
        expected = int((sheet.data["open_amount"] - sheet.data["disputed"])[asked].sum())
        assert sum(one.subtotals().get(code, (0, 0))[0] for one in made.letters) == expected
        assert sum(one.subtotals().get(code, (0, 0))[1] for one in made.letters) == sum(sheet.data["interest"][asked].tolist())


def test_an_insolvent_customer_gets_no_letter_but_a_claim():
    ledger = [late("I", 70), late("J", 40, customer_id="C2")]
    customers = [{"customer_id": "C1", "status": "insolvent"}, {"customer_id": "C2"}]
    made, _, _ = demands(ledger, customers=customers)
    assert ([one.customer_id for one in made.letters], made.insolvent) == (["C2"], ("C1",))
    with pytest.raises(BadRequest, match="customer C1 is insolvent: no letter, but a claim"):
        demands(ledger, only=["C1"], customers=customers)


def test_an_item_whose_level_is_not_done_yet_gets_the_letter_of_that_level():
    book = book_of([late("I", 95)], {"advance": "when done", "interest_rule": "CN-SME"})
    before = {"document_no": ["I"], "instalment": [None], "level": [1], "level_since": [D(2026, 5, 1)]}
    sheet = report_of("escalation", replace(book, previous={"escalation": before}), DAY)
    assert sheet.data["held_because"].tolist() == ["level 1 not done yet"]
    assert [one.level for one in letters_of(book, sheet, DAY).letters] == [1]


def test_only_the_levels_and_customers_asked_for():
    ledger = [late("I", 40, customer_id="A"), late("J", 70, customer_id="B"), late("K", 95, customer_id="C")]
    assert [one.customer_id for one in demands(ledger, levels={2, 3})[0].letters] == ["B", "C"]
    assert [one.customer_id for one in demands(ledger, only=["A"])[0].letters] == ["A"]


@pytest.mark.parametrize(
    ("levels", "customer", "message"),
    [
        ((), "Z", "customer Z has nothing overdue, so there is no letter to write"),
        ((), "B", "customer B gets no letter: what is overdue is held (disputed, promised …) or on no level yet; see Escalation"),
        ({3}, "A", "customer A is at level 1, not 3"),
    ],
)
def test_a_customer_without_a_letter_is_told_why(levels, customer, message):
    with pytest.raises(BadRequest) as refused:
        demands([late("I", 40, customer_id="A"), late("J", 5, customer_id="B")], levels, [customer])
    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("law", "country", "key"),
    [(None, None, ""), (None, "GB", ""), (None, "CN", ""), ("CN", None, "CN"), ("CN", "HK", "CN"), ("CN", "CN", "CN"), ("CN", "DE", "CN-INTL"), ("hk", "DE", "HK"), ("UK", "CN", "UK"), ("NY", "US", "NY")],
)
def test_the_law_is_the_contract_s_and_international_for_customers_abroad(law, country, key):
    assert governing(law, country) == key


def test_each_law_speaks_in_both_languages_and_names_its_limitation():
    assert "three years" in law_sentence("CN", "en")
    assert "四年" in law_sentence("CN-INTL", "zh")
    assert "six years" in law_sentence("HK", "en")
    assert law_sentence("UK", "en").endswith("six years (section 5 of the Limitation Act 1980).")
    assert law_sentence("CN", "zh").endswith("依第一百八十八条、第一百九十五条引起三年诉讼时效中断。")
    assert "NY" in law_sentence("NY", "zh")


@pytest.mark.parametrize(
    ("dispute", "forum", "words"),
    [
        ("court", "Court X", "we shall sue before Court X"),
        ("arbitration", "CIETAC", "we shall apply for arbitration at CIETAC"),
        ("none", None, "we shall sue before the court that has jurisdiction"),
        ("court", None, "we shall sue before the court that has jurisdiction"),
    ],
)
def test_the_last_notice_names_the_forum_agreed(dispute, forum, words):
    assert next_step(dispute, forum, "en") == words


def test_law_and_forum_come_from_the_contract_of_the_items():
    contracts = [
        {"contract_no": "K1", "customer_id": "C1", "governing_law": "HK", "dispute": "arbitration", "forum": "HKIAC"},
        {"contract_no": "K2", "customer_id": "C1", "governing_law": "CN", "dispute": "court", "forum": "Court"},
    ]
    one = demands([late("I", 40, contract_no="K1")], contracts=contracts)[0].letters[0]
    assert (one.law, one.dispute, one.forum, one.contracts) == ("HK", "arbitration", "HKIAC", ("K1",))
    both = demands([late("I", 40, contract_no="K1"), late("J", 40, contract_no="K2")], contracts=contracts)[0].letters[0]
    assert (both.law, both.dispute, both.contracts) == ("", None, ("K1", "K2"))


def words_of(content: bytes | Path) -> str:
    import io

    document = Document(io.BytesIO(content) if isinstance(content, bytes) else str(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_every_template_is_filled_whole(template):
    ledger = [late("I-1", 95, 1234.5), late("I-2", 40, 7, currency="JPY", instalment=2)]
    made, _, book = demands(ledger, customers=[{"customer_id": "C1", "name": "Buyer GmbH", "name_zh": "买方公司", "register_no": "HRB 1"}])
    text = words_of(fill(template, made.letters[0], book.settings, DAY, template.stem[-2:]))
    for wanted in ("I-1", "I-2 / 2", "1,234.50", "JPY", "买方公司" if "zh" in template.stem else "Buyer GmbH", "2026年7月7日" if "zh" in template.stem else "7 July 2026"):
        assert wanted in text
    assert "«" not in text
    assert "MERGEFIELD" not in text


def test_the_templates_are_six_and_have_only_known_fields():
    names = {path.stem for path in TEMPLATES.glob("*.docx")}
    assert names == {f"{letter}_{language}" for letter in ("reminder", "lawyer", "notice") for language in ("en", "zh")}
    for path in TEMPLATES.glob("*.docx"):
        with MailMerge(str(path)) as document:
            check_fields(path.name, document.get_merge_fields())


def test_the_templates_and_what_is_made_of_them_are_valid_word_files(tmp_path):
    from openxml_audit import OpenXmlValidator

    made, _, book = demands([late("I", 40)])
    for template in TEMPLATES.glob("*.docx"):
        letter = tmp_path / template.name
        letter.write_bytes(fill(template, made.letters[0], book.settings, DAY, template.stem[-2:]))
        for path in (template, letter):
            assert [str(error) for error in OpenXmlValidator().validate(str(path)).errors] == []


def test_long_letters_repeat_the_heads_of_their_tables():
    made, _, book = demands([late(f"I{number}", 40) for number in range(90)])
    for template in TEMPLATES.glob("*.docx"):
        for table in Document(io.BytesIO(fill(template, made.letters[0], book.settings, DAY, template.stem[-2:]))).tables:
            assert [len(row.trPr.xpath("w:tblHeader")) for row in table._tbl.tr_lst] == [1, *[0] * (len(table.rows) - 1)]


def test_an_unknown_field_is_one_clear_line_and_nothing_is_written():
    with pytest.raises(BadRequest) as refused:
        check_fields("mine.docx", {"date", "vat_number"})
    assert str(refused.value) == (
        "the template mine.docx has the field vat_number, which is not known; there are " + ", ".join((*FIELDS, *ITEM_FIELDS, *SUM_FIELDS))
    )


def test_item_fields_without_the_one_that_repeats_the_row_are_refused():
    with pytest.raises(BadRequest, match="has item_amount without item_no"):
        check_fields("mine.docx", {"item_amount"})


def test_text_of_a_cell_stays_text_in_a_letter():
    nasty = "A & B <w:t> {=1+1} «x»"
    made, _, book = demands([late("I", 40)], customers=[{"customer_id": "C1", "name": nasty}])
    assert nasty in words_of(fill(TEMPLATES / "reminder_en.docx", made.letters[0], book.settings, DAY, "en"))


@pytest.mark.parametrize(("text", "name"), [("../../etc/x", "_.._etc_x"), ("C/1:2", "C_1_2"), ("客户 1", "客户 1"), ("...", "_"), ("CON<>|", "CON___")])
def test_a_customer_s_number_is_never_a_path(text, name):
    assert safe_name(text) == name


@pytest.fixture
def book(small: Path):
    from xladdin.hosts.file import open_book

    opened = open_book(small)
    yield opened
    opened.close()


def test_letters_of_a_workbook_are_written_once_and_not_replaced_unasked(book, tmp_path):
    out = tmp_path / "out"
    lines, data = write_letters(book, out, DAY, as_of=DAY)
    written = {path.name: path.read_bytes() for path in out.iterdir()}
    assert set(written) == {one["file"] for one in data["letters"]}
    assert written
    assert lines[-1].startswith(f"{len(written)} letters in {out}; ")
    with pytest.raises(BadRequest, match="nothing was written"):
        write_letters(book, out, DAY, as_of=DAY)
    write_letters(book, out, DAY, as_of=DAY, force=True)
    assert {path.name for path in out.iterdir()} == set(written)


def test_a_template_beside_the_workbook_goes_before_ours(book, small, tmp_path):
    own = small.parent / "templates"
    own.mkdir()
    document = Document(str(TEMPLATES / "reminder_en.docx"))
    document.add_paragraph("Our own words")
    for level in ("reminder", "lawyer", "notice"):
        document.save(str(own / f"{level}_en.docx"))
    write_letters(book, tmp_path / "out", DAY, as_of=DAY, language="en")
    assert all("Our own words" in words_of(path) for path in (tmp_path / "out").iterdir())


def test_a_template_that_is_no_word_file_is_named(book, small, tmp_path):
    own = small.parent / "templates"
    own.mkdir()
    for level in ("reminder", "lawyer", "notice"):
        shutil.copy(small, own / f"{level}_en.docx")
    with pytest.raises(BadRequest, match=r"_en\.docx is no Word document"):
        write_letters(book, tmp_path / "out", DAY, as_of=DAY, language="en")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("level", "language"), [("later", "en"), ("reminder", "fr")])
def test_an_unknown_level_or_language_is_refused(book, tmp_path, level, language):
    with pytest.raises(BadRequest, match=level if language == "en" else "fr"):
        write_letters(book, tmp_path / "out", DAY, levels=[level], language=language)


def test_a_folder_that_cannot_be_written_is_said(book, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(BadRequest, match="is a file; name a folder"):
        write_letters(book, blocked, DAY, as_of=DAY)
    with pytest.raises(BadRequest, match="is a file; name a folder"):
        write_letters(book, blocked / "below", DAY, as_of=DAY)


def letter_text(made, book, name="notice_en", which=0):
    return words_of(fill(TEMPLATES / f"{name}.docx", made.letters[which], book.settings, DAY, name[-2:]))


HOME = {"our_country": "CN"}
BUYER = [{"customer_id": "C1", "country": "CN"}]
STEPS = ("remind", "lawyer's letter", "催收仍未", "律师函催告")


def done_at(level, done, name, days=200):
    """Letters of an item on a level whose *Level done* says something."""
    book = book_of([late("I", days), late("J", days)], {"interest_rule": "CN-SME"})
    before = {"document_no": ["I", "J"], "instalment": [None, None], "level": [level] * 2, "level_since": [D(2026, 6, 1)] * 2, "level_done": list(done)}
    sheet = report_of("escalation", replace(book, previous={"escalation": before}), DAY)
    return letter_text(letters_of(book, sheet, DAY), book, name)


@pytest.mark.parametrize(
    ("level", "done", "name", "said"),
    [
        (3, (None, None), "notice_en", ()), (2, (None, None), "lawyer_en", ()), (3, (None, None), "notice_zh", ()), (2, (None, None), "lawyer_zh", ()),
        (2, (1, 1), "lawyer_en", ("You were reminded, without payment.",)),
        (2, (1, None), "lawyer_en", ("You were reminded of I, without payment.",)),
        (3, (2, 2), "notice_en", ("A lawyer's letter has not led to payment.",)),
        (3, (1, 2), "notice_en", ("You were reminded of I, without payment. A lawyer's letter on J has not led to payment.",)),
        (3, (2, 2), "notice_zh", ("经律师函催告仍未支付。",)),
        (3, (3, 3), "notice_en", ()),
    ],
)  # fmt: skip
def test_p13_a_letter_says_no_step_that_level_done_does_not_prove(level, done, name, said):
    """L5."""
    text = done_at(level, done, name)
    for words in said:
        assert words in text
    if not said:
        assert not [words for words in STEPS if words in text.replace("Lawyer's letter: demand", "")]


@pytest.mark.parametrize("name", ["reminder_en", "lawyer_en", "notice_en", "reminder_zh", "lawyer_zh", "notice_zh"])
@pytest.mark.parametrize("rule", ["CN-SALE", "EU", "UK"])
def test_p13_unknown_interest_is_claimed_and_never_zero(name, rule):
    """L4."""
    made, _, book = demands([late("I", 100, 1234.5), late("J", 95, 7, currency="USD")], given={"interest_rule": rule}, customers=BUYER)
    text = letter_text(made, book, name)
    zh = name.endswith("zh")
    assert "0.00" not in text
    for words in ("尚待计算", "利息一并主张，数额另行计算。") if zh else ("not yet quantified", "Interest is claimed and will be quantified."):
        assert words in text
    assert ("1,234.50及尚待计算的利息" if zh else "1,234.50 and interest not yet quantified") in text


@pytest.mark.parametrize("name", ["lawyer_en", "notice_en", "reminder_en"])
def test_p13_sentences_that_are_filled_in_keep_their_space_in_word(name):
    made, _, book = demands([late("I", 100)], given={"interest_rule": "CN-SALE", "our_country": "DE"}, customers=[{"customer_id": "C1", "country": "US"}])
    document = Document(io.BytesIO(fill(TEMPLATES / f"{name}.docx", made.letters[0], book.settings, DAY, "en")))
    paragraphs = [[one for one in paragraph.iter(qn("w:t")) if one.text] for paragraph in document.element.iter(qn("w:p"))]
    seen = "\n".join("".join(one.text if one.get(qn("xml:space")) == "preserve" else one.text.strip() for one in words) for words in paragraphs)
    assert "Interest is claimed" in seen
    assert not re.search(r"[a-z]\.[A-Z]", seen), "Word drops a space at the edge of a text that is not marked"


@pytest.mark.parametrize(("ours", "buyer"), [("CN", ""), ("", "US"), ("HK", "")])
def test_p13_where_the_buyer_may_sit_abroad_no_chinese_interest_is_claimed(ours, buyer):
    """The limitation of such a claim says that no law was chosen; its interest says the same."""
    made, _, _ = demands([late("I", 100)], given={"our_country": ours, "interest_rule": "CN-SALE"}, customers=[{"customer_id": "C1", "country": buyer}])
    assert made.letters[0].unquantified == {"CNY"}


def test_p13_interest_that_is_known_in_part_says_so():
    ledger = [late("I", 100, 1000, contract_no="K"), late("J", 95, 500)]
    contracts = [{"contract_no": "K", "customer_id": "C1", "penalty_daily": 0.0001}, {"contract_no": "K2", "customer_id": "C1"}]
    made, _, book = demands(ledger, given={"interest_rule": "EU"}, contracts=contracts)
    text = letter_text(made, book)
    assert "10.00 and more" in text
    assert "1,510.00 and interest not yet quantified" in text
    assert "Where no interest is stated yet, it is claimed and will be quantified." in text


def test_p13_a_lapsed_claim_is_asked_to_be_acknowledged_and_interrupts_nothing():
    """L8."""
    ledger = [late("OLD", 1600, 50), late("NEW", 100, 60)]
    for name, ask, interrupts in (("notice_en", "acknowledge in writing that you owe OLD", "interrupts"), ("lawyer_zh", "书面确认尚欠OLD", "中断")):
        made, _, book = demands(ledger[:1], given=HOME, customers=BUYER)
        text = letter_text(made, book, name)
        assert ask in text
        assert interrupts not in text
        both, _, book = demands(ledger, given=HOME, customers=BUYER)
        text = letter_text(both, book, name)
        assert ask in text
        assert ("For NEW this letter is a demand that interrupts" if name.endswith("en") else "就NEW，本函为履行请求") in text
    made, _, book = demands(ledger[:1], given=HOME | {"skip_levels": "no"}, customers=BUYER)
    assert "acknowledge in writing that you owe OLD" in letter_text(made, book, "reminder_en")


STATUTES = ("Civil Code", "Ordinance", " Act ", "Convention", "Directive", "Order No", "民法典", "条例", "公约", "article", "section", "第五百")


@pytest.mark.parametrize("name", ["lawyer_en", "notice_en", "lawyer_zh", "notice_zh"])
@pytest.mark.parametrize(("ours", "buyer"), [("DE", "GB"), ("CN", "US"), ("", "CN"), ("DE", "DE"), ("CN", "HK")])
def test_p13_without_a_chosen_law_no_statute_is_named_and_no_chinese_interest_claimed(ours, buyer, name):
    """L6."""
    customers = [{"customer_id": "C1", "country": buyer}]
    made, _, book = demands([late("I", 100)], given={"our_country": ours, "interest_rule": "CN-SALE"}, customers=customers)
    text = letter_text(made, book, name)
    assert made.letters[0].law == ""
    assert not [words for words in STATUTES if words in text]
    if {ours, buyer} - {"", "CN"}:
        assert "loan prime rate" not in text
        assert "市场报价利率" not in text
        assert made.letters[0].unquantified == {"CNY"}


def test_p13_an_agreed_rate_is_claimed_up_to_its_cap_and_the_letter_says_both():
    """L3."""
    contracts = [{"contract_no": "K", "customer_id": "C1", "penalty_daily": 0.001, "governing_law": "CN"}]
    made, _, book = demands([late("I", 83, 77_919.09, contract_no="K")], given={"interest_rule": "CN-SALE"}, contracts=contracts)
    text = letter_text(made, book, "lawyer_en")
    assert "3,233.64" in text
    assert "0.05 % a day (contract K agrees 0.10 % a day; claimed up to 0.05 %)" in text
    assert "每日0.05%（合同K约定每日0.10%，按每日0.05%主张）" in letter_text(made, book, "lawyer_zh")


def test_p13_an_insured_item_s_letter_asks_us_for_the_insurer_s_consent():
    made, _, _ = demands([late("I", 70, policy_no="P"), late("J", 70, customer_id="C2"), late("K", 40, customer_id="C3", policy_no="P")])
    assert made.insured == ("C1",)


PAID = [
    {"document_no": "PAID", "amount": 1000, "due_date": D(2026, 1, 31)},
    {"document_no": "P", "document_type": "payment", "amount": 1000, "document_date": D(2026, 3, 2), "reference": "PAID"},
]


def test_p04_a_letter_claims_the_interest_of_invoices_that_were_paid_late_when_asked():
    """L2."""
    for asked in (True, False):
        made, sheet, book = demands([late("I", 40, 100), *PAID], given={"interest_rule": "0.1", "interest_on_paid": asked})
        text = letter_text(made, book, "reminder_en")
        assert ("8.22" in text) == ("PAID" in text) == asked
        assert made.letters[0].subtotals() == {"CNY": (1_000_000, 11_000 + 82_200 * asked)}
        assert sheet.totals[0]["open_amount"] == 1_000_000


NASTY = "Bad\x0bLine\x00 \uffff Ltd"


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.docx")), ids=lambda path: path.stem)
def test_p27_a_character_that_no_file_can_hold_stops_no_letter(template):
    made, _, book = demands([late(NASTY, 40, contract_no=NASTY)], given={"creditor": NASTY + "\ud800"}, customers=[{"customer_id": "C1", "name": NASTY, "name_zh": NASTY}])
    assert "Bad Line" in words_of(fill(template, made.letters[0], book.settings, DAY, template.stem[-2:]))


@pytest.mark.parametrize(
    ("field", "picture", "shown"),
    [
        ("oldest_days", "#,##0", "1,234"), ("oldest_days", "0.00", "1234.00"), ("days_to_pay", "#,##0.0", "7.0"), ("customer_name", "#,##0", "Buyer"),
        ("item_amount", "#,##0", "9,877"), ("sum_total", "#,##0.000", "10,000.050"),
    ],
)  # fmt: skip
def test_m4_a_number_picture_of_a_field_is_followed(field, picture, shown, tmp_path, recwarn):
    made, _, book = demands([late("I", 1234, 9876.5)], given={"interest_rule": "0.0037"}, customers=[{"customer_id": "C1", "name": "Buyer"}])
    anchor = {"item_amount": "item_no", "sum_total": "sum_currency"}.get(field)
    template = pictured(tmp_path, field, picture, anchor)
    told: set[str] = set()
    text = words_of(fill(template, made.letters[0], book.settings, DAY, "en", told))
    assert shown in text
    assert (told, recwarn.list) == (set(), [])


def pictured(folder, field, picture, anchor=None):
    import zipfile

    path = folder / "mine.docx"
    with zipfile.ZipFile(TEMPLATES / "reminder_en.docx") as source, zipfile.ZipFile(path, "w") as out:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "word/document.xml":
                if anchor is None:
                    content = content.replace(b" MERGEFIELD date ", f' MERGEFIELD {field} \\# "{picture}" '.encode())
                else:
                    content = content.replace(f" MERGEFIELD {field} ".encode(), f' MERGEFIELD {field} \\# "{picture}" '.encode())
            out.writestr(item, content)
    return path


def test_m4_a_picture_that_cannot_be_followed_is_one_line_of_ours(tmp_path, recwarn):
    made, _, book = demands([late("I", 40)])
    told: set[str] = set()
    fill(pictured(tmp_path, "oldest_days", "wrong"), made.letters[0], book.settings, DAY, "en", told)
    assert len(told) == 1
    assert next(iter(told)).startswith("the template mine.docx: ")
    assert recwarn.list == []
