/* co_process.h - what a process uses, under the names that Prometheus gives to it: process_cpu_seconds_total,
 * process_resident_memory_bytes, process_virtual_memory_bytes, process_open_fds, process_max_fds, process_start_time_seconds.
 * Read from the system each time that they are asked for. One thread. */
#pragma once

#include "co_err.h"
#include "co_metrics.h"

/* Adds the metrics of this process; what they need lives as long as the process. CO_ENOMEM. */
CO_MUST_CHECK enum co_err co_process_measure(struct co_metrics *metrics);
