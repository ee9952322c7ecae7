"""The demo company: what it shows looks as if people had done it, because they have, with their own rights."""
import pytest

pytestmark = pytest.mark.quick


def test_its_history_names_who_did_what(admin):
    kinds = set()
    for ticket in admin.get("/ticket", limit=60)["items"]:
        for change in admin.get(f"/ticket/{ticket['id']}/history")["items"]:
            kinds.add(change["actor"]["kind"])
            assert change["actor"]["name"] or change["actor"]["kind"] == "customer", change
    assert kinds == {"user", "customer"}


def test_every_list_has_a_name_for_many(admin):
    for record in admin.get("/meta")["records"]:
        assert record["plural"]["zh"] == record["label"]["zh"]
        assert record["plural"]["en"] != record["label"]["en"] or record["name"] == "outbox"
