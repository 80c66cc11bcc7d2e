#include "metrics.h"

/* Upper bounds of the buckets, in nanoseconds; the last has none. */
static const int64_t bucket_bounds[METRICS_BUCKETS - 1] = {
	25000,
	50000,
	100000,
	250000,
	500000,
	1000000,
	2500000,
	5000000,
	10000000,
	25000000,
	50000000,
	100000000,
	250000000,
	500000000,
	1000000000,
};

int64_t metrics_bucket_bound(size_t bucket)
{
	return bucket_bounds[bucket];
}

const char *metrics_method_name(enum method method)
{
	static const char *const names[] = {
		[METHOD_GET] = "GET",
		[METHOD_HEAD] = "HEAD",
		[METHOD_OPTIONS] = "OPTIONS",
		[METHOD_OTHER] = "other",
		[METHOD_UNKNOWN] = "unknown",
	};
	return names[method];
}

static size_t bucket_of(int64_t nanoseconds)
{
	size_t bucket = 0;
	while (bucket < METRICS_BUCKETS - 1 && nanoseconds > bucket_bounds[bucket])
		bucket++;
	return bucket;
}

/* NULL when there is no place left: there are far fewer routes, methods and statuses. */
static struct metrics_series *find_series(struct metrics *metrics,
	const struct metrics_request *request)
{
	size_t hash = (size_t)((uintptr_t)request->route >> 3) * 31 + request->status * 7
		+ (size_t)request->method;
	for (size_t probe = 0; probe < METRICS_SERIES_MAX; probe++) {
		struct metrics_series *series =
			&metrics->series[(hash + probe) % METRICS_SERIES_MAX];
		const char *route = atomic_load_explicit(&series->route, memory_order_relaxed);
		if (!route) {
			series->method = request->method;
			series->status = request->status;
			atomic_store_explicit(&series->route, request->route, memory_order_release);
			return series;
		}
		if (route == request->route && series->method == request->method
			&& series->status == request->status)
			return series;
	}
	return NULL;
}

void metrics_count(struct metrics *metrics, const struct metrics_request *request)
{
	counter_add(&metrics->durations[bucket_of(request->nanoseconds)], 1);
	counter_add(&metrics->duration_sum, (uint64_t)request->nanoseconds);
	if (request->problem)
		counter_add(&metrics->problems[request->problem - problem_kinds], 1);
	struct metrics_series *series = find_series(metrics, request);
	if (!series)
		return;
	counter_add(&series->requests, 1);
	counter_add(&series->body_bytes, request->body_bytes);
}
