/* Notices of staff: written with their cause. */
#include "core/notify/staff.h"

#include "core/demo/demo.h"
#include "core/pii/pii.h"
#include "core/services.h"
#include "gen/schema.h"
#include "gen/staff_sql.h"

int notify_staff(struct ctx *c, int64_t user_id, const struct staff_notice *n)
{
	if (!user_id || demo_makes(c) || (c->actor_kind == ACTOR_USER && c->actor_id == user_id))
		return 0;
	struct notification row = {
		.tenant = c->tenant, .id = new_id(c), .user_id = user_id, .kind = n->kind, .object = n->object ? n->object : "", .object_id = n->object_id,
		.data = n->data ? n->data : "{}", .actor_kind = c->actor_kind, .actor_id = c->actor_id, .created_at = c->now,
	};
	if (n->text) {
		row.key = n->key;
		TRY(pii_seal(c, n->key, "notification.text", n->text, &row.text));
	}
	return notification_row_insert(c, &row);
}
