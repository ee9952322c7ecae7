"""Tasks: who falls heir to one, what may be done with it, and who sees it."""
import time
import uuid

import pytest
from people import new_phone
from test_scope import new_user

DAY = 86_400_000
RIGHTS = ["task.read", "task.create", "task.change", "ticket.read", "user.read"]


def task(client, status=None, **values):
    return client.post("/task", {"title": f"回电 {uuid.uuid4().hex[:6]}"} | values, status=status)


@pytest.fixture(scope="module")
def ticket(admin):
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    return admin.post("/ticket", {"scene": "repair", "customer_id": customer, "text": "冰箱不制冷"}, status=(201, 409))


def test_a_task_that_names_nobody_is_its_makers(admin):
    me = admin.get("/session")["user"]["id"]
    made = task(admin)
    assert (made["owner_id"], made["state"], made["kind"], made["due_at"]) == (me, "open", "todo", None)


def test_a_task_goes_to_the_team_of_its_owner(server, admin):
    team = admin.post("/team", {"name": f"小组 {uuid.uuid4().hex[:6]}"})["id"]
    user = new_user(server, admin, RIGHTS, "team", team_id=team)
    other = new_user(server, admin, RIGHTS, "own")
    made = task(admin, owner_id=user.get("/session")["user"]["id"])
    assert made["team_id"] == team
    assert user.get(f"/task/{made['id']}")["title"] == made["title"]
    other.get(f"/task/{made['id']}", status=404)
    user.close()
    other.close()


def test_a_task_is_finished_and_opened_again(admin, ticket):
    made = task(admin, ticket_id=ticket["id"], kind="call_back", due_at=int(time.time() * 1000) + DAY)
    assert [f["field"] for f in admin.post(f"/task/{made['id']}/action/finish", {"version": 1}, status=422)["error"]["fields"]] == ["outcome"]
    done = admin.post(f"/task/{made['id']}/action/finish", {"version": 1, "outcome": "content", "result": "客户满意"})
    assert (done["state"], done["outcome"], done["result"], done["done_by"]) == ("done", "content", "客户满意", admin.get("/session")["user"]["id"])
    assert done["done_at"] and "finish" not in {a["name"] for a in done["actions"]}
    again = admin.post(f"/task/{made['id']}/action/reopen", {"version": done["version"]})
    assert not again["outcome"] and (again["state"], again["result"], again["done_at"], again["done_by"]) == ("open", "", None, None)
    admin.post(f"/task/{made['id']}/action/cancel", {"version": again["version"]}, status=422)
    admin.post(f"/task/{made['id']}/action/cancel", {"version": again["version"], "reason": "重复"})


def test_tasks_are_listed_by_when_they_are_due(admin, ticket):
    now = int(time.time() * 1000)
    made = [task(admin, ticket_id=ticket["id"], due_at=now + n * DAY)["id"] for n in (3, 1, 2)]
    late = task(admin, ticket_id=ticket["id"])["id"]
    found = [t["id"] for t in admin.get("/task", condition=f"ticket_id = {ticket['id']} and state = open", limit=200)["items"] if t["id"] in {*made, late}]
    assert found == [made[1], made[2], made[0], late], "what is never due comes last"
    soon = {t["id"] for t in admin.get("/task", condition="until(due_at) < 36h and state = open", limit=200)["items"]}
    assert made[1] in soon and late not in soon and made[0] not in soon


def test_a_task_about_what_one_does_not_see_is_refused(server, admin, ticket):
    user = new_user(server, admin, RIGHTS, "own")
    assert task(user, status=422, ticket_id=ticket["id"])["error"]["fields"][0]["code"] == "field_reference"
    user.close()


def test_a_task_keeps_no_phone_number(admin):
    made = task(admin, title="回电 13812345678", note="说打 13812345678")
    assert "13812345678" not in str(admin.get(f"/task/{made['id']}")) and "_phone_" in made["title"]
    done = admin.post(f"/task/{made['id']}/action/finish", {"version": 1, "result": "已打 13812345678"})
    assert "13812345678" not in str(done)


def test_the_description_says_which_kinds_end_with_what_came_of_them(admin):
    """So that a page asks for it where it has to, and nowhere else."""
    fields = next(r for r in admin.get("/meta")["records"] if r["name"] == "task")["fields"]
    kinds = next(f for f in fields if f["name"] == "kind")["choices"]
    assert {k["value"] for k in kinds if k.get("asks") == "outcome"} == {"call_back", "complaint_call", "second_call", "review_call"}
    for kind in kinds:
        made = task(admin, kind=kind["value"])
        admin.post(f"/task/{made['id']}/action/finish", {"version": made["version"]}, status=422 if "asks" in kind else 200)
