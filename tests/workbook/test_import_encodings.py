"""The encoding of a text is found where its bytes make sense in one only, and asked for where two do (point 19)."""

from __future__ import annotations

import random

import pytest

from workbook.importing.encodings import find_encoding
from xladdin.errors import BadRequest

HEAD = "Invoice no,Customer id,Amount\n"
NAMES = {
    "Chinese": ["上海国际贸易有限公司", "北京进出口公司", "宁波市鄞州区", "张三", "应收账款余额表", "东莞市石排镇", "厨房用品", "镕基喆堃商行"],
    "Taiwanese": ["台北國際貿易股份有限公司", "鴻海精密工業", "應收帳款", "王大明", "新竹市"],
    "Korean": ["한국무역주식회사", "서울전자", "삼성물산", "김철수", "미수금", "부산항만공사"],
    "Japanese": ["株式会社東京商事", "トヨタ自動車", "さくら銀行", "山田太郎", "横浜ゴム", "請求書"],
    "Polish": ["Wałbrzych", "Gdańsk", "Łódź", "Kraków", "Spółka", "Żywiec", "Świnoujście"],
    "Czech": ["Dvořák", "Plzeň", "Škoda", "České Budějovice", "Křížek", "Vlčnov", "Žďár"],
    "Hungarian": ["Győr", "Kőszegi Művek", "Szűcs", "Székesfehérvár"],
    "Russian": ["ООО Ромашка", "Завод имени Лихачёва", "Москва", "Газпром", "Санкт-Петербург"],
    "Greek": ["Αθήνα Εμπορική", "Θεσσαλονίκη"],
    "Turkish": ["Şirketi", "Işık Gıda", "Büyük Çarşı"],
    "German": ["Müller & Söhne", "Straße", "Köln", "Öhringen", "Gießen", "Café"],
    "French": ["Société Générale", "Frères", "Père", "Hôtel", "Noël", "Rivière", "Lumière", "Mère", "Thérèse"],
    "Spanish": ["Muñoz Peña", "España", "Compañía", "Niño"],
    "Danish": ["Ørsted", "København", "Ærø", "Sønderjylland", "Værløse"],
    "Baltic": ["Šiaulių", "Žalgiris ąžuolas", "Rīga", "Jānis Bērziņš"],
}
ENCODINGS = {
    "Chinese": ["gb18030", "utf-8", "utf-16-le", "utf-16-be", "utf-32-le"], "Taiwanese": ["big5", "cp950"], "Korean": ["euc_kr", "cp949", "iso2022_kr"],
    "Japanese": ["shift_jis", "cp932", "euc_jp", "iso2022_jp"], "Polish": ["cp1250", "iso8859_2", "cp852", "mac_latin2"],
    "Czech": ["cp1250", "cp852", "mac_latin2"], "Hungarian": ["cp1250", "cp852"], "Russian": ["cp1251", "koi8_r", "cp866", "mac_cyrillic"],
    "Greek": ["cp1253", "iso8859_7"], "Turkish": ["cp1254", "cp857"], "German": ["cp1252", "mac_roman", "cp850", "iso8859_15"],
    "French": ["cp1252", "mac_roman", "cp850"], "Spanish": ["cp1252", "mac_roman", "cp850"], "Danish": ["cp1252", "mac_roman"], "Baltic": ["cp1257"],
}  # fmt: skip


def table(names):
    return HEAD + "".join(f"I{number},{name},1000.50\n" for number, name in enumerate(names))


@pytest.mark.parametrize(
    ("language", "encoding", "found"),
    [
        ("Chinese", "gb18030", "gb18030"), ("Taiwanese", "big5", "cp950"), ("Korean", "euc_kr", "cp949"), ("Japanese", "euc_jp", "euc_jp"),
        ("Japanese", "shift_jis", "cp932"), ("Japanese", "iso2022_jp", "iso2022_jp_2"), ("Polish", "cp1250", "cp1250"),
        ("Czech", "cp1250", "cp1250"), ("Russian", "cp1251", "cp1251"), ("Russian", "koi8_r", "koi8_r"), ("Russian", "cp866", "cp866"),
        ("Greek", "cp1253", "cp1253"), ("Turkish", "cp1254", "cp1254"), ("German", "cp1252", "cp1252"), ("French", "cp1252", "cp1252"),
        ("Spanish", "cp1252", "cp1252"), ("Baltic", "cp1257", "cp1257"), ("German", "cp850", "cp850"),
        ("Chinese", "utf-16-le", "utf-16-le"), ("Korean", "utf-16-be", "utf-16-be"), ("German", "utf-32-le", "utf-32-le"),
        ("German", "utf-32", "utf-32"), ("German", "utf-8-sig", "utf-8-sig"),
    ],
)  # fmt: skip
def test_p19_a_text_of_several_names_is_read_as_it_was_written(language, encoding, found):
    text = table(NAMES[language])
    data = text.encode(encoding)
    assert find_encoding("items.csv", data) == found
    assert data.decode(found).lstrip("\ufeff") == text


@pytest.mark.parametrize(
    ("name", "encoding", "candidates"),
    [
        ("Pucańsk", "cp1250", ('cp1252 ("Pucañsk")', 'cp1250 ("Pucańsk")')),
        ("Müllner", "mac_roman", ('cp1250 ("Mźllner")', 'mac_roman ("Müllner")')),
        ("Varietà", "cp1252", ('cp1252 ("Varietà")', 'cp1250 ("Varietŕ")', 'cp1257 ("Varietą")')),
    ],
)
def test_p19_a_name_that_two_encodings_read_alike_well_is_asked_for_with_what_each_reads(name, encoding, candidates):
    with pytest.raises(BadRequest) as error:
        find_encoding("items.csv", table([name]).encode(encoding))
    assert str(error.value).startswith("items.csv: the text may be in ")
    assert str(error.value).endswith("; say which with --encoding")
    for candidate in candidates:
        assert candidate in str(error.value)


@pytest.mark.parametrize("language", sorted(NAMES))
def test_p19_no_name_is_ever_read_as_another(language):
    """Whatever few names a file holds, in whatever encoding its language uses: read as written, or asked for."""
    draw = random.Random(language)
    read = 0
    for _ in range(120):
        text = table(draw.choices(NAMES[language], k=draw.randint(1, 12)))
        try:
            data = text.encode(draw.choice(ENCODINGS[language]))
        except UnicodeEncodeError:
            continue
        try:
            found = find_encoding("items.csv", data)
        except BadRequest:
            continue
        assert data.decode(found) == text
        read += 1
    assert read


@pytest.mark.parametrize("names", [["Società Rossi"], ["Jørgensen A/S", "Ærø Færge"], ["Åkerlund AB"],
    ["Société Dupont"], ["Müller"], ["Compañía"], ["São João Comércio"]])
def test_p19_a_few_western_names_are_read_where_a_word_of_trade_is_among_them(names):
    data = ("No,Customer\n" + "".join(f"I{number},{name}\n" for number, name in enumerate(names))).encode("cp1252")
    assert data.decode(find_encoding("items.csv", data)) == data.decode("cp1252")


@pytest.mark.parametrize("name", ["Jørg", "Åbo"])
def test_p19_one_word_that_may_be_another_is_asked_for(name):
    with pytest.raises(BadRequest, match="--encoding"):
        find_encoding("items.csv", f"No,Customer\nI1,{name}\n".encode("cp1252"))
