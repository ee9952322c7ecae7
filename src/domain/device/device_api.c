/* What is special about devices for staff: the QR code of the label, and judging purchase proofs.
 *
 * A proof's picture is looked at once: with the verdict it is deleted; kept are kind, day, verdict, who and when. */
#include "domain/device/device_api.h"

#include "base/json.h"
#include "core/api/api.h"
#include "core/file/file.h"
#include "core/services.h"
#include "gen/schema.h"

struct label_out {
	const char *url, *svg;
};
static const struct member label_members[] = {
	MEMBER(struct label_out, url, text),
	MEMBER(struct label_out, svg, text),
};
static const struct shape label_shape = SHAPE("device_label", struct label_out, label_members);

static int label(struct ctx *c, const void *in, void *out)
{
	struct label_out *o = out;
	struct device device;
	struct tenant tenant;
	TRY(record_get(c, &device_record, ((const struct id_in *)in)->id, &device));
	TRY(tenant_row_get(c, &tenant));
	/* The company too: a label outlives the days when it was the only one here. */
	o->url = arena_format(c->arena, "%s/h5/#/report/repair?c=%s&d=%s", c->services->public_url, tenant.code, device.qr);
	return qr_svg(c->arena, o->url, &o->svg);
}

struct picture_out {
	int64_t file_id;
};
static const struct member picture_members[] = { MEMBER(struct picture_out, file_id, ref) };
static const struct shape picture_shape = SHAPE("purchase_proof_file", struct picture_out, picture_members);

static int picture(struct ctx *c, const void *in, void *out)
{
	struct purchase_proof proof;
	TRY(record_get(c, &proof_record, ((const struct id_in *)in)->id, &proof));
	((struct picture_out *)out)->file_id = proof.file_id;
	return 0;
}

static const struct choice judgements[] = { { "accepted", "有效", "Accepted" }, { "refused", "无效", "Refused" }, { 0 } };

struct check_in {
	int64_t id, version;
	const char *verdict;
	int64_t purchased_on;
};
static const struct member check_members[] = {
	MEMBER(struct check_in, id, id, .flags = MEMBER_REQUIRED),
	MEMBER(struct check_in, version, count, .flags = MEMBER_REQUIRED),
	MEMBER(struct check_in, verdict, code, .flags = MEMBER_REQUIRED, .choices = judgements),
	MEMBER(struct check_in, purchased_on, day, .flags = MEMBER_NULLABLE),
};
static const struct shape check_shape = SHAPE("purchase_proof_check", struct check_in, check_members);

static int check(struct ctx *c, const void *in, void *out)
{
	const struct check_in *v = in;
	struct purchase_proof old, proof;
	int64_t released;
	TRY(record_get(c, &proof_record, v->id, &old));
	if (old.version != v->version)
		return record_conflict(c, &proof_record, &old);
	TRY(require(c, text_equal(old.verdict, "waiting"), ERR_STATE, "id"));
	proof = old;
	proof.verdict = v->verdict;
	if (v->purchased_on != NULL_INT)
		proof.purchased_on = v->purchased_on;
	bool accepted = text_equal(v->verdict, "accepted");
	if (accepted && !proof.purchased_on)
		return fail_field(c, "purchased_on", ERR_FIELD_REQUIRED, NULL);
	proof.checked_by = c->actor_id;
	proof.checked_at = c->now;
	proof.file_id = 0;
	TRY(file_release(c, "purchase_proof", proof.id, &released));
	TRY(record_update(c, &proof_record, &old, &proof, "purchase_proof.checked", NULL, NULL));
	if (accepted)
		TRY(proof_date_device(c, &proof));
	struct text text = text_in(c->arena);
	TRY(record_json(c, &proof_record, &proof, &text));
	((struct raw_out *)out)->raw = text_end(&text);
	return 0;
}

const struct route device_routes[] = {
	ROUTE(GET, "/api/v1/device/{id}/label", "device.read", POOL, .in = &id_shape, .out = &label_shape, .run = label,
	      .zh = "设备：标签二维码", .en = "Device: QR code of the label"),
	ROUTE(GET, "/api/v1/purchase_proof/{id}/file", "purchase_proof.check", POOL, .in = &id_shape, .out = &picture_shape, .run = picture,
	      .zh = "购买凭证：图片", .en = "Purchase proof: picture"),
	ROUTE(POST, "/api/v1/purchase_proof/{id}/check", "purchase_proof.check", WRITE, .body = BODY_JSON, .in = &check_shape, .out = &raw_shape,
	      .run = check, .zh = "购买凭证：核验", .en = "Purchase proof: verdict"),
};
const size_t device_route_count = sizeof(device_routes) / sizeof(device_routes[0]);
