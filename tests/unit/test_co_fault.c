#include "co_fault.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check_main.h"

static struct co_why why;

static struct co_fault *rules(const char *text, uint64_t seed)
{
    struct co_fault *f = NULL;
    ck_assert_msg(co_fault_new(text, seed, &f, &why) == CO_OK, "%s", why.text);
    return f;
}

START_TEST(without_rules_everything_passes)
{
    ck_assert_ptr_null(rules(NULL, 1));
    ck_assert_ptr_null(rules("", 1));
    co_fault_point(NULL, "before_commit");
    ck_assert_int_eq(co_fault_message(NULL, "publish"), CO_FAULT_PASS);
    co_fault_free(NULL);
}
END_TEST

START_TEST(a_rule_with_a_number_applies_once)
{
    struct co_fault *f = rules("publish:drop:3,publish:double:4", 1);
    static const enum co_fault_message expected[] = { CO_FAULT_PASS, CO_FAULT_PASS, CO_FAULT_DROP,
                                                      CO_FAULT_DOUBLE, CO_FAULT_PASS };
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_eq(co_fault_message(f, "publish"), expected[i]);
    ck_assert_int_eq(co_fault_message(f, "reply"), CO_FAULT_PASS);
    co_fault_free(f);
}
END_TEST

START_TEST(a_probability_is_kept_and_a_seed_repeats_it)
{
    struct co_fault *a = rules("publish:hold:0.25", 7);
    struct co_fault *b = rules("publish:hold:0.25", 7);
    int held = 0;
    for (int i = 0; i < 10000; i++) {
        enum co_fault_message said = co_fault_message(a, "publish");
        ck_assert_int_eq(said, co_fault_message(b, "publish"));
        held += said == CO_FAULT_HOLD;
    }
    ck_assert_int_gt(held, 2300);
    ck_assert_int_lt(held, 2700);
    co_fault_free(a);
    co_fault_free(b);
}
END_TEST

START_TEST(zero_never_and_no_word_always)
{
    struct co_fault *f = rules("publish:drop:0.0,reply:drop,begun:double:1.0", 1);
    for (int i = 0; i < 100; i++) {
        ck_assert_int_eq(co_fault_message(f, "publish"), CO_FAULT_PASS);
        ck_assert_int_eq(co_fault_message(f, "reply"), CO_FAULT_DROP);
        ck_assert_int_eq(co_fault_message(f, "begun"), CO_FAULT_DOUBLE);
    }
    co_fault_free(f);
}
END_TEST

START_TEST(kill_ends_the_process_at_the_point_and_not_before)
{
    pid_t pid = fork();
    if (pid == 0) {
        struct co_fault *f = rules("before_commit:kill:2", 1);
        co_fault_point(f, "before_commit");
        co_fault_point(f, "after_commit");
        raise(SIGSTOP); /* reached: the first pass went by */
        co_fault_point(f, "before_commit");
        _exit(0);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
    ck_assert(WIFSTOPPED(status));
    kill(pid, SIGCONT);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert(WIFSIGNALED(status));
    ck_assert_int_eq(WTERMSIG(status), SIGKILL);
}
END_TEST

START_TEST(stop_stops_the_process_and_it_goes_on)
{
    pid_t pid = fork();
    if (pid == 0) {
        co_fault_point(rules("lease_taken:stop", 1), "lease_taken");
        _exit(7);
    }
    int status;
    ck_assert_int_eq(waitpid(pid, &status, WUNTRACED), pid);
    ck_assert(WIFSTOPPED(status));
    kill(pid, SIGCONT);
    ck_assert_int_eq(waitpid(pid, &status, 0), pid);
    ck_assert_int_eq(WEXITSTATUS(status), 7);
}
END_TEST

START_TEST(a_rule_that_cannot_be_read_is_named)
{
    static const char *const bad[][2] = {
        { "befor_commit:kill", "\"before_commit\"" },
        { "before_commit", "allowed are kill" },
        { "before_commit:maim", "allowed are kill" },
        { "before_commit:kill:0", "count >= 1" },
        { "before_commit:kill:-1", "count >= 1" },
        { "before_commit:kill:1.5", "0.0..1.0" },
        { "before_commit:kill:0.x", "0.0..1.0" },
        { "publish:drop,,", "unknown point \"\"" },
        { "before_commit:kill:99999999999999999999999999999999999999999", "longer" },
    };
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct co_fault *f = NULL;
        ck_assert_msg(co_fault_new(bad[i][0], 1, &f, &why) == CO_EINPUT, "case %zu", i);
        ck_assert_msg(strstr(why.text, bad[i][1]) != NULL, "case %zu: %s", i, why.text);
        ck_assert_ptr_null(f);
    }
}
END_TEST

START_TEST(the_environment_holds_rules_and_seed)
{
    struct co_fault *f = NULL;
    unsetenv("CALLOUT_FAULT");
    unsetenv("CALLOUT_FAULT_SEED");
    ck_assert_int_eq(co_fault_from_environment(&f, &why), CO_OK);
    ck_assert_ptr_null(f);
    setenv("CALLOUT_FAULT", "publish:drop", 1);
    setenv("CALLOUT_FAULT_SEED", "18446744073709551615", 1);
    ck_assert_int_eq(co_fault_from_environment(&f, &why), CO_OK);
    ck_assert_int_eq(co_fault_message(f, "publish"), CO_FAULT_DROP);
    co_fault_free(f);
    setenv("CALLOUT_FAULT_SEED", "soon", 1);
    ck_assert_int_eq(co_fault_from_environment(&f, &why), CO_EINPUT);
}
END_TEST

CHECK_MAIN("co_fault", without_rules_everything_passes, a_rule_with_a_number_applies_once,
           a_probability_is_kept_and_a_seed_repeats_it, zero_never_and_no_word_always,
           kill_ends_the_process_at_the_point_and_not_before, stop_stops_the_process_and_it_goes_on,
           a_rule_that_cannot_be_read_is_named, the_environment_holds_rules_and_seed)
