"""Letters: the right level, language and law for each customer; nothing disputed or promised; sums that tie to the escalation list."""

from __future__ import annotations

import datetime as dt
import io
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from docx import Document
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
    [(None, None, "CN"), ("CN", "CN", "CN"), ("CN", "DE", "CN-INTL"), ("hk", "DE", "HK"), ("UK", "CN", "UK"), ("NY", "US", "NY")],
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
    assert (both.law, both.dispute, both.contracts) == ("CN", None, ("K1", "K2"))


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
