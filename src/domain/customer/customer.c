/* Definitions of the customer's file. */
#include "domain/customer/customer.h"

#include "base/json.h"
#include "core/services.h"
#include "core/upkeep.h"
#include "domain/org/org.h"
#include "gen/link_sql.h"
#include "gen/schema.h"

static const struct choice kinds[] = { { "person", "个人", "Person" }, { "company", "企业", "Company" }, { "visitor", "访客", "Visitor" }, { 0 } };
static const struct choice levels[] = { { "standard", "普通", "Standard" }, { "vip", "重要", "VIP" }, { 0 } };
static const struct choice langs[] = { { "zh", "中文", "Chinese" }, { "en", "英文", "English" }, { 0 } };

static const struct choice ways[] = {
	{ "phone", "电话", "Phone" }, { "sms", "短信", "SMS" }, { "wechat", "微信", "WeChat" }, { "email", "邮件", "E-mail" }, { 0 },
};
static const struct choice hours[] = { { "workday", "工作日白天", "Working hours" }, { "evening", "工作日晚上", "Evenings" }, { "weekend", "周末", "Weekends" }, { 0 } };
static const struct choice risks[] = { { "watch", "留意", "Watch" }, { "high", "高", "High" }, { 0 } };

static const struct choice relations[] = {
	{ "self", "本人", "Self" }, { "family", "家人", "Family" }, { "front_desk", "前台", "Front desk" },
	{ "engineering", "工程部", "Engineering" }, { "other", "其他", "Other" }, { 0 },
};

const struct choice consent_purposes[] = {
	{ "service", "售后服务", "After-sales service" }, { "survey", "满意度回访", "Surveys" },
	{ "marketing", "营销信息", "Marketing" }, { "remote", "远程诊断", "Remote diagnosis" }, { 0 },
};

static const struct choice consent_states[] = { { "given", "已同意", "Given" }, { "withdrawn", "已撤回", "Withdrawn" }, { 0 } };

static void offer_all(struct text *out, const struct choice *all)
{
	for (; all && all->value; all++) {
		text_format(out, "%s{\"value\":\"%s\",\"label\":", out->n && out->p[out->n - 1] == '}' ? "," : "", all->value);
		json_label(out, all->zh, all->en);
		text_append(out, ",\"of\":null}");
	}
}

/* Where a file or a consent came from: staff, the customer's phone pages, or a channel, by the words that tickets have for those. What an import or another system says stays as it is. */
static int offer_sources(struct ctx *c, struct text *out)
{
	static const struct choice own[] = { { "console", "员工录入", "Entered by staff" }, { "h5", "手机页面", "Phone pages" }, { 0 } };
	const struct record_model *ticket = registry_find(&c->services->registry, "ticket");
	offer_all(out, own);
	offer_all(out, ticket ? ticket->record->fields[field_index(ticket, "channel")].of : NULL);
	return 0;
}

static const struct field customer_fields[] = {
	NAME  (customer, name,        L("姓名", "Name"), .required = true, .search = true, .heads = "客户姓名|客户名称|联系人|用户姓名|名称"),
	PHONE (customer, phone,       L("手机", "Phone"), .search = true, .unique = true, .heads = "手机号|手机号码|联系电话|电话|客户电话"),
	EMAIL (customer, email,       L("邮箱", "E-mail"), .search = true, .heads = "电子邮箱|邮件"),
	CHOICE(customer, kind,        L("类型", "Kind"), .of = kinds, .initial = "person"),
	CHOICE(customer, level,       L("等级", "Level"), .of = levels, .initial = "standard", .heads = "客户等级|会员等级"),
	REF   (customer, region_id,   L("区域", "Region"), .to = &region_record, .index = true),
	CODE  (customer, external_no, L("外部编号", "External no."), .personal = true, .unique = true, .search = true, .heads = "客户编号|客户编码|会员号|ERP编号"),
	CHOICE(customer, lang,        L("语言", "Language"), .of = langs, .initial = "zh", .hidden = true),
	CODE  (customer, source,      L("来源", "Source"), .initial = "console", .hidden = true, .offers = offer_sources),
	REF   (customer, household_id, L("家庭户主", "Head of household"), .to = &customer_record, .index = true, .hidden = true, .beside = true),
	CHOICE(customer, reach_by,    L("联系方式偏好", "Prefers to be reached by"), .of = ways, .hidden = true),
	CHOICE(customer, reach_at,    L("联系时间偏好", "Prefers to be reached at"), .of = hours, .hidden = true),
	CHOICE(customer, risk,        L("风险", "Risk"), .of = risks, .hidden = true, .split = true),
	TEXT  (customer, note,        L("备注", "Note"), .personal = true, .heads = "说明"),
	REF   (customer, merged_into, L("已并入", "Merged into"), .to = &customer_record, .system = true, .hidden = true, .index = true),
	TAGS(customer),
	CUSTOM(customer),
};

static int customer_gone(struct ctx *c, const void *row)
{
	int64_t removed, id = ((const struct customer *)row)->id;
	TRY(told_apart_drop(c, "customer", id, NULL));
	return upkeep_forget_person(c, "customer", id, &removed);
}

const struct record customer_record = {
	.name = "customer", .label = L("客户", "Customer"), .plural = "Customers", .table = &table_customer, FIELDS(customer_fields),
	.title = { "name", "phone" }, .default_sort = "-updated_at", .region = "region_id", .gone = customer_gone,
};

static const struct field contact_fields[] = {
	REF   (contact, customer_id, L("客户", "Customer"), .to = &customer_record, .required = true, .fixed = true, .index = true),
	NAME  (contact, name,        L("姓名", "Name"), .required = true, .search = true),
	PHONE (contact, phone,       L("手机", "Phone"), .search = true, .heads = "手机号|联系电话"),
	CHOICE(contact, relation,    L("关系", "Relation"), .of = relations, .initial = "other"),
};

const struct record contact_record = {
	.name = "contact", .label = L("联系人", "Contact"), .plural = "Contacts", .table = &table_contact, FIELDS(contact_fields),
	.title = { "name", "phone" }, .key_of = "customer_id", .within = "customer_id",
};

static const struct field address_fields[] = {
	REF  (address, customer_id, L("客户", "Customer"), .to = &customer_record, .required = true, .fixed = true, .index = true),
	CODE (address, province,    L("省", "Province"), .heads = "省份"),
	CODE (address, city,        L("市", "City"), .heads = "城市"),
	CODE (address, district,    L("区县", "District"), .heads = "区|县"),
	PLACE(address, street,      L("街道门牌", "Street"), .required = true, .heads = "地址|详细地址|安装地址"),
};

const struct record address_record = {
	.name = "address", .label = L("地址", "Address"), .plural = "Addresses", .table = &table_address, FIELDS(address_fields),
	.title = { "city", "district", "street" }, .key_of = "customer_id", .within = "customer_id",
};

/* The times of giving and withdrawing follow the state; nobody writes them by hand. */
static int consent_before(struct ctx *c, const void *old, void *row)
{
	struct consent *consent = row;
	const struct consent *before = old;
	bool given = text_equal(consent->state, "given");
	if (!before || (given && !text_equal(before->state, "given")))
		consent->given_at = c->now;
	if (given)
		consent->withdrawn_at = 0;
	else if (!before || text_equal(before->state, "given"))
		consent->withdrawn_at = c->now;
	return 0;
}

static const struct field consent_fields[] = {
	REF   (consent, customer_id,  L("客户", "Customer"), .to = &customer_record, .required = true, .fixed = true, .index = true),
	CHOICE(consent, purpose,      L("目的", "Purpose"), .of = consent_purposes, .required = true, .fixed = true),
	CHOICE(consent, state,        L("状态", "State"), .of = consent_states, .initial = "given"),
	TIME  (consent, given_at,     L("同意时间", "Given at"), .system = true),
	TIME  (consent, withdrawn_at, L("撤回时间", "Withdrawn at"), .system = true),
	CODE  (consent, source,       L("来源", "Source"), .initial = "console", .offers = offer_sources),
	CODE  (consent, text_version, L("告知文本版本", "Text version"), .most = 20),
};

const struct record consent_record = {
	.name = "consent", .label = L("同意", "Consent"), .plural = "Consents", .table = &table_consent, FIELDS(consent_fields),
	.title = { "purpose" }, .within = "customer_id", .before = consent_before, .no_import = true,
};
