"""Erasing somebody, proved: what was planted in her file, her tickets and their history is in no file and no row afterwards, in no new
backup, and nowhere in an old one that comes back; and a certificate says so that anybody can check."""
import base64
import json
import random
import subprocess

import people
import psycopg
import pytest
from test_audit import rows, verify
from test_backup import back_up, place, restore  # noqa: F401 (a fixture)
from test_file import upload

from client import Client
from patience import wait_for
from server import Clock, Server

DAY_S = 86400
REASON = "本人要求删除"


class Planted:
    """Words that stand in one place each, so that one that is found tells where it was."""

    def __init__(self):
        self.words = {}

    def word(self, place, text=None):
        self.words[place] = text or f"zq{len(self.words):02d}{place.replace('_', '')}"
        return self.words[place]

    def text(self, place):
        return f"一段话里的 {self.word(place)} 在这里"


def live(planted, server, admin):
    """A customer with everything that one can have; returns her id."""
    w, phone = planted.word, people.new_phone()
    planted.words["phone"] = phone
    contact_phone, ticket_phone = people.new_phone(), people.new_phone()
    planted.words |= {"contact_phone": contact_phone, "ticket_phone": ticket_phone}
    person = admin.post("/customer", {"name": w("name"), "phone": phone, "email": f"{w('email')}@example.com", "note": planted.text("note"), "external_no": w("external")})
    person = admin.patch(f"/customer/{person['id']}", {"note": planted.text("later_note"), "version": 1, "reason": planted.text("reason")})
    own = {record: f"x_{admin.post('/custom_field', {'object': record, 'name': '备忘', 'kind': 'text'})['code']}" for record in ("customer", "ticket", "device")}
    for word in ("custom_was", "custom"):
        person = admin.patch(f"/customer/{person['id']}", {"version": person["version"], own["customer"]: planted.text(word)})
    id = person["id"]
    for word in ("tag_was", "tag"):
        person = admin.patch(f"/customer/{id}", {"version": person["version"], "tags": [w(word)]})
    admin.post("/contact", {"customer_id": id, "name": w("contact_name"), "phone": contact_phone})
    admin.post("/address", {"customer_id": id, "city": "青岛市", "street": w("street")})
    gone = admin.post("/contact", {"customer_id": id, "name": w("archived_contact")})
    admin.post(f"/contact/{gone['id']}/archive", {"version": 1})
    device = admin.post("/device", {"serial": f"E{random.randrange(10**9):09d}", "model_id": admin.get("/model", limit=1)["items"][0]["id"], "customer_id": id, "place": w("device_place"), own["device"]: w("custom_device")})
    customer = people.sign_in(server.url, admin, phone)
    photo = upload(customer, f"{w('file_name')}.txt", f"内容 {w('file_content')} 完".encode(), prefix="/my")
    ticket = people.report(customer, device_id=device["id"], description=planted.text("description"), file_ids=[photo])
    customer.post(f"/my/ticket/{ticket['id']}/fact", {"text": planted.text("fact")})
    row = admin.get(f"/ticket/{ticket['id']}")
    row = admin.post(f"/ticket/{row['id']}/action/accept", {"version": row["version"]})
    talk = customer.post("/my/conversation", {"text": planted.text("talk"), "external_id": w("talk_name")})["conversation"]["id"]
    admin.post(f"/conversation/{talk}/message", {"text": planted.text("talk_note"), "visibility": "internal"})
    admin.post(f"/ticket/{row['id']}/comment", {"text": planted.text("internal"), "visibility": "internal", "file_ids": []})
    row = admin.get(f"/ticket/{row['id']}")
    row = admin.patch(f"/ticket/{row['id']}", {"title": planted.text("title"), "contact_phone": ticket_phone, own["ticket"]: planted.text("custom_ticket"), "tags": [w("ticket_tag")], "version": row["version"]})
    admin.post(f"/ticket/{row['id']}/action/resolve", {"version": row["version"], "steps": planted.text("steps"), "result": planted.text("result")})
    admin.post(f"/customer/{id}/reveal", {"field": "phone", "purpose": "核对"})
    customer.close()
    return id


def jobs(company, kind):
    return rows(company, f"SELECT state, attempts, last_error FROM job WHERE kind = '{kind}'")


def certificate_of(company, admin, id):
    """The clock stands, so the limit on calls does too: the rows are asked."""
    wait_for(lambda: rows(company, f"SELECT 1 FROM erasure WHERE object_id = {id} AND state <> 'done'") == [], 20, lambda: jobs(company, "upkeep.erase"))
    return admin.get(f"/customer/{id}/erasure")["items"][0]


def in_files(folder, words):
    found = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".log":
            content = path.read_bytes()
            found |= {(place, str(path.relative_to(folder))): word for place, word in words.items() if word.encode() in content}
    return found


def in_rows(database, words):
    """Every table as text, whatever its columns."""
    found = {}
    with psycopg.connect(database.uri) as connection:
        tables = [t for (t,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'anxin'")]
        for table in tables:
            text = "\n".join(str(row) for row in connection.execute(f'SELECT t::text FROM anxin."{table}" t').fetchall())
            found |= {(place, table): word for place, word in words.items() if word in text}
    return found


def found_in(company, words):
    return in_files(company.folder, words) | (in_rows(company.database, words) if company.database else {})


@pytest.fixture
def erased(company, tmp_path):
    """(company, what was planted, her id, the certificate, backup and keys from before she went)"""
    planted, clock = Planted(), Clock(tmp_path / "clock")
    # A nightly backup made before the index is built anew holds its words until it is dropped: none is made here.
    with Server(company, clock=clock, options=("--set", "backup.keep=0")) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        id = live(planted, server, admin)
        assert found_in(company, planted.words), "nothing was planted where it can be seen"
        before = back_up(company, tmp_path / "before")
        admin.post(f"/customer/{id}/erase", {"reason": REASON})
        proof = certificate_of(company, admin, id)
        wait_for(lambda: not jobs(company, "upkeep.log"), 60)
        clock.move(9 * DAY_S)            # the night after keep.erased_words builds the search index anew
        wait_for(lambda: rows(company, "SELECT 1 FROM search_lane WHERE erased_at > 0 OR building = 1") == [], 90)
        wait_for(lambda: not jobs(company, "upkeep.log") and not jobs(company, "upkeep.search"), 60)
        admin.close()
    yield company, planted, id, proof, before


def test_nothing_that_was_planted_is_left(erased, tmp_path):
    company, planted, _, _, _ = erased
    assert found_in(company, planted.words) == {}
    backup, _ = back_up(company, tmp_path / "after")
    assert in_files(tmp_path / "after", planted.words) == {}
    if company.database:
        plain = subprocess.run(["pg_restore", "--data-only", "-f", "-", next((tmp_path / "after").rglob("data.pgdump"))], check=True, capture_output=True).stdout
        assert [place for place, word in planted.words.items() if word.encode() in plain] == []


def signed(folder, key, text, signature):
    """By another program than ours."""
    (folder / "key.der").write_bytes(bytes.fromhex("302a300506032b6570032100") + base64.b64decode(key))
    (folder / "text").write_text(text)
    (folder / "signature").write_bytes(base64.b64decode(signature))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der", "-rawin", "-in", "text", "-sigfile", "signature"]
    return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def test_the_certificate_holds_for_whoever_has_the_public_key(erased, tmp_path):
    company, _, id, proof, _ = erased
    text = json.loads(proof["certificate"])
    head = json.loads(next((company.folder / "audit").glob("*.head")).read_text())
    assert signed(tmp_path, head["key"], proof["certificate"], proof["signature"])
    assert not signed(tmp_path, head["key"], proof["certificate"].replace(REASON, "别的"), proof["signature"])
    assert (text["object"], text["object_id"], text["reason"], text["asked_by"]["kind"]) == ("customer", id, REASON, "user")
    assert len(text["keys"]) == proof["keys"] >= 2 and text["files"] >= 1 and text["hashes"] >= 5 and text["parts"] >= 2 and text["changes"] >= 2
    assert text["complete_at"] - text["done_at"] == 30 * DAY_S * 1000


def test_the_audit_is_whole_and_tells_of_it(erased):
    company, _, id, _, _ = erased
    assert verify(company)[:2] == (0, [])
    kinds = [kind for (kind,) in rows(company, f"SELECT kind FROM event WHERE object = 'customer' AND object_id = {id} ORDER BY no")]
    assert kinds[0] == "customer.created" and "customer.erased" in kinds and "customer.revealed" in kinds


def test_an_old_backup_erases_her_again_before_it_serves(erased, place):  # noqa: F811
    company, planted, id, _, (backup, _) = erased
    done = restore(place, backup, company.folder / "keys.db", company.folder / "master.key")
    assert done.returncode == 0 and "1 people erased again" in done.stdout, (done.stdout, done.stderr)
    left = {where: word for where, word in found_in(place, planted.words).items() if "search_text" not in where[1]}
    assert {place for place, _ in left} <= {"description", "title", "external", "talk"}, left      # words of the search index, until it is built anew
    with Server(place) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        assert admin.get(f"/customer/{id}")["name"] is None and admin.get(f"/customer/{id}")["note"] == ""
        for word in planted.words.values():
            assert not admin.get("/customer", q=word)["items"] and not admin.get("/ticket", q=word)["items"], word
        assert json.loads(certificate_of(place, admin, id)["certificate"])["reason"] == "restore"
        admin.close()


def test_the_rest_of_her_household_stays_and_is_not_in_her_copy(company):
    with Server(company) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        head = admin.post("/customer", {"name": "户主", "phone": people.new_phone()})["id"]
        phone = people.new_phone()
        member = admin.post("/customer", {"name": "家人", "phone": phone, "note": "备注还要用", "external_no": "H-0042", "household_id": head})["id"]
        assert "备注还要用" not in admin.http.get(f"/customer/{head}/handout", params={"format": "json", "purpose": "核对"}).text
        admin.post(f"/customer/{head}/erase", {"reason": REASON})
        certificate_of(company, admin, head)
        row = admin.get(f"/customer/{member}")
        assert (row["note"], row["external_no"]) == ("备注还要用", "H-0042")
        assert [found["id"] for found in admin.get("/customer", filter=json.dumps([["phone", "=", phone]]))["items"]] == [member]
        admin.close()
