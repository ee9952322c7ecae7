/* Who works for the brand and what it promises: staff beyond the demo's, their skill, and the changes of a policy file, all through the API. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/demo.h"
#include "app/sim.h"
#include "base/json.h"
#include "core/pack.h"

enum { FIRST_AGENT = 2, TEAM_OF_DEMO = 4, NIGHT_EVERY = 5 };
#define TEAM "客服二组"

static int refused(struct sim *s, const char *what)
{
	fprintf(stderr, "anxin: %s: %d %.300s\n", what, s->status, s->answer);
	return ERR_INVALID;
}

/* The first row of a list whose member is this text: its id, and its version when asked for. */
static int find(struct sim *s, const char *path, const char *member, const char *text, char id[static SIM_NAME], int64_t *version)
{
	TRY(sim_staff(s, &s->admin, "GET", path, "", "list", 0));
	yyjson_doc *doc = yyjson_read(s->answer, strlen(s->answer), 0);
	yyjson_val *row;
	size_t i, n;
	id[0] = 0;
	yyjson_arr_foreach(yyjson_obj_get(yyjson_doc_get_root(doc), "items"), i, n, row) {
		yyjson_val *v = yyjson_obj_get(row, member);
		const char *is = yyjson_is_obj(v) ? yyjson_get_str(yyjson_obj_get(v, "zh")) : yyjson_get_str(v);
		if (!text_equal(is, text))
			continue;
		snprintf(id, SIM_NAME, "%s", pack_text(s->scratch, row, "id", ""));
		if (version)
			*version = yyjson_get_sint(yyjson_obj_get(row, "version"));
	}
	yyjson_doc_free(doc);
	return id[0] ? 0 : ERR_NOT_FOUND;
}

static int hire(struct sim *s, struct sim_agent *a, size_t i, const char *role, const char *team)
{
	const char *name = arena_format(s->scratch, "%s%s", demo_surnames[sim_draw(s, demo_surname_count)], demo_given[2 + sim_draw(s, demo_given_count - 2)]);
	snprintf(a->account, sizeof(a->account), "agent%zu", i + 1);
	TRY(sim_staff(s, &s->admin, "POST", "/user", arena_format(s->scratch, "{\"account\":\"%s\",\"name\":\"%s\",\"role_id\":\"%s\",\"team_id\":\"%s\"}", a->account, name, role, team), "hire", (int64_t)i));
	if (s->status >= 300)
		return refused(s, a->account);
	snprintf(a->id, sizeof(a->id), "%s", sim_text(s, "id"));
	TRY(sim_staff(s, &s->admin, "POST", arena_format(s->scratch, "/user/%s/password", a->id), "{\"password\":\"" DEMO_PASSWORD "\"}", "password", (int64_t)i));
	return s->status < 300 ? 0 : refused(s, "password");
}

static int gather_agents(struct sim *s)
{
	char role[SIM_NAME], team[SIM_NAME];
	TRY(find(s, "/role?limit=50", "code", "agent", role, NULL));
	TRY(find(s, "/team?limit=50", "name", TEAM, team, NULL));
	s->agents = ARENA_ARRAY(s->arena, struct sim_agent, s->agent_n);
	for (size_t i = 0; i < s->agent_n; i++) {
		struct sim_agent *a = &s->agents[i];
		a->skill = 0.8 + (double)sim_draw(s, 50) / 100;
		a->night = i % NIGHT_EVERY == NIGHT_EVERY - 1;
		if (i >= TEAM_OF_DEMO) {
			TRY(hire(s, a, i, role, team));
			continue;
		}
		snprintf(a->account, sizeof(a->account), "%s", demo_staff[FIRST_AGENT + i].account);
		TRY(find(s, "/user?limit=50", "account", a->account, a->id, NULL));
	}
	return 0;
}

static int read_products(struct sim *s)
{
	s->words = demo_content_of(NULL);
	s->products = arena_array(s->arena, s->words->product_count, SIM_NAME);
	for (size_t i = 0; i < s->words->product_count; i++)
		TRY(find(s, "/product?limit=50", "code", s->words->products[i].code, s->products[i], NULL));
	s->models = arena_array(s->arena, s->words->model_count, SIM_NAME);
	for (size_t i = 0; i < s->words->model_count; i++)
		TRY(find(s, "/model?limit=50", "code", s->words->models[i].code, s->models[i], NULL));
	return 0;
}

/* One address is everybody: what keeps strangers out does not judge here. */
static int open_doors(struct sim *s)
{
	TRY(sim_staff(s, &s->admin, "PATCH", "/setting/code.per_address", "{\"value\":6000,\"version\":0}", "setting", 0));
	TRY(sim_staff(s, &s->admin, "PATCH", "/setting/customer.per_address", "{\"value\":6000,\"version\":0}", "setting", 1));
	return s->status < 300 ? 0 : refused(s, "setting");
}

int sim_arrange(struct sim *s)
{
	snprintf(s->desk.account, sizeof(s->desk.account), "%s", demo_staff[1].account);
	snprintf(s->admin.account, sizeof(s->admin.account), "%s", demo_staff[0].account);
	TRY(open_doors(s));
	TRY(gather_agents(s));
	TRY(read_products(s));
	TRY(sim_open_channels(s));
	sim_plan_shifts(s);
	return 0;
}

/* A policy file: {"settings": {NAME: VALUE}, "clock_policy": {NAME: {FIELD: VALUE}}, "rule": {NAME: {FIELD: VALUE}}, "agents": N} ------------- */

/* A calendar by its name: ids are drawn anew in each run. */
static int write_field(struct sim *s, struct text *t, const char *name, yyjson_val *value)
{
	char id[SIM_NAME];
	if (!text_equal(name, "calendar")) {
		text_format(t, ",\"%s\":%s", name, json_value(s->scratch, value));
		return 0;
	}
	int r = find(s, "/calendar?limit=200", "name", yyjson_get_str(value), id, NULL);
	if (r < 0)
		fprintf(stderr, "anxin: there is no calendar \"%s\"\n", yyjson_get_str(value));
	text_format(t, ",\"calendar_id\":\"%s\"", id);
	return r;
}

static int change(struct sim *s, const char *record, const char *name, yyjson_val *fields)
{
	char id[SIM_NAME];
	int64_t version = 0;
	struct text t = text_in(s->scratch);
	yyjson_val *key, *value;
	size_t i, n;
	if (find(s, arena_format(s->scratch, "/%s?limit=200", record), "name", name, id, &version) < 0) {
		fprintf(stderr, "anxin: there is no %s \"%s\"\n", record, name);
		return ERR_NOT_FOUND;
	}
	text_format(&t, "{\"version\":%lld", (long long)version);
	yyjson_obj_foreach(fields, i, n, key, value)
		TRY(write_field(s, &t, yyjson_get_str(key), value));
	text_append(&t, "}");
	TRY(sim_staff(s, &s->admin, "PATCH", arena_format(s->scratch, "/%s/%s", record, id), text_end(&t), record, 0));
	return s->status < 300 ? 0 : refused(s, name);
}

static int change_setting(struct sim *s, const char *name, yyjson_val *value)
{
	TRY(sim_staff(s, &s->admin, "GET", arena_format(s->scratch, "/setting/%s", name), "", "setting", 0));
	int64_t version = sim_number(s, "version");
	TRY(sim_staff(s, &s->admin, "PATCH", arena_format(s->scratch, "/setting/%s", name),
	              arena_format(s->scratch, "{\"version\":%lld,\"value\":%s}", (long long)version, json_value(s->scratch, value)), "setting", 1));
	return s->status < 300 ? 0 : refused(s, name);
}

static int change_all(struct sim *s, yyjson_val *root)
{
	static const char *const records[] = { "clock_policy", "rule" };
	yyjson_val *key, *value;
	size_t i, n;
	yyjson_obj_foreach(yyjson_obj_get(root, "settings"), i, n, key, value)
		TRY(change_setting(s, yyjson_get_str(key), value));
	for (size_t k = 0; k < 2; k++)
		yyjson_obj_foreach(yyjson_obj_get(root, records[k]), i, n, key, value)
			TRY(change(s, records[k], yyjson_get_str(key), value));
	return 0;
}

int sim_policy(struct sim *s, const char *file)
{
	yyjson_doc *doc = file ? yyjson_read_file(file, 0, NULL, NULL) : NULL;
	if (file && !yyjson_is_obj(yyjson_doc_get_root(doc))) {
		fprintf(stderr, "anxin: %s holds no JSON object\n", file);
		yyjson_doc_free(doc);
		return ERR_JSON;
	}
	int64_t agents = yyjson_get_sint(yyjson_obj_get(yyjson_doc_get_root(doc), "agents"));
	if (agents > 0)
		s->agent_n = (size_t)agents;
	int r = file && s->port ? change_all(s, yyjson_doc_get_root(doc)) : 0;
	yyjson_doc_free(doc);
	return r;
}
