"""Small files that would take gigabytes or minutes are refused in one line, before they are read (point 29)."""

from __future__ import annotations

import tracemalloc
import zipfile

import pyarrow as pa
import pyarrow.parquet
import pytest

from workbook.importing.sources import read_source
from xladdin.errors import BadRequest

_NAMES = "office:office table:table text:text"
SPACES = " ".join(f'xmlns:{one.split(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{one.split(":")[0]}:1.0"' for one in _NAMES.split())


def ods(path, rows, head=""):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        body = f'<office:body><office:spreadsheet><table:table table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
        parts.writestr("content.xml", f"{head}<office:document-content {SPACES}>{body}</office:document-content>")
    return path


def parquet(path, table):
    pyarrow.parquet.write_table(table, path)
    return path


def text(path, content):
    path.write_text(content)
    return path


FAR = '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="16384" {}/></table:table-row>'
ENTITIES = '<!DOCTYPE a [<!ENTITY a "aaaaaaaa">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 16}">' for i in range(24)) + "]>"
BOMBS = {
    "rows of Parquet": lambda folder: parquet(folder / "b.parquet", pa.table({"amount": pa.array([1.0] * 1_200_000)})),
    "texts of Parquet": lambda folder: parquet(
        folder / "b.parquet",
        pa.table({"no": pa.DictionaryArray.from_arrays(pa.array([0] * 900_000, pa.int32()), ["x" * 30_000]), "amount": [1.0] * 900_000}),
    ),
    "entities": lambda folder: ods(folder / "b.ods", "<table:table-row><table:table-cell><text:p>&z;</text:p></table:table-cell></table:table-row>", ENTITIES),
    "columns of a text": lambda folder: text(folder / "b.csv", "," * 3_000_000),
    "an open quote": lambda folder: text(folder / "b.csv", 'no,amount\n"' + "a," * 12_000_000),
    "a part of one letter": lambda folder: ods(folder / "b.ods", " " * (40 << 20)),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_p29_a_bomb_is_refused_in_one_line(tmp_path, name):
    path = BOMBS[name](tmp_path)
    tracemalloc.start()
    try:
        with pytest.raises(BadRequest) as error:
            read_source(path)
        assert tracemalloc.get_traced_memory()[1] < 300 << 20
    finally:
        tracemalloc.stop()
    assert "\n" not in str(error.value)


def test_p29_blank_cells_repeated_to_the_end_of_the_sheet_are_nothing(tmp_path):
    head = '<table:table-row><table:table-cell office:value-type="string"><text:p>no</text:p></table:table-cell></table:table-row>'
    source = read_source(ods(tmp_path / "far.ods", head + FAR.format("")))
    assert (source.header, source.rows) == (["no"], 0)
