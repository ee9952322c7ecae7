/* Word documents as programs write them, and as attackers do: what of them becomes Markdown, and what never does. */
#include "engine/document/docx.h"

#include <stdio.h>

#include "base/test.h"
#include "engine/markdown/markdown.h"
#include "engine/sheet/package_fixture_test.h"

#define RELATIONS(list) "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>" list "</Relationships>"
#define RELATION(id, type, target) "<Relationship Id='" id "' Type='http://x/" type "' Target='" target "'/>"
#define OUTSIDE(id, type, target) "<Relationship Id='" id "' Type='http://x/" type "' Target='" target "' TargetMode='External'/>"
#define ROOT { "_rels/.rels", RELATIONS(RELATION("r1", "officeDocument", "word/document.xml")) }
#define DOCUMENT(body) "<w:document xmlns:w='w' xmlns:r='r' xmlns:a='a' xmlns:mc='mc'><w:body>" body "</w:body></w:document>"
#define P(format, runs) "<w:p><w:pPr>" format "</w:pPr>" runs "</w:p>"
#define STYLED(style, words) P("<w:pStyle w:val='" style "'/>", R("", words))
#define R(format, words) "<w:r><w:rPr>" format "</w:rPr><w:t xml:space='preserve'>" words "</w:t></w:r>"
#define T(words) "<w:p>" R("", words) "</w:p>"
#define ITEM(list, level, words) P("<w:numPr><w:ilvl w:val='" level "'/><w:numId w:val='" list "'/></w:numPr>", R("", words))
#define CELL(format, content) "<w:tc><w:tcPr>" format "</w:tcPr>" content "</w:tc>"
#define PICTURE(id, words) "<w:r><w:drawing><wp:inline><wp:docPr id='1' descr='" words "'/><a:blip r:embed='" id "'/></wp:inline></w:drawing></w:r>"

static const struct package_part links = { "word/_rels/document.xml.rels", RELATIONS(RELATION("s", "styles", "styles.xml") RELATION("n", "numbering", "numbering.xml")
	RELATION("p1", "image", "media/a.png") RELATION("p2", "image", "../word/media/b.png") OUTSIDE("p3", "image", "http://127.0.0.1/x.png") RELATION("p4", "image", "media/none.png")
	OUTSIDE("h1", "hyperlink", "https://example.com/a b>") OUTSIDE("h2", "hyperlink", "javascript:alert(1)") OUTSIDE("h3", "hyperlink", "tel:4008001234")) };
static const struct package_part styles = { "word/styles.xml",
	"<w:styles xmlns:w='w'>"
	"<w:style w:type='paragraph' w:styleId='a'><w:name w:val='Title'/></w:style>"
	"<w:style w:type='paragraph' w:styleId='1'><w:name w:val='heading 1'/><w:pPr><w:outlineLvl w:val='0'/></w:pPr></w:style>"
	"<w:style w:type='paragraph' w:styleId='2'><w:name w:val='标题 2'/></w:style>"
	"<w:style w:type='paragraph' w:styleId='mine'><w:name w:val='我的小节'/><w:basedOn w:val='2'/></w:style>"
	"<w:style w:type='paragraph' w:styleId='lead'><w:name w:val='导语'/><w:pPr><w:outlineLvl w:val='2'/></w:pPr></w:style>"
	"<w:style w:type='paragraph' w:styleId='round'><w:name w:val='x'/><w:basedOn w:val='round2'/></w:style>"
	"<w:style w:type='paragraph' w:styleId='round2'><w:name w:val='y'/><w:basedOn w:val='round'/></w:style>"
	"<w:style w:type='paragraph' w:styleId='toc1'><w:name w:val='toc 1'/></w:style>"
	"<w:style w:type='paragraph' w:styleId='step'><w:name w:val='步骤'/><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
	"<w:style w:type='character' w:styleId='strong'><w:name w:val='Strong'/><w:rPr><w:b/></w:rPr></w:style>"
	"<w:style w:type='table' w:styleId='grid'><w:name w:val='Grid'/><w:tblStylePr><w:rPr><w:b/></w:rPr></w:tblStylePr></w:style>"
	"</w:styles>" };
static const struct package_part lists = { "word/numbering.xml",
	"<w:numbering xmlns:w='w'>"
	"<w:abstractNum w:abstractNumId='7'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='decimal'/></w:lvl><w:lvl w:ilvl='1'><w:numFmt w:val='bullet'/></w:lvl></w:abstractNum>"
	"<w:abstractNum w:abstractNumId='8'><w:lvl w:ilvl='0'><w:numFmt w:val='bullet'/></w:lvl></w:abstractNum>"
	"<w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num><w:num w:numId='2'><w:abstractNumId w:val='8'/></w:num>"
	"<w:num w:numId='3'><w:abstractNumId w:val='7'/><w:lvlOverride w:ilvl='0'><w:startOverride w:val='1'/></w:lvlOverride></w:num></w:numbering>" };

struct reading {
	int code;
	struct docx_text text;
	const char *pictures;
};

static struct reading read_file(struct arena *a, struct bytes file, const struct docx_limits *limits)
{
	struct sheet_source source = sheet_from_bytes(&file);
	struct sheet_fault fault;
	DOCX_SCOPED d = NULL;
	struct reading out = { 0 };
	struct text t = text_in(a);
	out.code = docx_open(a, &source, limits, &fault, &d);
	if (out.code == 0)
		out.code = docx_read(d, &out.text);
	for (size_t i = 0; out.code == 0 && i < out.text.pictures; i++) {
		struct bytes bytes;
		out.code = docx_picture(d, i, a, &bytes);
		text_format(&t, "%.*s;", (int)bytes.n, bytes.n ? (const char *)bytes.p : "");
	}
	assert_int_equal(out.code, fault.code);
	out.pictures = text_end(&t);
	return out;
}

static struct reading read_body(struct arena *a, const char *document, const struct docx_limits *limits)
{
	const struct package_part parts[] = { ROOT, links, styles, lists, { "word/document.xml", document }, { "word/media/a.png", "AAA" }, { "word/media/b.png", "BBBB" } };
	return read_file(a, package_of(a, parts, sizeof(parts) / sizeof(parts[0])), limits);
}

static void becomes(const char *document, const char *markdown)
{
	ARENA_SCOPED a = arena_new();
	struct reading r = read_body(a, document, NULL);
	assert_int_equal(r.code, 0);
	assert_string_equal(r.text.body, markdown);
}

static void headings_are_told_by_style_outline_and_what_they_are_based_on(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct reading r = read_body(a, DOCUMENT(STYLED("a", "滤网 *保养*") STYLED("toc1", "目录 1") STYLED("1", "准备") T("先断电。") STYLED("2", "取下") STYLED("mine", "擦拭")
		STYLED("lead", "装回") P("<w:outlineLvl w:val='8'/>", R("", "尾声")) STYLED("Heading3", "没有定义的样式") STYLED("round", "循环引用")), NULL);
	assert_string_equal(r.text.title, "滤网 *保养*");
	assert_string_equal(r.text.body, "## 准备\n\n先断电。\n\n## 取下\n\n## 擦拭\n\n### 装回\n\n###### 尾声\n\n### 没有定义的样式\n\n循环引用");
	r = read_body(a, DOCUMENT(T("引子") STYLED("1", "第一章") T("正文") STYLED("1", "第二章")), NULL);
	assert_string_equal(r.text.title, "第一章");
	assert_string_equal(r.text.body, "引子\n\n正文\n\n## 第二章");
	assert_null(read_body(a, DOCUMENT(T("只有正文")), NULL).text.title);
}

static void bold_and_italic_hold_words_and_no_marks_at_their_ends(void **state)
{
	becomes(DOCUMENT("<w:p>" R("", "先") R("<w:b/>", "断") R("<w:b w:val='true'/>", "电。") R("", "再") R("<w:i/>", " 等一会儿 ") R("<w:b w:val='0'/>", "后") R("<w:rStyle w:val='strong'/>", "（注意）") R("<w:b/><w:i/>", "热")
		"</w:p>"), "先**断电**。再 *等一会儿* 后（**注意**）***热***");
	becomes(DOCUMENT("<w:p>" R("<w:b/>", "，") R("", "完") "</w:p>"), "，完");
}

static void lines_break_and_spaces_are_one(void **state)
{
	becomes(DOCUMENT("<w:p><w:r><w:t>　　一  二</w:t><w:tab/><w:t>三</w:t><w:br/><w:t>四</w:t><w:br w:type='page'/><w:t>五</w:t><w:noBreakHyphen/><w:t>六</w:t></w:r></w:p>"), "一 二 三\\\n四五-六");
}

static void lists_keep_their_numbers_over_what_stands_between(void **state)
{
	becomes(DOCUMENT(ITEM("1", "0", "拔下") ITEM("1", "1", "轻拉") ITEM("1", "0", "冲洗") T("见图") ITEM("1", "0", "晾干") T("另一个") ITEM("3", "0", "从头") ITEM("2", "0", "点") STYLED("step", "按样式编号")),
		"1. 拔下\n   - 轻拉\n2. 冲洗\n\n见图\n\n3. 晾干\n\n另一个\n\n1. 从头\n- 点\n4. 按样式编号");
	becomes(DOCUMENT(P("<w:pStyle w:val='step'/><w:numPr><w:numId w:val='0'/></w:numPr>", R("", "去掉编号"))), "去掉编号");
}

static void tables_are_a_row_a_line(void **state)
{
	becomes(DOCUMENT("<w:tbl><w:tr>" CELL("", T("现象")) CELL("", T("处理")) "</w:tr><w:tr>" CELL("<w:vMerge w:val='restart'/>", T("E1")) CELL("", T("断电") ITEM("1", "0", "等")) "</w:tr><w:tr>" CELL("<w:vMerge/>", "<w:p/>") CELL("", T("报修"))
		"</w:tr><w:tr><w:trPr><w:del/></w:trPr>" CELL("", T("删掉的行")) "</w:tr></w:tbl>" T("后")), "- 现象：处理\n- E1：断电 1. 等\n- E1：报修\n\n后");
	becomes(DOCUMENT("<w:tbl><w:tr>" CELL("", T("警告") T("高压")) "</w:tr></w:tbl>"), "警告\n\n高压");
	becomes(DOCUMENT("<w:tbl><w:tr>" CELL("", T("外")) CELL("", "<w:tbl><w:tr>" CELL("", T("内")) CELL("", T("层")) "</w:tr><w:tr>" CELL("", T("二")) CELL("", "") "</w:tr></w:tbl>") "</w:tr></w:tbl>"), "- 外：内：层；二");
}

static void links_go_where_links_may_go(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct reading r = read_body(a, DOCUMENT("<w:p>" R("", "见") "<w:hyperlink r:id='h1'>" R("", "说明") R("<w:b/>", "书") "</w:hyperlink>" R("", "或") "<w:hyperlink r:id='h2'>" R("", "点我") "</w:hyperlink>"
		"<w:hyperlink w:anchor='x'>" R("", "第二节") "</w:hyperlink><w:hyperlink r:id='h3'>" R("", "热线") "</w:hyperlink></w:p>"), NULL);
	assert_string_equal(r.text.body, "见[说明**书**](<https://example.com/a%20b%3E>)或点我第二节[热线](<tel:4008001234>)");
	assert_int_equal(r.text.left.links, 1);
	becomes(DOCUMENT("<w:p>" R("", "拨打") "<w:hyperlink r:id='h3'>" R("", " \u3000热线") "</w:hyperlink></w:p>"), "拨打 [热线](<tel:4008001234>)");
	becomes(DOCUMENT("<w:p>" R("", "看这里!") "<w:hyperlink r:id='h3'>" R("", "热线") "</w:hyperlink></w:p>"), "看这里\\![热线](<tel:4008001234>)");
#define FIELD(instruction, words) "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>" instruction "</w:instrText></w:r><w:r><w:fldChar w:fldCharType='separate'/></w:r>" R("", words) "<w:r><w:fldChar w:fldCharType='end'/></w:r>" R("", "。") "</w:p>"
	becomes(DOCUMENT(FIELD(" HYPERLINK \"https://a.cn/\" \\o \"x\" ", "官网")), "[官网](<https://a.cn/>)。");
	becomes(DOCUMENT(FIELD(" HYPERLINK \\l \"_Toc1\" ", "第一节") FIELD(" HYPERLINK \"file:///etc/passwd\" ", "文件") FIELD(" PAGE ", "3")), "第一节。\n\n文件。\n\n3。");
}

static void a_field_without_a_beginning_is_none(void **state)
{
	becomes(DOCUMENT("<w:p><w:r><w:instrText>HYPERLINK \"https://a.cn/\"</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>" R("", "字") "</w:p>"), "字");
	becomes(DOCUMENT("<w:p><w:fldSimple><w:r><w:fldChar w:fldCharType='separate'/></w:r>" R("", "字") "</w:fldSimple></w:p>"), "字");
}

static void pictures_are_those_inside_of_the_file(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct reading r = read_body(a, DOCUMENT("<w:p>" PICTURE("p1", "滤网 [位置]") "</w:p><w:p>" PICTURE("p2", "") PICTURE("p1", "") PICTURE("p3", "") PICTURE("p4", "") PICTURE("h1", "") PICTURE("zz", "")
		"<w:r><w:pict><v:shape alt='旧图'><v:imagedata r:id='p2'/></v:shape></w:pict></w:r></w:p>"), NULL);
	assert_string_equal(r.text.body, "![滤网 \\[位置\\]](picture:0)\n\n![](picture:1)![](picture:0)![](picture:2)![旧图](picture:1)");
	assert_string_equal(r.pictures, "AAA;BBBB;;");
	assert_int_equal(r.text.left.pictures, 3);
	r = read_body(a, DOCUMENT("<w:p>" PICTURE("p1", "") PICTURE("p2", "") "</w:p>"), &(struct docx_limits){ .pictures = 1, .picture = 2 });
	assert_string_equal(r.text.body, "![](picture:0)");
	assert_string_equal(r.pictures, ";");
	assert_int_equal(r.text.left.pictures, 1);
}

static void tracked_changes_comments_and_hidden_text(void **state)
{
	ARENA_SCOPED a = arena_new();
	struct reading r = read_body(a, DOCUMENT("<w:p><w:pPr><w:rPr><w:del/><w:b/></w:rPr><w:pPrChange><w:pPr><w:pStyle w:val='1'/></w:pPr></w:pPrChange></w:pPr><w:ins>" R("", "新") "</w:ins><w:del><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></w:del>"
		"<w:moveFrom>" R("", "搬走") "</w:moveFrom><w:moveTo>" R("", "搬来") "</w:moveTo><w:commentRangeStart w:id='0'/>" R("<w:rPrChange><w:rPr><w:b/></w:rPr></w:rPrChange>", "文") "<w:r><w:commentReference w:id='0'/></w:r>"
		R("<w:vanish/>", "暗") R("", "字") "<w:r><w:footnoteReference w:id='1'/></w:r><m:oMathPara><m:oMath><m:r><m:t>E</m:t></m:r></m:oMath></m:oMathPara></w:p>"), NULL);
	assert_string_equal(r.text.body, "新搬来文字");
	assert_int_equal(r.text.left.deleted, 2);
	assert_int_equal(r.text.left.comments, 1);
	assert_int_equal(r.text.left.hidden, 1);
	assert_int_equal(r.text.left.notes, 1);
	assert_int_equal(r.text.left.objects, 1);
}

static void boxes_come_behind_their_paragraph_and_once(void **state)
{
	becomes(DOCUMENT("<w:p>" R("", "正文") "<w:r><mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent>" T("框内") ITEM("2", "0", "一") "</w:txbxContent></w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent>" T("框内")
		"</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>" R("", "继续") "</w:p>" T("后")), "正文继续\n\n框内\n\n- 一\n\n后");
	becomes(DOCUMENT("<w:sdt><w:sdtPr><w:alias w:val='x'/></w:sdtPr><w:sdtContent>" T("控件") "</w:sdtContent></w:sdt><w:p><w:r><w:ruby><w:rt>" R("", "lǜ") "</w:rt><w:rubyBase>" R("", "滤") "</w:rubyBase></w:ruby></w:r></w:p>"), "控件\n\n滤");
}

static bool at(void *arg, const char *name, struct markdown_file *out)
{
	*out = (struct markdown_file){ .url = "/x" };
	return true;
}

/* What the words of a document hold is words on the page too. */
static void marks_stay_marks(void **state)
{
	static const char *const words[] = { "![x](file:12)", "[x](https://evil.example)", "`a`*b*_c_", "# x", "=", "---", "~~~", "+ x", "&amp;amp; &amp;#33;", "a](file:12)", "&lt;script&gt;alert(1)&lt;/script&gt;" };
	static const char *const shown[] = { "![x](file:12)", "[x](https://evil.example)", "`a`*b*_c_", "# x", "=", "---", "~~~", "+ x", "&amp;amp; &amp;#33;", "a](file:12)", "&lt;script&gt;alert(1)&lt;/script&gt;" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		ARENA_SCOPED a = arena_new();
		const char *document = arena_format(a, DOCUMENT("<w:p><w:r><w:t>%s</w:t><w:br/><w:t>%s</w:t></w:r></w:p>"), words[i], words[i]);
		struct reading r = read_body(a, document, NULL);
		assert_int_equal(r.code, 0);
		assert_null(strstr(r.text.body, "](file:"));
		assert_string_equal(markdown_html(a, r.text.body, &(struct markdown_options){ .heading = 2, .file = at }), arena_format(a, "<p>%s<br />\n%s</p>\n", shown[i], shown[i]));
	}
	becomes(DOCUMENT("<w:p>" R("", "a]") R("<w:b/>", "(file:12)") "</w:p>"), "a\\]\\(**file:12**)");
}

static void other_prefixes_are_as_good(void **state)
{
	becomes("<document xmlns='w'><body><p><r><t>无前缀</t></r></p></body></document>", "无前缀");
	becomes("<x:document xmlns:x='w'><x:body><x:p><x:r><x:t>别的</x:t></x:r><a:p><a:r><a:t>图形</a:t></a:r></a:p></x:p></x:body></x:document>", "别的");
}

static void refuses(int code, struct bytes file, const struct docx_limits *limits)
{
	ARENA_SCOPED a = arena_new();
	assert_int_equal(read_file(a, file, limits).code, code);
}
#define REFUSES(code, limits, ...) refuses(code, package_of(a, (const struct package_part[]){ __VA_ARGS__ }, sizeof((const struct package_part[]){ __VA_ARGS__ }) / sizeof(struct package_part)), limits)

static void what_is_no_document_is_refused(void **state)
{
	ARENA_SCOPED a = arena_new();
	refuses(ERR_DOCUMENT_OLD, (struct bytes){ (const uint8_t *)"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1rest", 12 }, NULL);
	refuses(ERR_DOCUMENT_FORMAT, (struct bytes){ (const uint8_t *)"<html>", 6 }, NULL);
	refuses(ERR_DOCUMENT_FORMAT, (struct bytes){ (const uint8_t *)"", 0 }, NULL);
	refuses(ERR_SHEET_DAMAGED, (struct bytes){ (const uint8_t *)"PK\3\4cut off", 11 }, NULL);
	REFUSES(ERR_DOCUMENT_FORMAT, NULL, { "a.txt", "x" });
	REFUSES(ERR_DOCUMENT_FORMAT, NULL, ROOT, { "word/document.xml", "<workbook/>" });
	REFUSES(ERR_SHEET_DAMAGED, NULL, ROOT, { "a.txt", "x" });
	REFUSES(ERR_SHEET_DAMAGED, NULL, ROOT, { "word/document.xml", "<w:document><w:body><w:p>" });
	REFUSES(ERR_DOCUMENT_EMPTY, NULL, ROOT, { "word/document.xml", DOCUMENT("<w:p/>") });
}

static const char *repeated(struct arena *a, const char *head, const char *what, size_t n, const char *tail)
{
	struct text t = text_in(a);
	text_append(&t, head);
	for (size_t i = 0; i < n; i++)
		text_append(&t, what);
	text_append(&t, tail);
	return text_end(&t);
}

static void bombs_are_stopped(void **state)
{
	ARENA_SCOPED a = arena_new();
	REFUSES(ERR_SHEET_DAMAGED, NULL, ROOT, { "word/document.xml", "<!DOCTYPE d [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]>" DOCUMENT("<w:p><w:r><w:t>&b;</w:t></w:r></w:p>") });
	REFUSES(ERR_SHEET_DAMAGED, NULL, ROOT, { "word/document.xml", "<!DOCTYPE d SYSTEM 'file:///etc/passwd'>" DOCUMENT("") });
	REFUSES(ERR_DOCUMENT_LIMIT, NULL, ROOT, { "word/document.xml", repeated(a, "<w:document><w:body><w:p><w:r><w:t>", "0", 4 << 20, "</w:t></w:r></w:p></w:body></w:document>") });
	REFUSES(ERR_DOCUMENT_LIMIT, (&(struct docx_limits){ .uncompressed = 100000 }), ROOT, { "word/document.xml", repeated(a, "<w:document><w:body>", T("字"), 5000, "</w:body></w:document>") });
	REFUSES(ERR_DOCUMENT_LIMIT, (&(struct docx_limits){ .text = 1000 }), ROOT, { "word/document.xml", repeated(a, "<w:document><w:body>", T("字字字字"), 200, "</w:body></w:document>") });
	REFUSES(ERR_DOCUMENT_LIMIT, NULL, ROOT, { "word/document.xml", repeated(a, "<w:document>", "<w:tbl><w:tr><w:tc>", 30, "") });
	/* One cell that goes on over many rows is not a way to make much of little. */
	const char *head = repeated(a, "<w:document><w:tbl><w:tr><w:tc><w:tcPr><w:vMerge w:val='restart'/></w:tcPr><w:p><w:r><w:t>", "字", 20000, "</w:t></w:r></w:p></w:tc></w:tr>");
	REFUSES(ERR_DOCUMENT_LIMIT, NULL, ROOT, { "word/document.xml", repeated(a, head, "<w:tr>" CELL("<w:vMerge/>", "<w:p/>") "</w:tr>", 1000, "</w:tbl></w:document>") });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headings_are_told_by_style_outline_and_what_they_are_based_on),
		cmocka_unit_test(bold_and_italic_hold_words_and_no_marks_at_their_ends),
		cmocka_unit_test(lines_break_and_spaces_are_one),
		cmocka_unit_test(lists_keep_their_numbers_over_what_stands_between),
		cmocka_unit_test(tables_are_a_row_a_line),
		cmocka_unit_test(links_go_where_links_may_go),
		cmocka_unit_test(a_field_without_a_beginning_is_none),
		cmocka_unit_test(pictures_are_those_inside_of_the_file),
		cmocka_unit_test(tracked_changes_comments_and_hidden_text),
		cmocka_unit_test(boxes_come_behind_their_paragraph_and_once),
		cmocka_unit_test(marks_stay_marks),
		cmocka_unit_test(other_prefixes_are_as_good),
		cmocka_unit_test(what_is_no_document_is_refused),
		cmocka_unit_test(bombs_are_stopped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
