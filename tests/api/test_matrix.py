"""Every route that the API describes × everybody who may ask × objects of one's own, out of sight, of another company and of nobody.

What is expected follows from the description: x-permission says who gets in, what a person sees says which objects exist for him.
Whoever is refused learns nothing and changes nothing; whoever is not can really call the route, so that no refusal is one of a
call that was wrong anyhow. Routes, roles, fields and actions that come later are in it without a line here.
"""
import json
import time

import pytest
from actors import Actor, two_companies
from listener import Listener
from matrix import FACTOR_BODIES, NOBODY, NOT_BY_LINK, PICTURE, Holdings, calls, own_stage, put
from rounds import came_back, linked
from test_file import upload

OURS, FAR, THEIRS = "zqours", "zqfar", "zqtheirs"
FAR_PHONE = "13" + str(time.time_ns())[-9:]

# What somebody with a narrow scope does not see of rows that lie elsewhere; the rest of what he does not see is found out.
OUT_OF_SCOPE = {"ticket", "conversation", "customer", "contact", "address", "consent", "device", "purchase_proof", "view", "file", "rule_run", "identity"}

# Lists whose rows have no scope, and tell of rows that have one.
UNSCOPED = {"outbox": "whoever may read the outbox reads all messages, and the demo shows their links",
            "breach": "a list of whom a leak is about must be whole; it has a right of its own"}


def scoped(record):
    return record["name"] in OUT_OF_SCOPE or any(f["to"] in OUT_OF_SCOPE for f in record["fields"])


class Matrix:
    def __init__(self, world):
        founder = world.ours.founder.client
        self.world, self.description, self.meta = world, founder.get("/openapi.json"), founder.get("/meta")
        far_customer = founder.post("/customer", {"name": f"远 {FAR}", "phone": FAR_PHONE, "region_id": world.far["region"]})["id"]
        owner = founder.get("/session")["user"]["id"]
        self.ours = Holdings(world.ours, self.description, OURS, world.near | {"customer": world.customer.record_id}, world.customer)
        shared = {r["name"]: self.ours.one(r["name"]) for r in self.meta["records"] if not scoped(r)}
        self.far = Holdings(world.ours, self.description, FAR, shared | world.far | {"customer": far_customer}, world.customer,
                            {"owner_id": owner, "team_id": world.far["team"]})
        self.theirs = Holdings(world.theirs, self.description, THEIRS, {"customer": world.foreign_customer.record_id}, world.foreign_customer)
        self.calls = list(calls(self.description, self.meta))
        self.places = {"ours": self.ours, "far": self.far, "theirs": self.theirs}
        for holdings in (self.ours, self.theirs):     # before anything is looked at: a flow shows in the actions of its rows
            own_stage(holdings)
        self.seen = {}
        self.kinds = sorted({call.kind for call in self.calls if call.kind})
        for kind in self.kinds:
            for place in self.places_of(kind):
                self.places[place].one(kind)

    def places_of(self, kind):
        alone = kind.startswith(("my/", "visit/")) or self.far.one(kind) == self.ours.one(kind)
        return ("ours", "theirs") if alone else ("ours", "far", "theirs")

    def target(self, place, kind):
        return self.places[place].one(kind) if place in self.places else NOBODY

    def probe(self, kind, permission=None):
        """The plainest reading of an object: by the right that is asked about, where there is one."""
        gets = [call for call in self.calls if call.kind == kind and not call.writes]
        return min((call for call in gets if call.permission == permission), key=lambda c: len(c.path), default=None) or min(gets, key=lambda c: len(c.path))

    def sees(self, actor, place, kind, permission=None):
        """Whether the object is there for him, as a plain reading of it says; None when he may not read this kind at all."""
        probe = self.probe(kind, permission)
        key = (actor.name, place, probe.path)
        if key not in self.seen:
            status = probe.send(actor, self.target(place, kind)).status
            self.seen[key] = {200: True, 404: False}.get(status)
        return self.seen[key]

    def expected(self, call, actor, place):
        code = actor.admitted(call.permission)
        if (call.method, call.path) in NOT_BY_LINK and "link" in actor.name and code == "ok":
            return "forbidden"
        if code == "ok" and place and self.sees(actor, place, call.kind, call.permission) is False:
            return "not_found"
        if code == "ok" and call.action and not (actor.may(call.action["permission"]) and call.action["who"] != "customer"):
            return "forbidden"
        return code

    def is_there(self, actor, kind, target):
        return actor.client.http.get(f"/{kind}/{target}").status_code in (200, 403)

    def is_elsewhere(self, actor, place, kind):
        """Whether what the place holds of this kind is out of the actor's sight."""
        if (place == "theirs") != (actor.company == "theirs"):
            return True
        return kind.startswith(("my/", "visit/")) if place == "ours" else self.sees(actor, place, kind) is False

    def hold(self, place):
        """What a company's founder sees of the objects that nobody else may change."""
        holdings = self.places[place]
        return {r["name"]: holdings.admin.get(f"/{r['name']}/{holdings.one(r['name'])}") for r in self.meta["records"]}


STATUS = {"not_signed_in": 401, "forbidden": 403, "not_found": 404}


@pytest.fixture(scope="module")
def matrix(engine, demos, tmp_path_factory):
    company = demos(engine).copy(tmp_path_factory.mktemp("matrix") / "data")
    with two_companies(company) as world:
        yield Matrix(world)
    company.drop()


def report(faults):
    assert not faults, f"{len(faults)} faults:\n" + "\n".join(faults[:60])


def test_what_is_out_of_sight_is_known(matrix):
    """The rest of the tests compare with it."""
    world = matrix.world
    for actor in world.actors:
        for kind in sorted(OUT_OF_SCOPE):
            for right in {call.permission for call in matrix.calls if call.kind == kind and not call.writes and actor.may(call.permission)}:
                if actor.company == "theirs":
                    assert matrix.sees(actor, "theirs", kind, right) or kind in ("view", "file"), (actor.name, kind)
                    assert matrix.sees(actor, "ours", kind, right) is matrix.sees(actor, "far", kind, right) is False, (actor.name, kind)
                elif actor.narrow:
                    assert matrix.sees(actor, "far", kind, right) is False, (actor.name, kind)
        if actor.kind == "customer":
            for kind in ("my/ticket", "my/file"):
                sees = matrix.sees(actor, "ours", kind)
                assert sees is (actor is world.customer or (actor.name.endswith("another link") and kind == "my/file")), (actor.name, kind)
    assert matrix.sees(world.customer, "theirs", "my/ticket") is False and matrix.sees(world.narrow, "ours", "customer") is True
    hidden = [key for key, sees in matrix.seen.items() if sees is False]
    assert len(hidden) > 40


def refused(matrix):
    """(call, actor, place, code) of everything that has to be refused."""
    for call in matrix.calls:
        for actor in matrix.world.actors:
            for place in matrix.places_of(call.kind) if call.kind else (None,):
                code = matrix.expected(call, actor, place)
                if code != "ok":
                    yield call, actor, place, code


def test_whoever_is_refused_learns_and_changes_nothing(matrix):
    world, faults, tried, nothing, bodies = matrix.world, [], {}, {}, {}
    before = {place: matrix.hold(place) for place in matrix.places}
    for call, actor, place, code in refused(matrix):
        what = f"{actor.name}, {call}, {place}"
        holdings = matrix.places[place or "ours"]
        target = place and matrix.target(place, call.kind)
        if (call, place) not in bodies:
            bodies[call, place] = holdings.body(call, target) if call.schema else None
        body, events = bodies[call, place], world.events()
        answer = call.send(actor, target, body)
        if (answer.status, answer.code) != (STATUS[code], code):
            faults.append(f"{what}: {code} expected, got {answer}")
        if call.writes and world.events() != events and world.happened(events):
            faults.append(f"{what}: refused, but {world.happened(events)} happened")
        if target and (code != "forbidden" or not call.action):
            if (call, actor.name) not in nothing:
                nothing[call, actor.name] = call.send(actor, NOBODY, body)
            if answer.same != nothing[call, actor.name].same:
                faults.append(f"{what}: told apart from nothing: {answer} / {nothing[call, actor.name]}")
        if holdings.marker in answer.text:
            faults.append(f"{what}: shows {answer}")
        tried[code] = tried.get(code, 0) + 1
    after = {place: matrix.hold(place) for place in matrix.places}
    faults += [f"{place} {kind} changed" for place in before for kind in before[place] if before[place][kind] != after[place][kind]]
    report(faults)
    assert tried["not_signed_in"] > 500 and tried["forbidden"] > 500 and tried["not_found"] > 300, tried


def test_a_reference_to_what_one_does_not_see_is_a_reference_to_nothing(matrix):
    world, faults, tried = matrix.world, [], 0
    sides = [(world.ours.founder, ("theirs",)), (world.narrow, ("theirs", "far")), (world.ours.serve("new customer"), ("theirs", "ours"))]
    for actor, places in sides:
        holdings = matrix.ours.by(actor)
        for call in matrix.calls:
            if not call.schema or matrix.expected(call, actor, None) != "ok" or not call.writes:
                continue
            references = holdings.references(call)
            target = holdings.fresh(call.kind) if call.kind and references else None
            if target:
                holdings.prepare(call, target)
            body = holdings.body(call, target)
            for path, kind in references.items():
                for place in places:
                    if not matrix.is_elsewhere(actor, place, kind):
                        continue
                    other, events = matrix.target(place, kind), world.events()
                    answers = [call.send(actor, target, put(body, path, named)) for named in (other, NOBODY)]
                    what = f"{actor.name}, {call}: {path} names {kind} of {place}"
                    if answers[0].status not in (404, 422) or world.happened(events):
                        faults.append(f"{what}: taken: {answers[0]}")
                    elif answers[0].same != answers[1].same:
                        faults.append(f"{what}: told apart from nothing: {answers[0]} / {answers[1]}")
                    tried += 1
    report(faults)
    assert tried > 60, tried


def ids_of(holdings, kinds=None):
    return {made for kind, made in holdings.known.items() if kinds is None or kind in kinds}


def test_no_list_and_no_search_shows_what_is_out_of_sight(matrix):
    world, faults = matrix.world, []
    exact = {FAR_PHONE, FAR_PHONE[-4:], matrix.far.admin.get(f"/device/{matrix.far.one('device')}")["serial"]}
    for holdings in (matrix.ours, matrix.theirs):
        wait_for_search(holdings)
    assert all(matrix.far.admin.get("/search", q=word)["items"] for word in exact), "nobody would find it: that shows nothing"
    for actor in world.actors:
        if actor.kind == "nobody":
            continue
        words, ids = ({OURS, FAR}, ids_of(matrix.ours) | ids_of(matrix.far)) if actor.company == "theirs" else ({THEIRS}, ids_of(matrix.theirs))
        if actor is world.narrow:
            words, ids = words | {FAR}, ids | {matrix.far.one(kind) for kind in matrix.kinds if matrix.sees(actor, "far", kind) is False}
        for call in matrix.calls:
            if call.kind or call.writes or call.is_stream or matrix.expected(call, actor, None) != "ok" or (actor.narrow and unscoped(call)):
                continue
            for query in [{}, *({"q": word} for word in words | exact if any(q["name"] == "q" for q in call.operation.queries))]:
                answer = call.send(actor, query=query)
                found = {word for word in words | ids if word in answer.text}
                if found:
                    faults.append(f"{actor.name}, {call} {query}: shows {found}")
    report(faults)


def unscoped(call):
    return call.path.split("/")[3] in UNSCOPED


def wait_for_search(holdings):
    until = time.monotonic() + 20
    while not holdings.admin.get("/search", q=holdings.marker)["items"]:
        assert time.monotonic() < until, "the index never came so far"


def test_a_condition_on_what_is_out_of_sight_finds_nothing(matrix):
    world, faults, tried = matrix.world, [], 0
    for actor, place in ((world.narrow, "far"), (world.narrow, "theirs"), (world.ours.founder, "theirs")):
        for record in matrix.meta["records"]:
            call = matrix.ours.calls["get", f"/api/v1/{record['name']}"]
            for field in record["fields"]:
                if not field["to"] or not matrix.is_elsewhere(actor, place, field["to"]) or unscoped(call):
                    continue
                other, nothing = (call.send(actor, one, query={"filter": json.dumps([[field["name"], "=", one]])})
                                  for one in (matrix.target(place, field["to"]), NOBODY))
                tried += 1
                if other.same != nothing.same:
                    faults.append(f"{actor.name}, {record['name']}.{field['name']} of {place}: {other} / {nothing}")
    report(faults)
    assert tried > 20


def test_no_live_event_tells_of_what_is_out_of_sight(matrix):
    world, faults = matrix.world, []
    foreigner = next(a for a in world.actors if a.company == "theirs" and a.kind == "staff")
    changing = [record["name"] for record in matrix.meta["records"] if record["changeable"]]
    for actor, place in ((foreigner, "ours"), (foreigner, "far"), (world.narrow, "far"), (world.narrow, "theirs")):
        faults += listen(matrix, actor, place, [kind for kind in changing if matrix.is_elsewhere(actor, place, kind)])
    for actor, place in ((world.other, "ours"), (world.foreign_customer, "ours"), (world.customer, "theirs")):
        faults += listen(matrix, actor, place, ["ticket"])
    report(faults)


def listen(matrix, actor, place, hidden):
    """What one hears who asks for every object that he does not see, while each of them changes, and then one of his own; and
    whether those who see it hear of him."""
    holdings, own = matrix.places[place], (matrix.theirs if actor.company == "theirs" else matrix.ours).by(actor)
    mine = actor.client.get("/my/ticket")["items"][0]["id"] if actor.kind == "customer" else own.fresh("ticket")
    objects = {kind: holdings.one("my/ticket" if actor.kind == "customer" else kind) for kind in hidden}
    listener = Listener(matrix.world.server, actor.client, "/my/stream" if actor.kind == "customer" else "/stream")
    for kind, made in objects.items():
        listener.subscribe(f"{kind}:{made}", f"{kind}:{NOBODY}", *([f"view:{kind}"] if actor.kind == "staff" else []))
    watcher = Listener(matrix.world.server, holdings.side.founder.client)
    watcher.subscribe(f"ticket:{objects['ticket']}", "ticket:1")
    watcher.heard(is_refusal_of_the_last)
    listener.signal(f"ticket:{objects['ticket']}")
    listener.subscribe(f"ticket:{mine}", "ticket:1")
    codes = {m["topic"]: m["code"] for m in listener.heard(is_refusal_of_the_last) if m["op"] == "refused"}
    faults = [f"{actor.name}: {kind} of {place} answered {codes.get(f'{kind}:{made}')}" for kind, made in objects.items()
              if codes.get(f"{kind}:{made}") is None or codes[f"{kind}:{made}"] != codes[f"{kind}:{NOBODY}"]]
    for kind, made in objects.items():
        touch(holdings, kind, made)
    touch(own, "ticket", mine)
    heard = listener.heard(lambda m: m.get("op") == "event" and m["id"] == mine)
    faults += [f"{actor.name} is heard in {place}: {m}" for m in watcher.heard(lambda m: m["op"] == "event") if m["op"] == "signal"]
    return faults + [f"{actor.name} hears of {place}: {m}" for m in heard if any(made in json.dumps(m) for made in objects.values())]


def is_refusal_of_the_last(message):
    return message.get("topic") == "ticket:1"


def touch(holdings, kind, made):
    """A change that whoever sees the object hears of, its customer too."""
    founder = holdings.side.founder
    if kind == "ticket":
        founder.client.post(f"/ticket/{made}/comment", {"text": "已收到", "visibility": "public"})
        return
    patch = holdings.calls["patch", f"/api/v1/{kind}/{{id}}"]
    answer = patch.send(founder, made, holdings.body(patch, made))
    assert answer.status == 200, f"{kind}: {answer}"


def test_every_right_that_a_route_asks_for_can_be_given(matrix):
    offered = set(matrix.meta["permissions"])
    asked = {call.permission for call in matrix.calls if "." in call.permission} | {call.action["permission"] for call in matrix.calls if call.action}
    assert asked <= offered, asked - offered


def called(matrix, call, actor):
    """One call that he may make, on an object of his own."""
    side = matrix.world.side(actor)
    holdings = (matrix.theirs if actor.company == "theirs" else matrix.ours).by(actor)
    target = None
    if "old_password" in (call.schema or {"properties": {}})["properties"]:
        actor = side.hire("who leaves", side.founder.client.get("/role", limit=1)["items"][0]["id"])  # it ends the other sign-ins
    elif call.path.startswith("/api/v1/session/factor") and call.writes:
        client = side.hire("who has a second factor", side.role(["ticket.read"], "all")).client
        return call.send(Actor("who has a second factor", client, "staff"), None, FACTOR_BODIES[call.path.rpartition("/")[2]](client))
    elif call.path == "/api/v1/company/logo":
        give_logo(holdings)
    elif call.path in ROUNDS and call.writes:
        return ROUNDS[call.path](call, side, holdings, actor)
    elif call.permission == "anybody":
        actor = Actor("nobody", side.client(), "nobody")  # signing in would make somebody of him
    elif call.method == "delete":
        actor = actor.again()
    elif "application/octet-stream" in call.content:
        target = holdings.announced(actor, call.kind)
    elif call.kind:
        target = holdings.fresh(call.kind) if call.writes else holdings.one(call.kind)
        if not matrix.is_there(actor, call.kind, target):
            return None
        holdings.prepare(call, target)
    return call.send(actor, target, holdings.body(call, target) if call.schema else None)


def give_logo(holdings):
    founder = holdings.side.founder.client
    if not founder.get("/company")["logo_id"]:
        founder.patch("/company", holdings.company_card() | {"logo_id": upload(founder, "logo.png", PICTURE)})


def come_back(call, side, holdings, actor):
    stranger = Actor("who comes back", side.client(), "nobody")
    return call.send(stranger, None, came_back(side.idp, stranger.client, provider_of(holdings), **stranger.client.company))


def provider_of(holdings):
    """One that knows the client's secret."""
    made = holdings.one("sign_in_provider")
    holdings.admin.post(f"/sign_in_provider/{made}/secret", {"secret": holdings.side.idp.secret})
    return made


def link(call, side, holdings, actor):
    hired = side.hire("who links an identity", side.role(["ticket.read"], "all"))
    return call.send(hired, None, {"provider_id": provider_of(holdings)})


def unlink(call, side, holdings, actor):
    hired = side.hire("who has an identity", side.role(["ticket.read"], "all"))
    return call.send(hired, None, {"identity_id": linked(side.idp, hired.client, provider_of(holdings))})


def unlink_other(call, side, holdings, actor):
    target = holdings.fresh("user")
    if actor.client.http.get(f"/user/{target}").status_code != 200:
        return None
    person = side.sign_in("who has an identity", holdings.with_password(target)).client
    return call.send(actor, target, {"identity_id": linked(side.idp, person, provider_of(holdings))})


def stop(call, side, holdings, actor):
    return call.send(actor, holdings.trying(), {})


ROUNDS = {"/api/v1/evaluation/{id}/stop": stop, "/api/v1/session/provider": come_back, "/api/v1/session/provider/link": link,
          "/api/v1/session/identity/remove": unlink, "/api/v1/user/{id}/identity/remove": unlink_other}


# Only where there is no company yet, or no demo data, or where nothing else needs them: test_first_run.py, test_demo_data.py. Deliveries are signed by WeChat,
# and what is sent again is what it did not answer: test_wechat.py. Vendors know a secret address: test_sms.py. Events are signed by a telephone system, and what staff do with a call needs one: test_phone.py.
ONCE = {"POST /api/v1/first_run", "POST /api/v1/demo/load", "POST /api/v1/demo/remove", "GET /api/v1/wechat/{callback}", "POST /api/v1/wechat/{callback}",
        "GET /api/v1/sent_file/{token}",      # a link that is signed: test_wechat_files.py
        "POST /api/v1/conversation/{id}/reach/{no}/repeat", "POST /api/v1/phone/{callback}", "POST /api/v1/sms/{callback}", "POST /api/v1/phone/dial", "POST /api/v1/phone_call/{id}/confirm", "POST /api/v1/phone_call/{id}/recording",
        "POST /api/v1/conversation/{id}/she", "POST /api/v1/conversation/{id}/not_she",       # of names in channels that nobody has proven: test_who.py
        "POST /api/v1/quality_own/{id}/appeal"}        # against one's own result alone: test_quality.py


def test_every_route_can_be_called_by_everybody_who_may(matrix):
    faults, done = [], set(ONCE)
    for call in matrix.calls:
        for actor in matrix.world.actors:
            if call.is_stream or str(call) in ONCE or matrix.expected(call, actor, None) != "ok" or (call.writes and actor is matrix.world.ours.founder):
                continue  # the administrator does the same
            answer = called(matrix, call, actor)
            if answer and 200 <= answer.status < 300:
                done.add(str(call))
            elif answer and (answer.status != 409 or not call.action):  # a move that is not to be made now
                faults.append(f"{actor.name}, {call}: {answer}")
    faults += [f"nobody could call {call}" for call in matrix.calls
               if not call.is_stream and not call.action and call.permission != "operator" and str(call) not in done]
    flows = {call.path for call in matrix.calls if call.action}
    faults += [f"nobody could call {path}" for path in flows if not any(path in what for what in done)]
    report(faults)
