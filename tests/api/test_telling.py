"""Who of staff is told, and who has to act: notices that rules and macros send, calls that are a supervisor's, and that escalations always
reach somebody."""
import subprocess
import uuid

import people
import pytest
from test_doctor import doctor
from test_rules import off, rule, runs
from test_scope import new_user

from client import Client
from patience import wait_for
from server import Server, binary

HOUR = 3_600_000
AGENT = ["ticket.read", "ticket.work", "ticket.change", "ticket.create", "customer.read", "task.read", "task.change", "task.create", "task.archive", "user.read", "device.read", "macro.read", "macro.create"]
LEAD = [*AGENT, "ticket.supervise"]


def me(client):
    return client.get("/session")["user"]["id"]


def told(client, ticket, kind="told"):
    return [n["text"] for n in client.get("/notification")["items"] if n["kind"] == kind and n["object_id"] == ticket]


def tasks(client, ticket):
    return [t for t in client.get("/task", limit=200, sort="-created_at")["items"] if t["ticket_id"] == ticket]


def rights_of(admin, user):
    return admin.get(f"/role/{admin.get(f'/user/{user}')['role_id']}")["permissions"]


def ticket(admin, text="冰箱有异响，请来看看", **more):
    customer = admin.post("/customer", {"name": "周婷", "phone": people.new_phone()})["id"]
    return admin.post("/ticket", {"scene": "repair", "customer_id": customer, "text": text} | more)


@pytest.fixture
def chen(server):
    user = Client(server.url, address=people.new_address()).sign_in(*next(a for a in server.company.accounts if a[0] == "chenli"))
    yield user
    user.close()


@pytest.fixture
def agent(server, admin):
    user = new_user(server, admin, AGENT)
    yield user
    user.close()


# The action

def test_a_rule_tells_each_whom_it_names(server, admin, agent, chen):
    mark = uuid.uuid4().hex[:8]
    team = admin.post("/team", {"name": f"组 {mark}"})["id"]
    mate = new_user(server, admin, AGENT, "team", team_id=team)
    watcher, other = new_user(server, admin, AGENT), new_user(server, admin, AGENT)
    text = {"text": "{{ticket.no}} 等着 {{team.name}} 的 {{customer.name}}"}
    row = rule(admin, events=["noted"], condition=f'title contains "{mark}"', actions=[
        {"do": "notify", "to": "owner", "text": "负责人"}, {"do": "notify", "to": "team", **text}, {"do": "notify", "to": "watchers", "text": "关注"},
        {"do": "notify", "to": "supervisor", "text": "主管"}, {"do": "notify", "to": "person", "user_id": me(other), "text": "您"},
        {"do": "notify", "to": "role", "role_id": other.role["id"], "text": "角色"}])
    filed = ticket(admin, f"{mark} 有异响，请来看看")
    filed = admin.post(f"/ticket/{filed['id']}/action/assign", {"version": filed["version"], "owner_id": me(agent), "team_id": team})
    watcher.post(f"/ticket/{filed['id']}/watch", {"on": True})
    admin.post(f"/ticket/{filed['id']}/comment", {"text": "问过工厂", "visibility": "internal"})
    assert wait_for(lambda: told(chen, filed["id"])) == ["主管"]
    assert told(agent, filed["id"]) == ["负责人"]
    assert told(mate, filed["id"]) == [f"{filed['no']} 等着 组 {mark} 的 周*"], "who the customer is stays masked, as on the screens"
    assert told(watcher, filed["id"]) == ["关注"]
    assert sorted(told(other, filed["id"])) == ["您", "角色"]
    assert told(admin, filed["id"]) == []
    assert admin.get(f"/rule/{row['id']}/statistics")["days"][-1]["fired"] == 1
    off(admin, row)
    for client in (mate, watcher, other):
        client.close()


@pytest.mark.quick
def test_a_template_speaks_the_language_of_who_reads_it(server, admin):
    mark = uuid.uuid4().hex[:8]
    words = admin.post("/template", {"name": f"催 {mark}", "text_zh": "{{ticket.no}} 快处理", "text_en": "Hurry with {{ticket.no}}"})["id"]
    english = new_user(server, admin, AGENT, lang="en")
    row = rule(admin, condition=f'title contains "{mark}"', actions=[{"do": "notify", "to": "role", "role_id": english.role["id"], "template_id": words}])
    filed = ticket(admin, f"{mark} 有异响，请来看看")
    assert wait_for(lambda: told(english, filed["id"])) == [f"Hurry with {filed['no']}"]
    off(admin, row)
    english.close()


@pytest.mark.quick
def test_a_macro_tells_with_the_rights_of_who_runs_it_and_cannot_be_taken_back(server, admin, agent, chen):
    filed = ticket(admin)
    tell = [{"do": "notify", "to": "supervisor", "text": "请帮忙看一下"}]
    macro = agent.post("/macro", {"record": "ticket", "name": f"求助 {uuid.uuid4().hex[:6]}", "actions": tell})["id"]
    done = agent.post("/ticket/act", {"rows": [{"id": filed["id"]}], "macro_id": macro})
    assert (done["done"], done["undoable"]) == (1, 0)
    assert told(chen, filed["id"]) == ["请帮忙看一下"]
    reader = new_user(server, admin, ["ticket.read", "ticket.change", "user.read"])
    reader.post("/ticket/act", {"rows": [{"id": filed["id"]}], "actions": tell}, status=(403, 422))
    reader.close()


def test_a_dry_run_says_what_and_to_whom_and_tells_nobody(admin, chen):
    filed = ticket(admin)
    said = admin.post("/rule/try", {"object": "ticket", "events": ["created"], "condition": f'no = "{filed["no"]}"',
                                    "actions": [{"do": "notify", "to": "supervisor", "text": "看 {{ticket.no}}"}]}, status=200)
    says = next(e for e in said["events"] if e["object_id"] == filed["id"])["says"]
    assert says[0]["text"] == f"看 {filed['no']}" and chen.get("/session")["user"]["name"] in says[0]["to"]
    assert told(chen, filed["id"]) == []


@pytest.mark.parametrize("action, at", [
    ({"to": "person", "text": "x"}, "actions[0].user_id"), ({"to": "role", "text": "x"}, "actions[0].role_id"), ({"to": "nobody", "text": "x"}, "actions[0].to"),
    ({"to": "owner"}, "actions[0].text"), ({"to": "owner", "text": "{{no.such}}"}, "actions[0].text"), ({"to": "owner", "template_id": "77"}, "actions[0].template_id"),
    ({"to": "person", "user_id": "77", "text": "x"}, "actions[0].user_id"), ({"text": "x"}, "actions[0].to"),
])
def test_a_notice_that_cannot_be_sent_is_refused_by_its_field(admin, action, at):
    said = admin.post("/rule", {"name": "x", "object": "ticket", "state": "on", "events": ["created"], "actions": [{"do": "notify"} | action]}, status=422)
    assert any(f["field"].startswith(at) for f in said["error"]["fields"]), said


def test_what_was_said_goes_with_the_customer(server, admin, agent):
    customer = admin.post("/customer", {"name": "周婷", "phone": people.new_phone()})["id"]
    filed = admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "怎么调温度"})
    admin.post("/ticket/act", {"rows": [{"id": filed["id"]}], "actions": [{"do": "notify", "to": "person", "user_id": me(agent), "text": "{{ticket.title}}"}]})
    assert told(agent, filed["id"]) == [filed["title"]]
    admin.post(f"/customer/{customer}/erase", {"reason": "本人要求"})
    wait_for(lambda: told(agent, filed["id"]) in ([None], []))


# Tasks

def test_a_complaint_from_the_phone_page_is_a_supervisors_call(server, admin, agent, chen):
    customer, _ = people.new_customer(server.url, admin)
    filed = people.report(customer, scene="complaint")["id"]
    call = wait_for(lambda: [t for t in tasks(admin, filed) if t["kind"] == "complaint_call"])[0]
    assert call["for_supervisor"] and "ticket.supervise" in rights_of(admin, call["owner_id"])
    kinds = {n["kind"] for n in chen.get("/notification")["items"] if n["object_id"] == call["id"]}
    assert kinds & {"task", "task_supervisor"}, "the supervisor hears of it"
    seen = agent.get(f"/task/{call['id']}")
    assert "finish" not in {a["name"] for a in seen["actions"]}
    agent.post(f"/task/{call['id']}/action/finish", {"version": seen["version"], "result": "已打"}, status=409)
    agent.patch(f"/task/{call['id']}", {"version": seen["version"], "kind": "todo"}, status=403)
    agent.post(f"/task/{call['id']}/archive", {"version": seen["version"]}, status=403)
    assert admin.get(f"/task/{call['id']}")["state"] == "open"
    customer.close()


def test_a_task_about_what_nobody_has_falls_to_somebody(server, admin):
    mark = uuid.uuid4().hex[:8]
    rows = [rule(admin, events=["noted"], condition=f'title contains "{mark}"', actions=[{"do": "task", "title": f"看 {to}", **({"to": to} if to else {})}]) for to in ("", "owner", "team", "supervisor")]
    customer, _ = people.new_customer(server.url, admin)
    filed = people.report(customer, description=f"{mark} 有异响，请来看看")["id"]
    admin.post(f"/ticket/{filed}/comment", {"text": "?", "visibility": "internal"})
    made = wait_for(lambda: len(tasks(admin, filed)) >= 4 and tasks(admin, filed))
    assert all(t["owner_id"] for t in made), "none of them lies where nobody looks"
    assert {t["title"]: t["for_supervisor"] for t in made} == {"看 ": False, "看 owner": False, "看 team": False, "看 supervisor": True}
    for row in rows:
        off(admin, row)
    customer.close()


def test_supervisors_get_tasks_in_turn_and_the_busy_one_none(server, admin):
    mark = uuid.uuid4().hex[:8]
    team = admin.post("/team", {"name": f"组 {mark}"})["id"]
    leads = [new_user(server, admin, LEAD, "team", team_id=team) for _ in range(2)]
    filed = ticket(admin)
    admin.post(f"/ticket/{filed['id']}/action/assign", {"version": filed["version"], "team_id": team})

    def give(n):
        for _ in range(n):
            admin.post("/ticket/act", {"rows": [{"id": filed["id"]}], "actions": [{"do": "task", "title": mark, "to": "supervisor"}]})
        given = [t["owner_id"] for t in tasks(admin, filed["id"]) if t["title"] == mark]
        return [given.count(me(lead)) for lead in leads]

    assert give(4) == [2, 2], "the one with fewer is next"
    for _ in range(3):
        admin.post("/task", {"title": f"别的 {mark}", "owner_id": me(leads[0])})
    assert give(3) == [2, 5], "what else lies there counts"
    for lead in leads:
        lead.close()


def test_a_teams_task_is_told_to_the_team(server, admin):
    mark = uuid.uuid4().hex[:8]
    team = admin.post("/team", {"name": f"组 {mark}"})["id"]
    mate = new_user(server, admin, AGENT, "team", team_id=team)
    filed = ticket(admin)
    admin.post(f"/ticket/{filed['id']}/action/assign", {"version": filed["version"], "team_id": team})
    admin.post("/ticket/act", {"rows": [{"id": filed["id"]}], "actions": [{"do": "task", "title": mark, "to": "team"}]})
    made = next(t for t in tasks(admin, filed["id"]) if t["title"] == mark)
    assert (made["owner_id"], made["team_id"]) == (None, team)
    assert ("task_team", made["id"]) in [(n["kind"], n["object_id"]) for n in mate.get("/notification")["items"]]
    mate.close()


# Who answers

def test_a_role_of_the_companys_own_answers_for_what_it_sees(server, admin):
    """The lead of one team is not told of another's ticket."""
    mark = uuid.uuid4().hex[:8]
    teams = [admin.post("/team", {"name": f"组 {mark} {n}"})["id"] for n in range(2)]
    leads = [new_user(server, admin, LEAD, "team", team_id=t) for t in teams]
    filed = ticket(admin)
    filed = admin.post(f"/ticket/{filed['id']}/action/assign", {"version": filed["version"], "team_id": teams[0]})
    admin.post("/ticket/act", {"rows": [{"id": filed["id"]}], "actions": [{"do": "notify", "to": "supervisor", "text": "看"}]})
    assert [told(lead, filed["id"]) for lead in leads] == [["看"], []]
    for lead in leads:
        lead.close()


def test_a_company_without_supervisors_tells_its_administrators_and_the_doctor_says_so(company):
    code = f"c{uuid.uuid4().hex[:8]}"
    subprocess.run([binary(), "company", "add", code, "新公司", "--admin", "boss", *company.options()], input="a-password-of-mine\n", text=True, check=True, capture_output=True)
    assert code in doctor(company)[1]["escalations"]
    with Server(company) as server:
        boss = Client(server.url, address=people.new_address(), tenant=code).sign_in("boss", "a-password-of-mine")
        customer = boss.post("/customer", {"name": "周婷", "phone": people.new_phone()})["id"]
        filed = boss.post("/ticket", {"scene": "complaint", "customer_id": customer, "text": "态度很差，我要投诉"})["id"]
        call = wait_for(lambda: [t for t in tasks(boss, filed) if t["kind"] == "complaint_call"])[0]
        assert call["owner_id"] == me(boss)
        assert "task" in {n["kind"] for n in boss.get("/notification")["items"] if n["object_id"] == call["id"]}
        boss.close()


def test_a_critical_ticket_is_told_at_once(server, admin, chen):
    filed = ticket(admin, grade="critical")
    raised = ticket(admin, grade="normal")
    assert wait_for(lambda: told(chen, filed["id"]))
    admin.post(f"/ticket/{raised['id']}/action/grade", {"version": raised["version"], "grade": "critical"})
    assert wait_for(lambda: told(chen, raised["id"]))
