/* The way from core to whoever knows the shifts. */
#include "core/duty.h"

#include "core/services.h"

int duty_choose(struct ctx *c, int64_t *ids, size_t *n)
{
	const struct duty_service *d = c->services->duty;
	return d && *n ? d->choose(c, ids, n) : 0;
}

int duty_came(struct ctx *c, int64_t user_id)
{
	const struct duty_service *d = c->services->duty;
	return d ? d->came(c, user_id) : 0;
}

int duty_left(struct ctx *c, int64_t user_id)
{
	const struct duty_service *d = c->services->duty;
	return d ? d->left(c, user_id) : 0;
}
