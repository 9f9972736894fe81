#include "co_process.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { CPU, RESIDENT, VIRTUAL, OPEN_FDS, MAX_FDS, START, METRICS };

static const struct co_metric table[METRICS] = {
    [CPU] = { .name = "process_cpu_seconds_total", .help = "Time of a CPU that this process has used, in user and system mode.",
              .type = CO_METRIC_COUNTER },
    [RESIDENT] = { .name = "process_resident_memory_bytes", .help = "Memory of this process that is in RAM.", .type = CO_METRIC_GAUGE },
    [VIRTUAL] = { .name = "process_virtual_memory_bytes", .help = "Address space of this process.", .type = CO_METRIC_GAUGE },
    [OPEN_FDS] = { .name = "process_open_fds", .help = "File descriptors that are open.", .type = CO_METRIC_GAUGE },
    [MAX_FDS] = { .name = "process_max_fds", .help = "File descriptors that may be open.", .type = CO_METRIC_GAUGE },
    [START] = { .name = "process_start_time_seconds", .help = "When this process began, in seconds since 1970 UTC.",
                .type = CO_METRIC_GAUGE },
};

static double seconds_of(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static void read_memory(struct co_metric_set *set)
{
    FILE *file = fopen("/proc/self/statm", "re");
    unsigned long pages[2] = { 0, 0 };
    long page_bytes = sysconf(_SC_PAGESIZE);
    if (file == NULL)
        return;
    if (fscanf(file, "%lu %lu", &pages[0], &pages[1]) == 2 && page_bytes > 0) {
        co_metric_set(co_metric(set, VIRTUAL), (double)pages[0] * (double)page_bytes);
        co_metric_set(co_metric(set, RESIDENT), (double)pages[1] * (double)page_bytes);
    }
    (void)fclose(file);
}

static void count_fds(struct co_metric_set *set)
{
    DIR *dir = opendir("/proc/self/fd");
    int count = -1; /* the directory's own */
    if (dir == NULL)
        return;
    for (const struct dirent *e; (e = readdir(dir)) != NULL;)
        count += e->d_name[0] != '.';
    (void)closedir(dir);
    co_metric_set(co_metric(set, OPEN_FDS), count);
}

static void refresh(void *ctx)
{
    struct co_metric_set *set = ctx;
    struct rusage usage;
    struct rlimit limit;
    if (getrusage(RUSAGE_SELF, &usage) == 0)
        co_metric_raise(co_metric(set, CPU), seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime));
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0)
        co_metric_set(co_metric(set, MAX_FDS), (double)limit.rlim_cur);
    read_memory(set);
    count_fds(set);
}

enum co_err co_process_measure(struct co_metrics *metrics)
{
    struct timespec now;
    struct co_metric_set *set = co_metrics_add(metrics, table, METRICS);
    if (set == NULL)
        return CO_ENOMEM;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    co_metric_set(co_metric(set, START), (double)now.tv_sec + (double)now.tv_nsec / 1e9);
    co_metrics_before_render(metrics, refresh, set);
    return CO_OK;
}
