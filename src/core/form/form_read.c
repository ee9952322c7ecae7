/* From a row of report_form to a form: the base with what the row says over it. Nothing that the base does not know is taken. */
#include <string.h>

#include "base/json_private.h"
#include "core/form/form_parts.h"
#include "gen/schema.h"

static yyjson_mut_val *merge(struct form_text *r, const struct entries *of, const char *path, yyjson_mut_val *base, yyjson_val *said);

static bool is_plain(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n && !s[n] && n <= 40;
}

static bool is_own(const char *name)
{
	return name && !strncmp(name, FORM_OWN, strlen(FORM_OWN)) && name[strlen(FORM_OWN)] && is_plain(name);
}

static void put(struct form_text *r, yyjson_mut_val *now, const char *name, yyjson_mut_val *value)
{
	yyjson_mut_obj_remove_key(now, name);
	yyjson_mut_obj_add_val(r->doc, now, name, value);
}

/* Members ---------------------------------------------------------------------------------------------------------------- */

static bool check_words(struct form_text *r, const char *path, const char *lang, yyjson_val *v, int64_t most)
{
	if (!yyjson_is_str(v) || !utf8_is_text(yyjson_get_str(v), yyjson_get_len(v)))
		return form_bad(r, path, lang, ERR_FIELD_TYPE, "text"), false;
	if ((int64_t)utf8_count(yyjson_get_str(v)) > most)
		return form_bad(r, path, lang, ERR_FIELD_TOO_LONG, arena_format(r->c->arena, "%lld", (long long)most)), false;
	return true;
}

/* {"zh":…,"en":…}, the one for the other where it is missing; of a hint both may be. */
static void put_label(struct form_text *r, const char *path, const struct part *p, yyjson_val *v, yyjson_mut_val *now)
{
	const char *said[2] = { "", "" }, *const langs[2] = { "zh", "en" };
	yyjson_val *key;
	size_t i, n;
	bool may_be_none = p->kind == PART_HINT, good = yyjson_is_obj(v) || (may_be_none && yyjson_is_null(v));
	if (!good)
		form_bad(r, path, "", ERR_FIELD_TYPE, "{\"zh\":\"…\",\"en\":\"…\"}");
	yyjson_obj_foreach(yyjson_is_obj(v) ? v : NULL, i, n, key, v) {
		int at = yyjson_equals_str(key, "zh") ? 0 : yyjson_equals_str(key, "en") ? 1 : -1;
		if (at < 0)
			good = false, form_bad(r, path, yyjson_get_str(key), ERR_FIELD_UNKNOWN, NULL);
		else if (!check_words(r, path, langs[at], v, p->most))
			good = false;
		else
			said[at] = yyjson_get_str(v);
	}
	if (good && !*said[0] && !*said[1] && !may_be_none)
		good = false, form_bad(r, path, "zh", ERR_FIELD_REQUIRED, NULL);
	if (!good)
		return;
	if (!*said[0] && !*said[1]) {
		put(r, now, p->name, yyjson_mut_null(r->doc));
		return;
	}
	yyjson_mut_val *label = yyjson_mut_obj(r->doc);
	yyjson_mut_obj_add_strcpy(r->doc, label, "zh", *said[0] ? said[0] : said[1]);
	yyjson_mut_obj_add_strcpy(r->doc, label, "en", *said[1] ? said[1] : said[0]);
	put(r, now, p->name, label);
}

static void put_word(struct form_text *r, const char *path, const struct part *p, yyjson_val *v, yyjson_mut_val *now)
{
	struct text all = text_in(r->c->arena);
	for (const char *const *w = p->words; *w; w++) {
		if (yyjson_equals_str(v, *w)) {
			put(r, now, p->name, yyjson_mut_str(r->doc, *w));
			return;
		}
		text_format(&all, "%s%s", all.n ? ", " : "", *w);
	}
	form_bad(r, path, "", ERR_FIELD_CHOICE, text_end(&all));
}

/* What is a flag in the form, for that is how phones have always read it: whether it has to be filled in stands beside it. */
static void put_asked(struct form_text *r, const char *path, const struct part *p, yyjson_val *v, yyjson_mut_val *now)
{
	yyjson_mut_val *required = yyjson_mut_obj_get(now, "required");
	if (!yyjson_equals_str(v, "required") && !yyjson_equals_str(v, "optional") && !yyjson_equals_str(v, "none")) {
		form_bad(r, path, "", ERR_FIELD_CHOICE, "required, optional, none");
		return;
	}
	put(r, now, p->name, yyjson_mut_bool(r->doc, !yyjson_equals_str(v, "none")));
	if (yyjson_equals_str(v, "required"))
		yyjson_mut_arr_add_str(r->doc, required, p->name);
}

static void put_flag(struct form_text *r, const char *path, const struct part *p, yyjson_val *v, yyjson_mut_val *now)
{
	if (!yyjson_is_bool(v)) {
		form_bad(r, path, "", ERR_FIELD_TYPE, "true, false");
		return;
	}
	yyjson_mut_obj_remove_key(now, p->name);
	if (yyjson_get_bool(v) || strcmp(p->name, "off") != 0)
		yyjson_mut_obj_add_bool(r->doc, now, p->name, yyjson_get_bool(v));
}

static void put_count(struct form_text *r, const char *path, const struct part *p, yyjson_val *v, yyjson_mut_val *now)
{
	if (!yyjson_is_int(v))
		form_bad(r, path, "", ERR_FIELD_TYPE, "1");
	else if (yyjson_get_sint(v) < 1)
		form_bad(r, path, "", ERR_FIELD_TOO_SMALL, "1");
	else if (!yyjson_is_uint(v) || yyjson_get_uint(v) > (uint64_t)p->most)
		form_bad(r, path, "", ERR_FIELD_TOO_LARGE, arena_format(r->c->arena, "%lld", (long long)p->most));
	else
		put(r, now, p->name, yyjson_mut_sint(r->doc, yyjson_get_sint(v)));
}

static void put_member(struct form_text *r, const char *path, const struct part *p, yyjson_val *v, yyjson_mut_val *now)
{
	switch (p->kind) {
	case PART_KEY:   break;
	case PART_FLAG:  put_flag(r, path, p, v, now); break;
	case PART_LABEL:
	case PART_HINT:  put_label(r, path, p, v, now); break;
	case PART_NEED:
	case PART_WORD:  put_word(r, path, p, v, now); break;
	case PART_ASKED: put_asked(r, path, p, v, now); break;
	case PART_COUNT: put_count(r, path, p, v, now); break;
	case PART_LIST:  put(r, now, p->name, merge(r, p->entries, path, yyjson_mut_obj_get(now, p->name), v)); break;
	}
}

static void put_members(struct form_text *r, const struct entries *of, const char *path, yyjson_val *said, bool own, yyjson_mut_val *now)
{
	yyjson_val *key, *v;
	size_t i, n;
	yyjson_obj_foreach(said, i, n, key, v) {
		const struct part *p = of->parts;
		while (p < of->parts + of->count && !yyjson_equals_str(key, p->name))
			p++;
		if (p == of->parts + of->count)
			form_bad(r, path, yyjson_get_str(key), ERR_FIELD_UNKNOWN, NULL);
		else if (yyjson_obj_get(said, p->name) != v)
			form_bad(r, path, p->name, ERR_FIELD_TAKEN, p->name);
		else if (p->own && !own)
			form_bad(r, path, p->name, ERR_FIELD_READ_ONLY, NULL);
		else
			put_member(r, arena_format(r->c->arena, "%s.%s", path, p->name), p, v, now);
	}
}

/* Lists ------------------------------------------------------------------------------------------------------------------ */

struct merged {
	yyjson_mut_val **at;
	size_t n;
};

static void insert(struct merged *m, size_t at, yyjson_mut_val *v)
{
	memmove(m->at + at + 1, m->at + at, (m->n - at) * sizeof(*m->at));
	m->at[at] = v;
	m->n++;
}

static size_t place_of(const struct merged *m, const struct entries *of, const char *name)
{
	size_t i = 0;
	while (i < m->n && !yyjson_mut_equals_str(yyjson_mut_obj_get(m->at[i], of->key), name))
		i++;
	return i;
}

/* What is not spoken of stays behind what it stands behind in the base. */
static void put_others(struct form_text *r, struct merged *m, const struct entries *of, yyjson_mut_val *base)
{
	yyjson_mut_val *v;
	const char *last = NULL;
	size_t i, n;
	yyjson_mut_arr_foreach(base, i, n, v) {
		const char *name = form_text_of(v, of->key);
		if (place_of(m, of, name) == m->n)
			insert(m, last ? place_of(m, of, last) + 1 : 0, yyjson_mut_val_mut_copy(r->doc, v));
		last = name;
	}
}

static yyjson_mut_val *begin(struct form_text *r, const struct entries *of, yyjson_mut_val *base, const char *name)
{
	if (base)
		return yyjson_mut_val_mut_copy(r->doc, base);
	yyjson_mut_val *now = yyjson_mut_obj(r->doc);
	yyjson_mut_obj_add_strcpy(r->doc, now, of->key, name);
	for (const struct part *p = of->parts; p < of->parts + of->count; p++)
		if (p->kind == PART_LIST)
			yyjson_mut_obj_add_arr(r->doc, now, p->name);
		else if (p->kind == PART_HINT)
			yyjson_mut_obj_add_null(r->doc, now, p->name);
		else if (p->kind == PART_FLAG && strcmp(p->name, "off") != 0)
			yyjson_mut_obj_add_false(r->doc, now, p->name);
	return now;
}

static const char *names_of(struct form_text *r, const struct entries *of, yyjson_mut_val *base)
{
	struct text t = text_in(r->c->arena);
	yyjson_mut_val *v;
	size_t i, n;
	yyjson_mut_arr_foreach(base, i, n, v)
		text_format(&t, "%s%s", t.n ? ", " : "", form_text_of(v, of->key));
	if (of->own)
		text_format(&t, "%s" FORM_OWN "…", t.n ? ", " : "");
	return text_end(&t);
}

static void merge_one(struct form_text *r, const struct entries *of, const char *path, yyjson_mut_val *base, yyjson_val *said, struct merged *m)
{
	const char *name = yyjson_get_str(yyjson_obj_get(said, of->key));
	yyjson_mut_val *there = form_mut_part(base, of->key, name);
	if (!yyjson_is_obj(said))
		form_bad(r, path, "", ERR_FIELD_TYPE, "{…}");
	else if (!there && !(of->own && is_own(name)))
		form_bad(r, path, of->key, ERR_FIELD_CHOICE, names_of(r, of, base));
	else if (place_of(m, of, name) < m->n)
		form_bad(r, path, of->key, ERR_FIELD_TAKEN, name);
	else {
		yyjson_mut_val *now = begin(r, of, there, name);
		put_members(r, of, path, said, !there, now);
		m->at[m->n++] = now;
		of->check(r, path, there, now);
	}
}

static yyjson_mut_val *merge(struct form_text *r, const struct entries *of, const char *path, yyjson_mut_val *base, yyjson_val *said)
{
	size_t n = yyjson_arr_size(said), i, k;
	yyjson_mut_val *out = yyjson_mut_arr(r->doc);
	yyjson_val *v;
	if (!yyjson_is_arr(said) || n > of->most) {
		form_bad(r, path, "", yyjson_is_arr(said) ? ERR_FIELD_TOO_LARGE : ERR_FIELD_TYPE, yyjson_is_arr(said) ? arena_format(r->c->arena, "%zu", of->most) : "[{…}]");
		return out;
	}
	struct merged m = { .at = ARENA_ARRAY(r->c->arena, yyjson_mut_val *, n + yyjson_mut_arr_size(base) + 1) };
	yyjson_arr_foreach(said, i, k, v)
		merge_one(r, of, arena_format(r->c->arena, "%s[%zu]", path, i), base, v, &m);
	put_others(r, &m, of, base);
	for (i = 0; i < m.n; i++)
		yyjson_mut_arr_append(out, m.at[i]);
	return out;
}

/* The whole ---------------------------------------------------------------------------------------------------------------- */

static yyjson_mut_val *merge_symptoms(struct form_text *r, yyjson_mut_val *base, yyjson_val *said)
{
	yyjson_val *key, *v;
	size_t i, n;
	if (!yyjson_is_obj(said) || yyjson_obj_size(said) > FORM_MOST_PRODUCTS) {
		fail_field(r->c, "symptoms", ERR_FIELD_TYPE, "{\"fridge\":[{\"code\":\"frost\",\"off\":true}]}");
		return base;
	}
	yyjson_obj_foreach(said, i, n, key, v) {
		const char *product = yyjson_get_str(key);
		if (!is_plain(product) || yyjson_obj_get(said, product) != v) {
			fail_field(r->c, "symptoms", ERR_FIELD_INVALID, "：a–z 0–9 _");
			continue;
		}
		yyjson_mut_val *list = merge(r, &form_symptom_entries, arena_format(r->c->arena, "symptoms.%s", product), yyjson_mut_obj_get(base, product), v);
		yyjson_mut_obj_remove_key(base, product);
		yyjson_mut_obj_add_val(r->doc, base, yyjson_mut_get_str(yyjson_mut_strcpy(r->doc, product)), list);
	}
	return base;
}

static yyjson_val *parsed(struct form_text *r, yyjson_alc *memory, const char *member, const char *json)
{
	size_t n = strlen(json);
	yyjson_doc *doc = n <= FORM_MOST_BYTES ? yyjson_read_opts((char *)(uintptr_t)json, n, 0, memory, NULL) : NULL;
	if (!doc)
		fail_field(r->c, member, n > FORM_MOST_BYTES ? ERR_FIELD_TOO_LONG : ERR_FIELD_TYPE, n > FORM_MOST_BYTES ? arena_format(r->c->arena, "%d", FORM_MOST_BYTES) : "JSON");
	return yyjson_doc_get_root(doc);
}

int form_read(struct ctx *c, struct arena *a, const struct report_form *row, struct form *out)
{
	yyjson_alc own = json_memory_of(c->arena), memory = json_memory_of(a);
	const struct pack *pack = pack_find(row->pack);
	struct form_text r = { c, yyjson_mut_doc_new(&own) };
	if (!pack)
		return fail_field(c, "pack", ERR_FIELD_REFERENCE, NULL);
	const struct form *base = form_base(pack);
	yyjson_mut_val *root = yyjson_mut_obj(r.doc);
	yyjson_val *scenes = parsed(&r, &own, "scenes", row->scenes), *symptoms = parsed(&r, &own, "symptoms", row->symptoms);
	TRY(c->error->code);
	yyjson_mut_val *all = merge(&r, &form_scene_entries, "scenes", yyjson_val_mut_copy(r.doc, base->scenes), scenes);
	if (c->error->code == 0 && form_shown(all) < 2)
		fail_field(c, "scenes", ERR_FORM_NO_SCENE, NULL);      /* what is left is the emergency */
	yyjson_mut_obj_add_val(r.doc, root, "scenes", all);
	yyjson_mut_obj_add_val(r.doc, root, "symptoms", merge_symptoms(&r, yyjson_val_mut_copy(r.doc, base->symptoms), symptoms));
	TRY(c->error->code);
	yyjson_mut_doc_set_root(r.doc, root);
	yyjson_val *form = yyjson_doc_get_root(yyjson_mut_doc_imut_copy(r.doc, &memory));
	*out = (struct form){ pack, yyjson_obj_get(form, "scenes"), yyjson_obj_get(form, "symptoms") };
	return 0;
}
