/* The description of the API (OpenAPI 3.1), written from the same routes, shapes and records that answer it. */
#pragma once

#include "core/api/api.h"

void openapi_write(struct arena *a, const struct registry *registry, const struct route *routes, size_t n, struct text *out);

/* GET /api/v1/openapi.json; its text is made once, at start. */
extern const struct route openapi_routes[];
extern const size_t openapi_route_count;
