"""Promises, roles and flows of industry packs, and the whole of a pack: a company that came to a pack has what one made with it has."""
import subprocess

import people
import pytest
from people import new_phone
from test_packs import rows, steps, take_up

from client import Client
from server import binary

PASSWORD = "a long enough word"
ALWAYS = {"administrator", "security", "auditor"}
OWN = {"appliance": set(), "retail": {"returns", "warehouse", "shop"}, "services": {"dispatcher", "worker"}}
SHARED = {"supervisor", "agent", "inspector", "reader"}
PARTS = ("role", "promise", "flow", "clock_policy", "chat_queue", "rule", "template")
NOT_OF_A_PACK = {"id", "version", "created_at", "updated_at", "actions", "calendar_id", "on_since"}


def add_company(server, code, pack):
    """A company of that pack with its administrator, signed in."""
    done = subprocess.run([binary(), "company", *server.company.options(), "add", code, code, "--admin", "boss", "--pack", pack],
                          input=PASSWORD + "\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    client = Client(server.url, address=people.new_address())
    client.post("/session", {"account": "boss", "password": PASSWORD, "tenant": code}, status=201)
    return client


@pytest.fixture(scope="module")
def house(server):
    """What makes companies of a pack, all on one server: none of them sees the others."""
    made = []

    def make(pack, code=None):
        made.append(add_company(server, code or f"{pack}-{len(made)}", pack))
        return made[-1]
    yield make
    for client in made:
        client.close()


def all_of_pack(admin):
    """All that a pack decides, without what tells one company's rows from another's."""
    found = {"form": {k: v for k, v in admin.get("/my/form", tenant=admin.get("/session")["tenant"]["code"]).items() if k != "tenant"}}
    meta = admin.get("/meta")
    found |= {"records": meta["records"], "flows": meta["flows"], "words": meta["words"]}
    for record in PARTS:
        items = admin.get(f"/{record}", limit=200)["items"]
        found[record] = sorted(({k: v for k, v in row.items() if k not in NOT_OF_A_PACK} for row in items), key=lambda row: (row["name"], str(row)))
    return found


def ids(admin):
    return {(record, row["id"]) for record in PARTS for row in admin.get(f"/{record}", limit=200)["items"]}


def roles(admin):
    return {row["code"]: row for row in admin.get("/role", limit=200)["items"]}


def promises(admin):
    return {row["code"]: row for row in admin.get("/promise", limit=200)["items"]}


def hire(admin, role, account="zhang"):
    return admin.post("/user", {"account": account, "name": "张三", "role_id": roles(admin)[role]["id"]})


def test_a_company_that_came_to_a_pack_has_what_one_made_with_it_has(house):
    made = {pack: all_of_pack(house(pack)) for pack in OWN}
    assert made["appliance"] != made["retail"] != made["services"]
    traveller = house("appliance")
    first = ids(traveller)
    for pack in ("retail", "services", "appliance", "services", "retail", "appliance"):
        take_up(traveller, pack)
        now = all_of_pack(traveller)
        for part in made[pack]:
            assert now[part] == made[pack][part], (pack, part)
    assert ids(traveller) == first, "the same rows, not copies of them"


def test_every_pack_has_its_roles_and_those_that_keep_each_other_in_check(house):
    for pack, own in OWN.items():
        found = roles(house(pack))
        assert set(found) == ALWAYS | SHARED | own
        assert all(row["name_en"] and row["name"] != row["name_en"] for row in found.values())
        given = {right for code, row in found.items() if code not in ALWAYS for right in row["permissions"]}
        assert not {right for right in given if right == "*" or right.startswith(("audit.", "setting.", "user.c", "role.c"))}


def test_rights_of_every_role_are_words_that_the_product_knows(house):
    for pack in OWN:
        admin = house(pack)
        records = {r["name"] for r in admin.get("/meta")["records"]} | {"compensation_grant", "wall", "audit", "file", "setting", "attendance", "duty"}
        for row in roles(admin).values():
            assert {right.split(".")[0] for right in row["permissions"] if right != "*"} <= records, row["code"]


def test_roles_nobody_has_touched_go_and_come_back_the_same(house):
    admin = house("retail")
    before = roles(admin)
    plan = admin.get("/pack/services")
    assert steps(plan, "role")["archive"] == {"退换货审核", "仓库收发", "门店店员"} and steps(plan, "role")["add"] == {"调度员", "上门师傅"}
    assert steps(plan, "role")["keep"] == {"管理员", "安全管理员", "审计员"}
    assert take_up(admin, "services")["changes"] == plan["changes"]
    assert set(roles(admin)) == ALWAYS | SHARED | OWN["services"]
    take_up(admin, "retail")
    assert {code: (row["id"], row["permissions"]) for code, row in roles(admin).items()} == {code: (row["id"], row["permissions"]) for code, row in before.items()}


def test_a_role_that_is_held_or_changed_stays(house):
    admin = house("retail")
    person = hire(admin, "returns")
    shop = roles(admin)["shop"]
    admin.patch(f"/role/{shop['id']}", {"version": shop["version"], "scope": "all"})
    assert {"退换货审核", "门店店员"} <= steps(admin.get("/pack/services"), "role")["keep"]
    take_up(admin, "services")
    now = roles(admin)
    assert set(now) == ALWAYS | SHARED | OWN["services"] | {"returns", "shop"} and now["shop"]["scope"] == "all"
    # Whoever has left may come back: her role waits for her.
    admin.post(f"/user/{person['id']}/archive", {"version": person["version"]})
    take_up(admin, "appliance")
    assert "returns" in roles(admin) and "worker" not in roles(admin)
    take_up(admin, "retail")
    assert roles(admin)["shop"]["id"] == shop["id"] and roles(admin)["shop"]["scope"] == "all", "the company's own answer to what the pack says"


def test_a_role_that_the_company_put_away_stays_away(house):
    admin = house("retail")
    shop = roles(admin)["shop"]
    admin.post(f"/role/{shop['id']}/archive", {"version": shop["version"]})
    take_up(admin, "services")
    take_up(admin, "retail")
    assert "shop" not in roles(admin) and "warehouse" in roles(admin)


def test_nobody_takes_up_a_pack_whose_roles_and_rules_may_do_more_than_he(house):
    """He may change settings, roles and people, and nothing else."""
    admin = house("appliance", "narrow")
    before = all_of_pack(admin)
    rights = ["setting.read", "setting.change", "user.read", "user.create", "user.change", "role.read", "role.create", "role.change"]
    narrow = admin.post("/role", {"code": "setter", "name": "设置员", "scope": "own", "permissions": rights})
    person = admin.post("/user", {"account": "setter", "name": "李四", "role_id": narrow["id"]})
    admin.post(f"/user/{person['id']}/password", {"password": PASSWORD})
    setter = Client(admin.url, address=people.new_address())
    setter.post("/session", {"account": "setter", "password": PASSWORD, "tenant": "narrow"}, status=201)
    refused = setter.post("/pack/retail/use", {"from": "appliance"}, status=422)["error"]
    assert "forbidden" in {fault["code"] for fault in refused["fields"]}
    after = all_of_pack(admin)
    after["role"] = [row for row in after["role"] if row["code"] != "setter"]
    assert after == before, "nothing has changed"
    setter.close()


def test_promises_follow_the_pack_and_keep_their_figures(house):
    admin = house("appliance")
    before = promises(admin)
    plan = admin.get("/pack/retail")
    assert "退换货审核" in steps(plan, "promise")["add"] and "修后首次回访" in steps(plan, "promise")["archive"] and "首次响应" in steps(plan, "promise")["change"]
    take_up(admin, "retail")
    now = promises(admin)
    assert now["first_response"]["id"] == before["first_response"]["id"] and now["first_response"]["target"] == 10
    assert "售后单" in now["closed_loop"]["meaning"] and "first_call" not in now
    assert {p["code"] for p in admin.get("/promise/figures")["items"]} == set(now)
    take_up(admin, "appliance")
    assert {code: (row["id"], row["target"], row["meaning"]) for code, row in promises(admin).items()} == \
        {code: (row["id"], row["target"], row["meaning"]) for code, row in before.items()}


def test_a_promise_that_the_company_made_changed_or_put_away_stays(house):
    admin = house("appliance")
    known = promises(admin)
    admin.patch(f"/promise/{known['first_response']['id']}", {"version": known["first_response"]["version"], "target": 20})
    admin.post(f"/promise/{known['review_call']['id']}/archive", {"version": known["review_call"]["version"]})
    admin.post("/promise", {"name": "自己的", "code": "own", "area": "solving", "measure": "closed_loop", "target": 80})
    assert steps(admin.get("/pack/services"), "promise")["keep"] == {"首次响应", "自己的"}
    for pack in ("services", "retail", "appliance"):
        take_up(admin, pack)
        now = promises(admin)
        assert now["first_response"]["target"] == 20 and now["own"]["target"] == 80 and "review_call" not in now


def test_the_order_that_a_company_gave_its_policies_stays(house):
    admin = house("appliance")
    rule = rows(admin, "rule")["差评：2 小时内跟进"]
    admin.patch(f"/rule/{rule['id']}", {"version": rule["version"], "place": 5})
    take_up(admin, "retail")
    assert rows(admin, "rule")["差评：2 小时内跟进"]["place"] == 5


# ---- flows ----

FLOWS = {"appliance": set(), "retail": {"退换货"}, "services": {"上门服务"}}


def in_force(admin, object="ticket"):
    return {row["name"] for row in rows(admin, "flow").values() if row["object"] == object and row["state"] == "on"}


def told(plan):
    """What the preview says of flows: step, draft, what still uses them."""
    return {c["name"]["zh"]: (c["step"], c["draft"], c["held"]) for c in plan["changes"] if c["record"] == "flow"}


def own_places(admin):
    flow = next(f for f in admin.get("/meta")["flows"] if f["name"] == "ticket")
    return {s["value"] for s in flow["stages"]}, {a["name"] for a in flow["actions"] if a["name"].startswith("o_")}


def ticket(admin, scene, *moves):
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    row = admin.post("/ticket", {"scene": scene, "customer_id": customer, "text": "尺码不合适"})
    for move, more in moves:
        row = admin.post(f"/ticket/{row['id']}/action/{move}", {"version": row["version"]} | more)
    return row


def sent_back(admin):
    return ticket(admin, "return", ("accept", {}), ("o_send_back", {"reason": "请寄回"}))


def let_go(admin, stage="to_send"):
    assert admin.post("/flow/empty", {"object": "ticket", "from": stage, "to": ""})["left"] == 0


def test_the_flow_of_the_pack_is_in_force_and_goes_with_it(house):
    for pack, own in FLOWS.items():
        assert in_force(house(pack)) == own
    admin = house("appliance")
    assert own_places(admin) == (set(), set())
    plan = admin.get("/pack/retail")
    assert told(plan) == {"退换货": ("add", False, None)}
    assert take_up(admin, "retail")["changes"] == plan["changes"]
    assert own_places(admin) == ({"to_send", "inspecting"}, {"o_send_back", "o_received"})
    returned = rows(admin, "flow")["退换货"]["id"]
    assert told(take_up(admin, "services")) == {"退换货": ("archive", False, None), "上门服务": ("add", False, None)}
    assert own_places(admin) == ({"booked", "parts"}, {"o_book", "o_parts", "o_parts_here"})
    assert told(take_up(admin, "retail"))["退换货"] == ("restore", False, None)
    assert rows(admin, "flow")["退换货"]["id"] == returned and in_force(admin) == {"退换货"}
    take_up(admin, "appliance")
    assert in_force(admin) == set() and own_places(admin) == (set(), set())


def test_tickets_walk_through_the_flow_of_the_pack(house):
    retail = house("retail")
    row = sent_back(retail)
    assert (row["state"], row["stage"]) == ("waiting_customer", "to_send")
    row = retail.post(f"/ticket/{row['id']}/action/o_received", {"version": row["version"]})
    assert (row["state"], row["stage"]) == ("working", "inspecting")
    assert "o_send_back" not in {a["name"] for a in ticket(retail, "order", ("accept", {}))["actions"]}, "of returns alone"
    services = house("services")
    row = ticket(services, "appointment", ("accept", {}), ("o_book", {}), ("o_parts", {"reason": "缺滤芯"}))
    assert (row["state"], row["stage"]) == ("working", "parts") and "resolve" not in {a["name"] for a in row["actions"]}
    row = services.post(f"/ticket/{row['id']}/action/o_parts_here", {"version": row["version"]})
    assert row["stage"] == "booked" and "resolve" in {a["name"] for a in row["actions"]}


def test_a_flow_that_tickets_stand_in_is_held_until_they_have_gone(house):
    admin = house("retail")
    row = sent_back(admin)
    plan = admin.get("/pack/services")
    assert told(plan) == {"退换货": ("keep", False, "“To be sent back” (1)"), "上门服务": ("add", True, None)}
    assert take_up(admin, "services")["changes"] == plan["changes"]
    assert in_force(admin) == {"退换货"} and admin.get(f"/ticket/{row['id']}")["stage"] == "to_send"
    take_up(admin, "retail")            # undone
    assert in_force(admin) == {"退换货"} and "上门服务" not in rows(admin, "flow")
    take_up(admin, "services")
    take_up(admin, "appliance")
    assert in_force(admin) == {"退换货"}
    let_go(admin)
    assert told(admin.get("/pack/services")) == {"退换货": ("archive", False, None), "上门服务": ("restore", False, None)}
    take_up(admin, "services")
    assert in_force(admin) == {"上门服务"}, "what waited as a draft"
    take_up(admin, "retail")
    assert in_force(admin) == {"退换货"}


def test_a_flow_whose_moves_a_rule_makes_is_held(house):
    admin = house("retail")
    admin.post("/rule", {"name": "自动寄回", "object": "ticket", "state": "draft", "events": ["start"], "actions": [{"do": "move", "action": "o_received"}], "condition": "scene = return"})
    assert told(admin.get("/pack/appliance")) == {"退换货": ("keep", False, "The rule “自动寄回”")}
    take_up(admin, "appliance")
    assert in_force(admin) == {"退换货"}


def test_a_flow_that_the_company_made_changed_or_switched_off_stays_so(house):
    own = {"name": "自己的", "object": "ticket", "state": "on", "moves": [{"move": "accept", "zh": "接单"}]}
    admin = house("appliance")
    admin.post("/flow", own)
    assert told(admin.get("/pack/retail")) == {"自己的": ("keep", False, None), "退换货": ("add", True, None)}
    for pack in ("retail", "services", "retail", "appliance"):
        take_up(admin, pack)
        assert in_force(admin) == {"自己的"}, pack
    changed = house("retail")
    row = rows(changed, "flow")["退换货"]
    changed.patch(f"/flow/{row['id']}", {"version": row["version"], "name_en": "Our returns"})
    for pack in ("services", "retail"):
        take_up(changed, pack)
        assert in_force(changed) == {"退换货"}, pack
    off = house("retail")
    row = rows(off, "flow")["退换货"]
    off.patch(f"/flow/{row['id']}", {"version": row["version"], "state": "off"})
    take_up(off, "services")
    assert in_force(off) == {"上门服务"}
    take_up(off, "retail")
    assert in_force(off) == set() and rows(off, "flow")["退换货"]["state"] == "off"


def test_a_flow_that_comes_back_does_not_push_out_the_companys_own(house):
    admin = house("retail")
    take_up(admin, "services")
    admin.post("/flow", {"name": "自己的", "object": "ticket", "state": "on", "moves": [{"move": "accept", "zh": "接单"}]})
    assert told(admin.get("/pack/retail"))["退换货"] == ("restore", True, None)
    take_up(admin, "retail")
    assert in_force(admin) == {"自己的"} and rows(admin, "flow")["退换货"]["state"] == "draft"
