/* What a company says of itself: name, service phone, logo. Founding one is app/company.h. */
#pragma once

#include "db/ctx.h"
#include "net/route.h"

/* What may be said; a code stands in links and is typed when signing in. */
enum { COMPANY_CODE_MOST = 40, COMPANY_NAME_MOST = 100, COMPANY_PHONE_MOST = 20 };
bool company_is_code(const char *code);
bool company_is_name(const char *name, size_t most);
bool company_is_phone(const char *phone);               /* any number that a customer can dial; "" for none */

extern const struct route company_routes[];
extern const size_t company_route_count;
