"""Every rule of the house on a small tree that breaks it, and on one that keeps it. The last test is the real tree."""
import json
import subprocess

import pytest

import hardening
import house
import licences
import rules_c
import rules_knowledge
import rules_records
import rules_settings
import rules_tree
import source


def texts(rule, tree):
    return [f.text for f in rule(tree)]


HEAP = {"tools/check/heap.txt": "# none\nsrc/base/  the arena\n"}

SETTING = """UNIT(MINUTES, "minutes", 60000, "分钟", "minutes")
SETTING(CODE_LIFE, "code.life", COMPANY, NUMBER, MINUTES, 10, 1, 60, "setting.change",
\t"有效时间", "Life", "之后失效", "Void after so long")
"""
WORD = """WORD(LOG_LEVEL, "log.level", SERVER, log_levels, LOG_INFO, "",
\t"详细程度", "How much", "用 debug", "Use debug")
"""
LEVELS = """static const struct choice log_levels[] = {
\t{ "debug", "全部", "Everything" }, { "info", "一般", "What happens" }, { 0 },
};
"""
SETTINGS_GUIDE = f"""# Settings
{rules_settings.MARK}
{rules_settings.HEAD}| `code.life` | Life. Void after so long | 10 | 1 – 60 | minutes |

{rules_settings.MARK}
{rules_settings.HEAD}"""

BROKEN = [
    (rules_c.include_order, {"src/base/arena.c": '#include "db/db.h"\n'}, "base must not include db"),
    (rules_c.include_order, {"src/core/list.c": '#include "domain/ticket/ticket.h"\n'}, "core must not include domain"),
    (rules_c.include_order, {"src/net/http.c": '#include "server.h"\n'}, "includes start at src"),
    (rules_c.domain_front_doors, {"src/domain/ticket/ticket.c": '#include "domain/device/device_rules.h"\n'}, "only domain/device/device.h"),
    (rules_c.domain_cycles, {"src/domain/a/a.c": '#include "domain/b/b.h"\n', "src/domain/b/b.h": '#include "domain/c/c.h"\n',
                             "src/domain/c/c.c": '#include "domain/a/a.h"\n'}, "a -> b -> c -> a"),
    (rules_c.sql_at_home, {"src/domain/org/org.c": 'q = "SELECT 1";\n'}, "SQL belongs"),
    (rules_c.sql_at_home, {"src/core/job.c": 'q = " UPDATE job SET state = 1";\n'}, "SQL belongs"),
    (rules_c.unsafe_functions, {"src/base/x.c": "strcpy(a, b);\n"}, "strcpy"),
    (rules_c.scanned_numbers, {"src/base/x.c": 'sscanf(s, "%4d-%lld", &a, &b);\n'}, "a width"),
    (rules_c.scanned_numbers, {"src/base/x.c": 'if (f && fscanf(f, "%*s %10d", &a) != 1)\n'}, "a width"),
    (rules_c.heap, HEAP | {"src/core/x.c": "p = malloc(3);\n"}, "malloc"),
    (rules_c.lengths, {"src/core/x.c": "\n" * 501}, "501 lines"),
    (rules_c.lengths, {"src/core/x.h": "\n" * 151}, "151 lines"),
    (rules_c.lengths, {"src/core/x.c": "static int long_one(int a,\n\tint b)\n{\n" + "\ta++;\n" * 60 + "}\n"}, "long_one has 64 lines"),
    (rules_records.routes_of_records, {"src/domain/customer/customer_api.c": 'ROUTE(GET, "/api/v1/customer", "customer.read", POOL),\n'}, "/customer is a route"),
    (rules_records.routes_of_records, {"src/app/wiring.c": 'ROUTE(GET, "/api/v1/device/{id}/export", "x", POOL),\n'}, "/device/{id}/export"),
    (rules_records.lists_and_sheets_at_home, {"src/domain/org/org.c": '#include "core/list/list.h"\n'}, "core/list/list.h"),
    (rules_records.lists_and_sheets_at_home, {"src/domain/device/device_load.c": '#include "engine/sheet/sheet.h"\n'}, "engine/sheet/sheet.h"),
    (rules_records.pages_of_records, {"web/apps/console/app/router.ts": "{ path: 'contact/new', component: x }\n"}, "contact/new"),
    (rules_records.pages_of_records, {"web/apps/console/pages/user/UserPage.vue": "<form>\n</form>\n"}, "form"),
    (rules_settings.all_read, {"src/base/settings.def": SETTING, "src/core/x.c": "setting_of(c, SETTING_CODE_LIFETIME);\n"}, "code.life is read nowhere"),
    (rules_settings.all_read, {"src/base/settings.def": 'SETTING(CODE_LIFE, "code.life", COMPANY)\n'}, "cannot be read"),
    (rules_settings.both_languages, {"src/base/settings.def": SETTING.replace("有效时间", "Life")}, "are not the two languages"),
    (rules_settings.in_the_guide, {"src/base/settings.def": SETTING.replace("60", "90"), rules_settings.GUIDE: SETTINGS_GUIDE}, "not those of settings.def"),
    (rules_settings.in_the_guide, {"src/base/settings.def": SETTING}, "not those of settings.def"),
    (rules_settings.in_the_guide, {"src/base/settings.def": SETTING + WORD, "src/base/setting.c": LEVELS, rules_settings.GUIDE: SETTINGS_GUIDE +
                                   "| `log.level` | How much. Use debug | `0` | `debug`, `info` | a word |\n"}, "not those of settings.def"),
    (rules_settings.said_elsewhere, {"src/base/settings.def": SETTING, "docs/guide/user/a.md": "A code dies (`code.life` (15 minutes))\n"}, "code.life is 10, not 15 minutes"),
    (rules_settings.said_elsewhere, {"src/base/settings.def": SETTING, "docs/guide/user/a.md": "| codes | `code.life` | gone | 1 hours |\n"}, "code.life is 10, not 1 hours"),
    (rules_settings.words_known, {"src/base/settings.def": WORD.replace("LOG_INFO", "LOG_LOUD"), "src/base/setting.c": LEVELS}, "LOG_LOUD is no place in log_levels"),
    (rules_records.pages_of_records, {"web/apps/console/pages/device/DevicePage.vue": "await client.post<Item>('/device', body)\n"}, "device"),
    (rules_records.pages_of_records, {"web/apps/console/pages/ticket/TicketPage.vue": "client.call('PATCH /customer/{id}', x)\n"}, "customer"),
    (rules_tree.head_comment, {"src/base/x.h": "int x;\n"}, "no head comment"),
    (rules_tree.head_comment, {"web/a.vue": '<script setup lang="ts">\nimport x\n'}, "no head comment"),
    (rules_tree.machine_paths, {"README.md": "see /" + "home/someone/x\n"}, "one machine"),
    (rules_tree.promises, {"src/a.c": "/* TO" + "DO */\n"}, "do it"),
    (rules_tree.both_languages, {"src/core/a.c": 'L("客户", "")'}, "no English"),
    (rules_tree.both_languages, {"src/base/errors.def": 'ERROR(X, 422, "x", "不大于 %s", "Too large")\n'}, "different values"),
    (rules_tree.by_keyboard_alone, {"tests/web/by_keyboard_x.test.mjs": "await page.locator('a').click()\n"}, ".click is not done"),
    (rules_tree.by_keyboard_alone, {"tests/web/keys.mjs": "await page.mouse.move(1, 2)\n"}, ".mouse is not done"),
    (rules_tree.by_keyboard_alone, {"tests/web/keyboard.test.mjs": "await box.press('Enter')\n"}, ".press is not done"),
    (rules_tree.laid_out, {"src/a.c": "/* a */\nint a; \n"}, "./dev fmt"),
    (rules_tree.laid_out, {"src/a.c": "/* a */\n\n\nint a;"}, "./dev fmt"),
    (rules_tree.small_generators, {"tools/gen/a.py": "\n" * 3001}, "3001 lines"),
]


@pytest.mark.parametrize("rule, tree, said", BROKEN, ids=lambda v: getattr(v, "__name__", ""))
def test_a_broken_rule_is_found(rule, tree, said):
    assert any(said in text for text in texts(rule, tree)), texts(rule, tree)


KEPT = {
    "tools/check/heap.txt": HEAP["tools/check/heap.txt"],
    "schema/types.def": "/* types */\n",
    "src/base/arena.c": '/* Arena. */\n#include "base/arena.h"\n#include "types.def"\nvoid *p = malloc(1);\n',
    "src/db/engine.c": '/* Engine. */\n#include "gen/query.h"\nq = "SELECT 1";\n',
    "src/base/settings.def": "/* Settings. */\n" + SETTING,
    rules_settings.GUIDE: SETTINGS_GUIDE,
    "src/core/code.c": "/* Codes. */\nint64_t life = setting_ms(c, SETTING_CODE_LIFE);\n",
    "src/base/scan.c": '/* Scan. */\nsscanf(text + 10, "T%2d:%9d %18lld %19s%n", &a, &b, &c, d, &end);\n',
    "src/core/list.c": '/* Lists. */\nq = "SELECT 1"; // strcpy(a, b) and malloc(1) in a comment\n',
    "src/domain/ticket/ticket.c": '/* Tickets. */\n#include "domain/device/device.h"\ns = "strcpy(a) Select a device";\n',
    "src/domain/device/device.h": '/* Devices. */\n#include "core/record.h"\nL("设备", "Device")\n',
    "src/domain/device/device_api.c": '/* Labels. */\nROUTE(GET, "/api/v1/device/{id}/label", "device.read", POOL)\n',
    "web/apps/console/pages/device/DevicePage.vue": "<!-- A page. -->\n<RecordForm />\nclient.call('GET /device/{id}/label')\n",
    "web/apps/console/list/ListPage.vue": "<!-- A list. -->\n<table></table>\n",
    "web/a.vue": '<script setup lang="ts">\n/* A page. */\n</script>\n',
    "tests/web/by_keyboard_x.test.mjs": "/* Keys. */\nawait page.keyboard.press('Enter')\nawait keys.press('j')\nawait second.keys.press('y')\n",
    "tests/web/x.test.mjs": "/* A mouse. */\nawait page.locator('a').click()\n",
}


@pytest.mark.parametrize("rule", rules_c.RULES + rules_records.RULES + rules_settings.RULES + rules_tree.RULES, ids=lambda r: r.__name__)
def test_a_tree_in_order_is_left_alone(rule):
    assert texts(rule, KEPT) == []


def test_functions_are_measured_from_name_to_brace():
    text = "struct s {\n\tint a;\n};\n\nstatic int f(void)\n{\n\treturn 1; /* } */\n}\n\nint g(int a)\n{\n\tif (a) {\n\t}\n\treturn a;\n}\n"
    assert list(source.functions(text)) == [("f", 5, 4), ("g", 10, 6)]


def test_a_gpl_library_and_an_unknown_one_are_refused():
    table = "# head\nlibcurl  curl (MIT style)\nlibgsl  GPL-3\n"
    said = [f.text for f in licences.refused(["libcurl", "libgsl", "libnew"], table)]
    assert len(said) == 2 and "GPL-3" in said[0] and "libnew" in said[1]


def test_the_walk_sees_libraries_that_others_bring(tmp_path):
    names = licences.linked("/usr/lib/postgresql/15/bin/psql")
    assert "libpq" in names and "libcrypto" in names, names


def compiled(tmp_path, *options):
    source_file = tmp_path / "a.c"
    source_file.write_text('#include <stdio.h>\n#include <string.h>\n'
                           "int main(int n, char **v) { char a[8]; strcpy(a, v[0]); return printf(v[n - 1], a); }\n")
    subprocess.run(["gcc", "-w", "-O2", *options, source_file, "-o", tmp_path / "a"], check=True)
    return tmp_path / "a"


def test_a_soft_program_is_refused_for_each_protection_it_lacks(tmp_path):
    program = compiled(tmp_path, "-no-pie", "-fno-stack-protector", "-U_FORTIFY_SOURCE", "-Wl,-z,norelro", "-Wl,-z,execstack")
    assert len(list(hardening.walk(program))) == 5


def test_a_hardened_program_passes(tmp_path):
    program = compiled(tmp_path, "-fPIE", "-pie", "-fstack-protector-strong", "-D_FORTIFY_SOURCE=3", "-Wl,-z,relro,-z,now")
    assert list(hardening.walk(program)) == []


def pack(**products):
    """A pack of one question a product: its phrasings, and an answer of its own."""
    tree = {"packs/p/knowledge/words.json": json.dumps({"products": {name: [name] for name in products}})}
    for name, (phrasings, answer) in products.items():
        tree[f"packs/p/knowledge/{name}/questions.json"] = json.dumps([{"id": name.upper(), "phrasings": phrasings, "answer": {"zh": answer}}], ensure_ascii=False)
    return tree


def knowledge_faults(tree):
    return [f.text for rule in rules_knowledge.RULES for f in rule(tree)]


OWN = {"fan": (["风扇不转了"], "先看插头，再拨动叶片。"), "lamp": (["灯泡总是闪"], "换一只灯泡试试。"), "iron": (["熨斗滴锈水"], "倒掉水箱里的水，用醋煮一次。")}


def test_a_pack_of_words_of_its_own_passes():
    assert knowledge_faults(pack(**OWN)) == []


def test_two_phrasings_of_a_question_that_say_the_same_are_refused():
    said = knowledge_faults(pack(**OWN | {"fan": (["风扇不转了", "风扇不转了呀"], OWN["fan"][1])}))
    assert len(said) == 1 and "风扇不转了呀" in said[0]


def test_a_phrasing_that_serves_three_products_by_changing_the_name_is_refused():
    three = {name: ([f"{name}按了开关没有反应"], OWN[name][1]) for name in OWN}
    assert len(knowledge_faults(pack(**three))) == 3
    assert knowledge_faults(pack(**dict(list(three.items())[:2]))) == [], "two may"


def test_an_answer_that_serves_three_products_by_changing_the_name_is_refused():
    three = {name: (OWN[name][0], f"先给{name}断电五分钟，再重新开机观察。") for name in OWN}
    assert len(knowledge_faults(pack(**three))) == 3


def test_what_names_a_code_or_a_danger_is_not_compared():
    assert knowledge_faults(pack(**{name: ([f"{name}显示E1", f"{name}着火了"], OWN[name][1]) for name in OWN})) == []


def test_this_tree_has_no_errors():
    errors = [str(f) for f in house.findings(house.read_tree()) if f.weight == "error"]
    assert not errors, "\n".join(errors)
