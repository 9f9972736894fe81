#include "dispatch_near.h"

bool dispatch_near_is_less(const struct dispatch_near *a, const struct dispatch_near *b)
{
    return a->km != b->km ? a->km < b->km : a->office < b->office;
}

/* Moves the entry at `i` down to where nothing below it is nearer. */
static void sift(struct dispatch_near *heap, uint32_t count, uint32_t i)
{
    for (;;) {
        uint32_t least = i;
        for (uint32_t child = 2 * i + 1; child <= 2 * i + 2 && child < count; child++)
            if (dispatch_near_is_less(&heap[child], &heap[least]))
                least = child;
        if (least == i)
            return;
        struct dispatch_near swap = heap[i];
        heap[i] = heap[least];
        heap[least] = swap;
        i = least;
    }
}

void dispatch_near_heap(struct dispatch_near *near, uint32_t count)
{
    for (uint32_t i = count / 2; i > 0; i--)
        sift(near, count, i - 1);
}

struct dispatch_near dispatch_near_take(struct dispatch_near *heap, uint32_t count)
{
    struct dispatch_near nearest = heap[0];
    heap[0] = heap[count - 1];
    sift(heap, count - 1, 0);
    return nearest;
}
