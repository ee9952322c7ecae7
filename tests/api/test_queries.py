"""Queries of every reading that the API describes: what they lack, say twice or say at too great a length is refused by its name."""
import pytest
from described import operations

pytestmark = pytest.mark.quick


@pytest.fixture(scope="module")
def description(admin):
    return admin.get("/openapi.json")


def said_of(answer, field):
    return answer.status_code == 422 and [f["code"] for f in answer.json()["error"]["fields"] if f["field"] == field]


@pytest.fixture
def readings(description, admin, auditor):
    """Staff's GETs: who may, the path with a place for every word in it, what it takes."""
    return [(auditor if o.spec["x-permission"].startswith("audit.") else admin, o.at(id="1", name="code.life"), o.queries) for o in operations(description) if o.method == "get" and not o.path.endswith("/stream") and "/my/" not in o.path and o.spec["x-permission"] != "visitor"]


def test_a_query_lacks_nothing_required_and_says_nothing_twice(readings):
    required = twice = 0
    for staff, path, queries in readings:
        for name in (q["name"] for q in queries if q["required"]):
            assert said_of(staff.http.get(path), name) == ["field_required"], (path, name)
            required += 1
        for name in (q["name"] for q in queries):
            said = said_of(staff.http.get(path, params=[(name, "1")] * 2), name)
            assert said and said[-1] == "field_invalid", (path, name, said)
            twice += 1
    assert required > 5 and twice > 50


def test_the_longest_query_fits_a_head_and_a_longer_word_is_refused_by_its_field(readings):
    """In the widest letters that people type; names to sort by and cursors are ASCII."""
    words = 0
    for staff, path, queries in readings:
        letter = {q["name"]: "a" if q["name"] in ("sort", "after", "before", "cell") else "😀" for q in queries}
        longest = {q["name"]: letter[q["name"]] * q["schema"]["maxLength"] for q in queries if "maxLength" in q["schema"]}
        if longest:
            assert staff.http.get(path, params=longest).status_code != 414, path
        for name, value in longest.items():
            assert said_of(staff.http.get(path, params={name: value + "a"}), name), (path, name)
            words += 1
    assert words > 50


def test_a_change_takes_nothing_from_its_query(admin):
    answer = admin.http.post("/customer?name=x", json={"name": "王", "phone": "13900000001"}, headers={"Idempotency-Key": "from-the-query"})
    assert answer.status_code == 400
