/* Every allocation of the pure libraries fails once, in turn: the answer is "no memory", what was
 * there before is unchanged, and nothing leaks (the sanitizer build sees to that). */
#include <stdbool.h>
#include <string.h>

#include "check_main.h"
#include "co_arena.h"
#include "co_buf.h"
#include "co_calendar.h"
#include "co_heap.h"
#include "co_map.h"
#include "co_nearest.h"
#include "co_strmap.h"

/* The linker sends calls here (-Wl,--wrap). */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *p, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *p, size_t size);

static int until_failure; /* the allocation that brings it to 0 fails; 0: none does */

static bool fails(void)
{
    return until_failure > 0 && --until_failure == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *p, size_t size)
{
    return fails() ? NULL : __real_realloc(p, size);
}

/* Check allocates too, so its macros come in only when something is wrong. */
static void expect_at(bool is_true, int line)
{
    if (!is_true) {
        until_failure = 0;
        ck_abort_msg("line %d", line);
    }
}
#define expect(condition) expect_at(condition, __LINE__)

/* Each returns true when all of its work was done, false when it was told "no memory". */

static bool use_arena(void)
{
    struct co_arena *a = co_arena_new(1 << 20);
    bool is_done = a != NULL;
    for (int i = 0; is_done && i < 100; i++)
        is_done = co_arena_alloc(a, 1000) != NULL;
    co_arena_free(a);
    return is_done;
}

static bool use_buf(void)
{
    struct co_buf b;
    co_buf_init(&b, 1 << 20);
    size_t len = 0;
    for (int i = 0; i < 1000; i++) {
        if (co_buf_append_text(&b, "0123456789") == CO_OK)
            len += 10;
    }
    expect(b.err == CO_OK || b.err == CO_ENOMEM);
    expect(b.len == len);
    expect(strlen(co_buf_text(&b)) == len);
    bool is_done = b.err == CO_OK;
    co_buf_done(&b);
    return is_done;
}

static bool use_heap(void)
{
    struct co_heap *h = co_heap_new(10000);
    bool is_done = h != NULL;
    for (int i = 0; is_done && i < 1000; i++) {
        is_done = co_heap_push(h, (struct co_due){ i, i }) == CO_OK;
        expect(co_heap_len(h) == (uint32_t)i + is_done);
    }
    co_heap_free(h);
    return is_done;
}

static bool use_map(void)
{
    static char keys[500][2];
    struct co_map *m = co_map_new(500);
    bool is_done = m != NULL;
    for (int i = 0; is_done && i < 500; i++) {
        is_done = co_map_put(m, i, keys[i]) == CO_OK;
        expect(co_map_len(m) == (uint32_t)i + is_done);
        expect(co_map_get(m, 0) == (is_done || i > 0 ? keys[0] : NULL));
    }
    co_map_free(m);
    return is_done;
}

static bool use_strmap(void)
{
    static char keys[128][2];
    struct co_strmap *m = co_strmap_new(500, 1);
    bool is_done = m != NULL;
    for (int i = 1; is_done && i < 128; i++) {
        keys[i][0] = (char)i;
        is_done = co_strmap_put(m, keys[i], keys[i]) == CO_OK;
    }
    co_strmap_free(m);
    return is_done;
}

static bool use_calendar(void)
{
    static const struct co_span office[] = { { 540, 1080 } };
    static const struct co_offset_change zone[] = { { 0, 28800 } };
    struct co_calendar_spec spec = { .offsets = { zone, 1 },
                                     .first_year = 2026,
                                     .last_year = 2026 };
    spec.week[CO_MONDAY] = (struct co_day_spans){ office, 1 };
    struct co_calendar *c = NULL;
    char problem[CO_CALENDAR_PROBLEM];
    enum co_err err = co_calendar_compile(&spec, &c, problem);
    expect(err == CO_OK || err == CO_ENOMEM);
    expect((c != NULL) == (err == CO_OK));
    expect(problem[0] == '\0');
    co_calendar_free(c);
    return err == CO_OK;
}

static bool use_nearest(void)
{
    static const struct co_point place[] = { { 31.2, 121.4 } };
    struct co_nearest *n = co_nearest_new(place, 1);
    bool is_done = n != NULL;
    co_nearest_free(n);
    return is_done;
}

START_TEST(every_allocation_may_fail)
{
    static bool (*const uses[])(void) = { use_arena,  use_buf,      use_heap,   use_map,
                                          use_strmap, use_calendar, use_nearest };
    for (size_t i = 0; i < sizeof(uses) / sizeof(uses[0]); i++) {
        int failures = 0;
        bool is_done = false;
        while (!is_done) {
            until_failure = failures + 1;
            is_done = uses[i]();
            expect(is_done == (until_failure > 0));
            until_failure = 0;
            failures += !is_done;
        }
        ck_assert_int_ge(failures, 2);
    }
}
END_TEST

CHECK_MAIN("co_nomem", every_allocation_may_fail)
