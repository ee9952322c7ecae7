"""Where a gap lies by fault, and questions that no sum answers: each figure is held to what the tickets or the cases themselves say."""
import collections
import datetime
import json
import re

from desk import desk  # noqa: F401 (a fixture)
from recount import Recount, day
from test_audit import rows
from test_promises import busy, figures  # noqa: F401 (busy is a fixture)

from patience import wait_for
from server import ROOT

FILTERS = {"region": "region_id", "product": "product_id", "team": "team_id", "channel": "channel"}


def form_words():
    """(code of the product, code of the symptom) to what the report form calls it."""
    form = json.loads((ROOT / "packs/appliance/form.json").read_text())["symptoms"]
    return {(product, one["code"]): one["label"] for product, all_of_it in form.items() for one in all_of_it}


def by_fault(desk, month):
    """What the tickets of the month name first, in the words of form and product."""
    products, words, counted = {p["id"]: p for p in desk.admin.get("/product", limit=200)["items"]}, form_words(), collections.Counter()
    for t in Recount(desk.admin, days=60).tickets:
        if day(t["created_at"]).isoformat()[:7] != month["day"][:7]:
            continue
        product = products.get(t["product_id"])
        first = t["symptoms"][0] if t["symptoms"] else None
        label = words.get((product["code"], first)) if product and first else None
        counted[f"{product['name_en']} · {label['en']}" if label else None] += 1
    return counted


def shares(desk, code, by, **query):
    return desk.admin.get(f"/promise/{figures(desk.admin, **query)[code]['id']}/figures", by=by, **query)["shares"]


def test_a_gap_is_told_by_the_fault_that_each_ticket_names_first(busy):  # noqa: F811
    desk, month = busy
    told = shares(desk, "one_history", "symptom", **month)
    wanted = by_fault(desk, month)
    assert len(wanted) > 3 and {s["title"]: s["cases"] for s in told} == wanted
    assert [s["title"] for s in told if s["id"] == "0"] == [None]
    assert {s["id"] for s in shares(desk, "complaint_call", "symptom", **month)} <= {s["id"] for s in told}, "a call is about its ticket"
    assert {s["id"] for s in shares(desk, "chat_answered", "symptom", **month)} <= {"0"}, "a conversation names none"
    one = next(s for s in told if s["id"] != "0")
    held = desk.admin.get(f"/promise/{figures(desk.admin)['one_history']['id']}/cases", by="symptom", part_id=one["id"], held=1, limit=200, **month)["items"]
    assert len(held) == one["held"]


def test_a_ticket_that_names_another_fault_is_counted_there(desk):  # noqa: F811
    def cases():
        return {s["title"]: s["cases"] for s in shares(desk, "one_history", "symptom") if s["title"]}
    products = {p["code"]: p for p in desk.admin.get("/product", limit=50)["items"]}
    before = cases()

    def gained():
        now = cases()
        return {title: now.get(title, 0) - before.get(title, 0) for title in {*now, *before} if now.get(title, 0) != before.get(title, 0)}

    def loud(product):
        return {f"{products[product]['name_en']} · Loud": 1}
    made = desk.ticket("声音大", product_id=products["fridge"]["id"], symptoms=["noise", "door"])
    wait_for(lambda: gained() == loud("fridge"), why=gained)
    ticket = desk.admin.get(f"/ticket/{made}")
    ticket = desk.admin.patch(f"/ticket/{made}", {"version": ticket["version"], "product_id": products["washer"]["id"]})
    wait_for(lambda: gained() == loud("washer"), why=gained)
    desk.admin.patch(f"/ticket/{made}", {"version": ticket["version"], "symptoms": ["Not a code; DROP", "noise"]})
    wait_for(lambda: gained() == {}, why=gained)        # what no form writes is no fault


def of_cases(desk, promise, span, filters):
    """The same from the cases as they lie there."""
    where = "".join(f" AND {FILTERS[part]} = {number}" for part, number in filters.items())
    days = [(datetime.date.fromisoformat(span[end]) - datetime.date(1970, 1, 1)).days for end in ("from", "to")]
    found = rows(desk.company, f"SELECT count(*), coalesce(sum(held), 0), coalesce(sum(value), 0) FROM promise_case WHERE promise_id = {promise} AND day BETWEEN {days[0]} AND {days[1]}{where}")
    return tuple(int(n) for n in found[0])


def test_three_filters_and_all_four_are_answered_from_the_cases(busy):  # noqa: F811
    desk, month = busy
    page = desk.admin.get("/promise/figures", **month)
    span, compared = page["periods"][-1], 0
    met = rows(desk.company, "SELECT DISTINCT region_id, product_id, team_id, channel FROM promise_case WHERE region_id > 0 AND product_id > 0 AND team_id > 0 AND channel > 0 ORDER BY 1, 2, 3, 4")
    for values in met[:12]:
        all_four = dict(zip(FILTERS, values))
        for left_out in (None, *FILTERS):
            filters = {part: number for part, number in all_four.items() if part != left_out}
            asked = {**month, **{FILTERS[part]: str(number) for part, number in filters.items()}}
            for p in figures(desk.admin, **asked).values():
                assert (p["cases"], p["held"], p["total"]) == of_cases(desk, p["id"], span, filters), (p["code"], filters)
                compared += p["cases"] > 0
            one = figures(desk.admin, **asked)["one_history"]
            for by in ("user", "symptom", left_out or "user"):
                parts = desk.admin.get(f"/promise/{one['id']}/figures", by=by, **asked)["shares"]
                for what in ("cases", "held", "total", "margin"):
                    assert sum(s[what] for s in parts) == one[what], (by, what)
    assert compared > 50
    nothing = figures(desk.admin, **month, region_id="1", product_id="2", team_id="3")
    assert {p["cases"] for p in nothing.values()} == {0} and desk.admin.get(f"/promise/{one['id']}/figures", by="user", **month, region_id="1", product_id="2", team_id="3")["shares"] == []


def test_what_was_counted_before_there_were_faults_finds_its_own(busy):  # noqa: F811
    """The step of the schema itself, over cases and sums as an earlier program left them."""
    desk, month = busy
    before = {code: shares(desk, code, "symptom", **month) for code in ("one_history", "closed_loop", "complaint_call")}
    assert any(s["id"] != "0" for s in before["one_history"])
    desk.server.stop()
    for statement in ("UPDATE promise_case SET symptom_id = 0", "DELETE FROM promise_day WHERE part = 6"):
        desk.company.execute(statement)
    step = (ROOT / "schema/090_promise_symptom.sql").read_text()
    fills = re.findall(r"^INSERT INTO.*?;", step, re.S | re.M)
    assert len(fills) == 3
    for statement in fills:
        desk.company.execute(statement)
    desk.server.start()
    desk.sign_in()
    for code, wanted in before.items():
        def told():
            return shares(desk, code, "symptom", **month)
        wait_for(lambda: told() == wanted, why=lambda: (told(), wanted), clock=desk.clock)
