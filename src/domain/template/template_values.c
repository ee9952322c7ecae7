/* What a ticket says for each variable, in a language. Only what a text uses is read; nothing to say is NULL. */
#include "core/auth/auth.h"
#include "core/condition/condition_fields.h"
#include "core/pack/packs.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "base/json.h"
#include "domain/device/device.h"
#include "domain/template/template.h"
#include "domain/ticket/ticket.h"
#include "engine/fill/fill.h"
#include "gen/clock_sql.h"

struct finding {
	const struct ticket *t;
	enum lang lang;
	enum template_for use;
};
typedef int find_value(struct ctx *c, const struct finding *f, const char **out);

/* Times: as people write them, the year only where it is another one or the reader is a machine ------------------------------------------------------ */

static const char *day_text(struct ctx *c, const struct finding *f, int64_t day, int this_year)
{
	static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	int year, month, of_month;
	day_split(day, &year, &month, &of_month);
	bool says_year = year != this_year || f->use == TEMPLATE_WECHAT;
	if (f->lang == LANG_EN)
		return !says_year ? arena_format(c->arena, "%d %s", of_month, months[month - 1]) : arena_format(c->arena, "%d %s %d", of_month, months[month - 1], year);
	return !says_year ? arena_format(c->arena, "%d月%d日", month, of_month) : arena_format(c->arena, "%d年%d月%d日", year, month, of_month);
}

/* In the company's zone. */
static int time_text(struct ctx *c, const struct finding *f, time_ms at, const char **out)
{
	const struct zone *zone;
	int year, month, of_month;
	TRY(company_zone(c, c->arena, &zone));
	int64_t wall = at + zone_offset(zone, at), minutes = wall / MINUTE_MS % (24 * 60);
	day_split(day_of(c->now + zone_offset(zone, c->now), 0), &year, &month, &of_month);
	*out = arena_format(c->arena, "%s %02d:%02d", day_text(c, f, day_of(wall, 0), year), (int)(minutes / 60), (int)(minutes % 60));
	return 0;
}

/* Values -------------------------------------------------------------------------------------------------------------------- */

static int say_customer_name(struct ctx *c, const struct finding *f, const char **out)
{
	struct customer customer;
	if (f->use != TEMPLATE_PREVIEW && !may(c, "customer.reveal"))
		return 0;
	TRY(customer_row_get(c, f->t->customer_id, &customer));
	struct pii_field name = { .key = customer.key, .context = "customer.name", .sealed = customer.name };
	TRY(pii_open_many(c, &name, 1));
	*out = f->use == TEMPLATE_PREVIEW ? mask(c->arena, MASK_NAME, name.text) : name.text;
	return 0;
}

static int say_ticket_no(struct ctx *c, const struct finding *f, const char **out)
{
	*out = f->t->no;
	return 0;
}

static int say_ticket_title(struct ctx *c, const struct finding *f, const char **out)
{
	*out = f->t->title;
	return 0;
}

/* A choice in the words of the company's industry. */
static int choice_text(struct ctx *c, const struct finding *f, const char *field, const struct choice *choices, const char *value, const char **out)
{
	const struct pack *pack;
	const struct choice *choice = text_empty(value) ? NULL : choice_find(choices, value);
	if (!choice)
		return 0;
	TRY(pack_of(c, &pack));
	struct label label = pack_label(c->arena, pack, arena_format(c->arena, "ticket.%s.%s", field, value), (struct label){ choice->zh, choice->en });
	*out = f->lang == LANG_EN ? label.en : label.zh;
	return 0;
}

static int say_ticket_scene(struct ctx *c, const struct finding *f, const char **out)
{
	return choice_text(c, f, "scene", ticket_scenes, f->t->scene, out);
}

static int say_ticket_state(struct ctx *c, const struct finding *f, const char **out)
{
	return choice_text(c, f, "state", ticket_states, f->t->state, out);
}

static int say_ticket_created(struct ctx *c, const struct finding *f, const char **out)
{
	return f->t->id ? time_text(c, f, f->t->created_at, out) : 0;
}

/* A time that has passed, or that stands while the customer is waited for, is promised to nobody. */
static int say_ticket_due(struct ctx *c, const struct finding *f, const char **out)
{
	struct service_clock *clocks;
	size_t n;
	TRY(clocks_of_object(c, "ticket", f->t->id, &clocks, &n));
	for (size_t i = 0; i < n; i++)
		if (text_equal(clocks[i].measure, "solution") && text_equal(clocks[i].state, "running") && clocks[i].due_at > c->now)
			return time_text(c, f, clocks[i].due_at, out);
	return 0;
}

static int say_ticket_preferred(struct ctx *c, const struct finding *f, const char **out)
{
	const struct zone *zone;
	const char *time = NULL;
	int year, month, of_month;
	if (!f->t->preferred_day)
		return 0;
	TRY(company_zone(c, c->arena, &zone));
	day_split(day_of(c->now + zone_offset(zone, c->now), 0), &year, &month, &of_month);
	TRY(choice_text(c, f, "preferred_time", ticket_times_of_day, f->t->preferred_time, &time));
	const char *day = day_text(c, f, f->t->preferred_day, year);
	*out = time ? arena_format(c->arena, f->lang == LANG_EN ? "%s, %s" : "%s %s", day, time) : day;
	return 0;
}

static int say_ticket_result(struct ctx *c, const struct finding *f, const char **out)
{
	*out = f->t->result;
	return 0;
}

static int say_ticket_link(struct ctx *c, const struct finding *f, const char **out)
{
	return f->t->id ? ticket_address(c, f->t, f->use == TEMPLATE_MESSAGE, out) : 0;
}

static int say_product_name(struct ctx *c, const struct finding *f, const char **out)
{
	struct product product;
	if (!f->t->product_id)
		return 0;
	TRY(product_row_get(c, f->t->product_id, &product));
	*out = product_name(&product, f->lang);
	return 0;
}

static int say_device_model(struct ctx *c, const struct finding *f, const char **out)
{
	struct device device;
	struct model model;
	if (!f->t->device_id)
		return 0;
	TRY(device_row_get(c, f->t->device_id, &device));
	TRY(model_row_get(c, device.model_id, &model));
	*out = model.code;
	return 0;
}

static int say_device_warranty(struct ctx *c, const struct finding *f, const char **out)
{
	struct device device;
	if (!f->t->device_id)
		return 0;
	TRY(device_row_get(c, f->t->device_id, &device));
	*out = device.warranty_until ? day_text(c, f, device.warranty_until, 0) : NULL;
	return 0;
}

/* Who writes it, else whose ticket it is. */
static int say_agent_name(struct ctx *c, const struct finding *f, const char **out)
{
	struct user_account user;
	int64_t id = c->actor_kind == ACTOR_USER ? c->actor_id : f->t->owner_id;
	if (!id)
		return 0;
	TRY(user_account_row_get(c, id, &user));
	*out = user.name;
	return 0;
}

static int say_team_name(struct ctx *c, const struct finding *f, const char **out)
{
	struct team team;
	if (!f->t->team_id)
		return 0;
	TRY(team_row_get(c, f->t->team_id, &team));
	*out = team.name;
	return 0;
}

static int say_company_name(struct ctx *c, const struct finding *f, const char **out)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	*out = tenant.name;
	return 0;
}

static int say_company_phone(struct ctx *c, const struct finding *f, const char **out)
{
	struct tenant tenant;
	TRY(tenant_row_get(c, &tenant));
	*out = tenant.service_phone;
	return 0;
}

/* The list ------------------------------------------------------------------------------------------------------------------ */

#define VARIABLE(find, name, zh, en, sample_zh, sample_en) { name, L(zh, en), L(sample_zh, sample_en) },
const struct template_variable template_variables[] = {
#include "domain/template/variables.def"
};
#undef VARIABLE
#define VARIABLE(find, name, zh, en, sample_zh, sample_en) name,
const char *const template_names[] = {
#include "domain/template/variables.def"
};
#undef VARIABLE
#define VARIABLE(find, name, zh, en, sample_zh, sample_en) say_##find,
static find_value *const finders[] = {
#include "domain/template/variables.def"
};
#undef VARIABLE
const size_t template_variable_count = sizeof(template_variables) / sizeof(template_variables[0]);
_Static_assert(sizeof(template_variables) / sizeof(template_variables[0]) <= FILL_NAMES_MOST, "more variables than bits");
const uint64_t template_personal = UINT64_C(1) << 0;    /* customer.name stands first */

static int find(struct ctx *c, const struct finding *f, size_t i, const char **out)
{
	if (f->use != TEMPLATE_SAMPLE)
		return finders[i](c, f, out);
	*out = f->lang == LANG_EN ? template_variables[i].sample.en : template_variables[i].sample.zh;
	return 0;
}

int template_text(struct ctx *c, const char *text, enum lang lang, const struct ticket *t, enum template_for use, struct filled_template *out)
{
	const struct finding finding = { .t = t, .lang = lang, .use = use };
	const char *values[FILL_NAMES_MOST] = { 0 };
	struct fill f;
	struct fill_fault fault;
	int r = fill_cut(c->arena, text, template_names, template_variable_count, &f, &fault);
	if (r < 0)
		return fail(c, r, arena_string_n(c->arena, text + fault.at, fault.n));
	*out = (struct filled_template){ .lang = lang };
	for (size_t i = 0; i < template_variable_count; i++) {
		if (f.used >> i & 1)
			TRY(find(c, &finding, i, &values[i]));
		out->said |= (uint64_t)!text_empty(values[i]) << i;
	}
	out->text = fill_write(c->arena, &f, values, &out->missing);
	return 0;
}

int template_fill(struct ctx *c, const struct message_template *m, const struct ticket *t, enum template_for use, struct filled_template *out)
{
	struct customer customer;
	bool sends = use == TEMPLATE_TIMELINE || use == TEMPLATE_MESSAGE;
	TRY(require(c, !sends || (m->active && !m->archived_at), ERR_TEMPLATE_OFF, m->name));
	TRY(customer_row_get(c, t->customer_id, &customer));
	enum lang lang = text_equal(customer.lang, "en") && !text_empty(m->text_en) ? LANG_EN : LANG_ZH;
	TRY(template_text(c, lang == LANG_EN ? m->text_en : m->text_zh, lang, t, use, out));
	TRY(require(c, !sends || !out->missing, ERR_TEMPLATE_MISSING, template_names_of(c, out->missing)));
	return require(c, utf8_count(out->text) <= TEMPLATE_FILLED_MOST, ERR_FIELD_TOO_LONG, "4000");
}

const char *template_names_of(struct ctx *c, uint64_t variables)
{
	struct text t = text_in(c->arena);
	for (size_t i = 0; i < template_variable_count; i++)
		if (variables >> i & 1)
			text_format(&t, "%s%s", t.n ? (c->lang == LANG_EN ? ", " : "、") : "", c->lang == LANG_EN ? template_variables[i].label.en : template_variables[i].label.zh);
	return text_end(&t);
}

int template_read(struct ctx *c, const struct message_template *m, const struct ticket *t, const struct filled_template *f)
{
	if (!c->auth || !(f->said & template_personal))
		return 0;
	return pii_reading(c, "customer", t->customer_id, "name", arena_format(c->arena, "%s: %s", template_record.label.zh, m->name));
}

void template_write_open(struct ctx *c, const struct filled_template *f, struct text *out)
{
	text_append(out, "{\"text\":");
	json_text(out, f->text);
	text_format(out, ",\"lang\":\"%s\",\"missing\":[", f->lang == LANG_EN ? "en" : "zh");
	for (size_t i = 0, n = 0; i < template_variable_count; i++)
		if (f->missing >> i & 1)
			text_format(out, "%s\"%s\"", n++ ? "," : "", template_names[i]);
	text_char(out, ']');
}

void template_write(struct ctx *c, const struct filled_template *f, struct text *out)
{
	template_write_open(c, f, out);
	text_char(out, '}');
}
