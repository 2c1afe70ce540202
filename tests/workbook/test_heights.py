"""Heights of rows with long texts in a closed file."""

from __future__ import annotations

import pytest

from workbook.heights import lines_of
from xladdin.hosts.file import open_book
from xladdin.jobs.make import make_demo
from xladdin.jobs.workbooks import refresh_file


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, 1), ("short", 10, 1), ("0" * 8, 10, 1), ("0" * 9, 10, 2), ("一二三四", 10, 1), ("一二三四五", 10, 2), ("one\ntwo", 10, 2),
        ("Dongguan Xiuli Auto Parts Co., Ltd.", 31, 1), ("Tianjin Haoling Building Materials Co., Ltd.", 30, 2), ("illill illill illill", 12, 1),
        ("WWWWW WWWWW", 12, 2), ("one two three four", 9, 3), ("sold-to-party number", 10, 3), ("0" * 40, 12, 4), ("破产 受理 日期 2026-06-30 起", 12, 3),
    ],
)  # fmt: skip
def test_lines_break_at_words_and_letters_take_their_width(text, width, lines):
    assert lines_of(text, width) == lines


def test_a_row_is_as_high_as_its_longest_text_and_ordinary_again_when_it_is_gone(tmp_path):
    path = tmp_path / "demo.xlsm"
    make_demo(path)

    def heights():
        book = open_book(path)
        page = book.sheets["Disputes"]
        found = [page.range((row, 1)).row_height for row in range(8, 60)]
        book.close()
        return found

    assert max(heights()) > 15
    book = open_book(path)
    page = book.sheets["Trends"]
    [head] = [row for row in range(30, 140) if str(page.range((row - 1, 1)).value).startswith("Overdue that grew most")]
    names = [page.range((row, 6)) for row in range(head, head + 4)]
    # the last column of a smaller table reaches over the empty ones right of it, in one line
    assert names[0].value == "Name"
    assert [(one.horizontal_alignment, one.wrap_text, one.row_height) for one in names[1:]] == [("left", False, 15.0)] * 3
    book.close()
    refresh_file(path, ["disputes"], "2025-01-05", {})
    assert set(heights()) == {15.0}
