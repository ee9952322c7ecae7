/* The route that sends any record's list as a spreadsheet; its row stands with the other generic ones. */
#pragma once

#include "core/api/api.h"

void export_reply(struct http_request *r, struct ctx *c);
