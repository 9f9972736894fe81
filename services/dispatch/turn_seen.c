/* What the choices of a turn saw, to be kept with their cases. */
#include "turn.h"

static bool pack(struct co_arena *arena, const Callout__V1__Choice *choice,
                 struct co_bytes *ret_bytes)
{
    size_t len = callout__v1__choice__get_packed_size(choice);
    uint8_t *data = co_arena_alloc(arena, len + 1);
    if (data == NULL)
        return false;
    *ret_bytes = (struct co_bytes){ data, callout__v1__choice__pack(choice, data) };
    return true;
}

enum co_err dispatch_turn_save_choices(struct dispatch_turn *turn)
{
    struct co_turn *t = turn->turn;
    struct dispatch_store_choice *rows =
        co_arena_alloc(t->arena, (turn->count + 1) * sizeof(*rows));
    size_t count = 0;
    if (rows == NULL)
        return CO_ENOMEM;
    for (size_t i = 0; i < turn->count; i++) {
        struct dispatch_turn_case *c = &turn->item[i];
        const Callout__V1__Choice *choice =
            c->seen == NULL ? NULL : dispatch_seen_make(&c->order, c->seen);
        if (c->order.err != CO_OK)
            return c->order.err;
        if (choice == NULL)
            continue;
        rows[count].case_id = c->case_id;
        if (!pack(t->arena, choice, &rows[count].body))
            return CO_ENOMEM;
        count++;
    }
    return count == 0
               ? CO_OK
               : dispatch_store_save_choices(t->writes, t->arena, t->lane, t->now_us, rows, count);
}
