/* Flows as they stand in packs/bot/flows.json, and how far one has come. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/words.h"
#include "core/pack.h"
#include "domain/bot/bot_words.h"
#include "domain/bot/flow.h"

PACK_FILE(bot_flows_file, "bot/flows.json");

enum { FLOWS_MOST = 12, TIMES_MOST = 6 };

/* Made with the first question, never changed. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static struct arena *memory __attribute__((used));
static struct bot_flow flows[FLOWS_MOST];
static size_t flow_count;
static struct flow_choice times[TIMES_MOST];
static size_t time_count;

static const char *const kind_names[SLOT_KINDS] = {
	[SLOT_DEVICE] = "device", [SLOT_TEXT] = "text", [SLOT_TREE] = "tree", [SLOT_DAY] = "day", [SLOT_TIME] = "time", [SLOT_ADDRESS] = "address", [SLOT_PHONE] = "phone",
	[SLOT_CHOICE] = "choice", [SLOT_FLAG] = "flag", [SLOT_ORDER] = "order", [SLOT_SERIAL] = "serial", [SLOT_MODEL] = "model", [SLOT_TICKET] = "ticket",
};

static const char *text_of(yyjson_val *v, const char *name)
{
	return yyjson_get_str(yyjson_obj_get(v, name));
}

static bool flag_of(yyjson_val *v, const char *name)
{
	return yyjson_is_true(yyjson_obj_get(v, name));
}

static struct label label_of(yyjson_val *v, const char *name)
{
	yyjson_val *l = yyjson_obj_get(v, name);
	return (struct label){ text_of(l, "zh"), text_of(l, "en") };
}

static const char *const *list_of(yyjson_val *list)
{
	const char **out = ARENA_ARRAY(memory, const char *, yyjson_arr_size(list) + 1);
	yyjson_val *v;
	size_t i, max, n = 0;
	yyjson_arr_foreach(list, i, max, v)
		out[n++] = yyjson_get_str(v);
	return out;
}

static size_t read_choices(yyjson_val *list, struct flow_choice *out, size_t most)
{
	yyjson_val *v;
	size_t i, max, n = 0;
	yyjson_arr_foreach(list, i, max, v)
		if (n < most)
			out[n++] = (struct flow_choice){ text_of(v, "value"), text_of(v, "scene"), label_of(v, "label"), list_of(yyjson_obj_get(v, "words")) };
	return n;
}

static void read_slot(yyjson_val *v, struct flow_slot *out)
{
	yyjson_val *when = yyjson_obj_get(v, "when"), *of = yyjson_obj_get(v, "of");
	struct flow_choice *choices = ARENA_ARRAY(memory, struct flow_choice, yyjson_arr_size(of) + 1);
	yyjson_obj_iter at = yyjson_obj_iter_with(when);
	yyjson_val *key = when ? yyjson_obj_iter_next(&at) : NULL;
	*out = (struct flow_slot){
		.name = text_of(v, "name"), .label = label_of(v, "label"), .ask = label_of(v, "ask"), .optional = flag_of(v, "optional"), .past = flag_of(v, "past"), .visitor = flag_of(v, "visitor"),
		.least = yyjson_get_sint(yyjson_obj_get(v, "least")), .answer = text_of(v, "answer"), .of = choices, .of_count = read_choices(of, choices, yyjson_arr_size(of)),
		.when = key ? yyjson_get_str(key) : NULL, .when_values = key ? list_of(yyjson_obj_iter_get_val(key)) : NULL,
	};
	for (enum slot_kind i = 0; i < SLOT_KINDS; i++)
		if (text_equal(kind_names[i], text_of(v, "kind")))
			out->kind = i;
}

static void read_flow(yyjson_val *v, struct bot_flow *out)
{
	yyjson_val *slot;
	size_t i, max;
	*out = (struct bot_flow){
		.name = text_of(v, "name"), .act = text_of(v, "act"), .scene = text_of(v, "scene"), .scene_from = text_of(v, "scene_from"), .lead = text_of(v, "lead"), .own = flag_of(v, "own"),
		.title = label_of(v, "title"), .press = label_of(v, "press"), .note = label_of(v, "note"), .done = label_of(v, "done"),
		.starts = list_of(yyjson_obj_get(v, "starts")), .nots = bot_fold_all(memory, list_of(yyjson_obj_get(v, "not"))), .fixed = yyjson_obj_get(v, "fixed"),
	};
	out->starts_folded = bot_fold_all(memory, out->starts);
	yyjson_arr_foreach(yyjson_obj_get(v, "slots"), i, max, slot)
		if (out->slot_count < FLOW_SLOTS_MOST)
			read_slot(slot, &out->slots[out->slot_count++]);
}

static void read_all(void)
{
	memory = arena_new();
	yyjson_val *root = yyjson_doc_get_root(yyjson_read(bot_flows_file, strlen(bot_flows_file), 0)), *v;
	size_t i, max;
	time_count = read_choices(yyjson_obj_get(root, "times"), times, TIMES_MOST);
	yyjson_arr_foreach(yyjson_obj_get(root, "flows"), i, max, v)
		if (flow_count < FLOWS_MOST)
			read_flow(v, &flows[flow_count++]);
}

const struct flow_choice *flow_times(size_t *n)
{
	pthread_once(&once, read_all);
	*n = time_count;
	return times;
}

const struct bot_flow *flow_named(const char *name)
{
	pthread_once(&once, read_all);
	for (size_t i = 0; i < flow_count; i++)
		if (text_equal(flows[i].name, name))
			return &flows[i];
	return NULL;
}

const struct bot_flow *flow_led_to(const char *act)
{
	pthread_once(&once, read_all);
	for (size_t i = 0; i < flow_count; i++)
		if (!text_empty(act) && text_equal(flows[i].lead, act))
			return &flows[i];
	return NULL;
}

const struct bot_flow *flow_started_by(struct arena *a, const char *folded, const char **word)
{
	pthread_once(&once, read_all);
	for (size_t i = 0; i < flow_count; i++) {
		const struct bot_flow *f = &flows[i];
		if (!words_stand_in(a, folded, f->starts_folded, f->nots))
			continue;
		size_t w = 0;
		while (!words_stand_in(a, folded, (const char *const[]){ f->starts_folded[w], NULL }, f->nots))
			w++;
		*word = f->starts[w];
		return f;
	}
	return NULL;
}

const struct flow_slot *flow_slot_named(const struct bot_flow *f, const char *name)
{
	for (size_t i = 0; f && name && i < f->slot_count; i++)
		if (text_equal(f->slots[i].name, name))
			return &f->slots[i];
	return NULL;
}

/* How far it has come ------------------------------------------------------------------------------------------------------- */

struct kept {
	struct list slot, value, shown;         /* of const char * */
};
static const struct member kept_members[] = {
	MEMBER(struct kept, slot, list, .item = TYPE_code, .most = FLOW_SLOTS_MOST), MEMBER(struct kept, value, list, .item = TYPE_text, .most = FLOW_SLOTS_MOST),
	MEMBER(struct kept, shown, list, .item = TYPE_text, .most = FLOW_SLOTS_MOST),
};
static const struct shape kept_shape = SHAPE("flow_kept", struct kept, kept_members);

const char *flow_state_write(struct arena *a, const struct flow_state *s)
{
	const char *slot[FLOW_SLOTS_MOST], *value[FLOW_SLOTS_MOST], *shown[FLOW_SLOTS_MOST];
	struct text t = text_in(a);
	for (size_t i = 0; i < s->n; i++) {
		slot[i] = s->at[i].slot;
		value[i] = s->at[i].value;
		shown[i] = s->at[i].shown;
	}
	json_write(&t, &kept_shape, &(struct kept){ { slot, s->n }, { value, s->n }, { shown, s->n } });
	return text_end(&t);
}

int flow_state_read(struct ctx *c, const char *flow, const char *slot, int64_t tries, const char *filled, struct flow_state *out)
{
	struct kept kept = { 0 };
	*out = (struct flow_state){ .flow = flow_named(flow), .slot = slot ? slot : "", .tries = tries };
	if (!out->flow || text_empty(filled))
		return 0;
	TRY(json_read(c->arena, &kept_shape, filled, strlen(filled), &kept, NULL, c->error));
	for (size_t i = 0; i < kept.slot.n && i < kept.value.n && i < kept.shown.n && i < FLOW_SLOTS_MOST; i++)
		out->at[out->n++] = (struct flow_value){ ((const char *const *)kept.slot.at)[i], ((const char *const *)kept.value.at)[i], ((const char *const *)kept.shown.at)[i] };
	return 0;
}

/* Where the value of a slot stands; `s->n`: nowhere. */
static size_t place_of(const struct flow_state *s, const char *slot)
{
	size_t i = 0;
	while (i < s->n && !text_equal(s->at[i].slot, slot))
		i++;
	return i;
}

const struct flow_value *flow_value(const struct flow_state *s, const char *slot)
{
	size_t i = place_of(s, slot);
	return i < s->n ? &s->at[i] : NULL;
}

const char *flow_value_text(const struct flow_state *s, const char *slot)
{
	const struct flow_value *v = flow_value(s, slot);
	return v ? v->value : "";
}

void flow_put(struct flow_state *s, struct flow_value v)
{
	size_t i = place_of(s, v.slot);
	if (i == FLOW_SLOTS_MOST)
		return;
	s->at[i] = v;
	s->n = i < s->n ? s->n : i + 1;
}

int64_t flow_id_behind(const char *code, const char *kind)
{
	size_t n = strlen(kind);
	return !strncmp(code, kind, n) && code[n] == '.' ? strtoll(code + n + 1, NULL, 10) : 0;
}

bool flow_slot_is_due(const struct flow_state *s, const struct flow_slot *slot, bool known)
{
	if (slot->visitor && known)
		return false;
	for (const char *const *v = slot->when_values; v && *v; v++)
		if (text_equal(*v, flow_value_text(s, slot->when)))
			return true;
	return !slot->when;
}
