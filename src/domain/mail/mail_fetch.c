/* Reading a box: a page of new mails and the mark behind it are one transaction. A page that was read from a mark we have left is dropped.
 *
 * A job looks in now and then; in between the connection waits by IDLE in mail_watch.c, which calls for the job when the server says that something has
 * come. So nothing hangs on IDLE: it only makes it faster. */
#include <string.h>

#include "base/json.h"
#include "core/api/readers.h"
#include "core/notify/sender.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/mail/mail_private.h"
#include "gen/mail_sql.h"

/* A page: so many mails, bytes and seconds at most; UIDs are asked for in spans, as a box may have millions. */
enum { PAGE = 10, SPAN = 500, SPANS_MOST = 200, PLAIN_AFTER = 3 };
static const size_t page_bytes = 32 << 20, cut_bytes = 256 << 10;
static const int64_t page_ms = 60 * (int64_t)SECOND_MS, again_ms = 2 * (int64_t)SECOND_MS, overlap_ms = 2 * (int64_t)DAY_MS;

struct fetch_in {
	int64_t account;
};
static const struct member members[] = { MEMBER(struct fetch_in, account, id, .flags = MEMBER_REQUIRED) };
static const struct shape shape = SHAPE("mail_fetch", struct fetch_in, members);

static int want_at(struct ctx *c, int64_t account, time_ms at, const char *key)
{
	return job_add(c, new_id(c), mail_fetch_job.name, at, key, arena_format(c->arena, "{\"account\":\"%lld\"}", (long long)account));
}

int mail_fetch_want(struct ctx *c, int64_t account)
{
	return want_at(c, account, c->now, NULL);
}

/* One job for each span of time, however many wake-ups there were in it. */
static int want_later(struct ctx *c, int64_t account)
{
	int64_t every = setting_ms(c, SETTING_MAIL_POLL);
	time_ms next = (c->now / every + 1) * every;
	return want_at(c, account, next, arena_format(c->arena, "%lld %lld", (long long)account, (long long)next));
}

struct fetching {
	struct fetch_in in;
	struct mail_opened k;
	struct imap *imap;
	struct imap_box box;
	enum mail_trouble trouble;
	int64_t from, last, newest;             /* UIDs; newest: time */
	bool more, plain;
	size_t n;                               /* mails in the page */
	struct text mails;
};

static int load(struct ctx *c, void *arg)
{
	struct fetching *f = arg;
	return mail_open(c, f->in.account, &f->k);
}

static int connect_box(struct ctx *c, struct fetching *f)
{
	const struct imap_server server = mail_imap_of(c, &f->k);
	if (f->imap) {          /* it waited */
		if (imap_idle_end(f->imap, c->arena, c->error) == 0 && imap_select(f->imap, c->arena, f->k.row.folder, &f->box, c->error) == 0)
			return 0;
		error_clear(c->error);
		imap_close(f->imap);
		f->imap = NULL;
	}
	TRY(imap_open(sender_client(c->services->sender), c->arena, &server, &f->imap, &f->trouble, c->error));
	f->trouble = MAIL_ANSWERED_NO;
	TRY(imap_select(f->imap, c->arena, f->k.row.folder, &f->box, c->error));
	f->trouble = MAIL_FINE;
	return 0;
}

/* From where: behind the last one; in a box that numbers anew from the beginning, but nothing that was there long before the newest that we had. */
static void place(struct ctx *c, struct fetching *f)
{
	const struct mail_box *b = &f->k.box;
	bool first = !b->validity;
	f->newest = b->newest_at;
	f->from = first || b->validity != f->box.validity ? 1 : b->last_uid + 1;
	if (first && text_equal(f->k.row.takes, "new")) {
		f->from = f->box.next > 0 ? f->box.next : f->from;
		f->newest = c->now;
	}
	f->last = f->from - 1;
}

static bool is_old(const struct fetching *f, const struct imap_item *item)
{
	bool anew = f->k.box.validity && f->k.box.validity != f->box.validity;
	return anew && item->at_ms && item->at_ms + overlap_ms < f->k.box.newest_at;
}

static int take_one(struct ctx *c, struct fetching *f, const struct imap_item *item, size_t *bytes)
{
	struct bytes raw;
	size_t most = (size_t)setting_of(c, SETTING_MAIL_SIZE);
	bool cut = item->size > (int64_t)most;
	int r = imap_body(f->imap, c->arena, item->uid, cut ? cut_bytes : (size_t)(item->size > 0 ? item->size + 1024 : (int64_t)most), &raw, c->error);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		return 0;               /* somebody deleted it meanwhile */
	}
	TRY(r);
	*bytes += raw.n;
	text_append(&f->mails, f->n++ ? "," : "");
	return mail_digest(c, &f->k.row, raw, cut, cut || f->plain, &f->mails);
}

static int64_t moment(void)
{
	return monotonic_ns() / 1000000;
}

static int take_span(struct ctx *c, struct fetching *f, int64_t to, int64_t until, size_t *bytes)
{
	struct imap_item items[PAGE];
	size_t n;
	TRY(imap_list(f->imap, c->arena, f->last + 1, to, items, PAGE, &n, c->error));
	for (size_t i = 0; i < n; i++) {
		f->more |= f->n >= PAGE || *bytes > page_bytes || moment() > until;
		if (f->more)
			return 0;
		if (!is_old(f, &items[i]))
			TRY(take_one(c, f, &items[i], bytes));
		f->last = items[i].uid;
		f->newest = items[i].at_ms > f->newest ? items[i].at_ms : f->newest;
	}
	f->last = n < PAGE ? to : f->last;
	return 0;
}

static int take_page(struct ctx *c, struct fetching *f)
{
	int64_t until = moment() + page_ms;
	size_t bytes = 0;
	f->mails = text_in(c->arena);
	place(c, f);
	for (int i = 0; i < SPANS_MOST && !f->more && f->n < PAGE && f->last + 1 < f->box.next; i++) {
		int64_t to = f->last + SPAN < f->box.next - 1 ? f->last + SPAN : f->box.next - 1;
		TRY(take_span(c, f, to, until, &bytes));
	}
	f->more |= f->last + 1 < f->box.next;
	return 0;
}

static const char *page_of(struct ctx *c, struct fetching *f)
{
	struct text t = text_in(c->arena);
	text_reserve(&t, f->mails.n + 400);
	text_format(&t, "{\"from_validity\":%lld,\"from_uid\":%lld,\"validity\":%lld,\"last_uid\":%lld,\"newest_at\":%lld,\"more\":%s,\"mails\":[", (long long)f->k.box.validity, (long long)f->k.box.last_uid, (long long)f->box.validity,
	            (long long)(f->last > 0 ? f->last : 0), (long long)f->newest, f->more ? "true" : "false");
	text_append(&t, text_end(&f->mails));
	text_append(&t, "]}");
	return text_end(&t);
}

static const char *trouble_of(struct ctx *c, const struct fetching *f, int r)
{
	struct text t = text_in(c->arena);
	enum mail_trouble why = r == ERR_OUTBOUND_REFUSED ? MAIL_ADDRESS_REFUSED : f->trouble == MAIL_FINE ? MAIL_NO_CONNECTION : f->trouble;
	text_append(&t, "{\"trouble\":");
	json_text(&t, mail_trouble_name(why));
	text_append(&t, ",\"words\":");
	json_text(&t, c->error->arg ? c->error->arg : "");
	text_char(&t, '}');
	return text_end(&t);
}

static int fetch_with(struct ctx *c, struct fetching *f, const char **answer)
{
	int r = connect_box(c, f);
	if (r == 0)
		r = take_page(c, f);
	if (r == ERR_OUTBOUND || r == ERR_OUTBOUND_REFUSED) {
		*answer = trouble_of(c, f, r);
		error_clear(c->error);
		imap_close(f->imap);
		f->imap = NULL;
		return 0;
	}
	*answer = r == 0 ? page_of(c, f) : "";
	bool waits = r == 0 && !f->more && f->box.idles && imap_idle(f->imap, c->arena, c->error) == 0;
	if (!waits) {
		if (r == 0)
			error_clear(c->error);
		imap_close(f->imap);
		f->imap = NULL;
	}
	return r;
}

static int fetch(struct ctx *c, const struct job *job, const char **answer)
{
	struct fetching f = { .plain = job->attempts > PLAIN_AFTER };   /* something in it breaks: then its words alone */
	*answer = "{\"busy\":true}";
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &f.in, NULL, c->error));
	if (!mail_watch_take(c->services->mail_watch, c->tenant, f.in.account, &f.imap))
		return 0;
	int r = readers_run(c->services->readers, c, load, &f);
	if (r == 0 && !mail_works(&f.k.row)) {
		*answer = "{\"off\":true}";
		imap_close(f.imap);
		f.imap = NULL;
	} else if (r == 0) {
		r = fetch_with(c, &f, answer);
	}
	mail_watch_give(c->services->mail_watch, c->tenant, f.in.account, f.imap);
	return r;
}

/* In ---------------------------------------------------------------------------------------------------------------------- */

static int64_t number(yyjson_val *page, const char *name)
{
	return yyjson_get_sint(yyjson_obj_get(page, name));
}

static int take_mails(struct ctx *c, const struct mail_opened *k, yyjson_val *page)
{
	size_t i, most;
	yyjson_val *mail;
	bool taken = false;
	yyjson_arr_foreach(yyjson_obj_get(page, "mails"), i, most, mail)
		TRY(mail_take(c, &k->row, mail, &taken));
	TRY(mail_box_read(c, k->row.id, number(page, "validity"), number(page, "last_uid"), number(page, "newest_at"), c->now, taken ? c->now : k->box.taken_at, NULL));
	return yyjson_get_bool(yyjson_obj_get(page, "more")) ? mail_fetch_want(c, k->row.id) : want_later(c, k->row.id);
}

static int settle(struct ctx *c, const struct mail_opened *k, yyjson_val *page)
{
	const char *trouble = yyjson_get_str(yyjson_obj_get(page, "trouble")), *words = yyjson_get_str(yyjson_obj_get(page, "words"));
	if (yyjson_get_bool(yyjson_obj_get(page, "off")))
		return 0;
	if (yyjson_get_bool(yyjson_obj_get(page, "busy")))
		return want_at(c, k->row.id, c->now + again_ms, NULL);
	if (trouble) {
		TRY(mail_box_trouble(c, k->row.id, arena_string(c->arena, trouble), arena_string(c->arena, words ? words : ""), c->now, NULL));
		return want_later(c, k->row.id);
	}
	bool is_next = number(page, "from_validity") == k->box.validity && number(page, "from_uid") == k->box.last_uid;
	return is_next ? take_mails(c, k, page) : want_at(c, k->row.id, c->now + again_ms, NULL);
}

static int keep(struct ctx *c, const struct job *job, const char *answer)
{
	struct fetch_in in;
	struct mail_opened k;
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &in, NULL, c->error));
	int r = mail_open(c, in.account, &k);
	if (r == ERR_NOT_FOUND) {
		error_clear(c->error);
		return 0;
	}
	TRY(r);
	yyjson_doc *doc = yyjson_read(answer, strlen(answer), YYJSON_READ_NOFLAG);
	r = doc ? settle(c, &k, yyjson_doc_get_root(doc)) : want_later(c, in.account);
	yyjson_doc_free(doc);
	return r;
}

/* What could not be taken so often is tried again with the next span of time; the box is not left alone. */
static int died(struct ctx *c, const struct job *job)
{
	struct fetch_in in;
	TRY(json_read(c->arena, &shape, job->data, strlen(job->data), &in, NULL, c->error));
	TRY(mail_box_trouble(c, in.account, "inside", job->last_error, c->now, NULL));
	return want_later(c, in.account);
}

const struct job_kind mail_fetch_job = { .name = "mail.fetch", .call = fetch, .run = keep, .died = died, .attempts_most = 8 };
