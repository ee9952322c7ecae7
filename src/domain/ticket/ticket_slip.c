/* What a counter prints for who stands there: where to follow it, as a QR code, and until when it is promised. The address asks who opens it to sign in:
 * paper is lost and found. */
#include "core/api/api.h"
#include "core/file/file.h"
#include "domain/ticket/ticket.h"
#include "domain/ticket/ticket_api.h"
#include "gen/ticket_sql.h"

struct slip_out {
	const char *url, *svg;
	int64_t promised_at;
};
static const struct member slip_members[] = { MEMBER(struct slip_out, url, text), MEMBER(struct slip_out, svg, text), MEMBER(struct slip_out, promised_at, time_ms) };
static const struct shape slip_shape = SHAPE("ticket_slip", struct slip_out, slip_members);

static int slip(struct ctx *c, const void *in, void *out)
{
	struct slip_out *o = out;
	struct ticket t;
	struct solution_due_row *due;
	size_t n;
	TRY(record_get(c, &ticket_record, ((const struct id_in *)in)->id, &t));
	TRY(solution_due(c, t.id, &due, &n));
	o->promised_at = n ? due[0].due_at : 0;
	TRY(ticket_address(c, &t, false, &o->url));
	return qr_svg(c->arena, o->url, &o->svg);
}

const struct route ticket_slip_routes[] = {
	ROUTE(GET, "/api/v1/ticket/{id}/slip", "ticket.read", POOL, .in = &id_shape, .out = &slip_shape, .run = slip, .zh = "服务单：受理回执", .en = "Ticket: the slip of a counter"),
};
const size_t ticket_slip_route_count = sizeof(ticket_slip_routes) / sizeof(ticket_slip_routes[0]);
