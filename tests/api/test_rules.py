"""Rules: an event, a condition, actions. They fire once, in a request of their own, and end when they follow one another in a circle."""
import base64
import contextlib
import hashlib
import hmac
import itertools
import json
import uuid

import pytest
import test_scope
from actors import connect
from definitions import is_refused_at, switch_off
from hypothesis import HealthCheck, given, settings, strategies as st

from client import Client
from gateway import Gateway
from patience import wait_for
from server import Clock, Server


def rule(admin, **fields):
    body = {"name": f"规则 {uuid.uuid4().hex[:6]}", "object": "ticket", "state": "on", "events": ["created"],
            "actions": [{"do": "move", "action": "accept"}]} | fields
    return admin.post("/rule", body)


def off(admin, row):
    switch_off(admin, "rule", row["id"])


def ticket(admin, text="冰箱有异响，请来看看", **more):
    customer = admin.get("/customer", limit=1)["items"][0]["id"]
    return admin.post("/ticket", {"scene": "repair", "customer_id": customer, "text": text} | more)["id"]


def state(admin, ticket_id):
    return admin.get(f"/ticket/{ticket_id}")["state"]


def runs(admin, row):
    return admin.get("/rule_run", filter=json.dumps([["rule_id", "=", row["id"]]]))["items"]


@pytest.fixture
def passed(admin):
    """Waits until rules have looked at all that has happened up to now: a rule of its own has acted on a ticket that was filed after it.

    Rules follow the events of a company in their order, so one that has not fired by then will not."""
    return lambda: witness(admin)


def witness(admin):
    mark = f"w{uuid.uuid4().hex[:10]}"
    row = rule(admin, condition=f'title contains "{mark}"')
    seen = ticket(admin, f"{mark} 有异响，请来看看")
    wait_for(lambda: state(admin, seen) == "accepted")
    off(admin, row)


@pytest.mark.quick
def test_a_rule_acts_on_what_its_condition_holds_for(admin, passed):
    mark = uuid.uuid4().hex[:8]
    row = rule(admin, condition=f'title contains "{mark}" and grade = urgent')
    meant, other = ticket(admin, f"漏水了 {mark}，很急", grade="urgent"), ticket(admin, f"有异响 {mark}，不急", grade="normal")
    wait_for(lambda: state(admin, meant) == "accepted")
    assert state(admin, other) == "new"
    assert [(r["object_id"], r["cause"], r["result"]) for r in wait_for(lambda: runs(admin, row))] == [(meant, "ticket.created", "done")]
    assert admin.get(f"/rule/{row['id']}/statistics")["days"][-1]["fired"] == 1
    off(admin, row)
    again = ticket(admin, f"漏水了 {mark}，又来了", grade="urgent")
    passed()
    assert state(admin, again) == "new", "it is switched off"


@pytest.mark.quick
def test_actions_happen_in_order_and_all_or_none(admin):
    mark = uuid.uuid4().hex[:8]
    steps = [{"do": "move", "action": "accept"}, {"do": "set", "field": "title", "value": f"改过 {mark}"}, {"do": "move", "action": "start"}]
    good = rule(admin, condition=f'title contains "good{mark}"', actions=steps)
    bad = rule(admin, condition=f'title contains "bad{mark}"', actions=[*steps, {"do": "move", "action": "resume"}])
    worked, failed = ticket(admin, f"good{mark} 有异响，请来看看"), ticket(admin, f"bad{mark} 有异响，请来看看")
    wait_for(lambda: state(admin, worked) == "working")
    assert admin.get(f"/ticket/{worked}")["title"] == f"改过 {mark}"
    assert state(admin, failed) == "new" and mark in admin.get(f"/ticket/{failed}")["title"]
    off(admin, good)
    off(admin, bad)


def test_a_failure_is_seen_and_keeps_nobody_from_filing(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        row = rule(admin, actions=[{"do": "move", "action": "resume"}])
        filed = ticket(admin)
        def failed():
            clock.move(120)
            return runs(admin, row)
        assert [(r["object_id"], r["result"]) for r in wait_for(failed)] == [(filed, "failed")]
        assert "state" in runs(admin, row)[0]["error"]
        assert admin.get(f"/rule/{row['id']}/statistics")["days"][-1]["failed"] == 1
        admin.close()


def test_rules_that_fit_one_event_act_together_and_one_that_fails_holds_up_none(company, tmp_path):
    clock, mark = Clock(tmp_path / "clock"), uuid.uuid4().hex[:8]
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        fits = {"condition": f'title contains "{mark}"'}
        first = rule(admin, **fits, actions=[{"do": "move", "action": "accept"}])
        never = rule(admin, **fits, actions=[{"do": "set", "field": "title", "value": "去掉了"}, {"do": "move", "action": "resume"}])
        last = rule(admin, **fits, actions=[{"do": "set", "field": "title", "value": f"改过 {mark}"}])
        filed = ticket(admin, f"{mark} 有异响，请来看看")
        def all_noted():
            clock.move(5)
            return all(runs(admin, row) for row in (first, never, last))
        wait_for(all_noted)
        assert [[r["result"] for r in runs(admin, row)] for row in (first, never, last)] == [["done"], ["failed"], ["done"]]
        row = admin.get(f"/ticket/{filed}")
        assert (row["state"], row["title"]) == ("accepted", f"改过 {mark}")
        admin.close()


@pytest.mark.quick
def test_rules_that_follow_one_another_end(admin, passed):
    """Each undoes what the other did: a circle."""
    mark = uuid.uuid4().hex[:8]
    there = rule(admin, events=["changed"], changed=["title"], condition=f'title = "a{mark}"', actions=[{"do": "set", "field": "title", "value": f"b{mark}"}])
    back = rule(admin, events=["changed"], changed=["title"], condition=f'title = "b{mark}"', actions=[{"do": "set", "field": "title", "value": f"a{mark}"}])
    filed = ticket(admin)
    admin.patch(f"/ticket/{filed}", {"version": admin.get(f"/ticket/{filed}")["version"], "title": f"a{mark}"})
    wait_for(lambda: runs(admin, back))
    passed()
    passed()            # what the second rule did would have fired the first by now, and that again the second
    assert (len(runs(admin, there)), len(runs(admin, back))) == (1, 1)
    assert admin.get(f"/ticket/{filed}")["title"] == f"a{mark}"
    off(admin, there)
    off(admin, back)


def test_what_a_rule_did_is_told_from_what_came_after(company):
    """The jobs of rules and those that send messages take turns in the same places: none is taken for another's doing."""
    gateway = Gateway()
    with Server(company, environment={"ANXIN_SMS_GATEWAY": gateway.url, "ANXIN_OUTBOUND_ALLOW": "127.0.0.0/8"}) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        mark = uuid.uuid4().hex[:8]
        row = rule(admin, condition=f'title contains "{mark}"', actions=[{"do": "move", "action": "contact"}])
        hers = admin.post("/customer", {"name": "王小明", "phone": f"139{uuid.uuid4().int % 10**8:08d}"})["id"]     # nobody writes to those of the demo
        for n in range(4):
            ticket(admin, f"{mark} 有异响 {n}", customer_id=hers)
            wait_for(lambda n=n: len(runs(admin, row)) == n + 1 and len(gateway.calls) == n + 1)
        wait_for(lambda: not admin.get("/outbox", filter=json.dumps([["state", "=", "waiting"]]))["items"])
        with contextlib.closing(connect(company)) as stored:
            said = stored.execute("SELECT DISTINCT kind, request_id FROM event WHERE actor_kind = 0").fetchall()
        assert "ticket.contact" in {kind for kind, id in said if id.startswith("rule/")}
        assert {id for kind, id in said if kind == "outbox.sent"} == {"job"}
        admin.close()
    gateway.close()


@pytest.mark.quick
def test_only_a_field_that_changed_fires(admin, passed):
    mark = uuid.uuid4().hex[:8]
    row = rule(admin, events=["changed"], changed=["device_id"], condition=f'title contains "{mark}"')
    filed = ticket(admin)
    admin.patch(f"/ticket/{filed}", {"version": admin.get(f"/ticket/{filed}")["version"], "title": f"x {mark}"})
    passed()
    assert state(admin, filed) == "new"
    device = admin.get("/device", limit=1)["items"][0]["id"]
    admin.patch(f"/ticket/{filed}", {"version": admin.get(f"/ticket/{filed}")["version"], "device_id": device})
    wait_for(lambda: state(admin, filed) == "accepted")
    off(admin, row)


@pytest.mark.quick
def test_what_happened_before_a_rule_was_on_does_not_fire_it(admin, passed):
    mark = uuid.uuid4().hex[:8]
    before = ticket(admin, f"{mark} 有异响，请来看看")
    row = rule(admin, condition=f'title contains "{mark}"')
    passed()
    assert state(admin, before) == "new"
    off(admin, row)


def test_a_breached_clock_fires_rules_that_wait_for_its_measure(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        rule(admin, events=["clock_breached"], event_data={"measure": "acceptance"},
             actions=[{"do": "move", "action": "grade", "fields": {"grade": "critical"}}])
        filed = ticket(admin, grade="normal")
        clock.move(2 * 3600 + 1)
        wait_for(lambda: admin.get(f"/ticket/{filed}")["grade"] == "critical")
        admin.close()


def test_a_rule_of_time_fires_once_while_it_holds_and_again_after_that(company, tmp_path):
    """24 hours untouched."""
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        mark = uuid.uuid4().hex[:8]
        row = rule(admin, cause="time", events=[], condition=f'title contains "{mark}" and state in (new, accepted) and age(updated_at) > 24h',
                   actions=[{"do": "move", "action": "contact", "reason": "24 小时未处理"}])
        filed = ticket(admin, f"{mark} 有异响，请来看看")

        def after(seconds, count):
            clock.move(seconds)
            admin.sign_in(*company.accounts[0])
            def come():
                clock.move(61)
                return len(runs(admin, row)) >= count
            wait_for(come)
            assert len(runs(admin, row)) == count
        after(24 * 3600 + 5, 1)
        other = uuid.uuid4().hex[:8]
        looked = rule(admin, cause="time", events=[], condition=f'title contains "{other}"', actions=[{"do": "move", "action": "accept"}])
        for n in range(3):          # a later look found this ticket, so it was asked of the first one, too
            ticket(admin, f"{other} 第 {n} 次")
            polls = itertools.count()
            wait_for(lambda n=n, polls=polls: (next(polls) % 20 or clock.move(61) or True) and len(runs(admin, looked)) > n)      # minutes pass, not days
        assert len(runs(admin, row)) == 1
        after(24 * 3600 + 5, 2)
        assert admin.get(f"/ticket/{filed}")["first_response_at"]
        admin.close()


def insert(stored, table, columns, rows):
    """All of them in one transaction."""
    mark = "%s" if hasattr(stored, "pgconn") else "?"
    stored.execute("BEGIN")
    stored.cursor().executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join([mark] * len(columns))})", rows)
    stored.execute("COMMIT")


def copies(stored, table, like, rows):
    """As many rows of a table like that one, each with its own differences: what takes a server minutes to make one by one."""
    cursor = stored.execute(f"SELECT * FROM {table} WHERE id = {like}")
    columns, row = [d[0] for d in cursor.description], cursor.fetchone()
    row = [json.dumps(v) if isinstance(v, (dict, list)) else v for v in row]
    insert(stored, table, columns, [tuple({**dict(zip(columns, row)), **more}[c] for c in columns) for more in rows])


def test_a_rule_of_time_reaches_each_row_however_many_it_holds(company, tmp_path):
    """The first thousands that it holds already do not stand before those that come after them."""
    clock = Clock(tmp_path / "clock")
    many = 2500
    with Server(company, clock=clock) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        mark = uuid.uuid4().hex[:8]
        row = rule(admin, cause="time", events=[], condition=f'title contains "{mark}"', actions=[{"do": "move", "action": "contact"}])
        first = ticket(admin, f"{mark} 有异响，请来看看")
        def held():
            clock.move(61)
            return runs(admin, row)
        wait_for(held)
        with contextlib.closing(connect(company, writes=True)) as stored:
            tenant, rule_id = int(admin.get("/session")["tenant"]["id"]), int(row["id"])
            ids = [int(first) // 2 + n for n in range(many)]
            copies(stored, "ticket", first, [{"id": i, "no": f"{mark}{i}"} for i in ids])
            insert(stored, "rule_hold", ("tenant", "rule_id", "object_id", "at"), [(tenant, rule_id, i, 1) for i in ids])
        late = ticket(admin, f"{mark} 有异响，也请来看看")
        def come():
            clock.move(61)
            return admin.get(f"/ticket/{late}")["first_response_at"]
        assert wait_for(come)
        assert len(runs(admin, row)) == 2
        off(admin, row)
        admin.close()


def test_a_rule_of_time_that_would_look_through_too_many_rows_says_so_once_a_day(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    with Server(company, clock=clock, options=("--set", "list.budget=1000")) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        mark = uuid.uuid4().hex[:8]
        first = ticket(admin)
        with contextlib.closing(connect(company, writes=True)) as stored:
            copies(stored, "ticket", first, [{"id": int(first) // 2 + n, "no": f"{mark}{n}"} for n in range(1001)])
        row = rule(admin, cause="time", events=[], condition=f'title contains "{mark}"')
        def told():
            clock.move(61)
            return runs(admin, row)
        said = wait_for(told)
        assert [(r["result"], r["object_id"]) for r in said] == [("failed", row["id"])] and "条件" in said[0]["error"]
        other = rule(admin, cause="time", events=[], condition=f'no = "{admin.get(f"/ticket/{first}")["no"]}"')
        def acted():
            clock.move(61)
            return runs(admin, other)
        wait_for(acted)
        days = {(r["created_at"] + 8 * 3_600_000) // 86_400_000 for r in runs(admin, row)}
        assert len(runs(admin, row)) == len(days), "once a day, and the others go on"
        off(admin, row)
        off(admin, other)
        admin.close()


@pytest.mark.parametrize("fields, at", [
    ({"condition": "no_such = 1"}, "condition[0]"), ({"actions": [{"do": "fly"}]}, "actions[0].do"),
    ({"actions": [{"do": "move", "action": "fly"}]}, "actions[0].action"), ({"actions": [{"do": "set", "field": "state", "value": "closed"}]}, "actions[0].field"),
    ({"actions": [{"do": "move", "action": "grade", "fields": {"grade": "no such"}}]}, "actions[0].fields.grade"), ({"actions": []}, "actions"),
    ({"actions": [{"do": "move", "action": "cancel"}]}, "actions[0].reason"), ({"events": []}, "events"), ({"changed": ["no_such"]}, "changed"),
    ({"cause": "time", "events": [], "condition": ""}, "condition"), ({"actions": [{"do": "webhook", "webhook_id": "77"}]}, "actions[0].webhook_id"),
])
def test_a_rule_that_cannot_work_is_refused_by_its_field(admin, fields, at):
    said = admin.post("/rule", {"name": "x", "object": "ticket", "state": "on", "events": ["created"],
                                "actions": [{"do": "move", "action": "accept"}]} | fields, status=(422, 403))
    assert is_refused_at(said, at), said


def test_tickets_go_to_the_skilled_then_to_who_has_least_to_do_and_back_to_who_knows_the_customer(server, admin):
    team = admin.post("/team", {"name": f"组 {uuid.uuid4().hex[:6]}"})["id"]
    rights = ["ticket.read", "ticket.work", "ticket.assign", "ticket.create", "customer.read", "device.read"]
    people = [test_scope.new_user(server, admin, rights, "team", team_id=team) for _ in range(3)]
    devices = admin.get("/device", limit=50)["items"]
    known = next(d for d in devices if d["customer_id"])
    product = admin.get(f"/model/{known['model_id']}")["product_id"]
    expert = people[2].user["id"]
    admin.post("/user_skill", {"user_id": expert, "product_id": product})
    mark = uuid.uuid4().hex[:8]
    row = rule(admin, condition=f'title contains "{mark}"', actions=[{"do": "assign", "by": "load", "team_id": team}])
    owner = lambda t: wait_for(lambda: admin.get(f"/ticket/{t}")["owner_id"])  # noqa: E731
    assert owner(ticket(admin, f"{mark} 一", product_id=product)) == expert
    plain = [owner(ticket(admin, f"{mark} 其它 {n}")) for n in range(5)]
    counts = {p.user["id"]: plain.count(p.user["id"]) for p in people}
    assert sorted(counts.values()) == [1, 2, 2], "shared out evenly, the expert had one before"
    off(admin, row)
    customer = admin.post("/customer", {"name": "老客户", "phone": f"137{uuid.uuid4().int % 10**8:08d}"})["id"]
    first = ticket(admin, f"{mark} 第一次", customer_id=customer)
    admin.post(f"/ticket/{first}/action/assign", {"version": admin.get(f"/ticket/{first}")["version"], "owner_id": people[1].user["id"]})
    again = rule(admin, condition=f'title contains "{mark}"', actions=[{"do": "assign", "by": "last_agent", "team_id": team}])
    assert owner(ticket(admin, f"{mark} 又来了", customer_id=customer)) == people[1].user["id"]
    off(admin, again)
    for person in people:
        person.close()


def test_a_dry_run_tells_what_would_have_fired_and_does_nothing(admin):
    mark = uuid.uuid4().hex[:8]
    hit, miss = ticket(admin, f"{mark} 漏水，很急", grade="urgent"), ticket(admin, f"{mark} 有异响", grade="normal")
    tried = admin.post("/rule/try", {"object": "ticket", "events": ["created"], "condition": f'title contains "{mark}" and grade = urgent',
                                     "actions": [{"do": "move", "action": "accept"}]}, status=200)
    fires = {e["object_id"]: e["fires"] for e in tried["events"]}
    assert fires[hit] is True and fires[miss] is False and tried["fires"] == 1 and len(tried["events"]) <= 100
    assert state(admin, hit) == "new"


def test_a_rule_of_time_is_tried_on_what_stands_there_now(admin):
    mark = uuid.uuid4().hex[:8]
    held = [ticket(admin, f"{mark} 有异响 {n}") for n in range(2)]
    ticket(admin, "不漏水，也不响")
    tried = admin.post("/rule/try", {"object": "ticket", "cause": "time", "condition": f'title contains "{mark}"', "actions": [{"do": "move", "action": "accept"}]})
    assert [(e["object_id"], e["kind"], e["fires"]) for e in tried["events"]] == [(i, "time", True) for i in held]
    assert (tried["fires"], tried["more"]) == (2, False)
    assert [state(admin, i) for i in held] == ["new", "new"], "nothing was done"


def test_a_rule_of_time_is_tried_on_a_hundred_and_says_that_there_are_more(admin):
    mark = uuid.uuid4().hex[:8]
    held = [ticket(admin, f"{mark} 有异响 {n}") for n in range(100)]

    def tried():
        answer = admin.post("/rule/try", {"object": "ticket", "cause": "time", "condition": f'title contains "{mark}"', "actions": [{"do": "move", "action": "accept"}]})
        return sorted(e["object_id"] for e in answer["events"]), answer["fires"], answer["more"]
    assert tried() == (sorted(held), 100, False)
    ticket(admin, f"{mark} 有异响，第一百零一张")
    assert tried() == (sorted(held), 100, True)


def test_rules_survive_a_kill_between_event_and_action(company, tmp_path):
    server = Server(company).start()
    admin = Client(server.url).sign_in(*company.accounts[0])
    mark = uuid.uuid4().hex[:8]
    row = rule(admin, condition=f'title contains "{mark}"', actions=[{"do": "move", "action": "contact"}])
    filed = [ticket(admin, f"{mark} 有异响 {n}") for n in range(12)]
    server.kill()
    server.start()
    admin.sign_in(*company.accounts[0])
    wait_for(lambda: len(runs(admin, row)) >= 12)
    assert sorted(r["object_id"] for r in runs(admin, row)) == sorted(filed)
    admin.close()
    server.stop()


@pytest.fixture
def wired(company, tmp_path):
    """A company whose server may reach this machine, and a receiver."""
    clock, receiver = Clock(tmp_path / "clock"), Gateway()
    with Server(company, clock=clock, options=("--outbound-allow", "127.0.0.1")) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        yield admin, receiver, clock
        admin.close()
    receiver.close()


def test_a_webhook_is_signed_masked_and_retried_with_one_id(wired):
    admin, receiver, clock = wired
    receiver.answers = [503, 500]
    hook = admin.post("/webhook", {"name": "ERP", "url": receiver.url})
    secret = admin.post(f"/webhook/{hook['id']}/secret")["secret"]
    assert hook["secret"] is None and secret.startswith("whsec_")
    rule(admin, actions=[{"do": "webhook", "webhook_id": hook["id"]}])
    filed = ticket(admin)

    def come():
        clock.move(60)
        return len(receiver.got) >= 3
    wait_for(come)
    assert [g[0] for g in receiver.got[:3]] == [503, 500, 200]
    assert len({g[1]["webhook-id"] for g in receiver.got}) == 1
    _, heads, body = receiver.got[2]
    signed = f"{heads['webhook-id']}.{heads['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.new(base64.b64decode(secret.removeprefix("whsec_")), signed, hashlib.sha256).digest()).decode()
    assert heads["webhook-signature"] == f"v1,{wanted}"
    said = json.loads(body)
    assert said["type"] == "ticket.created" and said["data"]["object_id"] == filed and said["data"]["row"]["no"].startswith("SR")
    delivery = wait_for(lambda: [d for d in admin.get("/webhook_delivery")["items"] if d["state"] == "sent"])[0]
    assert (delivery["status"], delivery["attempts"]) == (200, 3)
    admin.post(f"/webhook_delivery/{delivery['id']}/replay")
    wait_for(lambda: len(receiver.got) == 4)
    assert receiver.got[3][1]["webhook-id"] != heads["webhook-id"] and json.loads(receiver.got[3][2])["data"]["object_id"] == filed


def test_a_webhook_that_is_gone_is_not_asked_again(wired):
    admin, receiver, _ = wired
    receiver.answers = [410]
    hook = admin.post("/webhook", {"name": "ERP", "url": receiver.url})
    admin.post(f"/webhook/{hook['id']}/ping")
    failed = wait_for(lambda: [d for d in admin.get("/webhook_delivery")["items"] if d["state"] == "failed"])[0]
    assert failed["status"] == 410 and len(receiver.got) == 1


def test_attack_ssrf_after_redirect_a_webhook_follows_none(wired):
    admin, receiver, clock = wired
    inside = Gateway()
    receiver.answers, receiver.location = [302, 307], inside.url
    hook = admin.post("/webhook", {"name": "ERP", "url": receiver.url})
    admin.post(f"/webhook/{hook['id']}/ping")

    def come():
        clock.move(60)
        return len(receiver.got) >= 3
    wait_for(come)
    assert inside.got == []
    inside.close()


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest/meta-data/", "http://[::1]:1/", "http://localhost:1/", "file:///etc/passwd", "gopher://127.0.0.1/"])
def test_attack_a_webhook_to_metadata_or_a_file_goes_nowhere(admin, url):
    made = admin.post("/webhook", {"name": "inside", "url": url}, status=(201, 422))
    if "error" in made:
        return
    admin.post(f"/webhook/{made['id']}/ping")
    found = wait_for(lambda: [d for d in admin.get("/webhook_delivery")["items"] if d["state"] == "failed" and d["webhook_id"] == made["id"]])[0]
    assert found["status"] == 0 and found["last_error"] == "outbound_refused"


def test_attack_a_webhook_to_the_inside_is_refused(admin):
    hook = admin.post("/webhook", {"name": "inside", "url": "http://127.0.0.1:1/"})
    admin.post(f"/webhook/{hook['id']}/ping")
    wait_for(lambda: [d for d in admin.get("/webhook_delivery")["items"] if d["state"] == "failed" and d["webhook_id"] == hook["id"]])


def test_who_may_not_change_tickets_makes_no_rule_that_does(server, admin):
    maker = test_scope.new_user(server, admin, ["rule.read", "rule.create", "ticket.read"], "all")
    body = {"name": "x", "object": "ticket", "state": "draft", "events": ["created"], "actions": [{"do": "set", "field": "title", "value": "x"}]}
    maker.post("/rule", body, status=422)
    maker.close()


def order(admin, mine):
    """Of these rules, as the server asks them."""
    return [r["id"] for r in admin.get("/rule", sort="place", limit=200)["items"] if r["id"] in mine]


def behind(admin, row, after):
    admin.post(f"/rule/{row}/place", {"after_id": after} if after else {})


@given(moves=st.lists(st.tuples(st.integers(0, 4), st.integers(-1, 4)), min_size=1, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rules_stand_in_the_order_they_are_put_in(admin, moves):
    """Against a list in Python; each move writes the one that moved, and others only where there is no room."""
    mine = [rule(admin, state="draft")["id"] for _ in range(5)]
    for first, second in zip(mine, mine[1:]):
        behind(admin, second, first)
    wanted = list(mine)
    assert order(admin, mine) == wanted
    for one, after in moves:
        row, leader = mine[one], mine[after] if after >= 0 else None
        if row != leader:
            wanted.remove(row)
            wanted.insert(wanted.index(leader) + 1 if leader else 0, row)
        behind(admin, row, leader)
        assert order(admin, mine) == wanted
    behind(admin, wanted[-1], wanted[-2])     # others may stand between these
    versions = {i: admin.get(f"/rule/{i}")["version"] for i in mine}
    behind(admin, wanted[-1], wanted[-2])
    assert {i: admin.get(f"/rule/{i}")["version"] for i in mine} == versions, "what stands there is not written"
    for i in mine:
        admin.post(f"/rule/{i}/archive", {"version": versions[i]})


def test_moving_a_rule_where_there_is_room_writes_it_alone(admin):
    mine = [rule(admin, state="draft", place=place)["id"] for place in (10_000_000, 10_001_000, 10_002_000)]
    versions = [admin.get(f"/rule/{i}")["version"] for i in mine]
    behind(admin, mine[2], mine[0])
    assert order(admin, mine) == [mine[0], mine[2], mine[1]]
    assert [admin.get(f"/rule/{i}")["version"] - was for i, was in zip(mine, versions)] == [0, 0, 1]
    admin.post(f"/rule/{mine[0]}/place", {"after_id": "999999999999999999"}, status=422)
    admin.post("/rule/999999999999999999/place", {}, status=404)
