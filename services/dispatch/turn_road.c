/* Where the sites of a turn's orders are, and what a router is asked of them. */
#include "turn.h"

/* True: a router is to be asked first. */
static bool asks(struct dispatch_turn *turn, struct dispatch_turn_case *c, struct dispatch_map *map,
                 const struct roads *roads)
{
    if (roads == NULL || !dispatch_road_wanted(&c->order))
        return false;
    struct dispatch_road_question *question = co_arena_alloc(turn->turn->arena, sizeof(*question));
    if (question == NULL) {
        c->order.err = CO_ENOMEM;
        return true;
    }
    if (!dispatch_map_roads(map, c->order.state, roads_offices(roads), question))
        return false;
    dispatch_road_ask(&c->order, roads_until_us(roads, turn->turn->now_us));
    c->question = question;
    return true;
}

void dispatch_turn_locate(struct dispatch_turn *turn, struct dispatch_turn_case *c,
                          struct dispatch_map *map, const struct roads *roads, int64_t at_us)
{
    struct dispatch_order *order = &c->order;
    struct dispatch_distance distance;
    if (!order->locate || order->err != CO_OK)
        return;
    order->locate = false;
    if (order->state->road_until_us != 0 || asks(turn, c, map, roads))
        return;
    if (dispatch_map_locate(map, order->state, &distance))
        dispatch_order_located(order, &distance, at_us);
}

void dispatch_turn_answers(struct dispatch_turn *turn, struct dispatch_map *map,
                           const struct roads *roads)
{
    const struct co_turn *t = turn->turn;
    for (size_t i = 0; i < t->local_count; i++) {
        struct dispatch_turn_case *c = dispatch_turn_find(turn, t->locals[i].case_id);
        if (c->order.is_new)
            continue;
        dispatch_road_answered(&c->order, roads_answer_of(t->locals[i].what));
        dispatch_turn_locate(turn, c, map, roads, t->now_us);
    }
}

void dispatch_turn_ask(const struct dispatch_turn *turn, struct roads *roads)
{
    for (size_t i = 0; i < turn->count; i++)
        if (turn->item[i].question != NULL)
            roads_ask(roads, turn->turn->lane, turn->item[i].case_id, turn->item[i].question);
}
