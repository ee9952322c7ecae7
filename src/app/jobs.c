/* Which jobs the server does. */
#include <errno.h>
#include <sys/stat.h>

#include "app/app.h"
#include "app/demo_load.h"
#include "app/health.h"
#include "core/audit/audit_send.h"
#include "core/demo/demo.h"
#include "core/hook/hook.h"
#include "core/io/undo.h"
#include "core/promise/promise.h"
#include "core/retention/retention.h"
#include "core/rule/rule.h"
#include "core/upkeep.h"
#include "domain/bot/bot_model.h"
#include "domain/conversation/routing.h"
#include "domain/phone/phone.h"
#include "domain/quality/quality.h"
#include "domain/evaluation/evaluation.h"
#include "domain/knowledge/embedding.h"
#include "domain/knowledge/learning.h"
#include "domain/task/task.h"
#include "domain/mail/mail.h"
#include "domain/wechat/wechat.h"
#include "domain/weekly/weekly.h"

static const struct job_kind *const kinds[] = {
	&upkeep_company,
	&upkeep_store,
	&upkeep_search,
	&upkeep_fill,
	&upkeep_erase,
	&upkeep_log,
	&retention_job,
	&sweep_job,
	&nightly_job,
	&health_job,
	&outbox_send_job,
	&audit_send_job,
	&clock_review_job,
	&rule_act_job,
	&rule_time_job,
	&hook_send_job,
	&promise_recount_job,
	&promise_look_job,
	&demo_load_job,
	&demo_remove_job,
	&undo_job,
	&task_due_job,
	&conversation_words_job,
	&routing_job,
	&offer_job,
	&wechat_token_job,
	&wechat_gather_job,
	&wechat_send_job,
	&wechat_media_job,
	&wechat_closing_job,
	&wechat_person_job,
	&wechat_sync_job,
	&wechat_told_job,
	&wechat_unsent_job,
	&wechat_welcome_job,
	&phone_settle_job,
	&phone_dial_job,
	&mail_fetch_job,
	&mail_gather_job,
	&mail_send_job,
	&bot_answer_job,
	&bot_danger_job,
	&bot_summary_job,
	&quality_inspect_job,
	&quality_draw_job,
	&quality_ask_job,
	&knowledge_learn_job,
	&knowledge_embed_job,
	&evaluation_step_job,
	&gap_gather_job,
	&knowledge_review_job,
	&weekly_plan_job,
	&weekly_make_job,
};

/* Never inside of what a data backup takes: operators point `key-copies` at another disk by a link. */
static void choose_copies(struct app *app)
{
	const char *folder = arena_format(app->arena, "%s/key-copies", app->o.data);
	if (mkdir(folder, 0700) == 0 || errno == EEXIST)
		app->services.key_copies = folder;
}

int app_start_jobs(struct app *app)
{
	const struct jobs_options options = {
		.url = app->o.db, .writer = app->writer, .pool = app->calls, .log = &app->log, .clock = &app->clock,
		.calls_most = app->o.virtual_from ? 0 : (size_t)app->o.settings->values.at[SETTING_WORK_CALLS] * 3 / 4, .services = &app->services, .kinds = kinds, .count = sizeof(kinds) / sizeof(kinds[0]), .eager = app->o.virtual_from != 0,
	};
	choose_copies(app);
	struct jobs *jobs;
	TRY(sweep_start(app));
	TRY(nightly_start(app));
	TRY(health_start(app));
	TRY(mail_watch_open(&app->services, &app->clock, &app->log, &app->services.mail_watch));
	TRY(jobs_open(&options, &jobs));
	pthread_mutex_lock(&app->wake);
	app->jobs = jobs;
	pthread_mutex_unlock(&app->wake);
	TRY(audit_send_start(&app->services, &app->clock));
	const struct clock_watch_options watch = {
		.url = app->o.db, .writer = app->writer, .log = &app->log, .clock = &app->clock, .services = &app->services,
	};
	TRY(clock_watch_open(&watch, &app->watch));
	TRY(weekly_start(&app->services, &app->clock));
	return upkeep_start(&app->services, &app->clock);
}
