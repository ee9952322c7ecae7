/* An event becomes part of its call. Every column is set by a rule that does not ask what came before (the earliest answer, the latest end, the newest
 * extension), so whatever the order, the same call comes of them; what follows from a change is done when it happens first. */
#include <string.h>

#include "base/crypto.h"
#include "core/auth/auth.h"
#include "core/identity/identity.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "core/setting/settings.h"
#include "db/writer.h"
#include "domain/conversation/conversation.h"
#include "domain/customer/customer.h"
#include "domain/phone/phone_private.h"
#include "domain/task/task.h"
#include "engine/clean/clean.h"
#include "gen/conversation_sql.h"
#include "gen/phone_sql.h"

#define CHANNEL "phone"

static bool is_out(const struct phone_call *p)
{
	return text_equal(p->direction, "out");
}

/* Who ---------------------------------------------------------------------------------------------------------------------- */

/* "": withheld, or none that can be called. */
static const char *number_of(struct ctx *c, const char *text)
{
	struct clean_phone clean;
	return !text_empty(text) && clean_phone(c->arena, text, &clean) == 0 ? clean.value : "";
}

static int add_customer(struct ctx *c, const char *number, struct customer *row)
{
	const struct record_model *m = model_of(c, &customer_record);
	struct slot slots[MOST_FIELDS_OF_RECORD] = { 0 };
	size_t called = field_index(m, "name"), kind = field_index(m, "kind"), source = field_index(m, "source"), n = strlen(number);
	slots[called].text = n > 4 ? arena_format(c->arena, "来电 %s", number + n - 4) : "匿名来电";
	slots[kind].text = "visitor";
	slots[source].text = CHANNEL;
	return record_create(c, &customer_record, slots, UINT64_C(1) << called | UINT64_C(1) << kind | UINT64_C(1) << source, row);
}

/* The number that a call shows may be forged: it is a name in the channel with a file of its own, until somebody of staff says whose it is. */
static int know(struct ctx *c, const char *number, struct customer *customer, struct identity *who)
{
	bool there = false;
	*who = (struct identity){ 0 };
	if (*number)
		TRY(identity_find(c, CHANNEL, number, who, &there));
	if (there)
		return customer_row_get(c, who->customer_id, customer);
	TRY(add_customer(c, number, customer));
	return *number ? identity_add(c, &(struct identity_new){ .channel = CHANNEL, .name = number, .customer_id = customer->id, .key = customer->key, .keeps_name = true }, who) : 0;
}

static int team_of(struct ctx *c, int64_t user_id, int64_t otherwise, int64_t *team)
{
	struct user_account user;
	*team = otherwise;
	if (!user_id)
		return 0;
	TRY(user_account_row_get(c, user_id, &user));
	*team = user.team_id ? user.team_id : otherwise;
	return 0;
}

/* Where what becomes of it is written down. */
static int talk_of(struct ctx *c, const struct phone_line *line, struct phone_call *p)
{
	struct conversation k;
	if (p->conversation_id)
		return 0;
	TRY(conversation_of_event(c, &(struct inbound){
		.channel = CHANNEL, .customer_id = p->customer_id, .text = is_out(p) ? "电话回访" : "来电", .identity_id = p->identity_id, .among = p->identity_id ? OF_IDENTITY : OF_CUSTOMER, .team_id = line->team_id,
	}, &k));
	p->conversation_id = k.id;
	return 0;
}

static int insert(struct ctx *c, const struct customer *customer, const char *number, struct phone_call *p)
{
	p->tenant = c->tenant;
	p->id = new_id(c);
	p->key = customer->key;
	p->customer_id = customer->id;
	p->state = "ringing";
	p->recording = p->told = "";
	p->extension = p->extension ? p->extension : "";
	TRY(pii_seal(c, p->key, "phone_call.number", *number ? number : NULL, &p->number));
	TRY(record_insert(c, &phone_call_record, p));
	return phone_settle_at(c, p->id, c->now + PHONE_LONGEST_MS);
}

static int begin(struct ctx *c, const struct phone_line *line, const struct phone_said *said, struct phone_call *p)
{
	struct customer customer;
	struct identity who;
	bool out = text_equal(said->direction, "out");
	const char *number = number_of(c, out ? said->called : said->caller);
	TRY(know(c, number, &customer, &who));
	*p = (struct phone_call){ .line_id = line->id, .code = said->call, .direction = out ? "out" : "in", .identity_id = who.id, .team_id = line->team_id };
	if (!out) {
		p->customer_id = customer.id;
		TRY(talk_of(c, line, p));
	}
	return insert(c, &customer, number, p);
}

int phone_call_begin(struct ctx *c, const struct phone_line *line, int64_t customer_id, const char *number, int64_t user_id, const char *extension, struct phone_call *p)
{
	struct customer customer;
	TRY(customer_row_get(c, customer_id, &customer));
	*p = (struct phone_call){ .line_id = line->id, .code = arena_format(c->arena, "dial-%lld", (long long)new_id(c)), .direction = "out", .user_id = user_id, .extension = extension, .rang_at = c->now };
	TRY(team_of(c, user_id, line->team_id, &p->team_id));
	return insert(c, &customer, number, p);
}

/* What it says ------------------------------------------------------------------------------------------------------------- */

static time_ms earlier(time_ms known, time_ms at)
{
	return !known || at < known ? at : known;
}

static time_ms later(time_ms known, time_ms at)
{
	return at > known ? at : known;
}

static int at_extension(struct ctx *c, const struct phone_line *line, const struct phone_said *said, time_ms at, struct phone_call *p)
{
	struct user_of_extension_row *users;
	size_t n;
	bool newer = at > p->extension_at || (at == p->extension_at && !text_empty(said->extension) && strcmp(said->extension, p->extension) > 0);
	if (text_empty(said->extension) || !newer)
		return 0;
	TRY(user_of_extension(c, said->extension, &users, &n));
	p->extension = said->extension;
	p->extension_at = at;
	p->user_id = n ? users[0].id : 0;
	return team_of(c, p->user_id, line->team_id, &p->team_id);
}

static void apply(const struct phone_said *said, time_ms at, struct phone_call *p)
{
	const char *what = said->event;
	if (text_equal(what, "answered"))
		p->answered_at = earlier(p->answered_at, at);
	else if (text_equal(what, "hung_up") || text_equal(what, "missed"))
		p->ended_at = later(p->ended_at, at);
	else if (text_equal(what, "transferred"))
		p->transfers++;
	if (!text_equal(what, "recorded"))
		p->rang_at = earlier(p->rang_at, at);
	if (!text_empty(said->recording))
		p->recording = said->recording;
	p->state = p->ended_at ? (p->answered_at ? "ended" : "missed") : p->answered_at ? "talking" : "ringing";
	p->seconds = p->ended_at > p->answered_at && p->answered_at ? (p->ended_at - p->answered_at) / SECOND_MS : 0;
}

/* What follows ------------------------------------------------------------------------------------------------------------- */

static int end_promises(struct ctx *c, const struct phone_call *p)
{
	struct call_backs_open_row *open;
	size_t n;
	TRY(call_backs_open(c, p->customer_id, &open, &n));
	for (size_t i = 0; i < n; i++)
		TRY(task_spoken(c, open[i].id, p->user_id, is_out(p) ? "已回拨并接通" : "客户再次来电，已接听"));
	return 0;
}

static int answered(struct ctx *c, const struct phone_line *line, struct phone_call *p)
{
	struct conversation k;
	TRY(talk_of(c, line, p));
	TRY(conversation_row_get(c, p->conversation_id, &k));
	TRY(conversation_spoken(c, &k, p->user_id));
	if (is_out(p))
		TRY(conversation_called_all(c, p->customer_id, p->user_id));
	return end_promises(c, p);
}

static const char *event_of(const struct phone_call *was, const struct phone_call *p)
{
	if (!was->ended_at && p->ended_at)
		return "phone_call.ended";
	return !was->answered_at && p->answered_at ? "phone_call.answered" : "phone_call.changed";
}

static int change(struct ctx *c, const struct phone_line *line, const struct phone_said *said, struct phone_call *p)
{
	const struct phone_call old = *p;
	time_ms at = said->at ? said->at : c->now;
	if (!strncmp(p->code, "dial-", 5))
		p->code = said->call;
	TRY(at_extension(c, line, said, at, p));
	apply(said, at, p);
	if (p->answered_at && !old.answered_at)
		TRY(answered(c, line, p));
	TRY(record_update(c, &phone_call_record, &old, p, event_of(&old, p), NULL, NULL));
	return p->ended_at ? phone_settle_at(c, p->id, c->now + setting_ms(c, SETTING_PHONE_SETTLE)) : 0;
}

static int find(struct ctx *c, const struct phone_line *line, const struct phone_said *said, struct phone_call *p, bool *there)
{
	struct phone_call *rows;
	struct error before = *c->error;
	size_t n;
	TRY(phone_call_by_code(c, line->id, said->call, &rows, &n));
	*there = n > 0;
	if (n)
		*p = rows[0];
	if (n || !said->ref)
		return 0;
	int r = phone_call_row_get(c, said->ref, p);
	*there = r == 0 && p->line_id == line->id && !strncmp(p->code, "dial-", 5);
	if (r != ERR_NOT_FOUND)
		return r;
	error_take_back(c->error, &before);
	return 0;
}

int phone_take(struct ctx *c, const struct phone_line *line, const struct phone_said *said)
{
	struct ctx all = ctx_as_system(c);
	struct phone_event_seen_row *seen;
	struct phone_call p;
	uint8_t hash[HASH_SIZE];
	const struct bytes name = { hash, sizeof(hash) };
	size_t n;
	bool there;
	hash_sha256(said->name, strlen(said->name), hash);
	TRY(phone_event_seen(&all, line->id, name, &seen, &n));
	if (n)
		return 0;
	TRY(find(&all, line, said, &p, &there));
	if (!there)
		TRY(begin(&all, line, said, &p));
	TRY(phone_event_row_insert(&all, &(struct phone_event){ .tenant = c->tenant, .line_id = line->id, .name = name, .call_id = p.id }));
	return change(&all, line, said, &p);
}
