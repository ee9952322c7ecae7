"""Row conditions of roles: whoever holds one sees, on every way there is, exactly the rows that meet it, and can give nobody more."""
import csv
import io
import itertools
import json
import random
import uuid

import pytest
from listener import Listener
from people import new_address, new_phone
from test_file import png, upload
from test_scope import PASSWORD, change, every_id, new_user, set_password

from client import Client

SEED = 20261129
numbers = itertools.count(1)

# What a condition may be about; those with `me` are true for each reader in his own way and are not compared with the administrator's list.
ATOMS = {
    "ticket": ["grade = critical", "grade in (urgent, critical)", "scene != repair", "scene in (repair, complaint)", "owner_id is none", "team_id is none",
               "customer.region_id is none", "customer.created_at > 2020-01-01", "product.category = fridge", "product_id is none", "remind_count > 0", "age(created_at) < 1h",
               "description contains \"漏\"", "state = new", "customer.owner_id is none"],
    "customer": ["region_id is none", "region_id is not none", "source = manual", "grade = normal", "created_at > 2020-01-01"],
    "device": ["customer_id is none", "customer.region_id is none", "model.product.category = fridge", "purchased_on is none"],
    "contact": ["customer.region_id is none", "relation is none"],
}
PERSONAL = {"ticket": ["owner_id = me", "team_id = my_team", "customer.region_id = my_region"], "customer": ["region_id = my_region"]}
SEEN = ("ticket", "customer", "contact", "address", "device", "outbox", "purchase_proof")
RIGHTS = [f"{name}.{verb}" for name in SEEN for verb in ("read", "create", "change", "export")] + \
    ["product.read", "model.read", "region.read", "team.read", "user.read", "file.read", "file.create", "ticket.work", "ticket.assign"]


def usable(admin, record, atoms):
    """Those that this record understands: definitions grow, and this list need not know them all."""
    return [one for one in atoms if admin.http.get(f"/{record}", params={"condition": one, "limit": 1}).status_code == 200]


def grown(choose, atoms, depth=2):
    if depth == 0 or choose.random() < 0.4:
        return choose.choice(atoms)
    kind = choose.choice(("and", "or", "not"))
    if kind == "not":
        return f"not ({grown(choose, atoms, depth - 1)})"
    return f" {kind} ".join(f"({grown(choose, atoms, depth - 1)})" for _ in range(2))


@pytest.fixture(scope="module")
def world(server, admin):
    """Rows of every kind in two regions, and the atoms that can be said of them."""
    choose = random.Random(SEED)
    regions = [None, *(admin.post("/region", {"code": uuid.uuid4().hex[:8], "name": n})["id"] for n in ("东", "西"))]
    team = admin.post("/team", {"name": f"组{uuid.uuid4().hex[:6]}"})["id"]
    products = [p["id"] for p in admin.get("/product", limit=50)["items"]]
    models = [m["id"] for m in admin.get("/model", limit=50)["items"]]
    for _ in range(16):
        customer = admin.post("/customer", {"name": "王小明", "phone": new_phone(), "region_id": choose.choice(regions)})["id"]
        admin.post("/contact", {"customer_id": customer, "name": "李四", "phone": new_phone()})
        admin.post("/address", {"customer_id": customer, "city": "杭州", "street": "文一路 1 号"})
        admin.post("/device", {"customer_id": choose.choice([customer, None]), "model_id": choose.choice(models), "serial": uuid.uuid4().hex[:12].upper()})
        admin.post("/ticket", {"scene": choose.choice(["repair", "complaint", "usage"]), "customer_id": customer, "product_id": choose.choice(products),
                               "text": choose.choice(["冰箱漏水", "不制冷了"])}, status=(201, 422))
    atoms = {record: usable(admin, record, words) for record, words in ATOMS.items()}
    personal = {record: usable(admin, record, words) for record, words in PERSONAL.items()}
    assert all(len(words) > 1 for words in atoms.values()), atoms
    return {"choose": choose, "regions": regions, "team": team, "atoms": atoms, "personal": personal}


def somebody(server, admin, world, conditions, scope="all", permissions=RIGHTS, **more):
    word = f"rc{next(numbers)}{uuid.uuid4().hex[:6]}"
    role = admin.post("/role", {"code": word, "name": word, "permissions": permissions, "scope": scope, "conditions": conditions} | more)
    user = admin.post("/user", {"account": word, "name": word, "role_id": role["id"], "team_id": world["team"], "region_id": world["regions"][1]})
    set_password(server, user, PASSWORD)
    client = Client(server.url, address=new_address()).sign_in(word, PASSWORD)
    client.user, client.role = user, role
    return client


def rule(record, where):
    return {"record": record, "where": where}


def by_condition(admin, record, where):
    ids, after = set(), {}
    while True:
        page = admin.get(f"/{record}", limit=200, condition=where, **after)
        ids |= {row["id"] for row in page["items"]}
        if not page["next"]:
            return ids
        after = {"after": page["next"]}


@pytest.mark.parametrize("number", range(2))
def test_every_way_to_a_row_agrees_with_the_condition(server, admin, world, number):
    choose = random.Random(SEED + number)
    record = choose.choice(sorted(world["atoms"]))
    where = grown(choose, world["atoms"][record])
    rules = [rule(record, where)]
    user = somebody(server, admin, world, rules)
    meant = by_condition(admin, record, where)
    for name in SEEN:
        all_rows = every_id(admin, name)
        listed = every_id(user, name)
        readable = {row for row in all_rows if user.http.get(f"/{name}/{row}").status_code == 200}
        assert listed == readable, (name, rules)
        assert user.get(f"/{name}/count")["total"] == len(listed), (name, rules)
        if name == record:
            assert listed == meant & all_rows, rules
    hidden = sorted(every_id(admin, record) - meant)[:3]
    for row in hidden:
        user.get(f"/{record}/{row}/history", status=404)
        user.patch(f"/{record}/{row}", {"version": 1}, status=404)
    sheet = user.http.get(f"/{record}/export", params={"format": "csv"})
    assert sheet.status_code == 200 and len(list(csv.reader(io.StringIO(sheet.text.lstrip("\ufeff"))))) - 1 == len(meant)


@pytest.mark.parametrize("number", range(8))
def test_lists_and_single_rows_agree_whatever_scope_and_rules_meet(server, admin, world, number):
    choose = random.Random(SEED + 100 + number)
    rules = []
    for record in choose.sample(sorted(world["atoms"]), choose.randint(1, 3)):
        rules.append(rule(record, grown(choose, world["atoms"][record] + world["personal"].get(record, []))))
    user = somebody(server, admin, world, rules, choose.choice(["own", "team", "region", "all"]))
    for name in SEEN:
        rows = every_id(admin, name)
        listed = every_id(user, name)
        assert listed == {row for row in rows if user.http.get(f"/{name}/{row}").status_code == 200}, (name, rules, user.role["scope"])
        assert user.get(f"/{name}/count")["total"] == len(listed)
        for where in choose.sample(world["atoms"].get(name, []), min(2, len(world["atoms"].get(name, [])))):    # lists with a condition of their own on top
            asked = {row["id"] for row in user.get(f"/{name}", limit=200, condition=where)["items"]}
            assert asked == listed & by_condition(admin, name, where) or "." in where, (name, where, rules)


@pytest.mark.quick
def test_what_hangs_on_a_hidden_ticket_is_hidden(server, admin, world):
    customer = admin.post("/customer", {"name": "王小明", "phone": new_phone()})["id"]
    shown, hidden = (admin.post("/ticket", {"scene": scene, "customer_id": customer, "text": f"独角兽 {scene}"}) for scene in ("repair", "complaint"))
    user = somebody(server, admin, world, [rule("ticket", "scene = repair")])
    files = {}
    for ticket in (shown, hidden):
        files[ticket["id"]] = upload(admin, "a.png", png(20, 20))
        admin.post(f"/ticket/{ticket['id']}/comment", {"text": "图", "visibility": "internal", "file_ids": [files[ticket["id"]]]})
    assert user.http.get(f"/file/{files[shown['id']]}/content").status_code == 200
    assert user.http.get(f"/file/{files[hidden['id']]}/content").status_code == 404
    for path in ("", "/timeline", "/history"):
        user.get(f"/ticket/{shown['id']}{path}")
        user.get(f"/ticket/{hidden['id']}{path}", status=404)
    user.post(f"/ticket/{hidden['id']}/comment", {"text": "x", "visibility": "internal"}, status=404)
    user.post(f"/ticket/{hidden['id']}/action/accept", {"version": 1}, status=404)
    said = json.dumps([user.get("/search", q=hidden["no"]), user.get("/ticket", q=hidden["no"]), user.get("/outbox", limit=200)["items"]], ensure_ascii=False)
    assert hidden["id"] not in said


def test_nobody_makes_or_moves_a_row_out_of_the_own_sight(server, admin, world):
    near, far = world["regions"][1:]
    user = somebody(server, admin, world, [rule("customer", "region_id = my_region")])
    user.post("/customer", {"name": "远", "phone": new_phone(), "region_id": far}, status=403)
    mine = user.post("/customer", {"name": "近", "phone": new_phone(), "region_id": near})
    user.patch(f"/customer/{mine['id']}", {"version": mine["version"], "region_id": far}, status=403)
    assert user.get(f"/customer/{mine['id']}")["region_id"] == near


def test_live_events_keep_to_the_condition(server, admin, world):
    customer = admin.post("/customer", {"name": "王小明", "phone": new_phone()})["id"]
    user = somebody(server, admin, world, [rule("ticket", "scene = repair")])
    hidden, seen = (admin.post("/ticket", {"scene": scene, "customer_id": customer, "text": "漏水"}) for scene in ("complaint", "repair"))
    listener = Listener(server, user)
    listener.subscribe("view:ticket", f"ticket:{hidden['id']}")
    heard = []
    for ticket in (hidden, seen):
        change(admin, ticket)
    assert listener.hears(lambda e: heard.append(e["id"]) or e["id"] == seen["id"])
    assert hidden["id"] not in heard


def test_taking_sight_away_works_at_once_and_one_that_cannot_be_read_hides_all(server, admin, world):
    user = somebody(server, admin, world, [])
    assert every_id(user, "ticket") == every_id(admin, "ticket")
    role = admin.patch(f"/role/{user.role['id']}", {"version": user.role["version"], "conditions": [rule("ticket", "scene = complaint")]})
    assert every_id(user, "ticket") == by_condition(admin, "ticket", "scene = complaint")
    server.company.execute(f"""UPDATE role SET conditions = '[{{"record":"ticket","where":"no_such_field = 1"}}]' WHERE id = {role['id']}""")
    assert every_id(user, "ticket") == set() and user.get("/ticket/count")["total"] == 0
    user.get(f"/ticket/{sorted(every_id(admin, 'ticket'))[0]}", status=404)


def test_a_condition_is_kept_in_one_form_and_a_wrong_one_names_its_place(admin):
    word = uuid.uuid4().hex[:8]
    made = admin.post("/role", {"code": word, "name": word, "conditions": [rule("ticket", "scene=repair  and not(grade = critical)")]})
    assert made["conditions"] == [rule("ticket", "scene = repair and not (grade = critical)")]
    for conditions, field in (([rule("ticket", "scene = repair and no_such = 1")], "conditions[0].where[19]"), ([rule("nothing", "true")], "conditions[0].record"),
                              ([rule("view", "true")], "conditions[0].record"), ([rule("customer", 'phone = "13800000001"')], "conditions[0].where"), ({"ticket": "true"}, "conditions")):
        answer = admin.post("/role", {"code": uuid.uuid4().hex[:8], "name": "x", "conditions": conditions}, status=422)
        assert field in [f["field"] for f in answer["error"]["fields"]], answer


def test_nobody_gives_more_sight_than_he_has(server, admin, world):
    own = [rule("ticket", "scene = repair")]
    rights = [f"{name}.{verb}" for name in ("role", "user") for verb in ("read", "create", "change")] + ["ticket.read"]
    lead = somebody(server, admin, world, own, "team", rights)
    word = uuid.uuid4().hex[:8]

    def role(status, **more):
        return lead.post("/role", {"code": uuid.uuid4().hex[:8], "name": word, "permissions": ["ticket.read"], "scope": "team", "conditions": own} | more, status=status)

    role((403, 422), scope="all")
    role((403, 422), conditions=[])
    role((403, 422), conditions=[rule("ticket", "true")])
    good = role(201)
    wide = new_user(server, admin, ["ticket.read"]).role
    lead.post("/user", {"account": uuid.uuid4().hex[:8], "name": "x", "role_id": wide["id"]}, status=(403, 422))
    lead.post("/user", {"account": uuid.uuid4().hex[:8], "name": "x", "role_id": good["id"]}, status=201)
    mine = lead.get(f"/role/{lead.role['id']}")
    assert lead.patch(f"/role/{mine['id']}", {"version": mine["version"], "conditions": []}, status=403)["error"]["code"] == "own_rights"
    lead.patch(f"/role/{good['id']}", {"version": good["version"], "conditions": []}, status=(403, 422))
    lead.patch(f"/role/{good['id']}", {"version": good["version"], "name": "另一个名字"}, status=200)


def test_a_token_sees_no_more_than_its_person(server, admin, world):
    owner = somebody(server, admin, world, [rule("ticket", "scene = repair")], permissions=["ticket.read", "api_token.read", "api_token.create"])
    program = Client(server.url, address=new_address()).bearing(owner.post("/api_token", {"name": "报表", "scopes": ["ticket.read"]})["token"])
    assert every_id(program, "ticket") == every_id(owner, "ticket") == by_condition(admin, "ticket", "scene = repair")
