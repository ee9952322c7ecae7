/* Texts are pieces of real sentences put together at random (always the same ones), questions are pieces of the same sentences. */
#include "core/search/search_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/search/search.h"
#include "core/search/search_words.h"
#include "core/services.h"
#include "db/engine.h"
#include "gen/search_sql.h"

enum { GIANT = 1, FIRST_TINY = 2, TINY_COUNT = 100, TINY_DOCUMENTS = 1000, BATCH = 512, PIECE = 24, MOST_TEXTS = 20000 };

/* Without a file: what customers write most, so that words repeat as they do in earnest. */
static const char *const sentences[] = {
	"冰箱冷藏室不制冷，冷冻室正常，已经断电重启过", "空调室内机一直滴水，地板都湿了，麻烦尽快安排师傅上门",
	"洗衣机脱水时剧烈晃动并且报警，显示错误码", "热水器打不着火，换了电池还是不行", "电视开机后黑屏有声音没有图像",
	"油烟机噪音特别大，像拖拉机一样", "洗碗机洗完餐具上有白色水垢", "净水器滤芯更换后还是提示更换滤芯",
	"扫地机器人找不到充电座，一直在原地转圈", "安装师傅约好时间没有来，也没有电话", "屏幕碎了想问一下维修多少钱",
	"买了不到一个月就坏了，要求换新", "遥控器失灵，电池是新的", "燃气灶打火后松手就熄灭", "微波炉加热时有火花，不敢用了",
	"手机充电时发热严重，电池鼓包", "蓝牙连不上，重新配对也不行", "发票抬头开错了，需要重新开", "想预约清洗空调和油烟机",
	"客服态度很好，问题解决了，谢谢",
};

struct bench {
	struct search_bench *b;
	struct arena *kept;             /* texts and measurements */
	const char **texts;
	size_t text_count;
	uint64_t seed;
	struct db_conn *db;
	struct services services;
	struct error error;
	struct ctx c;
};

static uint64_t next(struct bench *t)
{
	t->seed = t->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return t->seed >> 33;
}

static void read_texts(struct bench *t)
{
	FILE *f = t->b->texts ? fopen(t->b->texts, "r") : NULL;
	char line[8192];
	t->texts = ARENA_ARRAY(t->kept, const char *, MOST_TEXTS);
	while (f && t->text_count < MOST_TEXTS && fgets(line, sizeof(line), f)) {
		const char *tab = strrchr(line, '\t');
		if (utf8_count(line) > PIECE)
			t->texts[t->text_count++] = arena_string(t->kept, tab ? tab + 1 : line);
	}
	if (f)
		fclose(f);
	for (size_t i = 0; t->text_count < MOST_TEXTS && i < sizeof(sentences) / sizeof(*sentences); i++)
		t->texts[t->text_count++] = sentences[i];
}

/* `most` characters from somewhere in a random text. */
static const char *piece(struct bench *t, size_t most)
{
	const char *text = t->texts[next(t) % t->text_count];
	size_t n = utf8_count(text);
	const char *p = text + utf8_prefix(text, n > most ? next(t) % (n - most) : 0);
	return arena_string_n(t->c.arena, p, utf8_prefix(p, most));
}

/* Building ------------------------------------------------------------------------------------------------------------ */

static int64_t company_of(int64_t i, int64_t documents)
{
	int64_t tiny = documents / 10 < TINY_COUNT * TINY_DOCUMENTS ? documents / 10 : TINY_COUNT * TINY_DOCUMENTS;
	return i % 10 == 9 && i / 10 < tiny ? FIRST_TINY + i / 10 % TINY_COUNT : GIANT;
}

static int put_one(struct bench *t, int64_t i)
{
	struct ctx *c = &t->c;
	struct search_text texts[] = {
		{ SEARCH_TITLE, piece(t, 12) },
		{ SEARCH_BODY, arena_format(c->arena, "%s %s BCD-%d 编号%lld", piece(t, PIECE), piece(t, PIECE), (int)(next(t) % 900), (long long)i) },
	};
	const struct search_item item = { "ticket", i + 1, c->now - (t->b->documents - i) * 1000, { texts, 2 } };
	return search_index(c, &item, 1);
}

static int put_batch(struct bench *t, int64_t from, int64_t to)
{
	TRY(db_begin_write(t->db, 0));
	for (int64_t i = from; i < to; i++) {
		int64_t company = company_of(i, t->b->documents);
		if (company != t->c.tenant || i == from) {
			t->c.tenant = company;
			TRY(db_set_tenant(t->db, company));
		}
		TRY(put_one(t, i));
		arena_reset(t->c.arena);
	}
	return db_commit(t->db);
}

static int build(struct bench *t)
{
	struct search_lane lane = { 0 };
	int r = search_lane_row_get(&t->c, 0, &lane);
	if (r < 0 && r != ERR_NOT_FOUND)
		return r;
	int64_t from = lane.live, all = t->b->documents, started = monotonic_ns();
	t->seed += (uint64_t)from * 7919;
	for (int64_t i = from; i < all; i += BATCH)
		TRY(put_batch(t, i, i + BATCH < all ? i + BATCH : all));
	if (from < all)
		t->b->built_per_second = (double)(all - from) / ((double)(monotonic_ns() - started) / 1e9);
	return 0;
}

/* Asking -------------------------------------------------------------------------------------------------------------- */

/* Two to five characters, now and then two words, a model or one character: what stands in search fields. */
static const char *question(struct bench *t)
{
	switch (next(t) % 8) {
	case 0: return arena_format(t->c.arena, "BCD-%d", (int)(next(t) % 900));
	case 1: return arena_format(t->c.arena, "%s %s", piece(t, 2), piece(t, 2));
	case 2: return piece(t, 1);
	default: return piece(t, 2 + next(t) % 4);
	}
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static int ask(struct bench *t, int64_t company, double *ms, size_t n, double *hits_mean)
{
	struct ctx *c = &t->c;
	double all = 0;
	c->tenant = company;
	for (size_t i = 0; i < n; i++) {
		struct search_hit *hits;
		size_t found;
		const char *q = question(t);
		int64_t started = monotonic_ns();
		TRY(db_begin_read(t->db, company));
		TRY(search_find(c, q, NULL, 0, SEARCH_CANDIDATES, &hits, &found));
		TRY(db_end_read(t->db));
		ms[i] = (double)(monotonic_ns() - started) / 1e6;
		all += (double)found;
		arena_reset(c->arena);
	}
	qsort(ms, n, sizeof(*ms), compare);
	*hits_mean = n ? all / (double)n : 0;
	return 0;
}

static int measure(struct bench *t)
{
	struct search_bench *b = t->b;
	size_t n = b->questions ? b->questions : 2000;
	double *ms = ARENA_ARRAY(t->kept, double, n), tiny_mean;
	TRY(ask(t, GIANT, ms, n, &b->hits_mean));
	b->p50_ms = ms[n / 2];
	b->p99_ms = ms[n * 99 / 100];
	b->most_ms = ms[n - 1];
	TRY(ask(t, FIRST_TINY, ms, n, &tiny_mean));
	b->tiny_p99_ms = ms[n * 99 / 100];
	return 0;
}

static int with_connection(struct bench *t, enum db_role role, int (*work)(struct bench *))
{
	TRY(db_open(t->b->url, role, t->b->log, &t->db));
	t->c = (struct ctx){ .arena = arena_new(), .db = t->db, .error = &t->error, .log = t->b->log, .tenant = GIANT,
		             .now = clock_now(t->b->clock), .services = &t->services };
	int r = work(t);
	arena_free(t->c.arena);
	db_rollback(t->db);
	db_close(t->db);
	return r;
}

int search_bench_run(struct search_bench *b)
{
	ARENA_SCOPED kept = arena_new();
	struct bench t = { .b = b, .kept = kept, .seed = 2026 };
	b->built_per_second = 0;
	read_texts(&t);
	TRY(with_connection(&t, DB_WRITER, build));
	t.seed = 77;
	return with_connection(&t, DB_READER, measure);
}
