/* Fills templates and writes outbox rows. */
#include "core/notify/notify.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "core/demo/demo.h"
#include "core/notify/sender.h"
#include "core/pack/packs.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "db/writer.h"
#include "gen/schema.h"

static const struct template {
	const char *name, *subject[2], *text[2];
} templates[] = {
#define TEMPLATE(name, subject_zh, text_zh, subject_en, text_en) { #name, { subject_zh, subject_en }, { text_zh, text_en } },
#include "core/notify/templates.def"
#undef TEMPLATE
};

static const struct template *template_find(const char *name)
{
	for (size_t i = 0; i < sizeof(templates) / sizeof(templates[0]); i++)
		if (!strcmp(templates[i].name, name))
			return &templates[i];
	return NULL;
}

static const char *word_of(const struct notice *n, const char *name, size_t length)
{
	for (size_t i = 0; i < n->word_count; i++)
		if (strlen(n->words[i].name) == length && !memcmp(n->words[i].name, name, length))
			return n->words[i].value;
	return "";
}

/* A word's value is text, never a template: braces in it stay as they are. */
static const char *fill(struct ctx *c, const char *pattern, const struct notice *n)
{
	struct text t = text_in(c->arena);
	for (const char *p = pattern; *p;) {
		const char *open = strchr(p, '{'), *end = open ? strchr(open, '}') : NULL;
		if (!end) {
			text_append(&t, p);
			break;
		}
		text_append_n(&t, p, (size_t)(open - p));
		text_append(&t, word_of(n, open + 1, (size_t)(end - open - 1)));
		p = end + 1;
	}
	return text_end(&t);
}

/* {"no":"SR1","name":"…"}: vendors fill their own text with them. */
static const char *words_json(struct ctx *c, const struct notice *n)
{
	struct text t = text_in(c->arena);
	for (size_t i = 0; i < n->word_count; i++) {
		text_append(&t, i ? "," : "{");
		json_text(&t, n->words[i].name);
		text_char(&t, ':');
		json_text(&t, n->words[i].value ? n->words[i].value : "");
	}
	text_char(&t, '}');
	return text_end(&t);
}

static int add(struct ctx *c, struct outbox *row, bool sends)
{
	TRY(outbox_row_insert(c, row));
	if (sends)
		TRY(job_add(c, row->id, outbox_send_job.name, c->now, NULL, NULL));
	return event_add(c, "outbox.created", "outbox", row->id, "{}");
}

/* form NULL: by SMS or mail. */
static int put(struct ctx *c, const struct notice *n, const struct notice_text *text, const struct notice_form *form)
{
	bool sends = form != NULL, of_demo = false;
	if (demo_makes(c))
		return 0;
	TRY(form ? 0 : sender_carries(c, n->channel, &sends));
	if (sends)      /* numbers of the demo's people may be somebody's: what concerns them never leaves the house */
		TRY(demo_hides(c, n->object_id, n->key, &of_demo));
	sends &= !of_demo;
	struct outbox row = {
		.tenant = c->tenant, .id = n->id ? n->id : new_id(c), .channel = form ? form->channel : n->channel == NOTICE_MAIL ? "mail" : "sms", .template = n->template,
		.object = n->object, .object_id = n->object_id, .key = n->key, .subject = text->subject,
		.state = sends ? "waiting" : "held", .last_error = of_demo ? "demo" : "", .created_at = c->now, .version = 1,
	};
	TRY(pii_seal(c, n->key, "outbox.address", n->address, &row.address));
	TRY(pii_seal(c, n->key, "outbox.body", text->text, &row.body));
	if (text->html)
		TRY(pii_seal(c, n->key, "outbox.html", text->html, &row.html));
	if (n->channel == NOTICE_SMS && n->word_count)
		TRY(pii_seal(c, n->key, "outbox.words", words_json(c, n), &row.words));
	if (form) {
		row.identity_id = form->identity_id;
		row.gateway_id = form->gateway_id;
		TRY(pii_seal(c, n->key, "outbox.form", form->form, &row.form));
	}
	return add(c, &row, sends);
}

int notify_text(struct ctx *c, const struct notice *n, const struct notice_text *text)
{
	return put(c, n, text, NULL);
}

int notify_formed(struct ctx *c, const struct notice *n, const struct notice_text *text, const struct notice_form *form)
{
	return put(c, n, text, form);
}

int outbox_goes_on(struct ctx *c, const struct outbox *row, enum notice_channel channel, const char *address)
{
	struct outbox next = {
		.tenant = c->tenant, .id = new_id(c), .channel = channel == NOTICE_MAIL ? "mail" : "sms", .template = row->template, .object = row->object, .object_id = row->object_id,
		.key = row->key, .address = row->address, .subject = row->subject, .body = row->body, .words = row->words, .state = "waiting", .last_error = "", .created_at = c->now, .version = 1,
	};
	if (address)
		TRY(pii_seal(c, row->key, "outbox.address", address, &next.address));
	return add(c, &next, true);
}

int notify(struct ctx *c, const struct notice *n)
{
	const struct template *template = template_find(n->template);
	const struct notice_way *way = n->customer_id ? c->services->notice_way : NULL;
	bool taken = false;
	if (!template || (text_empty(n->address) && !way))
		return template ? 0 : fail(c, ERR_INTERNAL, n->template);
	const struct pack *pack;
	TRY(pack_of(c, &pack));
	const struct notice_text text = {
		.subject = fill(c, pack_say(c->arena, pack, n->lang, template->subject[n->lang]), n),
		.text = fill(c, pack_say(c->arena, pack, n->lang, template->text[n->lang]), n),
	};
	if (way)
		TRY(way->take(c, n, &text, &taken));
	return taken || text_empty(n->address) ? 0 : notify_text(c, n, &text);
}
