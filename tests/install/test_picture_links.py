"""A picture of somebody else's workbook fetches nothing (point 29)."""

from __future__ import annotations

import http.server
import shutil
import threading
import zipfile

import pytest
import xlsxwriter

from xladdin.hosts.libreoffice.office import NoOffice, find_office
from xladdin.install.picture import make_picture

pytestmark = pytest.mark.libreoffice


@pytest.fixture
def office():
    try:
        return find_office()
    except NoOffice as reason:
        pytest.skip(str(reason))


@pytest.fixture
def asked():
    """Paths that a server of this machine is asked for."""
    seen: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            seen.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_OPTIONS = do_PROPFIND = do_GET  # noqa: N815 - the names that the server calls

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield seen, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def linking(path, address):
    """A workbook with a picture that lies elsewhere, a link to another workbook, and a function that asks a server."""
    picture = path.with_name("dot.png")
    picture.write_bytes(bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
    ))
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("S")
        sheet.write(0, 0, "text")
        sheet.write_formula(1, 0, f'=_xlfn.WEBSERVICE("{address}/function")')
        sheet.write_formula(2, 0, f"='{address}/[other.xlsx]S'!A1")
        sheet.insert_image("C3", str(picture))
    made = path.with_name("linked.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            data = old.read(entry.filename)
            if entry.filename == "xl/drawings/drawing1.xml":
                data = data.replace(b"r:embed=", b"r:link=")
            elif entry.filename == "xl/drawings/_rels/drawing1.xml.rels":
                data = data.replace(b'Target="../media/image1.png"', f'Target="{address}/picture.png" TargetMode="External"'.encode())
            new.writestr(entry.filename, data)
    shutil.move(made, path)
    return path


@pytest.mark.usefixtures("office")
def test_p29_a_picture_of_a_workbook_fetches_nothing_that_the_workbook_names(tmp_path, asked):
    seen, address = asked
    made = make_picture(linking(tmp_path / "foreign.xlsx", address), tmp_path / "out.pdf")
    assert [path.name for path in made] == ["out.pdf"]
    assert seen == []
