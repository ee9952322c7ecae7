"""What of people's data is shown masked: names, phones, addresses to everybody, free texts to the roles that say so; unmasking leaves a trace."""
import json
import uuid
from contextlib import closing

import pytest
from actors import connect
from people import new_address, new_phone
from test_scope import PASSWORD, set_password

from client import Client

pytestmark = pytest.mark.quick
WORDS = "孩子一个人在家，密码锁 2580"


def somebody(server, admin, **more):
    word = f"m{uuid.uuid4().hex[:8]}"
    rights = ["ticket.read", "ticket.reveal", "ticket.export", "ticket.change", "customer.read", "role.read", "role.create", "role.change", "user.read", "user.create"]
    role = admin.post("/role", {"code": word, "name": word, "permissions": rights, "scope": "all"} | more)
    user = admin.post("/user", {"account": word, "name": word, "role_id": role["id"]})
    set_password(server, user, PASSWORD)
    client = Client(server.url, address=new_address()).sign_in(word, PASSWORD)
    client.role, client.user = role, user
    return client


@pytest.fixture(scope="module")
def ticket(admin):
    customer = admin.post("/customer", {"name": "王小明", "phone": new_phone()})["id"]
    made = admin.post("/ticket", {"scene": "repair", "customer_id": customer, "text": "门锁坏了"})  # its first words are the title, which everybody reads
    return admin.patch(f"/ticket/{made['id']}", {"version": made["version"], "description": WORDS})


def field_of(client, record, name):
    return next(f for r in client.get("/meta")["records"] if r["name"] == record for f in r["fields"] if f["name"] == name)


def test_a_role_sees_a_free_text_masked_on_every_way(server, admin, ticket):
    user = somebody(server, admin, masks=["ticket.description"])
    assert admin.get(f"/ticket/{ticket['id']}")["description"] == WORDS and not field_of(admin, "ticket", "description")["masked"]
    assert user.get(f"/ticket/{ticket['id']}")["description"] == "****" and field_of(user, "ticket", "description")["masked"]
    sheet = user.http.get("/ticket/export", params={"format": "csv", "columns": json.dumps(["no", "description"])})
    said = [sheet.text, *(json.dumps(user.get(path, **query), ensure_ascii=False) for path, query in
            (("/ticket", {"limit": 200}), ("/search", {"q": ticket["no"]}), (f"/ticket/{ticket['id']}/history", {}), (f"/ticket/{ticket['id']}/timeline", {})))]
    assert not any("密码锁" in one for one in said)


def test_unmasking_asks_for_a_reason_and_is_written_down(server, admin, ticket):
    user = somebody(server, admin, masks=["ticket.description"])
    path = f"/ticket/{ticket['id']}/reveal"
    user.post(path, {"field": "description"}, status=422)
    assert user.post(path, {"field": "description", "purpose": "上门前核对"}, status=200)["value"] == WORDS
    seen = next(e for e in admin.get(f"/ticket/{ticket['id']}/timeline")["items"] if e["kind"] == "ticket.revealed")
    assert (seen["actor"]["id"], seen["data"]["field"]) == (user.user["id"], "description")
    with closing(connect(server.company)) as stored:
        rows = stored.execute(f"SELECT actor_id, field, purpose FROM reading WHERE object_id = {ticket['id']}").fetchall()
    assert rows == [(int(user.user["id"]), "description", "上门前核对")]


def test_a_changed_ticket_keeps_the_text_that_its_reader_did_not_see(server, admin, ticket):
    user = somebody(server, admin, masks=["ticket.description"])
    now = user.get(f"/ticket/{ticket['id']}")
    user.patch(f"/ticket/{ticket['id']}", {"version": now["version"], "preferred_time": "evening"})
    assert admin.get(f"/ticket/{ticket['id']}")["description"] == WORDS


def test_only_free_texts_about_people_are_chosen_and_nobody_unmasks_for_himself(server, admin):
    for wrong in ("ticket.no", "ticket.nothing", "nothing.description", "customer.phone", "ticket"):
        admin.post("/role", {"code": uuid.uuid4().hex[:8], "name": "x", "masks": [wrong]}, status=422)
    user = somebody(server, admin, masks=["ticket.description"])
    mine = user.get(f"/role/{user.role['id']}")
    assert user.patch(f"/role/{mine['id']}", {"version": mine["version"], "masks": []}, status=403)["error"]["code"] == "own_rights"
    user.post("/role", {"code": uuid.uuid4().hex[:8], "name": "x", "permissions": ["ticket.read"], "scope": "all"}, status=(403, 422))
    wide = somebody(server, admin).role
    user.post("/user", {"account": uuid.uuid4().hex[:8], "name": "x", "role_id": wide["id"]}, status=(403, 422))
    made = user.post("/role", {"code": uuid.uuid4().hex[:8], "name": "x", "permissions": ["ticket.read"], "scope": "all", "masks": ["ticket.description"]})
    assert made["masks"] == ["ticket.description"]
