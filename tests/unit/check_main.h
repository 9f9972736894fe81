/* check_main.h - the main() of a unit test: CHECK_MAIN("co_heap", first_test, second_test), or
 * CHECK_MAIN_WITH("co_heap", setup, teardown, first_test ...) where each test starts from the same. */
#pragma once

#include <check.h>
#include <stddef.h>
#include <stdlib.h>

static int check_main(const char *name, SFun setup, SFun teardown, const TTest *const *tests,
                      size_t count)
{
    Suite *suite = suite_create(name);
    TCase *tcase = tcase_create(name);
    tcase_set_timeout(tcase, 300); /* not 4 s: sanitizers and busy machines are slow */
    if (setup != NULL || teardown != NULL)
        tcase_add_checked_fixture(tcase, setup, teardown);
    for (size_t i = 0; i < count; i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

#define CHECK_MAIN(name, ...) CHECK_MAIN_WITH(name, NULL, NULL, __VA_ARGS__)

#define CHECK_MAIN_WITH(name, setup, teardown, ...)                                                \
    int main(void)                                                                                 \
    {                                                                                              \
        const TTest *const tests[] = { __VA_ARGS__ };                                              \
        return check_main(name, setup, teardown, tests, sizeof(tests) / sizeof(tests[0]));         \
    }
