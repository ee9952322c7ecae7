"""What customers allow: given and taken back with one call each, with the text that they saw, kept with its history."""
import people
import pytest

pytestmark = pytest.mark.quick


@pytest.fixture
def hers(server, admin):
    customer, record = people.new_customer(server.url, admin)
    yield customer, record["id"]
    customer.close()


def of(customer, purpose):
    return next(item for item in customer.get("/my/consent")["items"] if item["purpose"] == purpose)


def choose(customer, item, given, **options):
    return customer.post("/my/consent", {"purpose": item["purpose"], "version": item["version"], "given": given}, **options)


def test_nothing_is_given_by_itself(hers):
    items = hers[0].get("/my/consent")["items"]
    assert len(items) >= 3 and not any(item["given"] for item in items)
    assert all(item["text"]["zh"] and item["text"]["en"] and item["version"] for item in items)


def test_taking_back_is_as_easy_as_giving(hers, admin, auditor):
    customer, id = hers
    item = of(customer, "marketing")
    choose(customer, item, True)
    assert of(customer, "marketing")["given"]
    choose(customer, item, False)
    assert not of(customer, "marketing")["given"]
    row = next(r for r in admin.get("/consent", filter=f'[["customer_id","=","{id}"]]')["items"])
    assert (row["purpose"], row["state"], row["text_version"], row["source"]) == ("marketing", "withdrawn", item["version"], "h5")
    assert row["given_at"] and row["withdrawn_at"] >= row["given_at"]
    changes = admin.get(f"/consent/{row['id']}/history")["items"]
    assert changes[0]["actor"]["kind"] == "customer" and changes[0]["fields"]["state"] == ["given", "withdrawn"]
    assert {e["kind"] for e in auditor.get("/audit", area="privacy", object="consent", object_id=row["id"])["items"]} == {"consent.created", "consent.changed"}


def test_only_the_text_that_is_shown_can_be_agreed_to(hers, admin):
    customer, id = hers
    item = of(customer, "survey")
    choose(customer, item | {"version": "1999-01"}, True, status=409)
    assert not of(customer, "survey")["given"]
    admin.post("/consent", {"customer_id": id, "purpose": "survey", "text_version": "1999-01"})
    assert of(customer, "survey")["given"] and of(customer, "survey")["again"], "who agreed to an older text is asked again"
    choose(customer, item, True)
    assert not of(customer, "survey")["again"]


def test_nobody_decides_for_another(hers, server, admin):
    customer, _ = hers
    other, _ = people.new_customer(server.url, admin)
    choose(customer, of(customer, "remote"), True)
    assert not of(other, "remote")["given"]
    other.close()
