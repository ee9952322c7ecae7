"""What users of other help desks complained of, as far as it concerns tickets: each complaint is a case that must not come back.

HELD says which test holds it; what no other test holds stands below. Complaints about conversations, chat channels, models and installers are not
about tickets.
"""
import re
from pathlib import Path

import pytest
from test_clocks import MINUTE, Desk, at
from test_rules import rule

from client import Client
from gateway import Gateway
from patience import wait_for
from server import Clock, Server

pytestmark = pytest.mark.quick
TESTS = Path(__file__).resolve().parents[1]

# complaint: (whose, what, file, test)
HELD = {
    3: ("chatwoot 11901", "a webhook fires twice", "api/test_complaints.py", "test_a_webhook_is_called_once_for_each_event_however_fast_they_come"),
    4: ("chatwoot 15920", "webhooks are dropped at a 5xx", "api/test_rules.py", "test_a_webhook_is_signed_masked_and_retried_with_one_id"),
    5: ("chatwoot 14934", "events are lost while the line is down", "api/test_hub.py", "test_who_comes_with_an_old_number_is_told_to_read_again"),
    9: ("chatwoot 13392", "clocks run through the night", "api/test_clocks.py", "test_working_time_stands_over_the_night_and_why_says_so"),
    10: ("chatwoot 14009", "no lunch break", "api/test_complaints.py", "test_a_lunch_break_does_not_count"),
    13: ("chatwoot 9264", "nothing can be merged", "api/test_merge.py", "test_tickets_merged_and_parted_are_as_they_were"),
    21: ("zammad 5177", "the next response overrules the first", "api/test_clocks.py",
         "test_every_question_of_the_customer_has_a_clock_of_its_own_beside_the_first_response"),
    22: ("zammad 3180", "a calendar of all hours is closed at midnight", "api/test_complaints.py", "test_all_hours_are_open_at_midnight"),
    24: ("zammad 854", "no round robin", "api/test_rules.py", "test_tickets_go_to_the_skilled_then_to_who_has_least_to_do_and_back_to_who_knows_the_customer"),
    25: ("osTicket 6739, 5325, GLPI 10594", "wrong unless Monday is listed; merges cannot be undone; pauses credit the weekend", "api/test_complaints.py",
         "test_a_calendar_of_two_days_counts_those_two"),
}
ALSO = {25: [("api/test_merge.py", "test_customers_merged_and_parted_are_as_they_were"), ("prop/test_service_clock.py", "test_a_pause_over_a_weekend_credits_working_time_only")]}


@pytest.mark.parametrize("number", sorted(HELD))
def test_each_complaint_is_held_by_a_test_that_is_there(number):
    for file, name in [HELD[number][2:], *ALSO.get(number, [])]:
        assert re.search(rf"^def {name}\(", (TESTS / file).read_text(encoding="utf-8"), re.M), (number, file, name)


@pytest.fixture
def desk(company, tmp_path):
    clock = Clock(tmp_path / "clock")
    clock.set(at("2027-03-01", "10:00"))        # a Monday
    desk = Desk(company, clock)
    yield desk
    desk.admin.close()
    desk.server.stop()


def promise(desk, week, minutes, zone="Asia/Shanghai"):
    """The one promise of solution, on a calendar of these hours."""
    form = {"name": {"zh": "试", "en": "Test"}, "zone": zone, "week": week}
    calendar = desk.admin.post("/calendar", {"code": f"c{minutes}", "name": "试", "form": form})
    desk.admin.post("/clock_policy", {"object": "ticket", "measure": "solution", "name": "试", "target_minutes": minutes, "calendar_id": calendar["id"], "place": 1})
    return desk.solution(desk.ticket())["due_at"]


def test_a_lunch_break_does_not_count(desk):
    assert promise(desk, [{"days": ["mon"], "hours": ["09:00-12:00", "13:00-18:00"]}], 180) == at("2027-03-01", "14:00")


def test_all_hours_are_open_at_midnight(desk):
    desk.clock.set(at("2027-03-01", "23:59") + 30_000)
    desk.sign_in()
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    assert promise(desk, [{"days": days, "hours": ["00:00-24:00"]}], 2) == desk.clock.ms + 2 * MINUTE


def test_a_calendar_of_two_days_counts_those_two(desk):
    """Neither Monday nor Thursday is in it."""
    assert promise(desk, [{"days": ["tue", "wed"], "hours": ["09:00-18:00"]}], 600) == at("2027-03-03", "10:00")


def test_a_webhook_is_called_once_for_each_event_however_fast_they_come(company, tmp_path):
    receiver = Gateway()
    with Server(company, options=("--outbound-allow", "127.0.0.1")) as server:
        admin = Client(server.url).sign_in(*company.accounts[0])
        hook = admin.post("/webhook", {"name": "ERP", "url": receiver.url})
        rule(admin, events=["noted"], actions=[{"do": "webhook", "webhook_id": hook["id"]}])
        ticket = admin.post("/ticket", {"scene": "repair", "customer_id": admin.get("/customer", limit=1)["items"][0]["id"], "text": "冰箱有异响，请来看看"})["id"]
        for n in range(15):
            admin.post(f"/ticket/{ticket}/comment", {"text": f"第 {n} 条", "visibility": "internal"})
        wait_for(lambda: len(receiver.got) >= 15)
        wait_for(lambda: not [d for d in admin.get("/webhook_delivery", limit=50)["items"] if d["state"] != "sent"])
        assert len(receiver.got) == len({heads["webhook-id"] for _, heads, _ in receiver.got}) == 15
        admin.close()
    receiver.close()
