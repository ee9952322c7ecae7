"""Lists held against a model: whatever the conditions, the order and the size of a page, all pages together are exactly the rows that
Python picks out of everything, in its order; and the way back shows the same pages."""
import datetime
import json
import operator
import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

EXAMPLES = {"quick": 60, "full": 300, "long": 5000}[os.environ.get("ANXIN_TEST_LEVEL", "full")]
RECORDS = ("ticket", "customer", "device", "user", "view", "outbox", "model")
HELD = {"=": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
BUILT_IN = {"id": "ref", "created_at": "time", "updated_at": "time"}


def everything(client, name, conditions=()):
    rows, after = [], {}
    while True:
        page = client.get(f"/{name}", limit=200, filter=json.dumps(conditions), **after)
        rows += page["items"]
        if not page["next"]:
            return rows
        after = {"after": page["next"]}


def stored(kind, value):
    """What the database compares: numbers, or the bytes of a text; what is not known is 0 or empty."""
    if kind == "day":
        return (datetime.date.fromisoformat(value) - datetime.date(1970, 1, 1)).days if value else 0
    if kind in ("ref", "time", "money", "count", "int", "flag"):
        return int(value or 0)
    return (value or "").encode()

FAR = 253402300799999


class Model:
    def __init__(self, record, rows):
        self.name, self.rows = record["name"], rows
        self.kinds = {f["name"]: f["type"] for f in record["fields"] if f["filterable"] and not f["sealed"] and f["initial"] != "far"}
        self.kinds |= {name: kind for name, kind in BUILT_IN.items() if name in (rows[0] if rows else {})}
        self.choices = {f["name"]: [c["value"] for c in f["choices"]] for f in record["fields"]}
        self.kinds_of_order = {f["name"]: f["type"] for f in record["fields"]} | BUILT_IN
        self.far = {f["name"] for f in record["fields"] if f["initial"] == "far"}
        self.orders = record["sorts"] + [f["name"] for f in record["fields"] if f["sortable"]]

    def value(self, row, name):
        return stored(self.kinds[name], row[name])

    def place(self, row, order):
        if row[order] is None and order in self.far:
            return FAR      # never due comes after whatever is
        return stored(self.kinds_of_order[order], row[order])

    def passes(self, row, condition):
        name, word, given = condition
        value = self.value(row, name)
        if word in HELD:
            return HELD[word](value, stored(self.kinds[name], given))
        return (value in [stored(self.kinds[name], one) for one in given]) == (word == "in")

    def picked(self, conditions, order):
        rows = [row for row in self.rows if all(self.passes(row, c) for c in conditions)]
        return [row["id"] for row in sorted(rows, key=lambda row: (self.place(row, order.strip("-")), int(row["id"])), reverse=order.startswith("-"))]

    def values(self, name):
        """What rows hold in the field, and what they might."""
        held = {json.dumps(self.none(name) if row[name] is None else row[name]) for row in self.rows}
        return [json.loads(value) for value in sorted(held)] + self.choices.get(name, [])

    def none(self, name):
        return {"day": "1970-01-01", "ref": "0", "time": 0}.get(self.kinds[name], "")


@st.composite
def questions(draw, model):
    """Conditions on what rows hold, an order, a size of page."""
    conditions = []
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(sorted(kind for kind in model.kinds if model.values(kind))))
        values = st.sampled_from(model.values(name))
        word = draw(st.sampled_from([*HELD, "in", "not_in"]))
        conditions.append([name, word, draw(values) if word in HELD else draw(st.lists(values, max_size=4))])
    return conditions, draw(st.sampled_from(["", "-"])) + draw(st.sampled_from(model.orders)), draw(st.integers(1, 60))


@pytest.fixture(scope="module")
def models(admin):
    records = {record["name"]: record for record in admin.get("/meta")["records"]}
    return {name: Model(records[name], everything(admin, name)) for name in RECORDS}


def walk(client, name, **query):
    """The ids of all pages, and the way back from the last of them."""
    pages, after = [], {}
    while True:
        page = client.get(f"/{name}", **query, **after)
        pages.append(page)
        if not page["next"]:
            break
        after = {"after": page["next"]}
    back = [[row["id"] for row in pages[-1]["items"]]]
    while page["previous"]:
        page = client.get(f"/{name}", **query, before=page["previous"])
        back.insert(0, [row["id"] for row in page["items"]])
    return [[row["id"] for row in page["items"]] for page in pages], back


@settings(max_examples=EXAMPLES, deadline=None, derandomize=os.environ.get("ANXIN_TEST_LEVEL") != "long",
          suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_all_pages_together_are_what_the_model_picks(admin, models, data):
    model = models[data.draw(st.sampled_from(RECORDS))]
    conditions, order, limit = data.draw(questions(model))
    wanted = model.picked(conditions, order)
    limit = max(limit, len(wanted) // 8)       # few pages, of any size
    pages, back = walk(admin, model.name, filter=json.dumps(conditions), sort=order, limit=limit)
    assert [i for page in pages for i in page] == wanted
    assert all(len(page) == limit for page in pages[:-1])
    assert [i for page in back for i in page] == wanted
    counted = admin.get(f"/{model.name}/count", filter=json.dumps(conditions))
    assert (counted["total"], counted["total_more"]) == (len(wanted), False)


def test_a_condition_and_its_contrary_share_out_all_rows(admin, models):
    """Also where a row says nothing: who is not in danger of smoke is everybody else."""
    tried = 0
    for model in models.values():
        for name in model.kinds:
            for value in model.values(name)[-5:]:
                found = [[row["id"] for row in everything(admin, model.name, [[name, word, value]])] for word in ("=", "!=")]
                assert sorted(found[0] + found[1]) == sorted(row["id"] for row in model.rows), (model.name, name, value)
                tried += 1
    assert tried > 100
