/* What a worker counts. Each worker writes its own, without locks; any thread may read them all. */
#ifndef HTTP_METRICS_H
#define HTTP_METRICS_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/api/problem.h>
#include <udcg/api/service.h>

struct counter {
	_Atomic uint64_t value;
};

/* By the one thread that owns it: no locked instruction. */
static inline void counter_add(struct counter *counter, uint64_t amount)
{
	atomic_store_explicit(&counter->value,
		atomic_load_explicit(&counter->value, memory_order_relaxed) + amount,
		memory_order_relaxed);
}

static inline void counter_set(struct counter *counter, uint64_t value)
{
	atomic_store_explicit(&counter->value, value, memory_order_relaxed);
}

static inline uint64_t counter_read(const struct counter *counter)
{
	return atomic_load_explicit(&counter->value, memory_order_relaxed);
}

enum { METRICS_SERIES_MAX = 1024, METRICS_BUCKETS = 16 };

/* Requests that agree in all labels. */
struct metrics_series {
	_Atomic(const char *) route; /* NULL: the place is free; written last */
	enum method method;
	unsigned status;
	struct counter requests;
	struct counter body_bytes;
};

struct metrics {
	struct metrics_series series[METRICS_SERIES_MAX]; /* open addressing */
	struct counter problems[PROBLEM_TYPES];
	struct counter durations[METRICS_BUCKETS]; /* each alone, not cumulative */
	struct counter duration_sum; /* nanoseconds */
	struct counter connections_opened, connections_closed, connections_refused;
	struct counter read_timeouts, send_timeouts;
	struct counter cache_hits, cache_misses, cache_evictions, cache_bytes, cache_entries;
	struct counter streams_failed;
};

struct metrics_request {
	const char *route; /* static */
	enum method method;
	unsigned status;
	const struct problem_kind *problem; /* one of problem_kinds, or NULL */
	uint64_t body_bytes;
	int64_t nanoseconds; /* from the whole head to the reply's first byte */
};
/* Upper bound in nanoseconds; the last bucket has none. */
int64_t metrics_bucket_bound(size_t bucket);
/* "GET", …; "other" and "unknown" for what is none of ours. */
const char *metrics_method_name(enum method method);
void metrics_count(struct metrics *metrics, const struct metrics_request *request);

struct shared;
/* Of all workers together, in Prometheus' text format, version 0.0.4. */
void metrics_write(struct strbuf *text, const struct shared *shared);

#endif
