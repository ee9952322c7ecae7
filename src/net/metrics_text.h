/* The counters of net as Prometheus text (exposition format 0.0.4). */
#pragma once

#include "base/text.h"
#include "net/hub.h"

/* Head and type of one family: "# HELP …", "# TYPE …". kind: "counter", "gauge" or "histogram". */
void metrics_family(struct text *t, const char *name, const char *kind, const char *help);
/* One sample; labels as they stand between {}, or NULL. */
void metrics_sample(struct text *t, const char *name, const char *labels, double value);

/* Routes that nobody asked for are left out. */
void http_metrics_write(struct text *t, const struct http_metrics *m, const struct route *routes);
void hub_stats_write(struct text *t, const struct hub_stats *s);
