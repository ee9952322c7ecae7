"""Promises and roles of industry packs, and the whole of a pack: a company that came to a pack has what one made with it has."""
import subprocess

import people
import pytest
from test_packs import rows, steps, take_up

from client import Client
from server import Server, binary

pytestmark = pytest.mark.quick

PASSWORD = "a long enough word"
ALWAYS = {"administrator", "security", "auditor"}
OWN = {"appliance": set(), "retail": {"returns", "warehouse", "shop"}, "services": {"dispatcher", "worker"}}
SHARED = {"supervisor", "agent", "reader"}
PARTS = ("role", "promise", "clock_policy", "rule", "template")
NOT_OF_A_PACK = {"id", "version", "created_at", "updated_at", "actions", "calendar_id", "on_since"}


def add_company(server, code, pack):
    """A company of that pack with its administrator, signed in."""
    done = subprocess.run([binary(), "company", *server.company.options(), "add", code, code, "--admin", "boss", "--pack", pack],
                          input=PASSWORD + "\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    client = Client(server.url, address=people.new_address())
    client.post("/session", {"account": "boss", "password": PASSWORD, "tenant": code}, status=201)
    return client


@pytest.fixture
def house(company):
    """A server, and what makes companies on it."""
    made = []
    with Server(company) as server:
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
