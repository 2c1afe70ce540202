"""What the docs promise is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

from xladdin import function_pages

ROOT = Path(__file__).resolve().parent.parent


def test_the_page_of_functions_is_written_from_the_code():
    assert function_pages.PAGE.read_text(encoding="utf-8") == function_pages.page(), "run: python -m xladdin.function_pages"


def test_links_of_the_docs_lead_somewhere():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"
