"""Industry packs: a company goes from one to another and back; words, form, promises and rules follow, what it wrote itself stays."""
import re
from pathlib import Path

import pytest
from test_split import remarks

from client import Client
from server import Server

PHONE_PAGE = Path(__file__).parents[2] / "web/apps/mobile/i18n/zh-CN.ts"


@pytest.fixture
def desk(company):
    with Server(company) as server:
        client = Client(server.url).sign_in(*company.accounts[0])
        yield client
        client.close()


def take_up(admin, to):
    now = next(p["name"] for p in admin.get("/pack")["items"] if p["active"])
    return admin.post(f"/pack/{to}/use", {"from": now})


def rows(admin, record):
    return {row["name"]: row for row in admin.get(f"/{record}", limit=200)["items"]}


def steps(plan, record):
    found = {}
    for change in plan["changes"]:
        if change["record"] == record:
            found.setdefault(change["step"], set()).add(change["name"]["zh"])
    return found


def look(admin):
    """All that a pack decides."""
    meta = admin.get("/meta")
    ticket = next(r for r in meta["records"] if r["name"] == "ticket")
    form = admin.get("/my/form")
    return {
        "label": ticket["label"], "plural": ticket["plural"]["en"], "fields": [f["label"] for f in ticket["fields"]], "flows": meta["flows"], "words": meta["words"],
        "form": [(s["name"], s["label"]) for s in form["scenes"]], "policies": sorted((n, r["id"]) for n, r in rows(admin, "clock_policy").items()),
        "rules": sorted((n, r["id"]) for n, r in rows(admin, "rule").items()),
    }


def ticket(admin, status=None, **fields):
    customer = admin.get("/customer", limit=1)["items"][0]["id"]
    return admin.post("/ticket", {"customer_id": customer, "text": "收到的衣服开线了，想退", **fields}, status=status)


def test_a_company_goes_to_another_pack_and_back(desk):
    before = look(desk)
    open_ticket = desk.get("/ticket", limit=1)["items"][0]
    take_up(desk, "retail")
    retail = look(desk)
    assert retail["label"] == {"zh": "售后单", "en": "Request"} and retail["plural"] == "Requests"
    assert {"zh": "售后单号", "en": "Request no."} in retail["fields"] and {"zh": "商品", "en": "Purchase"} in retail["fields"]
    states = {s["value"]: s["label"]["zh"] for f in retail["flows"] if f["name"] == "ticket" for s in f["states"]}
    assert states["new"] == "待审核" and states["closed"] == "已关闭"
    assert [name for name, _ in retail["form"]][:4] == ["return", "order", "logistics", "price"]
    assert "价保 · 24 小时退差" in rows(desk, "clock_policy") and "特急 · 响应 15 分钟" not in rows(desk, "clock_policy")
    assert "退换货：2 小时内审核凭证" in rows(desk, "rule") and "新单自动指派给工作量最少的人" not in rows(desk, "rule")
    assert desk.get(f"/ticket/{open_ticket['id']}")["no"] == open_ticket["no"]
    take_up(desk, "appliance")
    assert look(desk) == before         # the same rows, not copies of them


def test_every_pack_is_whole_and_leads_back(desk):
    vocabulary = {c["value"] for r in desk.get("/meta")["records"] if r["name"] == "ticket" for f in r["fields"] if f["name"] == "scene" for c in f["choices"]}
    before = look(desk)
    packs = [p["name"] for p in desk.get("/pack")["items"]]
    assert packs == ["appliance", "retail", "services"]
    for name in [*packs[1:], packs[0]]:
        take_up(desk, name)
        now = look(desk)
        assert len(now["form"]) >= 6 and {scene for scene, _ in now["form"]} <= vocabulary
        assert all(label["zh"] and label["en"] for _, label in now["form"])
        assert len(now["policies"]) >= 8 and len(now["rules"]) >= 6
        for record in ("clock_policy", "rule", "template"):
            assert all(row["name_en"] for row in rows(desk, record).values())
    assert now == before


def test_tickets_are_filed_in_the_scenes_of_the_pack(desk):
    assert ticket(desk, 422, scene="price")["error"]["fields"][0]["field"] == "scene"
    made = ticket(desk, scene="usage")
    desk.post(f"/ticket/{made['id']}/comment", {"text": "另外想问价保", "visibility": "internal"})
    split = {"scene": "price", "text": "另外想问价保", "comment_ids": remarks(desk, made["id"]), "file_ids": [], "task_ids": []}
    assert "scene" in [f["field"] for f in desk.post(f"/ticket/{made['id']}/split", split, status=422)["error"]["fields"]]
    take_up(desk, "retail")
    made = ticket(desk, scene="price")
    promised = [c["policy_id"] for c in desk.get("/clock", object="ticket", object_id=made["id"])["items"] if c["measure"] == "solution"]
    assert promised == [rows(desk, "clock_policy")["价保 · 24 小时退差"]["id"]]
    ticket(desk, 422, scene="installation")
    take_up(desk, "appliance")
    assert desk.get(f"/ticket/{made['id']}")["scene"] == "price"       # what was filed stays, whatever the pack


def test_messages_to_customers_speak_the_words_of_the_pack(desk):
    def subject_of(scene):
        number = ticket(desk, scene=scene)["no"]
        return next(m["subject"] for m in desk.get("/outbox", sort="-created_at", limit=20)["items"] if number in m["subject"])
    assert subject_of("usage").startswith("服务单 SR")
    take_up(desk, "retail")
    assert subject_of("price").startswith("售后单 SR")


def test_what_a_company_changed_wrote_or_put_away_stays(desk):
    policies, rules = rows(desk, "clock_policy"), rows(desk, "rule")
    changed, gone, off = policies["一般 · 解决 4 小时"], policies["受理 2 小时"], rules["差评：2 小时内跟进"]
    desk.patch(f"/clock_policy/{changed['id']}", {"version": changed["version"], "target_minutes": 300})
    desk.post(f"/clock_policy/{gone['id']}/archive", {"version": gone["version"]})
    desk.patch(f"/rule/{off['id']}", {"version": off["version"], "state": "off"})
    own = desk.post("/clock_policy", {"name": "自己的", "measure": "solution", "condition": "grade = normal", "target_minutes": 90, "place": 5})
    plan = desk.get("/pack/retail")
    assert steps(plan, "clock_policy")["keep"] == {"一般 · 解决 4 小时", "自己的"}
    take_up(desk, "retail")
    assert {"一般 · 解决 4 小时", "自己的"} <= set(rows(desk, "clock_policy"))
    take_up(desk, "appliance")
    back = rows(desk, "clock_policy")
    assert (back["一般 · 解决 4 小时"]["id"], back["一般 · 解决 4 小时"]["target_minutes"]) == (changed["id"], 300)
    assert back["自己的"]["id"] == own["id"] and "受理 2 小时" not in back
    assert rows(desk, "rule")["差评：2 小时内跟进"]["state"] == "off"


def test_the_preview_is_what_then_happens_and_changes_nothing(desk):
    before = look(desk)
    plan = desk.get("/pack/retail")
    assert look(desk) == before and plan["active"] is False
    assert desk.get("/pack/appliance")["changes"] == []
    done = take_up(desk, "retail")
    assert done["changes"] == plan["changes"] and done["active"] is True
    assert steps(desk.get("/pack/appliance"), "rule")["restore"] == steps(plan, "rule")["archive"]
    (switch,) = desk.get("/pack")["switches"]
    assert (switch["from"], switch["to"]) == ("appliance", "retail")
    assert (switch["actor"]["kind"], switch["actor"]["name"]) == ("user", desk.get("/session")["user"]["name"])


def test_what_two_packs_call_alike_but_word_differently_changes_with_the_pack(desk):
    apology = rows(desk, "template")["投诉致歉"]
    own = rows(desk, "template")["处理完成，请确认"]
    own = desk.patch(f"/template/{own['id']}", {"version": own["version"], "text_zh": "自己的写法"})
    take_up(desk, "retail")
    now = rows(desk, "template")
    assert now["投诉致歉"]["id"] != apology["id"] and "售后单" in now["投诉致歉"]["text_zh"]
    assert now["处理完成，请确认"]["text_zh"] == "自己的写法"
    take_up(desk, "appliance")
    assert rows(desk, "template")["投诉致歉"]["id"] == apology["id"]
    assert rows(desk, "template")["处理完成，请确认"]["id"] == own["id"]


@pytest.mark.parametrize("pack", ["appliance", "retail", "services"])
def test_every_template_of_a_pack_can_be_saved_and_read_in_both_languages(desk, pack):
    if pack != "appliance":
        take_up(desk, pack)
    templates = rows(desk, "template").values()
    assert len(templates) >= 8
    buttons = PHONE_PAGE.read_text()
    pressed = [word for row in templates for word in re.findall("“(.+?)”", row["text_zh"])]
    assert pressed and [word for word in pressed if f": '{word}'" not in buttons] == [], "what it tells to press is on the customer's page"
    for row in templates:
        desk.post("/template", {"name": row["name"], "text_zh": row["text_zh"], "text_en": row["text_en"]})
        filled = desk.post("/template/preview", {"text_zh": row["text_zh"], "text_en": row["text_en"]})
        assert all(filled[lang]["text"] and "{" not in filled[lang]["text"] for lang in ("zh", "en"))


def test_two_who_change_it_at_once_do_not_undo_each_other(desk):
    take_up(desk, "retail")
    for to, status in (("appliance", 409), ("no_such", 404)):
        desk.post(f"/pack/{to}/use", {"from": "appliance"}, status=status)
    assert desk.get("/pack")["items"][1]["active"]
