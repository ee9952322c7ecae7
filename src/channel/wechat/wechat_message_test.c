/* Deliveries as the documents show them, and what is refused. */
#include "base/test.h"
#include "base/text.h"
#include "channel/wechat/wechat_answer.h"
#include "channel/wechat/wechat_message.h"

#define HEAD "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName><![CDATA[oFan]]></FromUserName><CreateTime>1411443780</CreateTime>"

static int read_text(struct arena *a, const char *text, struct wechat_message *m)
{
	struct wechat_fields f;
	TRY(wechat_fields_read(a, text, strlen(text), &f));
	return wechat_message_of(a, &f, m);
}

static void reads_every_kind_of_message(void **state)
{
	ARENA_SCOPED a = arena_new();
	static const struct { const char *xml, *type, *words, *media; } all[] = {
		{ HEAD "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[冰箱 <不制冷> & 漏水]]></Content><MsgId>23456789012345678</MsgId></xml>", "text", "冰箱 <不制冷> & 漏水", "" },
		{ HEAD "<MsgType><![CDATA[image]]></MsgType><PicUrl><![CDATA[https://x/y]]></PicUrl><MediaId><![CDATA[m1]]></MediaId><MsgId>1</MsgId></xml>", "image", "[图片]", "m1" },
		{ HEAD "<MsgType><![CDATA[voice]]></MsgType><MediaId><![CDATA[m2]]></MediaId><Format><![CDATA[amr]]></Format><Recognition><![CDATA[洗衣机不转]]></Recognition><MsgId>1</MsgId></xml>", "voice", "[语音] 洗衣机不转", "m2" },
		{ HEAD "<MsgType><![CDATA[shortvideo]]></MsgType><MediaId><![CDATA[m3]]></MediaId><ThumbMediaId><![CDATA[t]]></ThumbMediaId><MsgId>1</MsgId></xml>", "shortvideo", "[小视频]", "m3" },
		{ HEAD "<MsgType><![CDATA[location]]></MsgType><Location_X>23.134521</Location_X><Location_Y>113.358803</Location_Y><Scale>20</Scale><Label><![CDATA[天河路 1 号]]></Label><MsgId>1</MsgId></xml>",
		  "location", "[位置] 天河路 1 号 (23.134521, 113.358803)", "" },
		{ HEAD "<MsgType><![CDATA[link]]></MsgType><Title><![CDATA[说明书]]></Title><Description><![CDATA[第三页]]></Description><Url><![CDATA[https://e.cn/a?b=1&c=2]]></Url><MsgId>1</MsgId></xml>",
		  "link", "[链接] 说明书 第三页 https://e.cn/a?b=1&c=2", "" },
		{ "{\"ToUserName\":\"gh_1\",\"FromUserName\":\"oFan\",\"CreateTime\":1411443780,\"MsgType\":\"miniprogrampage\",\"MsgId\":1,\"Title\":\"报修\",\"AppId\":\"wx\",\"PagePath\":\"pages/a\",\"ThumbMediaId\":\"t1\"}", "miniprogrampage", "[小程序卡片] 报修", "t1" },
		{ HEAD "<MsgType><![CDATA[hologram]]></MsgType><MsgId>1</MsgId></xml>", "hologram", "[其他类型的消息]", "" },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct wechat_message m;
		assert_int_equal(read_text(a, all[i].xml, &m), 0);
		assert_int_equal(m.kind, WECHAT_SAID);
		assert_string_equal(m.from, "oFan");
		assert_int_equal(m.created_s, 1411443780);
		assert_string_equal(m.type, all[i].type);
		assert_string_equal(m.media_id, all[i].media);
		assert_string_equal(wechat_message_words(a, LANG_ZH, &m), all[i].words);
	}
}

static void reads_every_kind_of_event(void **state)
{
	ARENA_SCOPED a = arena_new();
	static const struct { const char *rest; enum wechat_kind kind; const char *key; } all[] = {
		{ "<Event><![CDATA[subscribe]]></Event><EventKey><![CDATA[qrscene_12]]></EventKey>", WECHAT_FOLLOWED, "qrscene_12" },
		{ "<Event><![CDATA[unsubscribe]]></Event>", WECHAT_LEFT, "" },
		{ "<Event><![CDATA[SCAN]]></Event><EventKey><![CDATA[12]]></EventKey><Ticket><![CDATA[t]]></Ticket>", WECHAT_SCANNED, "12" },
		{ "<Event><![CDATA[CLICK]]></Event><EventKey><![CDATA[REPAIR]]></EventKey>", WECHAT_MENU, "REPAIR" },
		{ "<Event><![CDATA[VIEW]]></Event><EventKey><![CDATA[https://e.cn]]></EventKey>", WECHAT_OTHER, "https://e.cn" },
		{ "<Event><![CDATA[LOCATION]]></Event><Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>119</Precision>", WECHAT_OTHER, "" },
		{ "<Event><![CDATA[scancode_waitmsg]]></Event><EventKey><![CDATA[K]]></EventKey><ScanCodeInfo><ScanType><![CDATA[qrcode]]></ScanType><ScanResult><![CDATA[SN123]]></ScanResult></ScanCodeInfo>", WECHAT_MENU, "K" },
		{ "<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event><MsgID>200163836</MsgID><Status><![CDATA[success]]></Status>", WECHAT_TOLD, "200163836" },
		{ "<Event><![CDATA[user_enter_tempsession]]></Event><SessionFrom><![CDATA[s]]></SessionFrom>", WECHAT_ENTERED, "" },
		{ "<Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENCApHx]]></Token><OpenKfId><![CDATA[wk1]]></OpenKfId>", WECHAT_SYNC, "" },
	};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct wechat_message m;
		assert_int_equal(read_text(a, arena_format(a, HEAD "<MsgType><![CDATA[event]]></MsgType>%s</xml>", all[i].rest), &m), 0);
		assert_int_equal(m.kind, all[i].kind);
		assert_string_equal(m.key, all[i].key);
	}
}

/* Each entry of a list, in XML and in JSON, with the event's name around it or without, one without an array (binarywang/WxJava #2477). */
static void reads_every_entry_of_a_list(void **state)
{
	ARENA_SCOPED a = arena_new();
	static const char *const all[] = {
		HEAD "<MsgType>event</MsgType><Event>subscribe_msg_popup_event</Event><SubscribeMsgPopupEvent><List><TemplateId>A</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>2</PopupScene></List>"
		     "<List><TemplateId>B</TemplateId><SubscribeStatusString>reject</SubscribeStatusString><PopupScene>2</PopupScene></List></SubscribeMsgPopupEvent></xml>",
		"{\"FromUserName\":\"oFan\",\"CreateTime\":\"1411443780\",\"MsgType\":\"event\",\"Event\":\"subscribe_msg_popup_event\",\"List\":[{\"TemplateId\":\"A\",\"SubscribeStatusString\":\"accept\",\"PopupScene\":\"0\"},"
		"{\"TemplateId\":\"B\",\"SubscribeStatusString\":\"reject\",\"PopupScene\":\"0\"}]}",
	};
	static const char one[] = "{\"FromUserName\":\"oFan\",\"CreateTime\":\"1411443780\",\"MsgType\":\"event\",\"Event\":\"subscribe_msg_sent_event\",\"SubscribeMsgSentEvent\":"
				  "{\"List\":{\"TemplateId\":\"A\",\"MsgID\":\"1864323726461255680\",\"ErrorCode\":\"43101\",\"ErrorStatus\":\"reject\"}}}";
	struct wechat_message m;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(read_text(a, all[i], &m), 0);
		assert_int_equal(m.kind, WECHAT_AGREED);
		assert_int_equal(m.told_n, 2);
		assert_string_equal(m.told[0].template, "A");
		assert_string_equal(m.told[0].status, "accept");
		assert_string_equal(m.told[1].template, "B");
		assert_string_equal(m.told[1].status, "reject");
	}
	assert_int_equal(read_text(a, one, &m), 0);
	assert_int_equal(m.kind, WECHAT_TOLD);
	assert_int_equal(m.told_n, 1);
	assert_string_equal(m.told[0].id, "1864323726461255680");
	assert_int_equal(m.told[0].code, 43101);
	assert_int_equal(read_text(a, HEAD "<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>200163836</MsgID><Status>failed:user block</Status></xml>", &m), 0);
	assert_int_equal(m.told_n, 1);
	assert_string_equal(m.told[0].status, "failed:user block");
}

/* Two events of one second are two, a message is known by its id. */
static void names_what_came_again(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct wechat_message m;
	assert_int_equal(read_text(a, HEAD "<MsgType>event</MsgType><Event>CLICK</Event><EventKey>A</EventKey></xml>", &m), 0);
	assert_string_equal(wechat_message_name(a, &m), "oFan 1411443780 click A");
	assert_int_equal(read_text(a, HEAD "<MsgType>text</MsgType><Content>x</Content><MsgId>77</MsgId></xml>", &m), 0);
	assert_string_equal(wechat_message_name(a, &m), "77");
}

static void reads_what_is_synced(void **state)
{
	ARENA_SCOPED a = arena_new();
	static const char said[] = "{\"msgid\":\"from_msgid_1\",\"open_kfid\":\"wk1\",\"external_userid\":\"wm1\",\"send_time\":1615478585,\"origin\":3,\"msgtype\":\"text\",\"text\":{\"content\":\"hi\",\"menu_id\":\"101\"}}";
	static const char own[] = "{\"msgid\":\"m2\",\"open_kfid\":\"wk1\",\"external_userid\":\"wm1\",\"send_time\":1615478585,\"origin\":5,\"servicer_userid\":\"z\",\"msgtype\":\"text\",\"text\":{\"content\":\"hi\"}}";
	static const char event[] = "{\"msgid\":\"m3\",\"send_time\":1615478585,\"origin\":4,\"msgtype\":\"event\",\"event\":{\"event_type\":\"enter_session\",\"open_kfid\":\"wk1\",\"external_userid\":\"wm1\",\"scene\":\"s\",\"welcome_code\":\"W\"}}";
	struct wechat_fields f;
	struct wechat_message m;
	assert_int_equal(wechat_fields_read(a, said, strlen(said), &f), 0);
	assert_int_equal(wechat_message_of_sync(a, &f, &m), 0);
	assert_int_equal(m.kind, WECHAT_SAID);
	assert_string_equal(m.text, "hi");
	assert_string_equal(m.id, "from_msgid_1");
	assert_int_equal(wechat_fields_read(a, own, strlen(own), &f), 0);
	assert_int_equal(wechat_message_of_sync(a, &f, &m), 0);
	assert_int_equal(m.kind, WECHAT_COLLEAGUE);
	assert_string_equal(m.key, "z");
	assert_string_equal(m.text, "hi");
	assert_int_equal(wechat_fields_read(a, event, strlen(event), &f), 0);
	assert_int_equal(wechat_message_of_sync(a, &f, &m), 0);
	assert_int_equal(m.kind, WECHAT_ENTERED);
	assert_string_equal(m.from, "wm1");
	assert_string_equal(m.ticket, "W");
}

static void refuses_what_is_no_delivery(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct wechat_message m;
	struct text deep = text_in(a), wide = text_in(a);
	for (int i = 0; i < 50; i++)
		text_append(&deep, "<a>");
	text_append(&wide, "<xml>");
	for (int i = 0; i < 1000; i++)
		text_format(&wide, "<f%d>1</f%d>", i, i);
	text_append(&wide, "</xml>");
	const char *const bad[] = {
		"", "x", "<xml>", "<xml></xml>", "{}", "[]", "{\"MsgType\":", HEAD "<MsgType>text</MsgType></xml>", HEAD "<MsgType>event</MsgType></xml>",
		"<?xml version=\"1.0\"?><!DOCTYPE xml [<!ENTITY a \"b\">]>" HEAD "<MsgType>text</MsgType><Content>&a;</Content><MsgId>1</MsgId></xml>",
		"<!DOCTYPE xml SYSTEM \"http://127.0.0.1/x.dtd\">" HEAD "<MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>",
		HEAD "<MsgType>text</MsgType><Content>&unknown;</Content><MsgId>1</MsgId></xml>",
		HEAD "<FromUserName>oOther</FromUserName><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>",
		"<xml><FromUserName>o</FromUserName><CreateTime>-5</CreateTime><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>",
		"<xml><FromUserName>o</FromUserName><CreateTime>99999999999999999999</CreateTime><MsgType>text</MsgType><Content>x</Content><MsgId>1</MsgId></xml>",
		HEAD "<MsgType>location</MsgType><Location_X>nan</Location_X><Location_Y>1</Location_Y><MsgId>1</MsgId></xml>",
		HEAD "<MsgType>location</MsgType><Location_X>91</Location_X><Location_Y>1</Location_Y><MsgId>1</MsgId></xml>",
		"<xml><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>nobody</Content><MsgId>1</MsgId></xml>", text_end(&deep), text_end(&wide),
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (read_text(a, bad[i], &m) == 0)
			fail_msg("taken: %s", bad[i]);
}

static void writes_what_it_reads(void **state)
{
	ARENA_SCOPED a = arena_new();
	const struct wechat_field in[] = { { "Content", "a ]]> b ]]]]>> <&" }, { "ToUserName", "" } };
	struct wechat_fields out;
	const char *xml = wechat_xml(a, in, 2);
	assert_int_equal(wechat_fields_read(a, xml, strlen(xml), &out), 0);
	assert_string_equal(wechat_field(&out, "Content"), in[0].value);
	assert_int_equal(out.n, 2);
}

static void tells_what_an_answer_means(void **state)
{
	ARENA_SCOPED a = arena_new();
	static const struct { const char *text; enum wechat_verdict verdict; } all[] = {
		{ "{\"errcode\":0,\"errmsg\":\"ok\"}", WECHAT_OK }, { "{\"access_token\":\"T\",\"expires_in\":7200}", WECHAT_OK }, { "{\"errcode\":-1,\"errmsg\":\"system error\"}", WECHAT_BUSY },
		{ "{\"errcode\":40001}", WECHAT_TOKEN }, { "{\"errcode\":42001}", WECHAT_TOKEN }, { "{\"errcode\":45015}", WECHAT_WINDOW }, { "{\"errcode\":45047}", WECHAT_QUOTA },
		{ "{\"errcode\":48002}", WECHAT_UNWILLING }, { "{\"errcode\":95018}", WECHAT_STATE }, { "{\"errcode\":40013}", WECHAT_ACCOUNT }, { "{\"errcode\":123456}", WECHAT_FINAL },
	};
	struct wechat_answer answer;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		assert_int_equal(wechat_answer_read(a, all[i].text, strlen(all[i].text), &answer), 0);
		assert_int_equal(answer.verdict, all[i].verdict);
	}
	assert_int_equal(wechat_answer_read(a, "<html>", 6, &answer), ERR_OUTBOUND);
	assert_int_equal(wechat_answer_read(a, "{\"errcode\":\"0\"}", 15, &answer), ERR_OUTBOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_kind_of_message), cmocka_unit_test(reads_every_kind_of_event), cmocka_unit_test(reads_every_entry_of_a_list), cmocka_unit_test(names_what_came_again), cmocka_unit_test(reads_what_is_synced),
		cmocka_unit_test(refuses_what_is_no_delivery), cmocka_unit_test(writes_what_it_reads), cmocka_unit_test(tells_what_an_answer_means),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
