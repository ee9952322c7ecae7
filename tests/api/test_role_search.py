"""What a company defines is found by its names in both languages, roles by their code too; those that lay there before they were searched are brought into the index, put away or not."""
import pytest
from patience import wait_for

from client import Client
from server import Server

pytestmark = pytest.mark.quick

ROLES = 120
BEFORE = f"""WITH RECURSIVE old (n) AS (SELECT 5000 UNION ALL SELECT n + 1 FROM old WHERE n + 1 < {5000 + ROLES})
             INSERT INTO role (tenant, id, code, name, archived_at, created_at)
             SELECT (SELECT max(tenant) FROM tenant), n, 'old-' || n, '旧角色' || n, CASE WHEN n % 40 = 0 THEN n ELSE 0 END, n FROM old"""
FILL = "INSERT INTO job (tenant, id, kind, run_at, unique_key) SELECT max(tenant), 9999, 'upkeep.fill', 1, 'role' FROM tenant"


def names(admin, **query):
    return [r["name"] for r in admin.get("/role", limit=200, **query)["items"]]


def test_rows_of_before_are_found_page_after_page(company):
    company.execute(BEFORE)
    company.execute(FILL)
    with Server(company) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        wait_for(lambda: names(admin, q="旧角色5000", archived=1) == ["旧角色5000"])
        for n in (5001, 5060, 5119):
            assert names(admin, q=f"旧角色{n}") == [f"旧角色{n}"]
            assert names(admin, q=f"old-{n}") == [f"旧角色{n}"]
        wait_for(lambda: not [j for j in admin.get("/job", state="waiting")["items"] if j["kind"] == "upkeep.fill"])
        admin.close()


def test_a_new_name_is_found_and_the_old_one_is_not(admin):
    role = admin.post("/role", {"code": "sought", "name": "巡场督导", "name_en": "Floor walker", "permissions": [], "scope": "own"})
    for word in ("巡场督导", "Floor walker", "sought"):
        wait_for(lambda: names(admin, q=word) == ["巡场督导"])
    assert [h["row"]["id"] for h in admin.get("/search", q="巡场督导")["items"] if h["object"] == "role"] == [role["id"]]
    admin.patch(f"/role/{role['id']}", {"name": "夜班督导", "version": role["version"]})
    wait_for(lambda: names(admin, q="夜班督导") == ["夜班督导"])
    assert names(admin, q="巡场督导") == []


@pytest.mark.parametrize("record, row", [
    ("calendar", {"code": "en_cal", "form": {"name": {"zh": "周一", "en": "Mon"}, "zone": "Asia/Shanghai", "make_up_as": "mon", "week": [{"days": ["mon"], "hours": ["09:00-12:00"]}], "holidays": [], "days": []}}),
    ("clock_measure", {"object": "ticket", "code": "en_measure", "run_when": "state = new"}),
    ("clock_policy", {"object": "ticket", "measure": "solution", "target_minutes": 9, "place": 9000, "condition": 'title = "x"'}),
    ("rule", {"object": "ticket", "state": "draft", "events": ["created"], "actions": []}), ("flow", {"object": "task", "state": "draft", "states": [], "moves": []}),
    ("report_form", {"state": "draft", "scenes": [{"name": "remote", "off": True}]}), ("custom_field", {"object": "device", "kind": "text"}),
    ("promise", {"code": "en_promise", "area": "calls", "object": "ticket", "measure": "closed_loop", "target": 90}), ("product", {"code": "en_product"}),
    ("shift_kind", {"code": "en_shift", "hours": "08:00-12:00"}), ("break_reason", {"code": "en_break"}),
    ("macro", {"record": "ticket", "audience": "mine", "actions": [{"do": "move", "action": "accept"}]}),
])
def test_what_a_company_defines_is_found_by_its_english_name(admin, record, row):
    made = admin.post(f"/{record}", row | {"name": "只有中文", "name_en": f"Zephyr {record[:8]}"})
    wait_for(lambda: [r["id"] for r in admin.get(f"/{record}", q="Zephyr")["items"]] == [made["id"]])
