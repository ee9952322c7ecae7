/* What Markdown becomes, and what it never becomes. */
#include "engine/markdown/markdown.h"

#include "base/test.h"

static bool file(void *arg, const char *name, struct markdown_file *out)
{
	static const struct { const char *name; struct markdown_file file; } known[] = {
		{ "12", { MARKDOWN_PICTURE, "/help/picture/12", "a.png", 900 } },
		{ "14", { MARKDOWN_VIDEO, "/help/picture/14", "a.mp4", 9000 } },
		{ "15", { MARKDOWN_FILE, "/help/picture/15", "手册\"1\".pdf", 2621440 } },
	};
	for (size_t i = 0; i < 3; i++)
		if (!strcmp(name, known[i].name))
			*out = known[i].file;
	return out->url != NULL;
}

static const struct markdown_options options = { .heading = 2, .file = file };

static void becomes(const char *text, const char *html)
{
	ARENA_SCOPED a = arena_new();
	assert_string_equal(markdown_html(a, text, &options), html);
}

static void test_what_editors_write(void **state)
{
	becomes("# 先试这个\n\n关机 **5 分钟**。", "<h2>先试这个</h2>\n<p>关机 <strong>5 分钟</strong>。</p>\n");
	becomes("1. 拔下电源\n2. 等 *一会儿*", "<ol>\n<li>拔下电源</li>\n<li>等 <em>一会儿</em></li>\n</ol>\n");
	becomes("先：\n1. 拔\n2. 等\n不行就报修。", "<p>先：</p>\n<ol>\n<li>拔</li>\n<li>等</li>\n</ol>\n<p>不行就报修。</p>\n");
	becomes("- 拔\n  再等\n\n行了", "<ul>\n<li>拔<br />\n再等</li>\n</ul>\n<p>行了</p>\n");
	becomes("第一行\n第二行", "<p>第一行<br />\n第二行</p>\n");
	becomes("[保修卡](/h5/device)", "<p><a href=\"/h5/device\">保修卡</a></p>\n");
	becomes("[热线](tel:4008001234)", "<p><a href=\"tel:4008001234\">热线</a></p>\n");
	becomes("![滤网](file:12)", "<p><img src=\"/help/picture/12\" alt=\"滤网\" /></p>\n");
}

static void test_html_is_shown_and_never_run(void **state)
{
	becomes("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n");
	becomes("水<img src=x onerror=alert(1)>箱", "<p>水&lt;img src=x onerror=alert(1)&gt;箱</p>\n");
	becomes("**<b>粗**", "<p><strong>&lt;b&gt;粗</strong></p>\n");
}

static void test_links_go_where_links_may_go(void **state)
{
	becomes("[x](javascript:alert(1))", "<p>x</p>\n");
	becomes("[x](JaVaScRiPt:alert`1`)", "<p>x</p>\n");
	becomes("[x](data:text/html;base64,PHNjcmlwdD4=)", "<p>x</p>\n");
	becomes("[x](//elsewhere.example)", "<p>x</p>\n");
	becomes("[x](<\\\\elsewhere.example>)", "<p>x</p>\n");
	becomes("[x](/\\\\elsewhere.example)", "<p>x</p>\n");
	becomes("[**粗** x](vbscript:x)", "<p><strong>粗</strong> x</p>\n");
	becomes("<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n");
	becomes("[x](https://a.example/\"onmouseover=\"alert)", "<p><a href=\"https://a.example/%22onmouseover=%22alert\">x</a></p>\n");
}

static void test_a_picture_is_one_that_the_caller_knows(void **state)
{
	becomes("![别家的](https://elsewhere.example/x.png)", "<p>别家的</p>\n");
	becomes("![没有](file:13)", "<p>没有</p>\n");
	becomes("![a\" onerror=\"x](file:12)", "<p><img src=\"/help/picture/12\" alt=\"a&quot; onerror=&quot;x\" /></p>\n");
	becomes("[![滤网](file:13)](javascript:x)", "<p>滤网</p>\n");
}

static void test_videos_and_files_are_what_the_caller_says_they_are(void **state)
{
	becomes("![换\"滤网\"](file:14)", "<p><video controls playsinline preload=\"metadata\" src=\"/help/picture/14\" aria-label=\"换&quot;滤网&quot;\"></video></p>\n");
	becomes("![x](file:14 \"file:12\")", "<p><video controls playsinline preload=\"metadata\" src=\"/help/picture/14\" poster=\"/help/picture/12\" aria-label=\"x\"></video></p>\n");
	becomes("![x](file:14 \"file:15\")", "<p><video controls playsinline preload=\"metadata\" src=\"/help/picture/14\" aria-label=\"x\"></video></p>\n");
	becomes("![**粗** `手`册](file:15)", "<p><a class=\"file\" download href=\"/help/picture/15\"><span>粗 手册</span> <small>手册&quot;1&quot;.pdf · 2.5 MB</small></a></p>\n");
	becomes("![](file:15)", "<p><a class=\"file\" download href=\"/help/picture/15\"><span>手册&quot;1&quot;.pdf</span> <small>2.5 MB</small></a></p>\n");
	becomes("[![手册](file:15)](https://a.example/)", "<p><a href=\"https://a.example/\">手册</a></p>\n");
}

static void test_text_in_html(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct text t = text_in(a);
	html_text(&t, "</p><script>\"'&");
	html_text(&t, NULL);
	assert_string_equal(text_end(&t), "&lt;/p&gt;&lt;script&gt;&quot;&#39;&amp;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_editors_write),
		cmocka_unit_test(test_html_is_shown_and_never_run),
		cmocka_unit_test(test_links_go_where_links_may_go),
		cmocka_unit_test(test_a_picture_is_one_that_the_caller_knows),
		cmocka_unit_test(test_videos_and_files_are_what_the_caller_says_they_are),
		cmocka_unit_test(test_text_in_html),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
