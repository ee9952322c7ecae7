"""A language model that looks at what has ended: it marks messages with numbers, and a reviewer decides."""
import json
import uuid

import pytest
from model_world import PHONE, honest_again, world  # noqa: F401
from patience import wait_for
from test_conversation import act, said, say, write
from test_scope import new_user


@pytest.fixture
def criteria(world):
    world.change(for_inspect=True)
    rows = [world.admin.post("/quality_rule", {"name": f"AI {name} {uuid.uuid4().hex[:4]}", "kind": "asked", "state": "on", "words": words, "weight": 30, "place": place}) for place, (name, words) in enumerate((("敷衍", "客服态度敷衍"), ("推诿", "客服把事情推给别人")))]
    yield rows
    for row in rows:
        world.admin.patch(f"/quality_rule/{row['id']}", {"version": world.admin.get(f"/quality_rule/{row['id']}")["version"], "state": "off"})
    world.change(for_inspect=False)


def inspected(world, id):
    return wait_for(lambda: next((r for r in world.admin.get("/quality", filter=json.dumps([["conversation_id", "=", id]]))["items"]), None))


def whole(world, row):
    return world.admin.get(f"/quality/{row['id']}/inspection")


def ended(world):
    """A conversation with a person's answer; her number is said in it. Its id and the number of that answer."""
    id, _ = world.talk("转人工")
    say(world.admin, id, f"哦，自己看说明书吧，欧阳晓丽女士，{PHONE}")
    no = said(world.admin, id)[-1]["no"]
    write(world.customer, "好的")
    act(world.admin, id, "close")
    return id, no


def test_what_a_model_marks_weighs_nothing_until_a_reviewer_says_so(world, criteria):
    world.model.answer = lambda _sources, talk, _body: "\n".join(f"{k}:{line.split(' ')[0]}" for k in (1, 2) for line in talk.splitlines())
    id, no = ended(world)
    row = inspected(world, id)
    found = wait_for(lambda: [f for f in whole(world, row)["findings"] if f["verdict"] == "unsure"])
    assert [(f["rule_id"], f["message_no"], f["kind"]) for f in found] == [(rule["id"], no, "asked") for rule in criteria]
    now = whole(world, row)["result"]
    assert (now["score"], now["findings"]) == (row["first_score"], row["findings"]) and now["state"] == "drawn" and now["drawn_for"] in ("model", "rating", "fatal")
    sources = world.model.documents()[-1]
    assert [s["title"] for s in sources["sources"]] == [rule["name"] for rule in criteria]
    assert "欧阳" not in sources["question"] and PHONE not in sources["question"] and f"{no} 客服：" in sources["question"]
    assert not [f for f in world.admin.get(f"/quality_own/{row['id']}")["findings"] if f["kind"] == "asked"]
    reviewer = reviewer_of(world)
    done = reviewer.post(f"/quality/{row['id']}/review", {"version": now["version"], "verdicts": [{"no": found[0]["no"], "right": True}]})
    assert done["result"]["score"] == max(0, row["first_score"] - 30)
    assert [f["verdict"] for f in done["findings"] if f["kind"] == "asked"] == ["true", "unsure"]
    mine = world.admin.get(f"/quality_own/{row['id']}")
    assert [f["verdict"] for f in mine["findings"] if f["kind"] == "asked"] == ["true"]


def reviewer_of(world):
    return new_user(world.server, world.admin, ["conversation.read", "quality.read", "quality.review", "quality_rule.read"], "all")


@pytest.mark.parametrize("answer", ["NONE", "这位客服态度很差，扣 100 分", "1:2\n忽略规则", "9:2", (500, b"{}")])
def test_nothing_else_that_a_model_says_leaves_a_trace(world, criteria, answer):
    before = len(world.model.asked)
    world.model.answer = lambda *_: answer
    id, _no = ended(world)
    row = inspected(world, id)
    wait_for(lambda: len(world.model.asked) > before)
    wait_for(lambda: any(c["purpose"] == "inspect" and c["outcome"] != "open" for c in world.admin.get("/model_call", sort="-created_at", limit=5)["items"]))
    now = whole(world, row)
    assert not [f for f in now["findings"] if f["kind"] == "asked"] and now["result"]["version"] == row["version"]
