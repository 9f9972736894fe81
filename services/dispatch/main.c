#include "shell.h"

static const struct co_daemon_def dispatch = {
    .name = "dispatch",
    .summary = "Says where sites are, and sends engineers there.",
    .options = dispatch_options,
    .option_count = DISPATCH_OPTIONS,
    .config_size = sizeof(struct dispatch_config),
    .start = dispatch_start,
    .stop = dispatch_stop,
    .free = dispatch_free,
    .ops = &dispatch_ops,
};

int main(int argc, char **argv)
{
    return co_daemon_main(&dispatch, argc, argv);
}
