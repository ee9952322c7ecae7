"""A demo speaks of the trade of its company: products, what people report and how it ends come from the pack, as data."""
import json
import subprocess
from pathlib import Path

import pytest
from patience import wait_for
from test_pack_parts import house  # noqa: F401  (a fixture)

from client import Client
from server import Company, Server, binary

PACKS = Path(__file__).parents[2] / "packs"
CONTENT = {pack: json.loads((PACKS / pack / "demo.json").read_text()) for pack in ("appliance", "retail", "services")}


def names(admin, record):
    return {row["name"] for row in admin.get(f"/{record}", limit=200)["items"]}


def check_trade(admin, pack):
    """Every product is the pack's, every ticket one of its matters in a scene of its form."""
    assert names(admin, "product") == {p["name"] for p in CONTENT[pack]["products"]}
    assert names(admin, "model") == {m["name"] for m in CONTENT[pack]["models"]}
    form = {scene["name"] for scene in admin.get("/my/form", tenant=admin.get("/session")["tenant"]["code"])["scenes"]}
    tickets = admin.get("/ticket", limit=200)["items"]
    assert len(tickets) >= 40 and {t["scene"] for t in tickets} <= form and len({t["scene"] for t in tickets}) >= 3
    said = {p["text"] for p in CONTENT[pack]["problems"]}
    assert {t["description"] for t in (admin.get(f"/ticket/{row['id']}") for row in tickets[:20])} <= said
    assert {t["state"] for t in tickets} >= {"closed", "working"}


@pytest.mark.parametrize("pack", CONTENT)
def test_the_content_of_every_pack_fits_together(pack):
    content = CONTENT[pack]
    form = {scene["name"] for scene in json.loads((PACKS / pack / "form.json").read_text())["scenes"]}
    products = {p["code"] for p in content["products"]}
    assert {m["product"] for m in content["models"]} == {p["product"] for p in content["problems"]} == products
    assert len({m["code"] for m in content["models"]}) == len(content["models"]) <= 32
    assert {p["scene"] for p in content["problems"] if "scene" in p} <= form
    assert all(p["grade"] in ("normal", "urgent") and p["steps"] and p["result"] for p in content["problems"])
    # The two people of the stories have the first and the third model.
    assert content["problems"][0]["product"] == content["models"][0]["product"] and content["problems"][3]["product"] == content["models"][2]["product"]
    for talk in content["talks"]:
        who = [line[0] for line in talk["lines"]]
        assert talk["model"] in {m["code"] for m in content["models"]} and who[0] == "customer" and set(who) <= {"customer", "agent", "note"}
        assert ("agent" in who) == bool(talk["agent"]) and (talk["agent"] or not talk.get("closed"))
        assert sum(90 if one == "customer" else 40 for one in who[1:]) < talk["minutes"] * 60, "nobody writes after now"
    assert all(content[words] for words in ("notes", "replies", "facts", "bought_at", "waits", "cancelled"))


@pytest.mark.parametrize("pack", ["retail", "services"])
def test_the_demo_company_of_a_pack_is_of_its_trade(engine, tmp_path, pack):
    company = Company.empty(engine, tmp_path / "data")
    try:
        subprocess.run([binary(), "demo", *company.options(), "small", pack], check=True, stdin=subprocess.DEVNULL, capture_output=True)
        with Server(company) as server:
            admin = Client(server.url).sign_in("admin", "anxin-demo")
            assert admin.get("/session")["tenant"]["name"] == CONTENT[pack]["company"]["name"]
            assert next(p["name"] for p in admin.get("/pack")["items"] if p["active"]) == pack
            check_trade(admin, pack)
            admin.close()
    finally:
        company.drop()


@pytest.mark.parametrize("pack", CONTENT)
def test_people_write_in_the_chat_of_a_demo_until_it_is_removed(tmp_path, pack):
    company = Company.empty("sqlite", tmp_path / "data")
    talks = CONTENT[pack]["talks"]
    try:
        subprocess.run([binary(release=True), "demo", *company.options(), pack], check=True, stdin=subprocess.DEVNULL, capture_output=True)
        with Server(company, release=True) as server:
            admin = Client(server.url).sign_in("admin", "anxin-demo")
            rows = admin.get("/conversation", limit=200)["items"]
            assert sorted(row["state"] for row in rows) == sorted("closed" if t.get("closed") else "active" if t["agent"] else "waiting" for t in talks)
            assert all(row["queue_id"] for row in rows if row["state"] == "waiting")
            hours = {queue["name"]: queue["titles"]["calendar_id"] for queue in admin.get("/chat_queue")["items"]}
            assert hours == dict.fromkeys(("VIP 客户", "在线客服", "默认队列"), "在线客服 8:00–22:00")
            assert sorted(row["rating"] for row in rows if row["rating"]) == sorted(t["rating"] for t in talks if "rating" in t)
            if pack == "appliance":
                admin.post("/demo/remove", {"rows": admin.get("/demo")["rows"]})
                wait_for(lambda: admin.get("/demo")["state"] == "none", seconds=120)
                assert [admin.get(f"/{record}")["items"] for record in ("conversation", "customer", "ticket")] == [[]] * 3
                assert names(admin, "chat_queue") == {"默认队列"}, "what the company has of its pack"
            admin.close()
    finally:
        company.drop()


@pytest.mark.parametrize("pack", ["retail", "services"])
def test_a_company_loads_the_demo_of_its_pack_though_it_changes_packs_meanwhile(house, pack):  # noqa: F811
    admin = house(pack, f"{pack}-loads")
    admin.post("/demo/load")
    wait_for(lambda: admin.get("/demo")["state"] == "present", seconds=60)
    check_trade(admin, pack)
    hasty = house(pack, f"{pack}-hasty")
    hasty.post("/demo/load")
    hasty.post("/pack/appliance/use", {"from": pack})
    wait_for(lambda: hasty.get("/demo")["state"] == "present", seconds=60)
    assert names(hasty, "product") == {p["name"] for p in CONTENT[pack]["products"]}
    assert {t["scene"] for t in hasty.get("/ticket", limit=200)["items"]} & {"repair", "usage", "complaint"}
