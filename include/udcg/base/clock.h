/* Time that only goes forward, for durations and deadlines: CLOCK_MONOTONIC. */
#ifndef UDCG_BASE_CLOCK_H
#define UDCG_BASE_CLOCK_H

#include <stdint.h>
#include <time.h>

static inline int64_t clock_nanoseconds(void)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static inline int64_t clock_milliseconds(void)
{
	return clock_nanoseconds() / 1000000;
}

#endif
