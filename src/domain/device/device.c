/* Definitions of products, models and devices. */
#include "domain/device/device.h"

#include "base/crypto.h"
#include "core/definition/definition.h"
#include "domain/customer/customer.h"
#include "domain/org/org.h"
#include "engine/clean/clean.h"
#include "gen/schema.h"

static const struct choice proof_kinds[] = {
	{ "invoice", "发票", "Invoice" }, { "receipt", "收据", "Receipt" }, { "order", "订单截图", "Order" },
	{ "warranty_card", "保修卡", "Warranty card" }, { 0 },
};

static const struct choice verdicts[] = {
	{ "waiting", "待核验", "Waiting", "hollow" }, { "accepted", "有效", "Accepted", "tick" },
	{ "refused", "无效", "Refused", "dash" }, { "lapsed", "超时未核验", "Lapsed", "dash" }, { 0 },
};

static const struct field product_fields[] = {
	CODE (product, code,            L("品类编号", "Product code"), .required = true, .unique = true, .fixed = true),
	CODE (product, name,            L("名称", "Name"), .required = true, .search = true),
	CODE (product, name_en,         L("英文名称", "English name"), .search = true),
	COUNT(product, warranty_months, L("保修月数", "Warranty months"), .initial = "12", .most = 240),
};

/* What is known of a product is offered by whoever has it. */
static int offers_changed(struct ctx *c, const void *old, const void *row)
{
	return definition_changed(c, DEFINITION_KNOWLEDGE);
}

const struct record product_record = {
	.name = "product", .label = L("产品", "Product"), .plural = "Products", .table = &table_product, FIELDS(product_fields), .title = { "name" }, .after = offers_changed,
};

static const struct field model_fields[] = {
	REF  (model, product_id,      L("产品", "Product"), .to = &product_record, .required = true, .index = true, .heads = "品类"),
	CODE (model, code,            L("型号", "Model"), .required = true, .unique = true, .search = true),
	CODE (model, name,            L("名称", "Name"), .required = true, .search = true),
	COUNT(model, warranty_months, L("保修月数", "Warranty months"), .most = 240),
};

const struct record model_record = {
	.name = "model", .label = L("型号", "Model"), .plural = "Models", .table = &table_model, FIELDS(model_fields), .title = { "name", "code" }, .after = offers_changed,
};

/* Fills what follows from the model: product and warranty; a new device gets the code of its label. */
static int device_before(struct ctx *c, const void *old, void *row)
{
	struct device *device = row;
	if (!old && text_empty(device->qr)) {
		uint8_t random[15];
		crypto_random(random, sizeof(random));
		device->qr = base64url(c->arena, random, sizeof(random));
	}
	int r = text_empty(device->serial) ? 0 : clean_serial(c->arena, device->serial, &device->serial);
	if (r < 0)
		fail_field(c, "serial", r, NULL);
	r = clean_order(c->arena, device->order_no ? device->order_no : "", &device->order_no);
	if (r < 0)
		fail_field(c, "order_no", r, NULL);
	struct model model;
	struct product product;
	if (device->model_id == 0)
		return 0;       /* reported as required */
	TRY(model_row_get(c, device->model_id, &model));
	TRY(product_row_get(c, model.product_id, &product));
	device->product_id = model.product_id;
	int64_t months = model.warranty_months ? model.warranty_months : product.warranty_months;
	device->warranty_until = warranty_until(device->purchased_on, device->installed_on, months);
	if (device->extended_until > device->warranty_until)
		device->warranty_until = device->extended_until;
	return 0;
}

static const struct field device_fields[] = {
	CODE (device, serial,           L("序列号", "Serial"), .required = true, .unique = true, .search = true, .most = 40, .heads = "机身号|机器编号|SN|条码|产品序列号"),
	REF  (device, model_id,         L("型号", "Model"), .to = &model_record, .required = true, .index = true, .heads = "产品型号|机型"),
	REF  (device, product_id,       L("产品", "Product"), .to = &product_record, .system = true, .index = true),
	REF  (device, customer_id,      L("客户", "Customer"), .to = &customer_record, .index = true, .heads = "客户手机|手机号|手机|客户电话|联系电话"),
	CODE (device, place,            L("位置", "Place"), .personal = true, .heads = "安装位置"),
	DAY  (device, purchased_on,     L("购买日期", "Purchased on"), .heads = "购机日期|购买时间"),
	CODE (device, purchase_channel, L("购买渠道", "Purchase channel"), .heads = "渠道|销售渠道"),
	CODE (device, order_no,         L("订单号", "Order no."), .personal = true, .search = true, .most = 40, .heads = "订单编号|购买订单号|平台订单号|电商订单号|网购订单号"),
	DAY  (device, installed_on,     L("安装日期", "Installed on"), .heads = "安装时间"),
	DAY  (device, warranty_until,   L("保修至", "Warranty until"), .system = true),
	DAY  (device, extended_until,   L("延保至", "Extended until"), .system = true, .hidden = true),
	CODE (device, software,         L("软件版本", "Software"), .hidden = true),
	CODE (device, qr,               L("二维码", "QR code"), .system = true, .hidden = true),
	CUSTOM(device),
};

const struct record device_record = {
	.name = "device", .label = L("设备", "Device"), .plural = "Devices", .table = &table_device, FIELDS(device_fields),
	.title = { "serial" }, .default_sort = "-updated_at", .within = "customer_id", .before = device_before,
};

static const struct field proof_fields[] = {
	REF   (purchase_proof, device_id,    L("设备", "Device"), .to = &device_record, .required = true, .fixed = true, .index = true),
	CHOICE(purchase_proof, kind,         L("凭证种类", "Kind"), .of = proof_kinds, .required = true, .fixed = true),
	DAY   (purchase_proof, purchased_on, L("购买日期", "Purchased on")),
	CHOICE(purchase_proof, verdict,      L("核验结果", "Verdict"), .of = verdicts, .initial = "waiting", .system = true),
	REF   (purchase_proof, checked_by,   L("核验人", "Checked by"), .to = &user_record, .system = true),
	TIME  (purchase_proof, checked_at,   L("核验时间", "Checked at"), .system = true),
};

const struct record proof_record = {
	.name = "purchase_proof", .label = L("购买凭证", "Purchase proof"), .plural = "Purchase proofs", .table = &table_purchase_proof, FIELDS(proof_fields),
	.title = { "kind" }, .within = "device_id", .about = { "object", "ticket_id" }, .no_import = true,
};

/* Names ------------------------------------------------------------------------------------------------------------------- */

const char *product_name(const struct product *p, enum lang lang)
{
	return lang_text(lang, p->name, p->name_en);
}

int device_name(struct ctx *c, const struct device *d, enum lang lang, const char **out)
{
	struct product product;
	struct model model;
	bool there, known;
	TRY(record_look(c, &product_record, d->product_id, &product, &there));
	TRY(record_look(c, &model_record, d->model_id, &model, &known));
	*out = arena_format(c->arena, "%s %s", there ? product_name(&product, lang) : "", known ? model.code : "");
	return 0;
}
