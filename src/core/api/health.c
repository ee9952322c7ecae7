/* GET /api/v1/health: is the database there, are followers behind. */
#include "core/api/health.h"

#include "core/api/readers.h"
#include "core/services.h"
#include "db/follower.h"
#include "db/writer.h"
#include "gen/sign_in_sql.h"

static int64_t total_lag(struct followers *f)
{
	struct follower_state state;
	int64_t lag = 0;
	for (size_t i = 0; f && followers_state(f, i, &state); i++)
		lag += state.lag;
	return lag;
}

static int health(struct ctx *c, const void *in, void *out)
{
	struct tenants_first_row *rows;
	size_t n;
	TRY(tenants_first(c, &rows, &n));       /* the database answers */
	struct writer_stats w;
	writer_stats(c->services->writer, &w);
	((struct raw_out *)out)->raw = arena_format(c->arena, "{\"ok\":true,\"lag\":%lld,\"queued\":%zu}", (long long)total_lag(c->services->followers),
	                                            w.queued[QUEUE_PEOPLE] + w.queued[QUEUE_JOBS]);
	return 0;
}

const struct route health_routes[] = {
	ROUTE(GET, "/api/v1/health", FOR_ANYBODY, POOL, .flags = ROUTE_QUIET, .out = &raw_shape, .run = health, .zh = "健康检查", .en = "Health"),
};
const size_t health_route_count = sizeof(health_routes) / sizeof(health_routes[0]);
