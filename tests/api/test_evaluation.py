"""Question sets: tried in the background as `anxin eval` tries them, compared, fed from what customers asked."""
import subprocess
import uuid
import json

import pytest
from definitions import faults
from test_bot import Talk, bot, customer, talk  # noqa: F401
from test_eval import DATA, evaluated, knowledge  # noqa: F401
from test_knowledge import entry
from test_learning import learned

from patience import wait_for

TRIED_S = 300


def new_set(admin):
    return admin.post("/question_set", {"name": f"题集 {uuid.uuid4().hex[:8]}"})


def fill(admin, row, lines, **options):
    return admin.post(f"/question_set/{row['id']}/lines", {"items": [dict(zip(("question", "expected", "product"), line)) for line in lines]}, **options)


def tried(admin, row):
    run = admin.post(f"/question_set/{row['id']}/try", {})
    assert (run["state"], run["done"]) == ("running", 0)
    return wait_for(lambda: (r := admin.get(f"/evaluation/{run['id']}"))["state"] != "running" and r, TRIED_S)


def answers(admin, run, **query):
    return admin.get(f"/evaluation/{run['id']}/answer", **query)["items"]


def test_a_set_comes_to_what_anxin_eval_comes_to(admin, knowledge, tmp_path):
    """The same lines, among the same articles: those that the company offers."""
    lines = [line.split("\t") for line in (DATA / "appliance_dev.tsv").read_text().splitlines() if line][::4]
    live = [e["code"] for e in pages(admin) if e["kind"] == "faq" and e["offered"] and e["in_force"] == "published"]
    lines = [(question, code) for code, question in lines if code == "OOS" or code in live]
    assert len(lines) > 40
    file, ids = tmp_path / "lines.tsv", tmp_path / "ids"
    file.write_text("".join(f"{code}\t{question}\n" for question, code in lines))
    ids.write_text("\n".join(live))
    told, shares = evaluated(file, "--json", "--ids", ids)
    learned(admin)
    assert admin.get("/knowledge/learning")["products"] == [], "another test has left something behind"
    row = new_set(admin)
    assert fill(admin, row, lines)["made"] == len(lines)
    run = tried(admin, row)
    assert (run["state"], run["done"], run["total"]) == ("done", len(lines), len(lines))
    assert {name: run["sums"]["all"][name] for name in shares} == shares
    given = {a["question"]: (a["given"], a["decision"], a["confidence"]) for a in all_answers(admin, run)}
    assert given == {t["question"]: (t["choices"][0]["id"], t["decision"], int(t["confidence"] * 100 + 0.5)) for t in told}
    assert {p["product"] for p in run["sums"]["products"]} and sum(p["sum"]["lines"] for p in run["sums"]["products"]) == run["sums"]["all"]["inside"]


def pages(admin):
    items, after = [], None
    while True:
        page = admin.get("/knowledge", limit=200, **({"after": after} if after else {}))
        items += page["items"]
        if not (after := page["next"]):
            return items


def all_answers(admin, run):
    items, after = [], None
    while True:
        page = admin.get(f"/evaluation/{run['id']}/answer", **({"after": after} if after else {}))
        items += page["items"]
        if not (after := page["next"]):
            return items


def test_what_was_confused_becomes_a_phrasing_and_the_next_trial_shows_it(admin):
    words = f"大铁盒子淌哈喇子{uuid.uuid4().hex[:4]}"
    row = new_set(admin)
    fill(admin, row, [(words, "A02"), ("空调漏水怎么处理", "A02"), ("今天股票涨了吗", "OOS")])
    before = tried(admin, row)
    wrong = answers(admin, before, wrong=1)
    assert [w["question"] for w in wrong] == [words] and wrong[0]["expected_title"]["zh"]
    said = admin.post("/phrasing", {"article": wrong[0]["expected"], "text": words})
    after = tried(admin, row)
    assert after["sums"]["all"]["top1"] == 1 and after["knowledge"] != before["knowledge"]
    both = admin.get(f"/evaluation/{after['id']}/compare", **{"with": before["id"]})
    assert [(i["question"], i["change"], i["given"]) for i in both["items"] if i["change"] == "better"] == [(words, "better", "A02")]
    admin.post(f"/phrasing/{said['id']}/archive", {"version": said["version"]})
    learned(admin)


def test_lines_are_taken_all_or_none_and_none_twice(admin):
    row = new_set(admin)
    refused = fill(admin, row, [("空调漏水", "A02"), ("水", "NO-SUCH")], status=422)
    assert faults(refused, "field", "code") == [("items[1].expected", "field_reference")]
    assert admin.get("/question_line", condition=f"set_id = {row['id']}")["items"] == []
    assert fill(admin, row, [("空调漏水", "A02"), ("空调漏水", "A02"), ("天气", "OOS")])["made"] == 2
    assert fill(admin, row, [("空调漏水", "A02")])["made"] == 0


def test_an_empty_set_and_one_under_way_are_not_tried(admin):
    row = new_set(admin)
    admin.post(f"/question_set/{row['id']}/try", {}, status=409)
    fill(admin, row, [(f"空调漏水 {n}", "A02") for n in range(100)])
    run = admin.post(f"/question_set/{row['id']}/try", {})
    admin.post(f"/question_set/{row['id']}/try", {}, status=409)
    assert admin.post(f"/evaluation/{run['id']}/stop", {})["state"] == "stopped"
    admin.post(f"/evaluation/{run['id']}/stop", {}, status=409)


def test_what_customers_asked_and_is_known_to_be_right_joins_a_set(admin, talk):
    talk("空调漏水怎么处理")
    talk("解决了")
    week = admin.get("/knowledge/judged")["weeks"]
    assert len(week) == 12 and week[-1]["solved"] >= 1
    said = {p["product"]: p for p in week[-1]["products"]}[entry(admin, "A02")["head"]["product"]]
    assert said["solved"] >= 1 and sum(p["solved"] for p in week[-1]["products"]) == week[-1]["solved"]
    row = new_set(admin)
    assert admin.post(f"/question_set/{row['id']}/gather", {})["made"] >= 1
    lines = admin.get("/question_line", condition=f"set_id = {row['id']}")["items"]
    assert ("空调漏水怎么处理", "A02", "real") in [(l["question"], l["expected"], l["source"]) for l in lines]
    assert admin.post(f"/question_set/{row['id']}/gather", {})["made"] == 0
