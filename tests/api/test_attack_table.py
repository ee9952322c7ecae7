"""Every attack of the facts, and the tests that hold it: a test that is renamed or goes missing fails here.

Not here, for there is nothing yet that they could attack: brokers of devices (the six of Mosquitto). A log viewer there is none: what it fell to is tried on
the paths of pages and imports.
"""
import pytest
from held import is_held

pytestmark = pytest.mark.quick

# attack: [(file below tests/ or src/, its tests)]
HELD = {
    "a forged In-Reply-To": [("api/test_mail.py", "test_a_stranger_in_a_thread_and_a_number_in_a_subject_lead_nowhere", "test_a_forged_sender_stands_apart")],
    "prompt injection": [("api/test_model_injection.py", "test_there_are_attacks_of_every_kind", "test_nothing_that_an_obedient_model_says_reaches_anybody"),
                         ("api/test_bot.py", "test_hostile_words_are_words")],
    "an object of another mailbox": [("api/test_matrix.py", "test_whoever_is_refused_learns_and_changes_nothing", "test_no_list_and_no_search_shows_what_is_out_of_sight",
                                      "test_a_reference_to_what_one_does_not_see_is_a_reference_to_nothing", "test_a_condition_on_what_is_out_of_sight_finds_nothing"),
                                     ("api/test_attacks.py", "test_a_file_of_one_ticket_is_not_reached_through_another", "test_links_of_customers_cannot_be_guessed_or_bent")],
    "a missing check on one route": [("api/test_matrix.py", "test_every_right_that_a_route_asks_for_can_be_given", "test_every_route_can_be_called_by_everybody_who_may"),
                                     ("api/test_http_life.py", "test_row_without_permission_does_not_compile")],
    "a static token": [("api/test_attacks.py", "test_static_token_nothing_that_opens_a_door_follows_from_what_is_known"),
                       ("api/test_scope.py", "test_a_token_ends_with_its_person"), ("api/test_session.py", "test_after_signing_out_the_cookie_is_worth_nothing")],
    "a default key": [("api/test_attacks.py", "test_default_key_two_companies_share_none")],
    "an invitation that never expires": [("api/test_invitation.py", "test_an_invitation_expires", "test_a_link_works_once")],
    "a realtime channel without access check": [("api/test_scope.py", "test_live_events_keep_to_the_scope", "test_the_stream_ends_with_the_right_to_it"),
                                                ("api/test_matrix.py", "test_no_live_event_tells_of_what_is_out_of_sight"),
                                                ("api/test_hub.py", "test_right_is_asked_at_subscription_and_for_every_event")],
    "SSRF after a redirect": [("api/test_rules.py", "test_attack_ssrf_after_redirect_a_webhook_follows_none", "test_attack_a_webhook_to_metadata_or_a_file_goes_nowhere",
                               "test_attack_a_webhook_to_the_inside_is_refused"), ("api/test_outbox.py", "test_an_inside_address_that_the_operator_did_not_allow_is_never_contacted"),
                              ("api/test_identity_provider.py", "test_an_issuer_inside_is_not_contacted")],
    "DNS rebinding": [("net/client_test.c", "rebinding_name_reaches_only_what_is_permitted")],
    "path traversal": [("api/test_http_fence.py", "test_bad_target_is_refused"), ("api/test_past_file.py", "test_each_attack_is_a_fault_of_its_row_and_the_rest_goes_on"),
                       ("api/test_redirect.py", "test_challenges_are_answered_and_lead_out_of_their_folder_to_nothing")],
    "a .pht that is run": [("api/test_attacks.py", "test_a_file_s_name_never_decides_what_a_browser_does_with_it")],
    "a side parameter": [("api/test_attacks.py", "test_every_body_is_held_to_its_members", "test_a_comment_cannot_be_signed_by_somebody_else")],
    "SVG and formaction": [("api/test_file.py", "test_what_could_harm_is_refused_by_its_content", "test_an_html_form_is_refused_whatever_it_carries"),
                           ("api/test_attacks.py", "test_words_of_a_customer_are_words_everywhere")],
    "session fixation": [("api/test_attacks.py", "test_a_cookie_that_was_planted_does_not_become_a_session")],
    "account enumeration": [("api/test_attacks.py", "test_asking_for_a_code_tells_nobody_who_is_a_customer"), ("api/test_session.py", "test_a_wrong_account_and_a_wrong_password_look_the_same"),
                            ("api/test_invitation.py", "test_a_broken_link_says_no_more_than_an_old_one")],
    "formulas in exports": [("api/test_export.py", "test_a_text_that_looks_like_a_formula_is_not_one")],
    "zip and image bombs": [("core/file/media_test.c", "a_bomb_is_refused_by_its_header"), ("engine/bundle/bundle_test.c", "a_bomb_does_not_go_off"),
                            ("engine/sheet/xlsx_test.c", "bombs_stop_at_their_limit")],
    "depth and duplicate keys of JSON, overlong UTF-8": [("api/test_attacks.py", "test_a_body_that_two_parsers_read_in_two_ways_is_refused")],
    "header injection": [("api/test_http_fence.py", "test_reply_header_with_control_characters_is_never_sent"), ("net/client_test.c", "header_that_could_become_two_is_not_sent")],
    "log injection": [("api/test_attacks.py", "test_what_a_stranger_writes_stands_in_one_line_of_the_log")],
    "slow requests": [("api/test_http_fence.py", "test_dripping_head_is_cut", "test_dripping_body_is_cut", "test_silent_connection_is_cut", "test_reader_that_does_not_read_is_cut")],
    "request smuggling": [("api/test_http_fence.py", "test_smuggling_shape_is_refused_and_nothing_behind_it_is_answered", "test_broken_chunk_ends_the_connection")],
    "CSRF": [("api/test_http_fence.py", "test_change_must_come_from_our_own_pages"), ("api/test_session.py", "test_another_site_cannot_act_with_the_cookie"),
             ("api/test_hub.py", "test_only_our_own_pages_may_connect")],
    "open redirect": [("api/test_redirect.py", "test_attack_a_forged_host_sends_nobody_elsewhere"), ("web/sign_in.test.mjs", "signing in leads to no other site, whatever the address asks for"),
                      ("api/test_identity_provider.py", "test_the_browser_is_sent_back_to_the_server_alone")],
    "timing of secrets": [("api/test_attacks.py", "test_timing_of_secrets_a_stranger_s_account_takes_as_long_as_a_wrong_password"),
                          ("base/crypto_test.c", "comparing_takes_as_long_wherever_the_difference_is")],
    "quota exhaustion by one tenant": [("api/test_quota.py", "test_quota_exhaustion_a_company_with_many_addresses_leaves_the_others_their_calls")],
}


@pytest.mark.parametrize("attack", HELD)
def test_each_attack_is_held_by_tests_that_are_there(attack):
    missing = [(file, name) for file, *names in HELD[attack] for name in names if not is_held(file, name)]
    assert not missing
