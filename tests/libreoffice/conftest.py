"""One LibreOffice for the tests of the engine; skipped with the reason where there is none."""

from __future__ import annotations

import pytest

from xladdin.hosts.libreoffice.office import NoOffice, find_office, load_uno, running_office


@pytest.fixture(scope="module")
def calc():
    try:
        load_uno(find_office())
    except NoOffice as reason:
        pytest.skip(str(reason))
    with running_office() as office:
        yield office
