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


def test_a_ticket_is_a_service_record_in_one_row(server, admin):
    """A10: number, customer (hidden name and phone), model, serial, purchase date, scene, problem, steps, result, owner, response,
    solution, rating; of a device out of sight nothing."""
    phone, serial = people.new_phone(), f"ROW{people.new_phone()[-8:]}"
    customer = admin.post("/customer", {"name": "欧阳明", "phone": phone})["id"]
    model = admin.get("/model", limit=1)["items"][0]
    device = admin.post("/device", {"serial": serial, "model_id": model["id"], "customer_id": customer, "purchased_on": "2026-03-08"})["id"]
    ticket = admin.post("/ticket", {"scene": "repair", "customer_id": customer, "device_id": device, "text": "冷藏室不凉"})
    for action, more in (("accept", {}), ("resolve", {"steps": "更换风门", "result": "冷藏恢复到 4 度"})):
        ticket = admin.post(f"/ticket/{ticket['id']}/action/{action}", {"version": ticket["version"]} | more, status=200)

    def row(client):
        heads, found = rows_of_csv(export(client, "ticket", filter=f'[["id","=","{ticket["id"]}"]]'))
        return dict(zip(heads, found, strict=True)), heads
    record, heads = row(admin)
    assert heads[:13] == ["Ticket no.", "Customer", "Model", "Device", "Purchased on", "Scene", "Problem",
                          "Steps taken", "Result", "Owner", "First response", "Solved at", "Rating"]
    assert record["Ticket no."] == ticket["no"] and phone[-4:] in record["Customer"] and phone not in record["Customer"] and "明" not in record["Customer"]
    assert model["code"] in record["Model"] and record["Device"] == serial and record["Purchased on"] == "2026-03-08"
    assert (record["Scene"], record["Problem"], record["Steps taken"], record["Result"]) == ("Fault repair", "冷藏室不凉", "更换风门", "冷藏恢复到 4 度")
    assert record["Owner"] and record["First response"] <= record["Solved at"] and record["Rating"] == ""
    role = admin.post("/role", {"code": f"x{phone[-6:]}", "name": "只导出", "scope": "all", "permissions": ["ticket.read", "ticket.export"]})
    user = admin.post("/user", {"account": f"x{phone[-6:]}", "name": "导出员", "role_id": role["id"]})
    admin.post(f"/user/{user['id']}/password", {"password": "a long enough word"})
    blind, _ = row(Client(server.url, address=people.new_address()).sign_in(user["account"], "a long enough word"))
    assert blind["Ticket no."] == ticket["no"] and blind["Model"] == blind["Device"] == blind["Purchased on"] == blind["Customer"] == ""


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
