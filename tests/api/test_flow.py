"""A company's flow over the built-in one: what it says of moves, its own states and moves, obeyed on every way in, and nobody is left stranded."""
import itertools
import uuid

import pytest
from definitions import faults, making
from patience import wait_for
from people import new_phone
from test_scope import new_user

numbers = itertools.count(1)
PARTS = {"code": "parts", "zh": "待备件", "en": "Waiting for parts", "state": "working"}
POSTED = {"code": "posted", "zh": "待用户寄回", "en": "To be sent in", "state": "waiting_customer", "shown": True}
TO_PARTS = {"move": "o_parts", "own": True, "from": ["working"], "to": "parts", "zh": "等备件", "en": "Wait for parts"}
HAVE_PARTS = {"move": "o_have", "own": True, "from": ["parts"], "to": "working", "zh": "备件到了", "en": "Parts are here"}
TO_POSTED = {"move": "o_post", "own": True, "from": ["working", "accepted"], "to": "posted", "zh": "请用户寄回", "en": "Ask to send it in"}


@pytest.fixture
def flow(admin):
    with making(admin, "flow") as make:
        yield lambda moves=(), states=(), object="ticket", **more: make(moves=list(moves), states=list(states), object=object, **more)


def ticket(admin, *moves, **more):
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    row = admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "怎么调温度"} | more)
    for move in moves:
        row = act(admin, row, move)
    return row


def act(client, row, move, status=200, **more):
    row = client.get(f"/ticket/{row['id']}")
    return client.post(f"/ticket/{row['id']}/action/{move}", {"version": row["version"]} | more, status=status)


def names(row):
    return [a["name"] for a in row["actions"]]


# ---- what is said of the product's moves ----


def test_a_move_gets_a_name_a_reason_fields_and_a_confirmation(admin, flow):
    product = admin.post("/product", {"code": f"p{uuid.uuid4().hex[:6]}", "name": "冰箱"})["id"]
    row = ticket(admin)
    flow([{"move": "accept", "zh": "接单", "en": "Take on", "reason": "required", "fields": ["product_id"], "confirm": True}])
    accept = next(a for a in admin.get(f"/ticket/{row['id']}")["actions"] if a["name"] == "accept")
    assert accept["label"] == {"zh": "接单", "en": "Take on"} and accept["reason"] == "required" and accept["confirm"] and accept["missing"] == ["product_id"]
    meta = next(f for f in admin.get("/meta")["flows"] if f["name"] == "ticket")
    assert next(a for a in meta["actions"] if a["name"] == "accept")["label"]["zh"] == "接单"
    assert set(faults(act(admin, row, "accept", status=422))) == {("reason", "field_required"), ("product_id", "field_required")}
    admin.patch(f"/ticket/{row['id']}", {"version": 1, "product_id": product})
    assert faults(act(admin, row, "accept", status=422)) == [("reason", "field_required")]
    done = act(admin, row, "accept", reason="电话里说好了")
    assert done["state"] == "accepted"


def test_what_is_switched_off_nobody_makes(admin, flow):
    row = ticket(admin, "accept")
    flow([{"move": "wait", "off": True}])
    assert "wait" not in names(admin.get(f"/ticket/{row['id']}"))
    act(admin, row, "wait", status=409, reason="等他")
    done = admin.post("/ticket/act", {"rows": [{"id": row["id"]}], "actions": [{"do": "move", "action": "wait", "reason": "等他"}]})
    assert done["failed"] == 1 and done["rows"][0]["code"] == "state"
    assert "wait" not in [a["name"] for f in admin.get("/meta")["flows"] if f["name"] == "ticket" for a in f["actions"]]


def test_only_the_roles_that_are_named(admin, server, flow):
    rights = ["ticket.read", "ticket.work", "ticket.change", "title.read"]
    chosen, other = (new_user(server, admin, rights) for _ in range(2))
    row = ticket(admin)
    flow([{"move": "accept", "roles": [chosen.role["id"]]}])
    for client, status in ((other, 403), (admin, 403), (chosen, 200)):
        assert ("accept" in names(client.get(f"/ticket/{row['id']}"))) == (status == 200)
        act(client, row, "accept", status=status)


def test_a_condition_stands_before_a_move(admin, flow):
    row = ticket(admin, "accept")
    flow([{"move": "resolve", "condition": "grade = critical"}])
    assert "resolve" not in names(admin.get(f"/ticket/{row['id']}"))
    act(admin, row, "resolve", status=409, steps="看了", result="好了")
    act(admin, row, "grade", grade="critical")
    assert act(admin, row, "resolve", steps="看了", result="好了")["state"] == "resolved"


@pytest.mark.parametrize("move", ["confirm", "unsolved", "answer", "plan"])
def test_what_closes_the_loop_is_neither_off_nor_narrowed(admin, flow, move):
    assert faults(flow([{"move": move, "off": True}], status=422)) == [("moves[0].off", "flow_kept")]
    for said in ({"condition": "grade = critical"}, {"roles": ["1"]}, {"fields": ["product_id"]}):
        assert faults(flow([{"move": move} | said], status=422))[0] == ("moves[0]", "flow_kept")
    flow([{"move": move, "zh": "好了", "en": "Fine"}])


def test_new_plan_after_reopening_holds_whatever_the_flow_says(admin, flow):
    row = ticket(admin, "accept", "start")
    flow([TO_POSTED, {"move": "o_done", "own": True, "from": ["working"], "to": "resolved", "zh": "修好了"}], [POSTED])
    act(admin, row, "resolve", steps="看了", result="好了")
    act(admin, row, "reopen", reason="又坏了")
    now = admin.get(f"/ticket/{row['id']}")
    assert not {"resolve", "wait", "o_post", "o_done"} & set(names(now)) and "plan" in names(now)
    act(admin, row, "o_done", status=409, steps="看了", result="好了")


# ---- own states and moves ----


def test_a_ticket_walks_through_own_states_and_means_what_they_mean(admin, flow):
    flow([TO_PARTS, HAVE_PARTS, TO_POSTED], [PARTS, POSTED])
    row = ticket(admin, "accept", "start", "o_parts")
    assert (row["state"], row["stage"]) == ("working", "parts")
    assert "o_have" in names(row) and "o_parts" not in names(row) and "resolve" in names(row)
    assert [r["id"] for r in admin.get("/ticket", condition="stage = parts")["items"]] == [row["id"]]
    assert row["id"] in [r["id"] for r in admin.get("/ticket", condition="state = working", limit=200)["items"]]
    timeline = admin.get(f"/ticket/{row['id']}/timeline")["items"]
    assert timeline[0]["kind"] == "ticket.moved" and timeline[0]["data"]["move"] == "o_parts" and timeline[0]["data"]["label"]["zh"] == "等备件"
    assert admin.get(f"/ticket/{row['id']}/history")["items"][0]["fields"] == {"stage": ["", "parts"]}
    row = act(admin, row, "o_have")
    assert (row["state"], row["stage"]) == ("working", "")


def test_an_own_move_that_changes_the_meaning_is_carried_by_the_products_own(admin, flow):
    flow([TO_POSTED], [POSTED])
    row = ticket(admin, "accept", "start")
    post = next(a for a in row["actions"] if a["name"] == "o_post")
    assert post["reason"] == "required", "as waiting for a customer is"
    act(admin, row, "o_post", status=422)
    row = act(admin, row, "o_post", reason="检测不出，请寄回")
    assert (row["state"], row["stage"]) == ("waiting_customer", "posted")
    last = admin.get(f"/ticket/{row['id']}/timeline")["items"][0]
    assert last["kind"] == "ticket.wait" and last["data"]["move"] == "o_post" and "stage" in last["data"]["fields"] and "state" in last["data"]["fields"]
    row = act(admin, row, "resume")
    assert (row["state"], row["stage"]) == ("working", ""), "a move of the product ends in the plain state"


def test_a_move_of_the_product_may_be_kept_from_an_own_state(admin, flow):
    flow([TO_PARTS, HAVE_PARTS, {"move": "resolve", "not_from": ["parts"]}], [PARTS])
    row = ticket(admin, "accept", "start", "o_parts")
    assert "resolve" not in names(row)
    act(admin, row, "resolve", status=409, steps="看了", result="好了")
    act(admin, row, "o_have")
    act(admin, row, "resolve", steps="看了", result="好了")


def test_bulk_macro_and_undo_know_own_moves(admin, flow):
    flow([TO_PARTS, HAVE_PARTS], [PARTS])
    row = ticket(admin, "accept", "start")
    macro = admin.post("/macro", {"name": f"备件 {next(numbers)}", "record": "ticket", "actions": [{"do": "move", "action": "o_parts"}]})
    done = admin.post("/ticket/act", {"rows": [{"id": row["id"]}], "macro_id": macro["id"]})
    assert done["done"] == done["undoable"] == 1 and admin.get(f"/ticket/{row['id']}")["stage"] == "parts"
    admin.post("/ticket/undo", {"run": done["run"]})
    assert admin.get(f"/ticket/{row['id']}")["stage"] == ""
    admin.post(f"/macro/{macro['id']}/archive", {"version": 1})


def test_rules_wait_for_own_moves_and_make_them(admin, flow):
    flow([TO_PARTS, HAVE_PARTS, TO_POSTED], [PARTS, POSTED])
    made = [admin.post("/rule", {"name": f"规则 {next(numbers)}", "object": "ticket", "state": "on", "events": events, "condition": condition, "actions": actions}) for events, condition, actions in (
        (["o_post"], "", [{"do": "task", "title": "盯快递"}]),
        (["start"], "grade = critical", [{"do": "move", "action": "o_parts"}]),
    )]
    row = ticket(admin, "accept", "start")
    act(admin, row, "o_post", reason="请寄回")
    wait_for(lambda: admin.get("/task", condition=f"ticket_id = {row['id']} and title = \"盯快递\"")["items"], 30)
    row = ticket(admin, "accept", grade="critical")
    act(admin, row, "start")
    wait_for(lambda: admin.get(f"/ticket/{row['id']}")["stage"] == "parts", 30)
    for rule in made:
        admin.post(f"/rule/{rule['id']}/archive", {"version": admin.get(f"/rule/{rule['id']}")["version"]})


def test_what_a_rule_uses_does_not_go(admin, flow):
    first = flow([TO_PARTS, HAVE_PARTS], [PARTS])
    rule = admin.post("/rule", {"name": "自动等备件", "object": "ticket", "state": "on", "events": ["start"], "actions": [{"do": "move", "action": "o_parts"}], "condition": "grade = critical"})
    answer = admin.patch(f"/flow/{first['id']}", {"version": 1, "state": "off"}, status=422)
    assert faults(answer) == [("moves", "flow_used")] and "自动等备件" in answer["error"]["fields"][0]["message"]
    admin.post(f"/rule/{rule['id']}/archive", {"version": 1})
    admin.patch(f"/flow/{first['id']}", {"version": 1, "state": "off"})


# ---- what holds together ----


@pytest.mark.parametrize("moves, states, field, code", [
    ([], [PARTS], "states[0]", "flow_unreached"),
    ([TO_PARTS, {"move": "resolve", "not_from": ["parts"]}, {"move": "cancel", "not_from": ["parts"]}, {"move": "wait", "not_from": ["parts"]}], [PARTS], "states[0]", "flow_dead_end"),
    ([{"move": "resolve", "off": True}, {"move": "cancel", "off": True}], [], "moves", "flow_dead_end"),
    ([], [PARTS | {"state": "closed"}], "states[0].state", "flow_final"),
    ([], [PARTS | {"code": "new"}], "states[0].code", "field_taken"),
    ([], [PARTS, PARTS], "states[1].code", "field_taken"),
    ([], [PARTS | {"code": "Parts'"}], "states[0].code", "field_invalid"),
    ([], [PARTS | {"zh": "", "en": ""}], "states[0].zh", "field_required"),
    ([], [PARTS | {"zh": "长" * 31}], "states[0].zh", "field_too_long"),
    ([{"move": "nothing"}], [], "moves[0].move", "field_unknown"),
    ([{"move": "wait"}, {"move": "wait"}], [], "moves[1].move", "field_taken"),
    ([{"move": "wait", "fields": ["x_none"]}], [], "moves[0].fields", "field_unknown"),
    ([{"move": "wait", "fields": ["symptoms"]}], [], "moves[0].fields", "field_unknown"),
    ([{"move": "wait", "condition": "nothing = 1"}], [], "moves[0].condition", "expr_field"),
    ([{"move": "remind", "fields": ["product_id"]}], [], "moves[0]", "flow_customer"),
    ([TO_PARTS | {"move": "parts"}], [PARTS], "moves[0].move", "field_invalid"),
    ([TO_PARTS | {"zh": "", "en": ""}], [PARTS], "moves[0].zh", "field_required"),
    ([TO_PARTS | {"from": []}], [PARTS], "moves[0].from", "field_required"),
    ([TO_PARTS | {"from": ["nowhere"]}], [PARTS], "moves[0].from", "field_reference"),
    ([TO_PARTS | {"to": "nowhere"}], [PARTS], "moves[0].to", "field_required"),
    ([TO_PARTS | {"from": ["working"], "to": "accepted"}], [], "moves[0].to", "flow_no_way"),
    ([TO_PARTS | {"from": ["new"], "to": "closed"}], [], "moves[0].to", "flow_no_way"),
    ([TO_PARTS | {"from": ["resolved", "working"], "to": "resolved"}], [], "moves[0].from", "flow_mixed"),
])
def test_what_does_not_hold_together_is_refused_by_its_member(admin, flow, moves, states, field, code):
    assert (field, code) in faults(flow(moves, states, status=422))


def test_a_draft_may_be_unfinished_but_not_put_in_force(admin, flow):
    draft = flow([], [PARTS], state="draft")
    answer = admin.patch(f"/flow/{draft['id']}", {"version": 1, "state": "on"}, status=422)
    assert faults(answer) == [("states[0]", "flow_unreached")] and "Waiting for parts" in answer["error"]["fields"][0]["message"]


def test_one_is_in_force_and_the_other_stands_back(admin, flow):
    first = flow([{"move": "accept", "zh": "接单"}])
    second = flow([{"move": "accept", "zh": "受理了"}])
    assert admin.get(f"/flow/{first['id']}")["state"] == "off"
    assert admin.get(f"/flow/{first['id']}/history")["items"][0]["fields"] == {"state": ["on", "off"]}
    row = ticket(admin)
    assert next(a for a in row["actions"] if a["name"] == "accept")["label"]["zh"] == "受理了"
    admin.patch(f"/flow/{first['id']}", {"version": 2, "state": "on"})
    assert admin.get(f"/flow/{second['id']}")["state"] == "off"
    assert next(a for a in admin.get(f"/ticket/{row['id']}")["actions"] if a["name"] == "accept")["label"]["zh"] == "接单"


def test_one_fetched_back_from_the_archive_does_not_push_out_the_one_in_force(admin, flow):
    first = flow([{"move": "accept", "zh": "接单"}])
    admin.post(f"/flow/{first['id']}/archive", {"version": 1})
    second = flow([{"move": "accept", "zh": "受理了"}])
    assert admin.post(f"/flow/{first['id']}/restore", {"version": 2})["state"] == "draft"
    assert admin.get(f"/flow/{second['id']}")["state"] == "on"
    admin.post(f"/flow/{second['id']}/archive", {"version": 1})
    admin.patch(f"/flow/{first['id']}", {"version": 3, "state": "on"})
    admin.post(f"/flow/{first['id']}/archive", {"version": 4})
    assert admin.post(f"/flow/{first['id']}/restore", {"version": 5})["state"] == "on", "nothing else is in force"


# ---- nobody is stranded ----


@pytest.mark.parametrize("way", ["removed", "meaning", "off", "archived", "replaced"])
def test_a_state_with_tickets_in_it_stays_until_they_are_moved(admin, flow, way):
    first = flow([TO_PARTS, HAVE_PARTS], [PARTS])
    row = ticket(admin, "accept", "start", "o_parts")
    version = admin.get(f"/flow/{first['id']}")["version"]
    ways = {
        "removed": lambda status: admin.patch(f"/flow/{first['id']}", {"version": version, "states": [], "moves": []}, status=status),
        "meaning": lambda status: admin.patch(f"/flow/{first['id']}", {"version": version, "states": [PARTS | {"state": "accepted"}], "moves": [TO_PARTS | {"from": ["accepted"]}, HAVE_PARTS | {"to": "accepted"}]}, status=status),
        "off": lambda status: admin.patch(f"/flow/{first['id']}", {"version": version, "state": "off"}, status=status),
        "archived": lambda status: admin.post(f"/flow/{first['id']}/archive", {"version": version}, status=status),
        "replaced": lambda status: flow([], status=status if status == 409 else 201),
    }
    answer = ways[way](409)
    assert answer["error"]["code"] == "flow_stranded" and "Waiting for parts" in answer["error"]["message"] and "1" in answer["error"]["message"]
    assert admin.get(f"/ticket/{row['id']}")["stage"] == "parts"
    assert admin.post("/flow/empty", {"object": "ticket", "from": "parts", "to": ""}) == {"moved": 1, "left": 0}
    now = admin.get(f"/ticket/{row['id']}")
    assert (now["state"], now["stage"]) == ("working", "")
    ways[way](200)


def test_emptying_goes_to_a_state_of_the_same_meaning(admin, flow):
    other = PARTS | {"code": "workshop", "zh": "在工厂", "en": "In the workshop"}
    flow([TO_PARTS, HAVE_PARTS, TO_POSTED, {"move": "o_shop", "own": True, "from": ["working"], "to": "workshop", "zh": "送工厂"}], [PARTS, POSTED, other])
    row = ticket(admin, "accept", "start", "o_parts")
    assert faults(admin.post("/flow/empty", {"object": "ticket", "from": "parts", "to": "posted"}, status=422)) == [("to", "field_reference")]
    admin.post("/flow/empty", {"object": "ticket", "from": "nothing", "to": ""}, status=404)
    assert admin.post("/flow/empty", {"object": "ticket", "from": "parts", "to": "workshop"})["moved"] == 1
    assert admin.get(f"/ticket/{row['id']}")["stage"] == "workshop"


def test_a_draft_is_tried_on_what_is_open(admin, flow):
    row = ticket(admin, "accept", "start")
    found = admin.post("/flow/try", {"object": "ticket", "states": [PARTS], "moves": [TO_PARTS, HAVE_PARTS, {"move": "wait", "off": True}, {"move": "resolve", "fields": ["product_id"]}]})
    by = {(m["name"], m["kind"]): m for m in found["moves"]}
    assert found["rows"] >= 1 and found["stranded"] is None
    assert by["o_parts", "gained"]["n"] >= 1 and by["wait", "lost"]["n"] >= 1 and by["resolve", "asks"]["n"] >= 1
    assert row["id"] in [r["id"] for r in by["o_parts", "gained"]["rows"]]
    assert "o_parts" not in names(admin.get(f"/ticket/{row['id']}")), "nothing is in force"


# ---- tasks, and other records ----


def test_tasks_have_own_states_and_compensation_has_none(admin, flow):
    flow([{"move": "o_call", "own": True, "from": ["open"], "to": "called", "zh": "打过电话"}], [{"code": "called", "zh": "已致电", "state": "open"}], object="task")
    task = admin.post("/task", {"title": "回访"})
    row = admin.post(f"/task/{task['id']}/action/o_call", {"version": 1})
    assert (row["state"], row["stage"]) == ("open", "called")
    assert admin.post(f"/task/{task['id']}/action/finish", {"version": 2})["stage"] == ""
    assert faults(flow([], [PARTS | {"state": "proposed"}], object="compensation", status=422)) == [("states", "field_type")]
    assert faults(flow([{"move": "approve", "off": True}], object="compensation", status=422)) == [("moves[0].off", "flow_kept")]


def test_the_built_in_flow_is_there_to_begin_with(admin):
    base = admin.get("/flow/built_in", object="ticket")
    assert [s["value"] for s in base["states"]][:2] == ["new", "accepted"] and base["stages"] == [] and base["takes_stages"]
    assert next(a for a in base["actions"] if a["name"] == "confirm")["kept"]
    admin.get("/flow/built_in", object="customer", status=404)
