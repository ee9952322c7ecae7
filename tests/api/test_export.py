"""Any list as a spreadsheet: what the reader may see, masked, in words, complete, and harmless when a spreadsheet opens it."""
import csv
import io
import re
import subprocess
import zipfile
from xml.etree import ElementTree

import people
import pytest

from client import Client
from server import binary

pytestmark = pytest.mark.quick

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of_csv(answer):
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def rows_of_xlsx(answer):
    """The cells' text as a spreadsheet program reads it; no cell may be a formula."""
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert not list(sheet.iter(MAIN + "f"))
    return [["".join(cell.itertext()) for cell in row] for row in sheet.iter(MAIN + "row")]


def export(client, record, form="csv", **query):
    return client.get(f"/{record}/export", format=form, **query)


def test_every_row_of_a_list_of_two_pages_is_there_once(admin):
    for i in range(201):
        admin.post("/product", {"code": f"P{i:03}", "name": "产品"})
    total = admin.get("/product", limit=1, total=1)["total"]
    rows = rows_of_csv(export(admin, "product"))
    assert len(rows) == total + 1
    assert len({row[0] for row in rows[1:]}) == total


def test_both_formats_hold_the_same_rows(admin):
    a, b = rows_of_csv(export(admin, "device")), rows_of_xlsx(export(admin, "device", "xlsx"))
    assert len(a) == len(b) > 1 and a[0] == b[0]
    serial = a[0].index("Serial")
    assert [row[serial] for row in a] == [row[serial] for row in b]


def test_the_filter_is_that_of_the_list(admin):
    wanted = '[["state","in",["new"]]]'
    total = admin.get("/ticket", filter=wanted, limit=1, total=1)["total"]
    rows = rows_of_csv(export(admin, "ticket", filter=wanted))
    state = rows[0].index("State")
    assert len(rows) == total + 1 and {row[state] for row in rows[1:]} <= {"New"}


def test_personal_data_is_masked(admin):
    phone, name = people.new_phone(), "欧阳明日香"
    admin.post("/customer", {"name": name, "phone": phone})
    text = export(admin, "customer").text
    assert phone not in text and name not in text and phone[-4:] in text


def test_a_text_that_looks_like_a_formula_is_not_one(admin):
    evil = ["=HYPERLINK(\"http://x\")", "+1", "-1", "@SUM(A1)"]
    for i, text in enumerate(evil):
        admin.post("/product", {"code": f"EVIL{i}", "name": text})
    rows = rows_of_csv(export(admin, "product"))
    cells = {cell for row in rows for cell in row}
    assert {"'" + text for text in evil} <= cells and not set(evil) & cells
    assert set(evil) <= {cell for row in rows_of_xlsx(export(admin, "product", "xlsx")) for cell in row}


def test_commas_quotes_and_lines_stay_in_their_cell(admin):
    name = 'a,"b" c'
    admin.post("/product", {"code": "QUOTED", "name": name})
    assert [name] == [row[1] for row in rows_of_csv(export(admin, "product")) if row[0] == "QUOTED"]


def test_heads_and_words_speak_the_readers_language(server, admin):
    chinese = Client(server.url, language="zh").sign_in(*server.company.accounts[0])
    assert "状态" in rows_of_csv(export(chinese, "ticket"))[0] and "State" in rows_of_csv(export(admin, "ticket"))[0]


def test_it_is_sent_as_a_file_that_nobody_keeps(admin):
    answer = export(admin, "team", "xlsx")
    assert re.fullmatch(r'attachment; filename="team-\d{4}-\d\d-\d\d\.xlsx"', answer.headers["content-disposition"])
    assert answer.headers["cache-control"] == "no-store"


def test_what_cannot_be_exported_is_refused(admin, anonymous):
    assert admin.get("/ticket/export", format="pdf", status=422)["error"]["fields"][0]["field"] == "format"
    assert admin.get("/ticket/export", status=422)["error"]["fields"][0]["field"] == "format"
    admin.get("/ticket/export", format="csv", filter="[[", status=(400, 422))
    anonymous.get("/ticket/export", format="csv", status=401)


def test_who_may_not_export_gets_nothing(server):
    reader = None
    for account in server.company.accounts[1:]:
        client = Client(server.url).sign_in(*account)
        rights = client.get("/session")["permissions"]
        if "*" not in rights and "ticket.export" not in rights:
            reader = client
            break
        client.close()
    assert reader, "the demo has nobody without the right to export"
    assert reader.get("/ticket/export", format="csv", status=403)["error"]["code"] == "forbidden"


def test_nothing_stays_behind_in_the_data_folder(server, admin):
    for form in ("csv", "xlsx"):
        export(admin, "customer", form)
    left = [path for path in (server.company.folder / "uploads").iterdir() if path.name.startswith("tmp")]
    assert not left


def test_the_command_line_gives_what_the_console_gives(server, admin):
    said = subprocess.run([binary(), "export", *server.company.options(), "demo", "team", "csv"], check=True, stdin=subprocess.DEVNULL, capture_output=True)
    chinese = Client(server.url, language="zh").sign_in(*server.company.accounts[0])
    assert said.stdout == export(chinese, "team").content
