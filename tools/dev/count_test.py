"""What counts as passed and failed in each tool's report: above all, that nothing broken counts as nothing."""
import json

import count


def written(tmp_path, text):
    path = tmp_path / "report"
    path.write_text(text)
    return path


def meson_line(result, stdout, stderr=""):
    return json.dumps({"name": "x_test", "result": result, "stdout": stdout, "stderr": stderr}) + "\n"


def test_meson_counts_the_cmocka_tests_inside_each_program(tmp_path):
    path = written(tmp_path, meson_line("OK", "[ RUN      ] one\n[       OK ] one\n[ RUN      ] two\n[       OK ] two\n"))
    assert count.count_meson(path) == count.Count(2, 0)


def test_a_failed_cmocka_test_that_is_listed_twice_counts_once(tmp_path):
    output = "[       OK ] one\n[  FAILED  ] two\n[  FAILED  ] tests: 1 test(s), listed below:\n[  FAILED  ] two\n"
    assert count.count_meson(written(tmp_path, meson_line("FAIL", output))) == count.Count(1, 1, 0, ("x_test two",))


def test_a_program_that_dies_after_passing_tests_adds_a_failure(tmp_path):
    assert count.count_meson(written(tmp_path, meson_line("FAIL", "[       OK ] one\n", "AddressSanitizer"))) == count.Count(1, 1, 0, ("x_test died",))


def test_a_program_without_cmocka_counts_as_one(tmp_path):
    assert count.count_meson(written(tmp_path, meson_line("OK", "fine\n"))) == count.Count(1, 0)


def test_junit_counts_errors_as_failures_and_skips_as_neither(tmp_path):
    cases = '<testcase/><testcase classname="t" name="a"><failure/></testcase><testcase name="b"><error/></testcase><testcase><skipped/></testcase>'
    path = written(tmp_path, f"<testsuites><testsuite>{cases}</testsuite></testsuites>")
    assert count.count_junit(path) == count.Count(1, 2, 1, ("t a", "b"))


def test_a_vitest_file_that_does_not_load_is_a_failure(tmp_path):
    path = written(tmp_path, json.dumps({"numPassedTests": 4, "numFailedTests": 0, "numFailedTestSuites": 1, "testResults": []}))
    assert count.count_vitest(path) == count.Count(4, 1)


def test_vitest_names_what_failed(tmp_path):
    tried = [{"fullName": "one", "status": "passed"}, {"fullName": "two", "status": "failed"}]
    report = {"numPassedTests": 1, "numFailedTests": 1, "numFailedTestSuites": 1, "testResults": [{"assertionResults": tried}]}
    assert count.count_vitest(written(tmp_path, json.dumps(report))) == count.Count(1, 1, 0, ("two",))
