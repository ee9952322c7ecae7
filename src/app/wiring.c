/* The lists of what the product consists of: a new domain adds its lines here and nowhere else. */
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/demo_load.h"
#include "app/first_run.h"
#include "core/api/factor_api.h"
#include "core/api/file_api.h"
#include "core/api/health.h"
#include "core/api/meta.h"
#include "core/api/notice_api.h"
#include "core/api/openapi.h"
#include "core/api/self_api.h"
#include "core/api/session_api.h"
#include "core/api/stream.h"
#include "core/audit/audit_api.h"
#include "core/action/action.h"
#include "core/audit/breach_api.h"
#include "core/clock/clocks.h"
#include "core/custom/custom.h"
#include "core/flow/flow_define.h"
#include "core/form/form.h"
#include "core/hook/hook.h"
#include "core/promise/promise.h"
#include "core/retention/retention.h"
#include "core/rule/rule.h"
#include "core/io/import.h"
#include "core/io/undo.h"
#include "core/search/follow.h"
#include "core/setting/setting_api.h"
#include "core/tag/tag_api.h"
#include "core/tag/tag.h"
#include "core/notify/notify.h"
#include "core/pack/packs.h"
#include "domain/compensation/compensation.h"
#include "domain/bot/bot_model.h"
#include "domain/conversation/conversation.h"
#include "domain/conversation/conversation_api.h"
#include "domain/conversation/routing.h"
#include "domain/conversation/ticket_action.h"
#include "domain/customer/customer_api.h"
#include "domain/duplicate/suspect.h"
#include "domain/customer/customer_handout.h"
#include "domain/device/device_api.h"
#include "domain/evaluation/evaluation.h"
#include "domain/help/help.h"
#include "domain/hold/hold.h"
#include "domain/intake/intake.h"
#include "domain/knowledge/knowledge.h"
#include "domain/knowledge/snippet.h"
#include "domain/model/model.h"
#include "domain/duty/duty.h"
#include "domain/org/company_card.h"
#include "domain/org/invitation.h"
#include "domain/org/org.h"
#include "domain/org/provider.h"
#include "domain/phone/phone.h"
#include "domain/mail/mail.h"
#include "domain/portal/portal.h"
#include "domain/portal/portal_consent.h"
#include "domain/portal/portal_request.h"
#include "domain/portal/portal_self.h"
#include "domain/quality/quality.h"
#include "domain/ticket/customer_value.h"
#include "domain/ticket/queue_api.h"
#include "domain/sms/sms.h"
#include "domain/task/task.h"
#include "domain/template/template.h"
#include "domain/ticket/past.h"
#include "domain/ticket/ticket_api.h"
#include "domain/visitor/visitor.h"
#include "domain/wechat/wechat.h"
#include "domain/weekly/weekly.h"

const struct record *const app_records[] = {
	&ticket_record,
	&conversation_record,
	&chat_queue_record,
	&task_record,
	&customer_record,
	&contact_record,
	&address_record,
	&consent_record,
	&device_record,
	&product_record,
	&model_record,
	&proof_record,
	&user_record,
	&role_record,
	&team_record,
	&region_record,
	&view_record,
	&macro_record,
	&template_record,
	&token_record,
	&invitation_record,
	&import_record,
	&outbox_record,
	&calendar_record,
	&clock_measure_record,
	&clock_policy_record,
	&rule_record,
	&rule_run_record,
	&user_skill_record,
	&compensation_record,
	&grant_record,
	&webhook_record,
	&delivery_record,
	&promise_record,
	&provider_record,
	&shift_kind_record,
	&shift_record,
	&absence_record,
	&break_reason_record,
	&attendance_record,
	&custom_field_record,
	&tag_record,
	&flow_record,
	&report_form_record,
	&weekly_receiver_record,
	&weekly_mail_record,
	&hold_record,
	&identity_record,
	&web_chat_record,
	&article_record,
	&question_set_record,
	&question_line_record,
	&evaluation_record,
	&bot_turn_record,
	&phrasing_record,
	&synonym_record,
	&snippet_record,
	&wechat_account_record,
	&model_account_record,
	&model_call_record,
	&sms_gateway_record,
	&phone_line_record,
	&phone_call_record,
	&mail_account_record,
	&quality_record,
	&quality_rule_record,
};
const struct promise_source *const app_promise_sources[] = { &ticket_promises, &task_promises, &conversation_promises, &quality_promises, NULL };
const struct retention_kind *const app_retention[] = { &customer_retention, &ticket_retention, &message_retention, &import_retention, &run_retention, &reading_retention, &audit_retention, NULL };
const struct outbox_end *const app_outbox_ends[] = { &weekly_end, &sms_end, NULL };
const struct reach *const app_reaches[] = {
	&wechat_reach, &wecom_reach,
	&sms_reach,
	&mail_reach,
	NULL,
};
const struct record *const app_targets[] = { &past_ticket_record, &past_comment_record, &past_file_record };
const size_t app_target_count = sizeof(app_targets) / sizeof(app_targets[0]);
const struct observer *const app_observers[] = { &clock_observer, &reach_observer, &call_back_observer, &bot_summary_observer, &quality_observer, NULL };
const size_t app_record_count = sizeof(app_records) / sizeof(app_records[0]);

static const struct action_kind *const actions[] = { &set_action, &move_action, &task_action, &tag_action, &assign_action, &message_action, &reply_action, &conversation_reply_action, &notify_action, &webhook_action,
	&ticket_action,
};
const struct action_kinds app_actions = { actions, sizeof(actions) / sizeof(actions[0]) };

int command_openapi(const struct app_options *o, int argc, char **argv)
{
	ARENA_SCOPED a = arena_new();
	struct registry registry = registry_build(a, app_records, app_record_count);
	size_t n;
	const struct route *routes = app_routes(a, &registry, &n);
	struct text t = text_in(a);
	openapi_write(a, &registry, routes, n, &t);
	fputs(text_end(&t), stdout);
	return 0;
}

struct route *app_routes(struct arena *a, const struct registry *registry, size_t *n)
{
	const struct { const struct route *rows; size_t n; } own[] = {
		{ file_routes, file_route_count },
		{ health_routes, health_route_count },
		{ meta_routes, meta_route_count },
		{ openapi_routes, openapi_route_count },
		{ search_routes, search_route_count },
		{ setting_routes, setting_route_count },
		{ import_routes, import_route_count }, { undo_routes, undo_route_count },
		{ stream_routes, stream_route_count },
		{ audit_routes, audit_route_count },
		{ breach_routes, breach_route_count },
		{ retention_routes, retention_route_count }, { hold_routes, hold_route_count },
		{ session_routes, session_route_count },
		{ self_routes, self_route_count },
		{ factor_routes, factor_route_count },
		{ device_routes, device_route_count },
		{ customer_routes, customer_route_count },
		{ handout_routes, handout_route_count },
		{ org_routes, org_route_count },
		{ colleague_routes, colleague_route_count },
		{ invitation_routes, invitation_route_count },
		{ invitation_accept_routes, invitation_accept_route_count },
		{ provider_routes, provider_route_count },
		{ provider_round_routes, provider_round_route_count },
		{ identity_routes, identity_route_count },
		{ view_routes, view_route_count },
		{ macro_routes, macro_route_count },
		{ ticket_routes, ticket_route_count },
		{ mail_routes, mail_route_count },
		{ assist_routes, assist_route_count }, { conversation_routes, conversation_route_count }, { routing_routes, routing_route_count },
		{ reach_routes, reach_route_count },
		{ conversation_talks_routes, conversation_talks_route_count },
		{ portal_talk_routes, portal_talk_route_count },
		{ knowledge_routes, knowledge_route_count }, { snippet_routes, snippet_route_count }, { evaluation_routes, evaluation_route_count }, { gap_routes, gap_route_count }, { used_routes, used_route_count }, { help_routes, help_route_count },
		{ template_routes, template_route_count },
		{ tag_routes, tag_route_count },
		{ queue_routes, queue_route_count },
		{ wall_routes, wall_route_count },
		{ portal_routes, portal_route_count },
		{ metrics_routes, metrics_route_count },
		{ first_run_routes, first_run_route_count },
		{ demo_routes, demo_route_count },
		{ system_routes, system_route_count },
		{ job_routes, job_route_count },
		{ portal_consent_routes, portal_consent_route_count },
		{ portal_request_routes, portal_request_route_count },
		{ portal_self_routes, portal_self_route_count },
		{ customer_value_routes, customer_value_route_count },
		{ portal_session_routes, portal_session_route_count },
		{ portal_form_routes, portal_form_route_count },
		{ clock_routes, clock_route_count },
		{ rule_routes, rule_route_count },
		{ flow_routes, flow_route_count },
		{ form_routes, form_route_count },
		{ hook_routes, hook_route_count },
		{ calendar_routes, calendar_route_count },
		{ customer_merge_routes, customer_merge_route_count },
		{ customer_suspect_routes, customer_suspect_route_count },
		{ ticket_link_routes, ticket_link_route_count },
		{ ticket_same_routes, ticket_same_route_count },
		{ ticket_merge_routes, ticket_merge_route_count },
		{ ticket_split_routes, ticket_split_route_count },
		{ notice_routes, notice_route_count },
		{ compensation_routes, compensation_route_count },
		{ pack_routes, pack_route_count },
		{ company_routes, company_route_count },
		{ promise_routes, promise_route_count },
		{ duty_routes, duty_route_count },
		{ duty_week_routes, duty_week_route_count },
		{ weekly_routes, weekly_route_count },
		{ wechat_account_routes, wechat_account_route_count }, { wechat_callback_routes, wechat_callback_route_count }, { wechat_reach_routes, wechat_reach_route_count },
		{ model_routes, model_route_count },
		{ wechat_file_routes, wechat_file_route_count },
		{ wechat_bind_routes, wechat_bind_route_count },
		{ ticket_slip_routes, ticket_slip_route_count },
		{ intake_routes, intake_route_count },
		{ sms_gateway_routes, sms_gateway_route_count }, { sms_in_routes, sms_in_route_count },
		{ phone_line_routes, phone_line_route_count }, { phone_event_routes, phone_event_route_count }, { phone_call_routes, phone_call_route_count },
		{ quality_routes, quality_route_count }, { quality_hint_routes, quality_hint_route_count }, { quality_report_routes, quality_report_route_count },
		{ visitor_routes, visitor_route_count }, { visitor_join_routes, visitor_join_route_count },
		{ visitor_who_routes, visitor_who_route_count },
	};
	size_t generic_count, total;
	struct route *generic = record_routes(a, registry, &generic_count);
	total = generic_count;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		total += own[i].n;
	struct route *all = ARENA_ARRAY(a, struct route, total);
	memcpy(all, generic, generic_count * sizeof(*all));
	*n = generic_count;
	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		memcpy(all + *n, own[i].rows, own[i].n * sizeof(*all));
		*n += own[i].n;
	}
	return all;
}
