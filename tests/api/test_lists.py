"""Lists asked for in ways that no page of ours asks: as many conditions, values and words as are allowed, at once."""
import json

import pytest

STATES = ["new", "accepted", "working", "waiting_customer", "resolved", "closed", "cancelled"]


def page(client, name, conditions, status=200, **more):
    return client.get(f"/{name}", filter=json.dumps(conditions, separators=(",", ":")), status=status, **more)


def test_as_many_values_as_a_list_takes(admin):
    """Each state is a range of its own, held to all the other conditions."""
    many = list(range(1, 51))
    conditions = [["state", "in", STATES]] + [["id", "in", many]] * 11
    assert page(admin, "ticket", conditions, total=1)["items"] == []


@pytest.mark.parametrize("value", [18446744073709551615, 9223372036854775808, -9223372036854775808])
def test_a_number_that_no_column_holds_is_refused(admin, value):
    page(admin, "ticket", [["id", ">", value]], status=422)
