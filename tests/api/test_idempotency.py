"""Every change names itself: the same name and the same words do nothing twice, other words under the same name are refused."""
import concurrent.futures
import uuid

import pytest

pytestmark = pytest.mark.quick


def customer(name="王小明"):
    return {"name": name, "phone": "13800138000"}


def test_a_repeated_post_gives_the_first_answer_and_one_row(admin):
    key, before = uuid.uuid4().hex, admin.get("/customer", limit=1, total=1)["total"]
    first = admin.post("/customer", customer(), key=key)
    again = admin.post("/customer", customer(), key=key)
    assert again == first
    assert admin.get("/customer", limit=1, total=1)["total"] == before + 1


def test_other_words_under_the_same_key_are_refused(admin):
    key = uuid.uuid4().hex
    admin.post("/customer", customer(), key=key)
    error = admin.post("/customer", customer("李四"), key=key, status=(409, 422))["error"]
    assert error["code"].startswith("idempotency")


def test_a_change_without_a_key_is_refused(admin):
    answer = admin.http.post("/customer", json=customer())
    assert answer.status_code in (400, 422) and answer.json()["error"]["code"].startswith("idempotency")


def test_a_refused_post_may_be_mended_under_the_same_key(admin):
    key = uuid.uuid4().hex
    admin.post("/customer", customer() | {"phone": "12"}, key=key, status=422)
    assert admin.post("/customer", customer(), key=key)["id"]


def test_ten_at_once_under_one_key_make_one_row(admin):
    key, before = uuid.uuid4().hex, admin.get("/customer", limit=1, total=1)["total"]
    with concurrent.futures.ThreadPoolExecutor(10) as pool:
        ids = {answer["id"] for answer in pool.map(lambda _: admin.post("/customer", customer(), key=key), range(10))}
    assert len(ids) == 1
    assert admin.get("/customer", limit=1, total=1)["total"] == before + 1
