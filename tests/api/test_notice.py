"""Notices of staff: who is told of what, that nobody is told of his own doing, and that a notice shows nothing that its reader may not see."""
import uuid

import pytest
from people import new_phone
from test_audit import rows
from test_scope import new_user

RIGHTS = ["ticket.read", "ticket.work", "ticket.assign", "customer.read", "task.read", "task.create", "task.change", "user.read"]


@pytest.fixture
def ticket(admin):
    customer = admin.post("/customer", {"name": "周婷", "phone": new_phone()})["id"]
    return admin.post("/ticket", {"scene": "usage", "customer_id": customer, "text": "怎么调温度"})


@pytest.fixture
def colleague(server, admin):
    user = new_user(server, admin, RIGHTS)
    yield user
    user.close()


def me(client):
    return client.get("/session")["user"]["id"]


def notices(client):
    page = client.get("/notification")
    assert page["unread"] == len([n for n in page["items"] if not n["read"]])
    return [(n["kind"], n["object"], n["object_id"]) for n in page["items"] if not n["read"]]


def test_who_gets_a_ticket_is_told_and_may_say_that_he_knows(admin, colleague, ticket):
    admin.post(f"/ticket/{ticket['id']}/action/assign", {"version": ticket["version"], "owner_id": me(colleague)})
    assert notices(colleague) == [("assigned", "ticket", ticket["id"])] and notices(admin) == []
    first = colleague.get("/notification")["items"][0]
    assert first["title"] == ticket["no"] and first["actor"]["name"]
    admin.post("/notification/read", {"notice": first["id"]})
    assert len(notices(colleague)) == 1, "only one's own are marked"
    colleague.post("/notification/read", {"notice": first["id"]})
    assert notices(colleague) == []


def test_who_takes_a_ticket_is_not_told_of_it(colleague, ticket):
    colleague.post(f"/ticket/{ticket['id']}/action/assign", {"version": ticket["version"], "owner_id": me(colleague)})
    assert notices(colleague) == []


def test_a_mention_reaches_whom_it_names_and_nobody_else(server, admin, colleague, ticket):
    other, before = new_user(server, admin, RIGHTS), notices(admin)
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "请看一下", "visibility": "internal", "user_ids": [me(colleague)]})
    assert notices(colleague) == [("mention", "ticket", ticket["id"])]
    assert [user for (user,) in rows(server.company, f"SELECT user_id FROM notification WHERE object_id = {ticket['id']}")] == [int(me(colleague))]
    assert notices(other) == [] and notices(admin) == before
    other.close()
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "x", "visibility": "internal", "user_ids": ["999999999999999999"]}, status=422)
    colleague.post("/notification/read", {"until": colleague.get("/notification")["items"][0]["id"]})
    assert notices(colleague) == []


def test_a_watcher_hears_what_is_said_until_he_stops(admin, colleague, ticket):
    path = f"/ticket/{ticket['id']}"
    assert colleague.post(f"{path}/watch", {"on": True})["watching"] and colleague.get(f"{path}/watch")["watching"]
    admin.post(f"{path}/comment", {"text": "问过工厂", "visibility": "internal"})
    colleague.post(f"{path}/comment", {"text": "好的", "visibility": "internal"})
    admin.post(f"{path}/comment", {"text": "@你", "visibility": "internal", "user_ids": [me(colleague)]})
    assert notices(colleague) == [("mention", "ticket", ticket["id"]), ("watched", "ticket", ticket["id"])], "not twice for one remark, not of his own"
    assert not colleague.post(f"{path}/watch", {"on": False})["watching"]
    admin.post(f"{path}/comment", {"text": "修好了", "visibility": "internal"})
    assert len(notices(colleague)) == 2


def test_a_task_given_to_somebody_is_told(admin, colleague):
    made = admin.post("/task", {"title": f"回电 {uuid.uuid4().hex[:6]}", "owner_id": me(colleague)})
    assert notices(colleague) == [("task", "task", made["id"])]
    admin.patch(f"/task/{made['id']}", {"version": 1, "note": "下午"})
    assert len(notices(colleague)) == 1, "told once"


def test_a_notice_names_nothing_that_its_reader_may_not_see(server, admin, ticket):
    far = new_user(server, admin, ["ticket.read"], "own")
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "机密", "visibility": "internal", "user_ids": [me(far)]})
    found = far.get("/notification")
    assert [(n["kind"], n["object"], n["object_id"], n["title"], n["data"]) for n in found["items"]] == [("mention", None, None, None, {})]
    assert ticket["id"] not in str(found) and ticket["no"] not in str(found)
    far.post(f"/ticket/{ticket['id']}/watch", {"on": True}, status=404)
    far.close()


def test_the_list_goes_on_where_the_page_ended(admin, colleague, ticket):
    for n in range(33):
        admin.post(f"/ticket/{ticket['id']}/comment", {"text": f"第 {n} 次", "visibility": "internal", "user_ids": [me(colleague)]})
    first = colleague.get("/notification")
    rest = colleague.get("/notification", below=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"], first["unread"]) == (30, 3, None, 33)
    assert not {n["id"] for n in first["items"]} & {n["id"] for n in rest["items"]}


def test_a_remark_names_colleagues_by_what_they_are_called_now(admin, colleague, ticket):
    path = f"/ticket/{ticket['id']}"
    admin.post(f"{path}/comment", {"text": "@她 请看", "visibility": "internal", "user_ids": [me(colleague), me(admin)]})
    user = admin.get(f"/user/{me(colleague)}")
    admin.patch(f"/user/{user['id']}", {"version": user["version"], "name": "<b>芳</b>"})
    noted = next(e for e in admin.get(f"{path}/timeline")["items"] if e["kind"] == "ticket.noted")
    assert [(n["id"], n["name"]) for n in noted["named"]] == [(me(colleague), "<b>芳</b>"), (me(admin), admin.get("/session")["user"]["name"])]
    assert "named" not in next(e for e in admin.get(f"{path}/timeline")["items"] if e["kind"] == "ticket.created")
    assert notices(colleague) == [("mention", "ticket", ticket["id"])] and notices(admin) == [], "nobody is told of what he wrote"


def test_colleagues_are_found_by_name_sound_and_account(server, admin, colleague):
    other = new_user(server, admin, RIGHTS)
    user = admin.get(f"/user/{me(other)}")
    tail = uuid.uuid4().hex[:6]
    admin.patch(f"/user/{user['id']}", {"version": user["version"], "name": "单芳" + tail})

    def found(words):
        return [one["id"] for one in colleague.get("/colleague", q=words)["items"]]
    for words in ("单芳" + tail, "sf" + tail, "shanfang" + tail, "DanF" + tail, "芳" + tail, user["account"], user["account"][:-1].upper()):
        assert me(other) in found(words), words
    assert found("ndf" + tail) == [] and found("没有" + tail) == []
    assert 0 < len(found("")) <= 8 and me(colleague) not in found("")
    archived = admin.get(f"/user/{me(other)}")
    admin.post(f"/user/{archived['id']}/archive", {"version": archived["version"]})
    assert found(user["account"]) == []
    nobody = new_user(server, admin, ["ticket.read", "ticket.work"])
    nobody.get("/colleague", status=403)
    nobody.close()
    other.close()


def test_who_watches_is_seen_and_ended_by_a_supervisor(server, admin, colleague, ticket):
    path = f"/ticket/{ticket['id']}/watch"
    colleague.post(path, {"on": True})
    assert [w["id"] for w in admin.get(path)["watchers"]] == [me(colleague)] and not admin.get(path)["watching"]
    other = new_user(server, admin, RIGHTS)
    other.post(path, {"on": False, "user_id": me(colleague)}, status=403)
    other.post(path, {"on": True, "user_id": me(colleague)}, status=403)
    other.close()
    assert [w["id"] for w in admin.get(path)["watchers"]] == [me(colleague)]
    assert admin.post(path, {"on": False, "user_id": me(colleague)})["watchers"] == []
    admin.post(f"/ticket/{ticket['id']}/comment", {"text": "听不到", "visibility": "internal"})
    assert notices(colleague) == []
    told = [e for e in admin.get(f"/ticket/{ticket['id']}/timeline")["items"] if e["kind"] == "ticket.unwatched"]
    assert [e["named"][0]["id"] for e in told] == [me(colleague)]
    admin.post(path, {"on": False, "user_id": me(colleague)})
    assert len([e for e in admin.get(f"/ticket/{ticket['id']}/timeline")["items"] if e["kind"] == "ticket.unwatched"]) == 1, "nothing happened"
