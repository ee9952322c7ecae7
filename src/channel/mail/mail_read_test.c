/* Mails as they come: charsets, parts, machines, reports; and that what we write is read again. */
#include "base/test.h"
#include "base/text.h"
#include "channel/mail/mail_charset.h"
#include "channel/mail/mail_read.h"
#include "channel/mail/mail_write.h"

static struct mail_read read_text(struct arena *a, const char *text)
{
	struct mail_read m;
	mail_read(a, (struct bytes){ (const uint8_t *)text, strlen(text) }, &m);
	assert_true(utf8_is_text(m.said, strlen(m.said)) && utf8_is_text(m.subject, strlen(m.subject)) && utf8_is_text(m.quoted, strlen(m.quoted)));
	return m;
}
#define HEADS "From: =?GB2312?B?zfXQodPq?= <Wang@Example.CN>\r\nTo: help@anxin.cn\r\nMessage-ID: <m1@example.cn>\r\n"

static void heads_are_decoded(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct mail_read m = read_text(a, HEADS "Subject: =?UTF-8?B?5rSX6KGj5py6?=\r\n =?UTF-8?Q?=E6=BC=8F=E6=B0=B4?=\r\nReferences: <a@x> <b@x>\r\nIn-Reply-To: <c@x>\r\n\r\nhi\r\n");
	assert_string_equal(m.subject, "洗衣机漏水");
	assert_string_equal(m.from, "wang@example.cn");
	assert_string_equal(m.from_name, "王小雨");
	assert_string_equal(m.id, "m1@example.cn");
	assert_int_equal(m.ref_n, 3);
	assert_string_equal(m.refs[2], "c@x");
	assert_string_equal(m.to[0], "help@anxin.cn");
	assert_string_equal(m.said, "hi");
	assert_int_equal(m.kind, MAIL_BY_PERSON);
}

/* What never ends is not looked through from each place where it might begin. */
static void a_word_without_an_end_near_by_is_none(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct text t = text_in(a);
	text_append(&t, "=?UTF-8?Q?");
	for (int i = 0; i < 5000; i++)
		text_char(&t, 'a');
	text_append(&t, "?=");
	assert_string_equal(mail_header_words(a, text_end(&t)), text_end(&t));
	assert_string_equal(mail_header_words(a, "=?UTF-8?Q?a=3Fb?="), "a?b");
}

/* A character may be cut between two words of one charset. */
static void words_that_cut_a_character_are_joined(void **state)
{
	ARENA_SCOPED a = arena_new();
	assert_string_equal(mail_header_words(a, "=?gb18030?B?z7TS?= =?gb18030?B?wg==?="), "洗衣");
	assert_string_equal(mail_header_words(a, "=?bad"), "=?bad");
	assert_string_equal(mail_header_words(a, "=?gb18030?"), "=?gb18030?"); /* ends where its kind would stand */
	assert_string_equal(mail_header_words(a, "\xCF\xB4\xD2\xC2"), "洗衣");
}

static void charset_is(const char *charset, const char *bytes, const char *text)
{
	ARENA_SCOPED a = arena_new();
	assert_string_equal(mail_utf8(a, charset, (struct bytes){ (const uint8_t *)bytes, strlen(bytes) }), text);
}

static void charsets_are_read_as_meant(void **state)
{
	charset_is("gb2312", "\xCF\xB4\xD2\xC2\xBB\xFA", "洗衣机");
	charset_is("gb2312", "\xE9\x46", "镕");
	charset_is("iso-2022-jp", "\x1b$B@v\x42u\x1b(B", "洗濯");
	charset_is(NULL, "\x1b$B@v\x42u\x1b(B", "洗濯");
	charset_is("iso-8859-1", "caf\xE9", "café");
	charset_is("utf-8", "\xCF\xB4\xD2\xC2\xBB\xFA\xC2\xA9\xCB\xAE", "洗衣机漏水");          /* says UTF-8, is GBK */
	charset_is("us-ascii", "洗衣机", "洗衣机");
	charset_is("no-such-charset", "洗衣机", "洗衣机");
	charset_is("utf-8", "a\x01" "b\r\nc", "ab\nc");
}

static void html_alone_becomes_text_and_pictures_files(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct mail_read m = read_text(a, HEADS "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=B\r\n\r\n--B\r\nContent-Type: text/html; charset=gbk\r\n\r\n<p>\xCF\xB4</p><script>x</script><img src=\"cid:p\">\r\n"
	                                 "--B\r\nContent-Type: image/png; name=\"=?UTF-8?B?5Zu+?=.png\"\r\nContent-ID: <p>\r\nContent-Transfer-Encoding: base64\r\n\r\naGk=\r\n--B--\r\n");
	assert_string_equal(m.said, "洗");
	assert_int_equal(m.file_n, 1);
	assert_true(m.files[0].is_inline);
	assert_int_equal(m.files[0].body.n, 2);
}

static void of_alternatives_the_plain_one_is_taken_and_files_besides(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct mail_read m = read_text(a, HEADS "Content-Type: multipart/mixed; boundary=A\r\n\r\n--A\r\nContent-Type: multipart/alternative; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nplain\r\n--B\r\nContent-Type: text/html\r\n\r\n<b>html</b>\r\n--B--\r\n"
	                                 "--A\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename*=UTF-8''%E5%8F%91%E7%A5%A8.pdf\r\n\r\nx\r\n--A--\r\n");
	assert_string_equal(m.said, "plain");
	assert_int_equal(m.file_n, 1);
	assert_string_equal(m.files[0].name, "发票.pdf");
}

static void machines_are_known(void **state)
{
	ARENA_SCOPED a = arena_new();
	static const char *const heads[] = { "Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes", "Subject: =?UTF-8?B?6Ieq5Yqo5Zue5aSN?=", "Subject: Automatic reply: x", "List-Id: <l>" };
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		assert_int_equal(read_text(a, arena_format(a, HEADS "%s\r\n\r\nx", heads[i])).kind, MAIL_BY_MACHINE);
	assert_int_equal(read_text(a, HEADS "Auto-Submitted: no\r\n\r\nx").kind, MAIL_BY_PERSON);
	struct mail_read quiet = read_text(a, HEADS "X-Auto-Response-Suppress: All\r\n\r\nx");
	assert_int_equal(quiet.kind, MAIL_BY_PERSON);
	assert_true(quiet.wants_no_machine);
}

static void a_report_names_what_did_not_arrive(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct mail_read m = read_text(a, "From: MAILER-DAEMON@x.cn\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=B\r\n\r\n--B\r\n\r\nSorry.\r\n--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@b.cn\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n"
	                                 "\r\n--B\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@anxin.cn>\r\nSubject: x\r\n\r\nhi\r\n--B--\r\n");
	assert_int_equal(m.kind, MAIL_BOUNCE);
	assert_string_equal(m.bounce_of, "ours@anxin.cn");
	assert_string_equal(m.bounce_status, "5.1.1");
	assert_string_equal(m.bounce_action, "failed");
	assert_string_equal(m.bounce_to, "a@b.cn");
	assert_string_equal(m.bounce_words, "550 no such user");
	assert_int_equal(m.file_n, 0);
}

static void only_the_own_server_is_believed(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct mail_read m = read_text(a, HEADS "Authentication-Results: mx.anxin.cn; spf=fail smtp.mailfrom=x\r\nAuthentication-Results: mx.evil.cn; spf=pass\r\n\r\nx");
	assert_string_equal(mail_verdict(a, &m, "mx.anxin.cn"), "fail");
	assert_string_equal(mail_verdict(a, &m, "mx.evil"), "none");
	assert_string_equal(mail_verdict(a, &m, ""), "none");
	m = read_text(a, HEADS "Authentication-Results: mx.anxin.cn;\r\n dkim=pass header.d=x; spf=softfail\r\n\r\nx");
	assert_string_equal(mail_verdict(a, &m, "MX.anxin.cn"), "pass");
}

static void what_cannot_be_read_has_the_words_as_far_as_they_are(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct mail_read m = read_text(a, "no mail at all");
	assert_string_equal(m.from, "");
	m = read_text(a, "");
	assert_string_equal(m.said, "");
	struct text t = text_in(a);
	text_append(&t, HEADS "Content-Type: multipart/mixed; boundary=B\r\n\r\nbegin\r\n");
	for (int i = 0; i < 50000; i++)
		text_append(&t, "--B\r\n\r\n");
	m = read_text(a, text_end(&t));
	assert_true(m.is_broken);
	assert_string_equal(m.from, "wang@example.cn");
	assert_true(strstr(m.said, "begin") != NULL);
	t = text_in(a);
	for (int i = 0; i < 300; i++)
		text_format(&t, "Content-Type: multipart/mixed; boundary=B%d\r\n\r\n--B%d\r\n", i, i);
	m = read_text(a, text_end(&t));
	assert_true(m.is_broken);
}

static void what_we_write_is_read_again(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct error e = { 0 };
	struct bytes out;
	struct mail_read m;
	const char *refs[] = { "a@x", "bad id", "b@x" };
	const struct mail_file file = { .name = "发票 1.pdf", .type = "application/pdf", .body = { (const uint8_t *)"pdf", 3 } };
	const struct mail_write w = { .from = "help@anxin.cn", .from_name = "安心客服", .to = "wang@example.cn", .reply_to = "help+x@anxin.cn", .subject = "回复：洗衣机", .text = "您好 <b>\n第二行", .id = "anxin.1@anxin.cn", .refs = refs, .ref_n = 3,
		.mark = "1", .by_machine = true, .files = &file, .file_n = 1 };
	assert_int_equal(mail_write(a, &w, 0, &out, &e), 0);
	mail_read(a, out, &m);
	assert_string_equal(m.said, "您好 <b>\n第二行");
	assert_string_equal(m.subject, "回复：洗衣机");
	assert_string_equal(m.from_name, "安心客服");
	assert_int_equal(m.ref_n, 3);
	assert_string_equal(m.refs[1], "b@x");
	assert_int_equal(m.kind, MAIL_BY_MACHINE);
	assert_string_equal(m.mark, "1");
	assert_string_equal(m.files[0].name, "发票 1.pdf");
	assert_memory_equal(m.files[0].body.p, "pdf", 3);
	struct mail_write bad = w;
	bad.subject = "a\r\nBcc: x@y.cn";
	assert_true(mail_write(a, &bad, 0, &out, &e) < 0);
}

static void subjects_are_bared(void **state)
{
	assert_string_equal(mail_bare_subject("Re: 回复：RE:洗衣机"), "洗衣机");
	assert_string_equal(mail_bare_subject("Report"), "Report");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(heads_are_decoded), cmocka_unit_test(words_that_cut_a_character_are_joined), cmocka_unit_test(a_word_without_an_end_near_by_is_none), cmocka_unit_test(charsets_are_read_as_meant), cmocka_unit_test(html_alone_becomes_text_and_pictures_files),
		cmocka_unit_test(of_alternatives_the_plain_one_is_taken_and_files_besides), cmocka_unit_test(machines_are_known), cmocka_unit_test(a_report_names_what_did_not_arrive),
		cmocka_unit_test(only_the_own_server_is_believed), cmocka_unit_test(what_cannot_be_read_has_the_words_as_far_as_they_are), cmocka_unit_test(what_we_write_is_read_again), cmocka_unit_test(subjects_are_bared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
