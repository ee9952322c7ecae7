"""The company's card: name, phone and logo, what customers see of them, and pictures that are none."""
import random
import struct
import zlib

import people
import pytest
from test_audit import rows
from test_file import png, upload

from client import Client

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def noise(side):
    """A picture that no compression makes small."""
    rows = b"".join(b"\0" + random.Random(row).randbytes(side * 3) for row in range(side))
    start, end = png(side, side).split(b"IDAT")[0][:-4], b"\0\0\0\0IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    data = zlib.compress(rows)
    return start + struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data)) + end


def change(admin, status=200, **fields):
    card = admin.get("/company")
    return admin.patch("/company", {"name": card["name"], "service_phone": card["service_phone"], "logo_id": card["logo_id"], "version": card["version"]} | fields, status=status)


def logo(server, status=200, **query):
    answer = Client(server.url, address=people.new_address()).http.get("/company/logo", params=query)
    assert answer.status_code == status, answer.text[:200]
    return answer


def test_customers_see_what_the_card_says(own):
    before = own.admin.get("/company")
    assert (before["code"], before["name"], before["logo_id"]) == ("demo", "安心电器", None)
    logo(own, 404)
    picture = upload(own.admin, "标志.png", png(200, 80))
    after = change(own.admin, name="北方电器", service_phone="400-800-5678", logo_id=picture)
    assert (after["name"], after["service_phone"], after["logo_id"]) == ("北方电器", "400-800-5678", picture) and after["version"] > before["version"]
    form = Client(own.url).get("/my/form")["tenant"]
    assert (form["name"]["zh"], form["hotline"], form["logo"]) == ("北方电器", "400-800-5678", picture)
    me = own.admin.get("/session")["tenant"]
    assert (me["name"], me["logo"]) == ("北方电器", picture)
    answer = logo(own, tenant="demo", v=picture)
    assert answer.content.startswith(b"\x89PNG") and b"GPS" not in answer.content
    assert answer.headers["content-type"] == "image/png" and answer.headers["x-content-type-options"] == "nosniff"
    logo(own, 404, tenant="north")
    assert rows(own.company, "SELECT data FROM event WHERE kind = 'company.changed'")
    said = own.admin.get("/company/history")["items"]
    assert [(entry["version"], entry["actor"]["kind"], entry["fields"]) for entry in said] == [
        (after["version"], "user", {"name": ["安心电器", "北方电器"], "service_phone": [before["service_phone"], "400-800-5678"], "logo_id": ["0", picture]})]
    auditor = Client(own.url).sign_in(*next(account for account in own.company.accounts if account[0] == "audit"))
    assert any(entry["kind"] == "company.changed" for entry in auditor.get("/audit")["items"])


def test_another_logo_takes_the_place_of_the_first_and_none_of_both(own):
    first, second = (upload(own.admin, f"{side}.png", png(side, side)) for side in (40, 60))
    change(own.admin, logo_id=first)
    change(own.admin, logo_id=second)
    assert own.admin.http.get(f"/file/{first}/content").status_code == 404, "the first is gone for good"
    change(own.admin, service_phone="10086")
    assert own.admin.get("/company")["logo_id"] == second
    change(own.admin, logo_id=None)
    logo(own, 404)
    assert own.admin.http.get(f"/file/{second}/content").status_code == 404


def test_what_is_no_picture_is_no_logo(own):
    announced = own.admin.post("/file", {"name": "logo.svg", "size": len(SVG)})["id"]
    answer = own.admin.http.patch(f"/file/{announced}", content=SVG, headers={"Upload-Offset": "0", "Content-Type": "application/octet-stream"})
    assert answer.status_code == 415
    sheet = upload(own.admin, "logo.png", b"name,phone\nli,1\n")
    named = {"nothing": "999999999999999999", "a sheet": sheet}
    assert [change(own.admin, 422, logo_id=one)["error"]["fields"][0]["code"] for one in named.values()] == ["field_reference", "media_type"]
    own.admin.patch("/setting/file.logo", {"value": 10240, "version": own.admin.get("/setting/file.logo")["version"]})
    large = upload(own.admin, "large.png", noise(120))
    assert change(own.admin, 422, logo_id=large)["error"]["fields"][0]["code"] == "too_large"
    agent = Client(own.url).sign_in(*own.company.accounts[1])
    assert change(own.admin, 422, logo_id=upload(agent, "hers.png", png(20, 20)))["error"]["fields"][0]["code"] == "field_reference"
    logo(own, 404)


@pytest.mark.parametrize("fields", [{"name": "北"}, {"name": "北" * 101}, {"service_phone": "call"}, {"service_phone": "4" * 21}])
def test_a_fault_is_named_at_its_field(own, fields):
    before = own.admin.get("/company")
    assert [fault["field"] for fault in change(own.admin, 422, **fields)["error"]["fields"]] == list(fields)
    assert own.admin.get("/company") == before


def test_of_two_who_change_it_at_once_the_second_is_told(own):
    version = own.admin.get("/company")["version"]
    change(own.admin, name="北方电器")
    assert change(own.admin, 409, name="南方电器", version=version)["error"]["code"] == "version_conflict"
    agent = Client(own.url).sign_in(*next(account for account in own.company.accounts if account[0] == "linxiao"))
    agent.patch("/company", {"name": "我的", "version": version}, status=403)
