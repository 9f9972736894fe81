/* Areas: the boxes that positions of sites must lie in. */
#include "co_check.h"

void check_area(struct co_check *c, const Callout__V1__Area *x)
{
    check_text(c, "name", x->name);
    check_range(c, "south", x->south, -90, 90);
    check_range(c, "north", x->north, -90, 90);
    check_range(c, "west", x->west, -180, 180);
    check_range(c, "east", x->east, -180, 180);
    if (x->north <= x->south)
        check_say(c, "north", "more than \"south\"", "the box has no height");
    if (x->east <= x->west)
        check_say(c, "east", "more than \"west\"", "the box has no width");
}
