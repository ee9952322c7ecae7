/* Counters as text. Route patterns and our own words are the only labels: nothing that a client wrote. */
#include "net/metrics_text.h"

#include <inttypes.h>

void metrics_family(struct text *t, const char *name, const char *kind, const char *help)
{
	text_format(t, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind);
}

void metrics_sample(struct text *t, const char *name, const char *labels, double value)
{
	if (labels)
		text_format(t, "%s{%s} %.15g\n", name, labels, value);
	else
		text_format(t, "%s %.15g\n", name, value);
}

static const char *route_labels(struct text *t, const struct http_metrics *m, const struct route *routes, size_t i)
{
	bool is_row = i < m->route_count - 1;
	return arena_format(t->arena, "route=\"%s\",method=\"%s\"", is_row ? routes[i].path : "other",
	                    is_row ? http_method_name(routes[i].method) : "any");
}

static uint64_t seen(const struct route_metrics *r)
{
	uint64_t n = 0;
	for (int i = 0; i < LATENCY_BUCKETS; i++)
		n += r->latency.bucket[i];
	return n;
}

static void write_status(struct text *t, const struct http_metrics *m, const struct route *routes)
{
	metrics_family(t, "anxin_http_requests_total", "counter", "Requests by route and status.");
	for (size_t i = 0; i < m->route_count; i++)
		for (int s = 1; s < 6; s++)
			if (m->routes[i].status[s])
				metrics_sample(t, "anxin_http_requests_total",
				               arena_format(t->arena, "%s,status=\"%dxx\"", route_labels(t, m, routes, i), s),
				               (double)m->routes[i].status[s]);
}

static void write_latency(struct text *t, const char *labels, const struct route_metrics *r)
{
	uint64_t below = 0;
	for (int i = 0; i < LATENCY_BUCKETS; i++) {
		const char *bound = i < LATENCY_BUCKETS - 1 ? arena_format(t->arena, "%g", (double)latency_bounds_us[i] / 1e6) : "+Inf";
		below += r->latency.bucket[i];
		metrics_sample(t, "anxin_http_request_seconds_bucket", arena_format(t->arena, "%s,le=\"%s\"", labels, bound), (double)below);
	}
	metrics_sample(t, "anxin_http_request_seconds_sum", labels, (double)r->latency.sum_us / 1e6);
	metrics_sample(t, "anxin_http_request_seconds_count", labels, (double)below);
}

void http_metrics_write(struct text *t, const struct http_metrics *m, const struct route *routes)
{
	write_status(t, m, routes);
	metrics_family(t, "anxin_http_request_seconds", "histogram", "From the first line of a request to the end of its reply.");
	for (size_t i = 0; i < m->route_count; i++)
		if (seen(&m->routes[i]))
			write_latency(t, route_labels(t, m, routes, i), &m->routes[i]);
	metrics_family(t, "anxin_http_fenced_total", "counter", "Requests whose head was refused.");
	for (int i = FENCE_PASS + 1; i < FENCE_REASON_COUNT; i++)
		metrics_sample(t, "anxin_http_fenced_total", arena_format(t->arena, "reason=\"%s\"", fence_name((enum fence_reason)i)),
		               (double)m->fenced[i]);
	metrics_family(t, "anxin_http_refused_total", "counter", "Requests and connections refused by a limit or rule.");
	for (int i = 0; i < REFUSED_COUNT; i++)
		metrics_sample(t, "anxin_http_refused_total", arena_format(t->arena, "reason=\"%s\"", refused_name((enum http_refused)i)),
		               (double)m->refused[i]);
	metrics_family(t, "anxin_http_bytes_total", "counter", "Bytes of bodies.");
	metrics_sample(t, "anxin_http_bytes_total", "direction=\"in\"", (double)m->bytes_in);
	metrics_sample(t, "anxin_http_bytes_total", "direction=\"out\"", (double)m->bytes_out);
	metrics_family(t, "anxin_http_connections_total", "counter", "Connections accepted.");
	metrics_sample(t, "anxin_http_connections_total", NULL, (double)m->accepted);
	metrics_family(t, "anxin_http_connections", "gauge", "Connections open now.");
	metrics_sample(t, "anxin_http_connections", NULL, (double)m->connections);
	metrics_family(t, "anxin_http_body_bytes", "gauge", "Bytes of bodies held now.");
	metrics_sample(t, "anxin_http_body_bytes", NULL, (double)m->bodies);
}

void hub_stats_write(struct text *t, const struct hub_stats *s)
{
	const struct { const char *name, *kind, *help; double value; } all[] = {
		{ "anxin_stream_clients", "gauge", "WebSocket clients.", (double)s->clients },
		{ "anxin_stream_subscriptions", "gauge", "Topics subscribed to, over all clients.", (double)s->subscriptions },
		{ "anxin_stream_present", "gauge", "People looking or typing.", (double)s->present },
		{ "anxin_stream_accepted_total", "counter", "WebSocket clients accepted.", (double)s->accepted },
		{ "anxin_stream_refused_total", "counter", "WebSocket handshakes refused.", (double)s->refused },
		{ "anxin_stream_published_total", "counter", "Events published.", (double)s->published },
		{ "anxin_stream_delivered_total", "counter", "Events written to clients.", (double)s->delivered },
		{ "anxin_stream_bytes_total", "counter", "Bytes written to clients.", (double)s->bytes },
		{ "anxin_stream_behind_total", "counter", "Times a client fell behind and was told to read again.", (double)s->behind },
		{ "anxin_stream_rights_lost_total", "counter", "Subscriptions ended because the right was lost.", (double)s->lost_rights },
		{ "anxin_stream_closed_slow_total", "counter", "Clients closed for silence.", (double)s->closed_slow },
		{ "anxin_stream_closed_broken_total", "counter", "Clients that ended by close or by a broken frame.", (double)s->closed_broken },
		{ "anxin_stream_messages_total", "counter", "Messages from clients.", (double)s->messages },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		metrics_family(t, all[i].name, all[i].kind, all[i].help);
		metrics_sample(t, all[i].name, NULL, all[i].value);
	}
}
