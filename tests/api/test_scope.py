"""Who sees which rows: what a list shows is what can be read one by one, parts follow their whole, and rights end at once."""
import itertools
import json
import random
import uuid

import pytest
import test_import as imports
from listener import Listener
from people import new_address, new_phone

from client import Client

SCOPED = ("ticket", "customer", "contact", "address", "consent", "device", "view", "outbox")
PASSWORD = "a long enough word"
numbers = itertools.count(1)


def set_password(server, user, password):
    """From a place of its own: passwords are limited per address."""
    client = Client(server.url, address=new_address()).sign_in(*server.company.accounts[0])
    client.post(f"/user/{user['id']}/password", {"password": password})
    client.close()


def new_user(server, admin, permissions, scope="all", **more):
    word = f"s{next(numbers)}{uuid.uuid4().hex[:6]}"
    role = admin.post("/role", {"code": word, "name": word, "permissions": permissions, "scope": scope})
    user = admin.post("/user", {"account": word, "name": word, "role_id": role["id"]} | more)
    set_password(server, user, PASSWORD)
    client = Client(server.url, address=new_address()).sign_in(word, PASSWORD)
    client.user, client.role, client.account = user, role, word
    return client


def of_all(name):
    return [f"{name}.{verb}" for verb in ("read", "create", "change", "archive")]


@pytest.fixture(scope="module")
def company(server, admin):
    """Two regions, two teams, and rows spread over them at random."""
    choose = random.Random(7)
    regions = [None] + [admin.post("/region", {"code": f"r{uuid.uuid4().hex[:6]}", "name": n})["id"] for n in ("华东", "华南")]
    teams = [None] + [admin.post("/team", {"name": f"{n}{uuid.uuid4().hex[:6]}"})["id"] for n in ("一组", "二组")]
    rights = [right for name in SCOPED for right in of_all(name)] + ["file.read"]
    users = [new_user(server, admin, rights, scope, region_id=region, team_id=team)
             for scope in ("own", "team", "region", "all") for region, team in ((None, None), (regions[1], teams[1]), (regions[2], teams[2]))]
    for _ in range(24):
        customer = admin.post("/customer", {"name": "王小明", "phone": new_phone(), "region_id": choose.choice(regions)})["id"]
        admin.post("/contact", {"customer_id": customer, "name": "李四", "phone": new_phone()})
        admin.post("/address", {"customer_id": customer, "city": "杭州", "street": "文一路 1 号"})
        admin.post("/consent", {"customer_id": customer, "purpose": "service", "state": "given"}, status=(201, 422))
        model = admin.get("/model", limit=1)["items"][0]["id"]
        admin.post("/device", {"customer_id": choose.choice([customer, None]), "model_id": model, "serial": uuid.uuid4().hex[:12].upper()})
        ticket = admin.post("/ticket", {"scene": "repair", "customer_id": customer, "text": "冰箱漏水，地板湿了"})["id"]
        move = {"owner_id": choose.choice(users).user["id"], "team_id": choose.choice(teams)}
        found = admin.get(f"/ticket/{ticket}")
        admin.post(f"/ticket/{ticket}/action/assign", {"version": found["version"]} | {k: v for k, v in move.items() if v}, status=(200, 409, 422))
        found = admin.get(f"/ticket/{ticket}")
        admin.patch(f"/ticket/{ticket}", {"version": found["version"], "region_id": choose.choice(regions)})
    for row in admin.get("/customer", limit=24)["items"][::4]:
        phone = admin.post(f"/customer/{row['id']}/reveal", {"field": "phone", "purpose": "一次验证码"}, status=200)["value"]
        Client(server.url, address=new_address()).post("/my/code", {"phone": phone})
    for user in users:
        for audience in ("mine", "team", "company"):
            user.post("/view", {"record": "ticket", "name": "我的", "audience": audience}, status=(201, 403, 422))
    return users


def every_id(client, name):
    ids, after = set(), {}
    while True:
        page = client.get(f"/{name}", limit=200, **after)
        ids |= {row["id"] for row in page["items"]}
        if not page["next"]:
            return ids
        after = {"after": page["next"]}


def test_a_list_shows_exactly_what_can_be_read(company, admin):
    seen = {}
    for name in SCOPED:
        rows = every_id(admin, name) | {i for user in company for i in every_id(user, name)}
        for user in company:
            listed = every_id(user, name)
            read = {row for row in rows if user.http.get(f"/{name}/{row}").status_code == 200}
            assert listed == read, (name, user.role["scope"])
            seen.setdefault((name, user.role["scope"]), []).append(len(listed) / len(rows))
    assert min(seen["ticket", "own"]) < min(seen["ticket", "team"]) < max(seen["ticket", "all"]) == 1
    assert min(seen["outbox", "own"]) < min(seen["outbox", "region"]) < max(seen["outbox", "all"]) == 1
    assert min(seen["contact", "own"]) < 1 and min(seen["view", "all"]) < 1, "nothing was out of sight: the rows do not test it"


def test_parts_of_an_unseen_customer_are_missing(company, admin):
    user = next(u for u in company if u.role["scope"] == "own" and u.user.get("region_id"))
    customers, seen = every_id(user, "customer"), set()
    for name in ("contact", "address", "device"):
        for row in admin.get(f"/{name}", limit=200)["items"]:
            owner = (row["customer_id"] or {}).get("id") if isinstance(row["customer_id"], dict) else row["customer_id"]
            expected = 200 if not owner or owner in customers else 404
            path = f"/{name}/{row['id']}"
            assert user.http.get(path).status_code == expected, (name, row)
            seen.add((name, expected))
            if expected == 404:
                user.patch(path, {"version": row["version"]}, status=404)
                user.get(path + "/history", status=404)
        hidden = next(row for row in admin.get("/customer", limit=200)["items"] if row["id"] not in customers)
    user.post("/contact", {"customer_id": hidden["id"], "name": "赵六"}, status=(403, 404, 422))
    assert {(name, 404) for name in ("contact", "address", "device")} < seen, seen


def test_a_serial_out_of_sight_is_in_use_and_nothing_more(server, admin, company, tmp_path):
    user = new_user(server, admin, [*of_all("device"), "customer.read", "model.read", "device.import", "import.read", "import.create", "import.change", "file.create"],
                    "region", region_id=admin.post("/region", {"code": f"r{uuid.uuid4().hex[:6]}", "name": "华北"})["id"])
    region = next(u.user["region_id"] for u in company if u.user.get("region_id"))
    owner = admin.post("/customer", {"name": "王小明", "phone": new_phone(), "region_id": region})["id"]
    model = admin.get("/model", limit=1)["items"][0]
    serial = uuid.uuid4().hex[:12].upper()
    hidden = admin.post("/device", {"customer_id": owner, "model_id": model["id"], "serial": serial})
    user.get(f"/device/{hidden['id']}", status=404)
    answer = user.post("/device", {"model_id": model["id"], "serial": serial}, status=422)
    assert answer["error"]["fields"] == [{"field": "serial", "code": "field_taken", "message": f"Already in use: {serial}"}]
    assert hidden["id"] not in json.dumps(answer) and owner not in json.dumps(answer)
    sheet = tmp_path / "devices.csv"
    sheet.write_text(f"序列号,型号,安装位置\n{serial},{model['code']},厨房\n")
    job = imports.run(user, "device", sheet, {"序列号": "serial", "型号": "model_id", "安装位置": "place"})
    assert (job["changed"], job["bad"]) == (0, 1)
    assert [(f["head"], f["code"], f["value"]) for f in imports.faults(user, job)] == [("序列号", "field_taken", serial)]
    assert admin.get(f"/device/{hidden['id']}")["place"] == ""


def test_messages_of_a_ticket_out_of_sight_are_out_of_sight(company, admin):
    user = next(u for u in company if u.role["scope"] == "team" and u.user.get("team_id"))
    tickets = every_id(user, "ticket")
    about = {row["id"]: row for row in admin.get("/outbox", limit=200)["items"]}
    listed = every_id(user, "outbox")
    no = {row["no"] for row in admin.get("/ticket", limit=200)["items"] if row["id"] not in tickets}
    hidden = {i for i, row in about.items() if any(n in (row["body"] or "") for n in no)}
    assert hidden and not hidden & listed and listed & about.keys()
    for row in hidden:
        user.get(f"/outbox/{row}", status=404)
        user.get(f"/outbox/{row}/history", status=404)


def test_a_private_view_is_its_owners_alone(server, admin, company):
    mine = company[0].post("/view", {"record": "ticket", "name": "只给自己", "audience": "mine"})
    for other in (admin, company[-1]):
        other.get(f"/view/{mine['id']}", status=404)
        other.patch(f"/view/{mine['id']}", {"version": 1, "name": "x"}, status=404)
        assert mine["id"] not in every_id(other, "view")
    assert company[0].get(f"/view/{mine['id']}")["name"] == "只给自己"


def test_nobody_locks_himself_out(server, admin):
    me = admin.get("/session")
    user = admin.get(f"/user/{me['user']['id']}")
    role = admin.get(f"/role/{me['role']['id']}") if "role" in me else admin.get("/role", filter='[["code","=","administrator"]]')["items"][0]
    other = next(r for r in admin.get("/role")["items"] if r["id"] != role["id"])
    for method, path, body in (("POST", f"/user/{user['id']}/archive", {"version": user["version"]}),
                               ("PATCH", f"/user/{user['id']}", {"version": user["version"], "role_id": other["id"]}),
                               ("PATCH", f"/role/{role['id']}", {"version": role["version"], "permissions": ["ticket.read"]}),
                               ("PATCH", f"/role/{role['id']}", {"version": role["version"], "scope": "own"})):
        assert admin.request(method, path, body, status=403)["error"]["code"] == "own_rights", path
    admin.patch(f"/user/{user['id']}", {"version": user["version"], "lang": "zh"})


def bearer(server, token):
    client = Client(server.url)
    client.http.headers["Authorization"] = f"Bearer {token}"
    return client


def test_a_token_does_what_it_and_its_person_both_may(server, admin):
    owner = new_user(server, admin, ["ticket.read", "customer.read", *of_all("api_token")])
    made = owner.post("/api_token", {"name": "报表", "scopes": ["ticket.read"]})
    program = bearer(server, made["token"])
    program.get("/ticket")
    program.get("/customer", status=403)
    program.post("/api_token", {"name": "再来一个", "scopes": ["ticket.read"]}, status=403)
    assert owner.post("/api_token", {"name": "太多", "scopes": ["user.read"]}, status=(403, 422))["error"]
    assert "token" not in json.dumps(owner.get(f"/api_token/{made['id']}")).replace("api_token", "")
    owner.patch(f"/api_token/{made['id']}", {"version": 1, "scopes": ["user.read"]}, status=(403, 422))
    admin.patch(f"/role/{owner.role['id']}", {"version": owner.role["version"], "permissions": ["customer.read", *of_all("api_token")]})
    program.get("/ticket", status=403)
    admin.patch(f"/role/{owner.role['id']}", {"version": owner.role["version"] + 1, "permissions": ["ticket.read", *of_all("api_token")]})
    program.get("/ticket")
    owner.post(f"/api_token/{made['id']}/archive", {"version": 1})
    program.get("/ticket", status=401)


def test_a_token_ends_with_its_person(server, admin):
    owner = new_user(server, admin, ["ticket.read", *of_all("api_token")])
    program = bearer(server, owner.post("/api_token", {"name": "报表", "scopes": ["ticket.read"]})["token"])
    program.get("/ticket")
    admin.post(f"/user/{owner.user['id']}/archive", {"version": admin.get(f"/user/{owner.user['id']}")["version"]})
    program.get("/ticket", status=401)


def change(admin, ticket):
    found = admin.get(f"/ticket/{ticket['id']}")
    other = "morning" if found["preferred_time"] == "evening" else "evening"
    return admin.patch(f"/ticket/{ticket['id']}", {"version": found["version"], "preferred_time": other})


def new_ticket(admin, **more):
    customer = admin.post("/customer", {"name": "王小明", "phone": new_phone()})
    return admin.post("/ticket", {"scene": "repair", "customer_id": customer["id"], "text": "冰箱漏水，地板湿了"} | more)


def test_live_events_keep_to_the_scope(server, admin):
    user = new_user(server, admin, ["ticket.read"], "own")
    hidden, seen = new_ticket(admin), new_ticket(admin)
    found = admin.get(f"/ticket/{seen['id']}")
    admin.post(f"/ticket/{seen['id']}/action/assign", {"version": found["version"], "owner_id": user.user["id"]})
    listener = Listener(server, user)
    listener.subscribe("view:ticket")
    heard = []
    for ticket in (hidden, seen):
        change(admin, ticket)
    assert listener.hears(lambda e: heard.append(e["id"]) or e["id"] == seen["id"])
    assert hidden["id"] not in heard


@pytest.mark.parametrize("ending", ["sign out", "archived", "password", "token revoked"])
def test_the_stream_ends_with_the_right_to_it(server, admin, ending):
    user = new_user(server, admin, ["ticket.read", *of_all("api_token")])
    ticket = new_ticket(admin)
    client = user
    if ending == "token revoked":
        made = user.post("/api_token", {"name": "屏幕", "scopes": ["ticket.read"]})
        client = bearer(server, made["token"])
    listener = Listener(server, client)
    listener.subscribe("view:ticket")
    change(admin, ticket)
    assert listener.hears(lambda e: e["id"] == ticket["id"])
    if ending == "sign out":
        user.delete("/session")
    elif ending == "archived":
        admin.post(f"/user/{user.user['id']}/archive", {"version": admin.get(f"/user/{user.user['id']}")["version"]})
    elif ending == "password":
        set_password(server, user.user, PASSWORD + "!")
    else:
        user.post(f"/api_token/{made['id']}/archive", {"version": 1})
    assert listener.hears(lambda e: False) is False


def test_a_token_keeps_its_scopes_on_the_stream_when_rights_are_read_again(server, admin):
    owner = new_user(server, admin, ["ticket.read", "customer.read", *of_all("api_token")])
    listener = Listener(server, bearer(server, owner.post("/api_token", {"name": "屏", "scopes": ["ticket.read"]})["token"]))
    new_user(server, admin, ["ticket.read"])        # somebody's rights change: all are read anew
    ticket = new_ticket(admin)
    listener.subscribe("view:ticket", "view:customer")
    customer = admin.post("/customer", {"name": "王小明", "phone": new_phone()})
    heard = []
    change(admin, ticket)
    assert listener.hears(lambda e: heard.append(e["object"]) or e["id"] == ticket["id"])
    assert customer["id"] and "customer" not in heard
