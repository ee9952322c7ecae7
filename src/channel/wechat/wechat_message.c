/* From fields to one type, by tables. */
#include "channel/wechat/wechat_message.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { ID_MOST = 64, NAME_MOST = 128 };

/* Events of the documents; what is not here is WECHAT_OTHER. */
static const struct { const char *name; enum wechat_kind kind; } events[] = {
	{ "subscribe", WECHAT_FOLLOWED }, { "unsubscribe", WECHAT_LEFT }, { "scan", WECHAT_SCANNED }, { "click", WECHAT_MENU },
	{ "scancode_push", WECHAT_MENU }, { "scancode_waitmsg", WECHAT_MENU }, { "pic_sysphoto", WECHAT_MENU }, { "pic_photo_or_album", WECHAT_MENU },
	{ "pic_weixin", WECHAT_MENU }, { "location_select", WECHAT_MENU }, { "user_enter_tempsession", WECHAT_ENTERED },
	{ "templatesendjobfinish", WECHAT_TOLD }, { "subscribe_msg_sent_event", WECHAT_TOLD },
	{ "subscribe_msg_popup_event", WECHAT_AGREED }, { "subscribe_msg_change_event", WECHAT_AGREED }, { "kf_msg_or_event", WECHAT_SYNC },
	{ "enter_session", WECHAT_ENTERED }, { "session_status_change", WECHAT_SESSION }, { "msg_send_fail", WECHAT_UNSENT },
};

static enum wechat_kind kind_of_event(const char *name)
{
	for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
		if (!strcmp(events[i].name, name))
			return events[i].kind;
	return WECHAT_OTHER;
}

static char *lower(struct arena *a, const char *text)
{
	char *s = arena_string(a, text);
	for (char *p = s; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return s;
}

static bool read_number(const char *text, int64_t *out)
{
	char *end;
	errno = 0;
	*out = strtoll(text, &end, 10);
	return *text >= '0' && *text <= '9' && !*end && !errno;
}

/* Degrees; anything else is no position. */
static bool read_degrees(const char *text, double most, double *out)
{
	char *end;
	*out = strtod(text, &end);
	return *text && !*end && isfinite(*out) && fabs(*out) <= most;
}

static const char *first_of(const char *a, const char *b)
{
	return *a ? a : b;
}

/* Official accounts and mini-programs -------------------------------------------------------------------------------- */

static int read_position(const struct wechat_fields *f, const char *x, const char *y, struct wechat_message *m)
{
	bool good = read_degrees(wechat_field(f, x), 90, &m->x) && read_degrees(wechat_field(f, y), 180, &m->y);
	return good ? 0 : ERR_BAD_REQUEST;
}

static int read_said(const struct wechat_fields *f, struct wechat_message *m)
{
	m->kind = WECHAT_SAID;
	m->id = first_of(wechat_field(f, "MsgId"), wechat_field(f, "MsgID"));
	m->text = first_of(wechat_field(f, "Content"), wechat_field(f, "Recognition"));
	m->choice = wechat_field(f, "bizmsgmenuid");
	bool is_card = !strcmp(m->type, "miniprogrampage");     /* its picture is what people know it by; its path is for machines */
	m->media_id = wechat_field(f, is_card ? "ThumbMediaId" : "MediaId");
	m->format = wechat_field(f, "Format");
	m->title = wechat_field(f, "Title");
	m->address = first_of(wechat_field(f, "Label"), wechat_field(f, "Description"));
	m->link = wechat_field(f, "Url");
	if (strlen(m->id) < 1 || strlen(m->id) > ID_MOST)
		return ERR_BAD_REQUEST;
	return !strcmp(m->type, "location") ? read_position(f, "Location_X", "Location_Y", m) : 0;
}

/* XML names the event around the list, JSON does not (binarywang/WxJava #2477); one entry may come without an array. */
static const char *list_of(struct arena *a, const struct wechat_fields *f, const char *around, size_t i)
{
	const char *path = i ? arena_format(a, "%s" WECHAT_LIST ".%zu", around, i + 1) : arena_format(a, "%s" WECHAT_LIST, around);
	size_t n = strlen(path);
	for (size_t k = 0; k < f->n; k++)
		if (!strncmp(f->at[k].name, path, n) && f->at[k].name[n] == '.')
			return path;
	return NULL;
}

static void read_entries(struct arena *a, const struct wechat_fields *f, struct wechat_message *m)
{
	static const char *const arounds[] = { "SubscribeMsgPopupEvent.", "SubscribeMsgChangeEvent.", "SubscribeMsgSentEvent.", "" };
	m->told = ARENA_ARRAY(a, struct wechat_told, WECHAT_TOLD_MOST);
	for (size_t w = 0; w < sizeof(arounds) / sizeof(arounds[0]); w++)
		for (size_t i = 0; m->told_n < WECHAT_TOLD_MOST; i++) {
			const char *path = list_of(a, f, arounds[w], i);
			if (!path)
				break;
			struct wechat_told *one = &m->told[m->told_n++];
			one->template = wechat_field(f, arena_format(a, "%s.TemplateId", path));
			one->id = wechat_field(f, arena_format(a, "%s.MsgID", path));
			one->status = first_of(wechat_field(f, arena_format(a, "%s.ErrorStatus", path)), wechat_field(f, arena_format(a, "%s.SubscribeStatusString", path)));
			if (!read_number(wechat_field(f, arena_format(a, "%s.ErrorCode", path)), &one->code))
				one->code = 0;
		}
	if (m->told_n || m->kind != WECHAT_TOLD)
		return;
	m->told[m->told_n++] = (struct wechat_told){ .template = "", .id = first_of(wechat_field(f, "MsgID"), wechat_field(f, "MsgId")), .status = wechat_field(f, "Status") };
}

static void read_event(struct arena *a, const struct wechat_fields *f, struct wechat_message *m)
{
	m->type = lower(a, wechat_field(f, "Event"));
	m->kind = kind_of_event(m->type);
	m->key = wechat_field(f, "EventKey");
	m->ticket = first_of(wechat_field(f, "Token"), wechat_field(f, "Ticket"));
	m->open_kfid = wechat_field(f, "OpenKfId");
	m->status = wechat_field(f, "Status");
	m->text = first_of(wechat_field(f, "ScanCodeInfo.ScanResult"), wechat_field(f, "SendLocationInfo.Label"));
	if (m->kind == WECHAT_TOLD || m->kind == WECHAT_AGREED)
		read_entries(a, f, m);
	if (m->told_n)
		m->key = m->told[0].id;
}

static struct wechat_message nothing(void)
{
	return (struct wechat_message){ .to = "", .from = "", .type = "", .id = "", .text = "", .media_id = "", .format = "", .title = "", .address = "", .link = "", .key = "", .status = "", .ticket = "", .open_kfid = "", .choice = "", .session = -1 };
}

static int check_names(const struct wechat_message *m)
{
	bool needs_sender = m->kind != WECHAT_SYNC && m->kind != WECHAT_OTHER;
	bool good = *m->type && strlen(m->type) <= NAME_MOST && strlen(m->from) <= NAME_MOST && strlen(m->key) <= NAME_MOST && (*m->from || !needs_sender);
	return good ? 0 : ERR_BAD_REQUEST;
}

int wechat_message_of(struct arena *a, const struct wechat_fields *f, struct wechat_message *out)
{
	*out = nothing();
	out->to = wechat_field(f, "ToUserName");
	out->from = wechat_field(f, "FromUserName");
	out->type = lower(a, wechat_field(f, "MsgType"));
	if (!read_number(wechat_field(f, "CreateTime"), &out->created_s))
		return ERR_BAD_REQUEST;
	if (!strcmp(out->type, "event"))
		read_event(a, f, out);
	else
		TRY(read_said(f, out));
	return check_names(out);
}

/* 微信客服 ----------------------------------------------------------------------------------------------------------- */

static const char *part(struct arena *a, const struct wechat_fields *f, const char *type, const char *name)
{
	return wechat_field(f, arena_format(a, "%s.%s", type, name));
}

static int read_said_of_sync(struct arena *a, const struct wechat_fields *f, struct wechat_message *m)
{
	int64_t origin;
	m->kind = WECHAT_SAID;
	/* 3: the customer; 4: the system; 5: a colleague by the app of WeCom */
	if (read_number(wechat_field(f, "origin"), &origin) && origin != 3)
		m->kind = origin == 5 ? WECHAT_COLLEAGUE : WECHAT_OTHER;
	if (m->kind == WECHAT_COLLEAGUE)
		m->key = wechat_field(f, "servicer_userid");
	m->text = part(a, f, m->type, "content");
	m->choice = part(a, f, m->type, "menu_id");
	m->media_id = first_of(part(a, f, m->type, "media_id"), part(a, f, m->type, "thumb_media_id"));
	m->title = first_of(part(a, f, m->type, "title"), part(a, f, m->type, "name"));
	m->address = first_of(part(a, f, m->type, "address"), part(a, f, m->type, "desc"));
	m->link = part(a, f, m->type, "url");
	return !strcmp(m->type, "location") ? read_position(f, "location.latitude", "location.longitude", m) : 0;
}

/* Who it is about stands in the event: the entry itself names nobody. */
static void read_event_of_sync(struct arena *a, const struct wechat_fields *f, struct wechat_message *m)
{
	int64_t change;
	m->type = lower(a, wechat_field(f, "event.event_type"));
	m->kind = kind_of_event(m->type);
	m->from = first_of(wechat_field(f, "event.external_userid"), m->from);
	m->open_kfid = first_of(wechat_field(f, "event.open_kfid"), m->open_kfid);
	m->ticket = wechat_field(f, "event.welcome_code");
	m->key = first_of(wechat_field(f, "event.fail_msgid"), wechat_field(f, "event.scene"));
	m->status = wechat_field(f, "event.fail_type");
	/* change_type 1: taken from the pool, 2: handed on, 3: ended, 4: begun again with a person */
	if (m->kind == WECHAT_SESSION && read_number(wechat_field(f, "event.change_type"), &change))
		m->session = change == 3 ? 4 : 3;
}

int wechat_message_of_sync(struct arena *a, const struct wechat_fields *f, struct wechat_message *out)
{
	*out = nothing();
	out->id = wechat_field(f, "msgid");
	out->from = wechat_field(f, "external_userid");
	out->open_kfid = wechat_field(f, "open_kfid");
	out->type = lower(a, wechat_field(f, "msgtype"));
	if (!read_number(wechat_field(f, "send_time"), &out->created_s) || strlen(out->id) < 1 || strlen(out->id) > ID_MOST)
		return ERR_BAD_REQUEST;
	if (!strcmp(out->type, "event"))
		read_event_of_sync(a, f, out);
	else
		TRY(read_said_of_sync(a, f, out));
	return check_names(out);
}

/* For us ------------------------------------------------------------------------------------------------------------- */

const char *wechat_message_name(struct arena *a, const struct wechat_message *m)
{
	return *m->id ? m->id : arena_format(a, "%s %lld %s %s", m->from, (long long)m->created_s, m->type, m->key);
}

static const struct { const char *type, *zh, *en; } names[] = {
	{ "image", "[图片]", "[Picture]" }, { "voice", "[语音]", "[Voice message]" }, { "video", "[视频]", "[Video]" }, { "shortvideo", "[小视频]", "[Short video]" },
	{ "file", "[文件]", "[File]" }, { "location", "[位置]", "[Position]" }, { "link", "[链接]", "[Link]" }, { "miniprogrampage", "[小程序卡片]", "[Mini-program page]" },
	{ "miniprogram", "[小程序卡片]", "[Mini-program page]" }, { "business_card", "[名片]", "[Business card]" }, { "channels_shop_product", "[视频号商品]", "[Product]" },
	{ "channels_shop_order", "[视频号订单]", "[Order]" }, { "merged_msg", "[聊天记录]", "[Chat history]" }, { "channels", "[视频号内容]", "[Channels post]" }, { "meeting", "[会议]", "[Meeting]" },
	{ "scancode_push", "[扫码]", "[Scanned]" }, { "scancode_waitmsg", "[扫码]", "[Scanned]" }, { "location_select", "[位置]", "[Position]" },
};

static const char *name_of(enum lang lang, const char *type)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].type, type))
			return lang == LANG_EN ? names[i].en : names[i].zh;
	return lang == LANG_EN ? "[Message of another kind]" : "[其他类型的消息]";
}

static void put(struct text *t, const char *word)
{
	if (*word)
		text_format(t, "%s%s", t->n ? " " : "", word);
}

const char *wechat_message_words(struct arena *a, enum lang lang, const struct wechat_message *m)
{
	struct text t = text_in(a);
	if (!strcmp(m->type, "text") && !text_empty(m->text))
		return m->text;
	if (m->kind == WECHAT_MENU && !strcmp(m->type, "click"))
		return arena_format(a, lang == LANG_EN ? "Chose from the menu: %s" : "点击菜单：%s", m->key);
	if (m->kind == WECHAT_SCANNED)
		return arena_format(a, lang == LANG_EN ? "Scanned a QR code: %s" : "扫描二维码：%s", m->key);
	put(&t, name_of(lang, m->type));
	put(&t, m->title);
	put(&t, m->address);
	put(&t, m->text);
	put(&t, m->link);
	if (!strcmp(m->type, "location"))
		put(&t, arena_format(a, "(%.6f, %.6f)", m->x, m->y));
	return text_end(&t);
}
