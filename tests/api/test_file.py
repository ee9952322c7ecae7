"""Files through the public API: sent in parts, resumed, judged by their content, read by those who may and nobody else."""
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import people
import pytest

from client import Client
from server import Server

pytestmark = pytest.mark.quick


def png(width=300, height=200, text=b"GPS 30.25 N"):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = b"".join(b"\0" + bytes((x * 7 + y * 13) % 256 for x in range(width * 3)) for y in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"tEXt", b"Comment\0" + text) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def send(client, file_id, at, part, status=200, prefix=""):
    answer = client.http.patch(f"{prefix}/file/{file_id}", content=part, headers={"Upload-Offset": str(at), "Content-Type": "application/octet-stream"})
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:300]}"
    return answer.json()


def upload(client, name, content, prefix="", part=1 << 20):
    file_id = client.post(f"{prefix}/file", {"name": name, "size": len(content), "type": "application/octet-stream"})["id"]
    for at in range(0, len(content) or 1, part):
        taken = send(client, file_id, at, content[at:at + part], prefix=prefix)
    assert taken["offset"] == len(content)
    return file_id


@pytest.fixture
def colleague(server):
    """An agent: she sees tickets, but is not who uploaded."""
    client = Client(server.url).sign_in(*server.company.accounts[1])
    yield client
    client.close()


def new_ticket(admin):
    customer = admin.get("/customer", limit=1)["items"][0]
    product = admin.get("/product", limit=1)["items"][0]
    return admin.post("/ticket", {"scene": "repair", "text": "门封条开裂", "customer_id": customer["id"], "product_id": product["id"]})


def test_a_picture_comes_back_smaller_in_what_it_tells(admin):
    content = png()
    file_id = upload(admin, "厨房 1.png", content)
    answer = admin.http.get(f"/file/{file_id}/content")
    assert answer.status_code == 200 and answer.headers["content-type"] == "image/png"
    assert answer.content.startswith(b"\x89PNG") and b"GPS" not in answer.content
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''%E5%8E%A8%E6%88%BF%201.png"
    assert answer.headers["x-content-type-options"] == "nosniff"
    small = admin.http.get(f"/file/{file_id}/thumbnail")
    assert small.status_code == 200 and small.content.startswith(b"\xff\xd8\xff")


def test_an_upload_goes_on_where_it_was_cut(admin):
    content = b"line of a log\n" * 50000
    place = admin.post("/file", {"name": "device.log", "size": len(content), "type": "text/plain"})
    assert place["offset"] == 0
    assert send(admin, place["id"], 0, content[:300000])["offset"] == 300000
    assert admin.get(f"/file/{place['id']}")["offset"] == 300000
    assert send(admin, place["id"], 0, content[:300000], status=409)["offset"] == 300000
    assert send(admin, place["id"], 300000, content[300000:])["offset"] == len(content)
    answer = admin.http.get(f"/file/{place['id']}/content")
    assert answer.content == content and answer.headers["content-disposition"].startswith("attachment")
    assert admin.get(f"/file/{place['id']}")["offset"] == len(content)


def test_a_large_file_comes_back_whole(admin):
    content = bytes(range(32, 127)) * 33000
    file_id = admin.post("/file", {"name": "large.txt", "size": len(content)})["id"]
    for at in range(0, len(content), 1 << 20):
        send(admin, file_id, at, content[at:at + (1 << 20)])
    assert admin.http.get(f"/file/{file_id}/content").content == content


@pytest.mark.parametrize("content", [b"MZ\x90 program", b"<html><script>alert(1)</script></html>", b"\xff\xd8\xff no picture", b"\0\1\2\3"])
def test_what_could_harm_is_refused_by_its_content(admin, content):
    file_id = admin.post("/file", {"name": "photo.jpg", "size": len(content), "type": "image/jpeg"})["id"]
    assert send(admin, file_id, 0, content, status=415)["error"]["code"] == "media_type"
    admin.get(f"/file/{file_id}", status=404)
    assert admin.http.get(f"/file/{file_id}/content").status_code == 404


def test_bad_announcements_and_parts_say_what_to_mend(admin):
    assert admin.post("/file", {"name": "a", "size": 1 << 40}, status=413)["error"]["code"] == "too_large"
    assert admin.post("/file", {"name": "", "size": 1}, status=422)["error"]["fields"][0]["field"] == "name"
    assert admin.post("/file", {"name": "a", "size": 0}, status=422)["error"]["fields"][0]["field"] == "size"
    file_id = admin.post("/file", {"name": "a", "size": 5})["id"]
    for offset in ("", "-1", "x", "1e3", "99999999999999999999"):
        answer = admin.http.patch(f"/file/{file_id}", content=b"abc", headers={"Upload-Offset": offset})
        assert answer.status_code in (400, 409), answer.text
    send(admin, file_id, 0, b"more than announced", status=400)
    send(admin, "424242", 0, b"abc", status=404)
    send(admin, "abc", 0, b"abc", status=404)


def test_files_are_read_by_who_sees_what_holds_them(admin, colleague):
    file_id = upload(admin, "note.txt", b"only with the ticket")
    assert colleague.http.get(f"/file/{file_id}/content").status_code == 404
    ticket = new_ticket(admin)
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "见附件", "visibility": "internal", "file_ids": [file_id]})
    seen = colleague.http.get(f"/ticket/{ticket['id']}").status_code
    assert colleague.http.get(f"/file/{file_id}/content").status_code == seen


def test_a_stranger_s_file_cannot_be_taken_along(admin, colleague):
    file_id = upload(admin, "note.txt", b"mine")
    ticket = new_ticket(admin)
    answer = colleague.post(f"/ticket/{ticket['id']}/comment", {"text": "x", "visibility": "internal", "file_ids": [file_id]}, status=(404, 422))
    assert answer["error"]["code"] in ("not_found", "invalid", "field_reference")


def test_a_file_hangs_on_a_ticket_once(admin, customer):
    def refused(answer):
        assert [(f["field"], f["code"]) for f in answer["error"]["fields"]] == [("file_ids", "field_taken")]

    file_id, ticket = upload(admin, "note.txt", b"mine"), new_ticket(admin)
    path = f"/ticket/{ticket['id']}/comment"
    body = {"text": "见附件", "visibility": "internal", "file_ids": [file_id]}
    refused(admin.post(path, body | {"file_ids": [file_id, file_id]}, status=422))
    admin.post(path, body)
    refused(admin.post(path, body | {"visibility": "public"}, status=422))
    hers, mine = upload(customer, "note.txt", b"hers", prefix="/my"), people.report(customer)
    refused(customer.post(f"/my/ticket/{mine['id']}/fact", {"text": "照片", "file_ids": [hers, hers]}, status=422))
    customer.post(f"/my/ticket/{mine['id']}/fact", {"text": "照片", "file_ids": [hers]})
    inside = upload(admin, "note.txt", b"not for her")
    admin.post(f"/ticket/{mine['id']}/comment", body | {"file_ids": [inside]})
    answers = [customer.post(f"/my/ticket/{mine['id']}/fact", {"text": "照片", "file_ids": [named]}, status=422)["error"] for named in (inside, "424242")]
    assert answers[0]["fields"] == answers[1]["fields"], "she is told that her ticket holds a file that she does not see"
    product = admin.get("/product", limit=1)["items"][0]["id"]
    refused(customer.post("/my/ticket", {"scene": "repair", "product_id": product, "description": "漏水", "answers": {}, "file_ids": [hers, hers]}, status=422))


def test_nobody_reads_or_sends_without_signing_in(admin, anonymous):
    file_id = upload(admin, "note.txt", b"mine")
    assert anonymous.http.get(f"/file/{file_id}/content").status_code == 401
    assert anonymous.http.get(f"/my/file/{file_id}/content").status_code == 401
    send(anonymous, file_id, 0, b"x", status=401)


def test_a_customer_s_photo_goes_to_her_ticket_and_no_further(server, admin, customer):
    file_id = upload(customer, "冰箱.png", png(), prefix="/my")
    ticket = people.report(customer, file_ids=[file_id])
    assert admin.http.get(f"/file/{file_id}/content").status_code == 200
    assert customer.http.get(f"/my/file/{file_id}/thumbnail").status_code == 200
    other, _ = people.new_customer(server.url, admin)
    assert other.http.get(f"/my/file/{file_id}/content").status_code == 404
    with pytest.raises(AssertionError, match="field_reference"):
        people.report(other, file_ids=[file_id])
    other.close()
    assert ticket["id"]


def test_a_customer_reads_what_staff_says_to_her_and_not_what_they_say_among_themselves(admin, customer):
    ticket = people.report(customer)
    public, internal = upload(admin, "answer.txt", b"for you"), upload(admin, "thought.txt", b"for us")
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "见附件", "visibility": "public", "file_ids": [public]})
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "内部", "visibility": "internal", "file_ids": [internal]})
    assert customer.http.get(f"/my/file/{public}/content").content == b"for you"
    assert customer.http.get(f"/my/file/{internal}/content").status_code == 404


def test_files_may_live_in_an_s3_store(company):
    script = Path(__file__).resolve().parents[1] / "s3_store.py"
    with subprocess.Popen([sys.executable, str(script)], stdout=subprocess.PIPE, text=True) as store:
        url = f"http://127.0.0.1:{store.stdout.readline().strip()}/bucket/anxin"
        environment = {"ANXIN_FILES": url, "ANXIN_S3_KEY": "TESTKEY", "ANXIN_S3_SECRET": "TESTSECRET", "ANXIN_S3_REGION": "cn-test-1"}
        try:
            with Server(company, environment=environment) as server:
                admin = Client(server.url).sign_in(*company.accounts[0])
                content = b"kept elsewhere\n" * 200000
                file_id = admin.post("/file", {"name": "large.txt", "size": len(content)})["id"]
                send(admin, file_id, 0, content[:2000000])
                send(admin, file_id, 2000000, content[2000000:])
                assert admin.http.get(f"/file/{file_id}/content").content == content
                admin.close()
            assert not any(path.is_file() for path in (company.folder / "files").rglob("*"))
        finally:
            store.terminate()


def test_an_html_form_is_refused_whatever_it_carries(admin):
    """Files come in parts of their own; nothing here takes a form of several parts."""
    place = admin.post("/file", {"name": "a.png", "size": 20})
    form = {"files": {"file": ("a.png", png(20, 20), "image/png")}}
    for answer in (admin.http.patch(f"/file/{place['id']}", headers={"Upload-Offset": "0"}, **form),
                   admin.http.post("/file", headers={"Idempotency-Key": "a-form-of-parts"}, **form)):
        assert (answer.status_code, answer.json()["error"]["code"]) == (415, "media_type") and answer.json()["error"]["message"]
    assert admin.get(f"/file/{place['id']}")["offset"] == 0
