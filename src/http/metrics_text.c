#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <udcg/base/build_id.h>
#include <udcg/base/log.h>
#include <udcg/timeline/timeline.h>

#include "metrics.h"
#include "worker.h"

enum { NANOSECONDS = 1000000000 };

static void describe(struct strbuf *text, const char *name, const char *type, const char *help)
{
	strbuf_append_format(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void write_number(struct strbuf *text, const char *name, uint64_t value)
{
	strbuf_append_format(text, "%s %ju\n", name, (uintmax_t)value);
}

static void write_nanoseconds(struct strbuf *text, uint64_t value)
{
	strbuf_append_format(text, "%ju.%09ju\n", (uintmax_t)(value / NANOSECONDS),
		(uintmax_t)(value % NANOSECONDS));
}

/* The sum of one counter over all workers; `offset` is its place in struct metrics. */
static uint64_t total(const struct shared *shared, size_t offset)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < shared->metrics_count; i++)
		sum += counter_read(
			(const struct counter *)(const void *)((const char *)&shared->metrics[i]
				+ offset));
	return sum;
}

/* Counters, and gauges that add up, of the workers. */
static const struct {
	const char *name, *type, *help;
	size_t offset;
} totals[] = {
	{
		.name = "udcg_http_connections_opened_total",
		.type = "counter",
		.help = "Connections accepted.",
		.offset = offsetof(struct metrics, connections_opened),
	},
	{
		.name = "udcg_http_connections_refused_total",
		.type = "counter",
		.help = "Connections over the limit, answered 503.",
		.offset = offsetof(struct metrics, connections_refused),
	},
	{
		.name = "udcg_http_read_timeouts_total",
		.type = "counter",
		.help = "Connections closed because a request took too long to arrive.",
		.offset = offsetof(struct metrics, read_timeouts),
	},
	{
		.name = "udcg_http_send_timeouts_total",
		.type = "counter",
		.help = "Connections closed because the client read too slowly.",
		.offset = offsetof(struct metrics, send_timeouts),
	},
	{
		.name = "udcg_http_streams_failed_total",
		.type = "counter",
		.help = "Streamed replies that ended early.",
		.offset = offsetof(struct metrics, streams_failed),
	},
	{
		.name = "udcg_cache_hits_total",
		.type = "counter",
		.help = "Requests answered from the reply cache.",
		.offset = offsetof(struct metrics, cache_hits),
	},
	{
		.name = "udcg_cache_misses_total",
		.type = "counter",
		.help = "Requests that could have been, and were computed.",
		.offset = offsetof(struct metrics, cache_misses),
	},
	{
		.name = "udcg_cache_evictions_total",
		.type = "counter",
		.help = "Replies that made room for others.",
		.offset = offsetof(struct metrics, cache_evictions),
	},
	{
		.name = "udcg_cache_bytes",
		.type = "gauge",
		.help = "Bytes in the reply cache.",
		.offset = offsetof(struct metrics, cache_bytes),
	},
	{
		.name = "udcg_cache_entries",
		.type = "gauge",
		.help = "Replies in the reply cache.",
		.offset = offsetof(struct metrics, cache_entries),
	},
};

static void write_counters(struct strbuf *text, const struct shared *shared)
{
	for (size_t i = 0; i < sizeof(totals) / sizeof(totals[0]); i++) {
		describe(text, totals[i].name, totals[i].type, totals[i].help);
		write_number(text, totals[i].name, total(shared, totals[i].offset));
	}
	describe(text, "udcg_http_connections", "gauge", "Connections that are open.");
	write_number(text, "udcg_http_connections",
		atomic_load_explicit(&shared->connections, memory_order_relaxed));
	describe(text, "udcg_http_subscribers", "gauge", "Clients of /v1/changes.");
	write_number(text, "udcg_http_subscribers",
		atomic_load_explicit(&shared->subscribers, memory_order_relaxed));
}

struct sample {
	const char *route;
	enum method method;
	unsigned status;
	uint64_t requests, body_bytes;
};

static int compare_samples(const void *left, const void *right)
{
	const struct sample *a = left, *b = right;
	int order = strcmp(a->route, b->route);
	if (order == 0)
		order = (a->method > b->method) - (a->method < b->method);
	return order != 0 ? order : (a->status > b->status) - (a->status < b->status);
}

/* Sorted, equal labels added up. NULL when memory is short. */
static struct sample *collect(const struct shared *shared, size_t *ret_count)
{
	size_t room = shared->metrics_count * METRICS_SERIES_MAX, count = 0;
	struct sample *samples = calloc(room, sizeof(*samples));
	if (!samples)
		return NULL;
	for (size_t i = 0; i < room; i++) {
		const struct metrics_series *series =
			&shared->metrics[i / METRICS_SERIES_MAX].series[i % METRICS_SERIES_MAX];
		const char *route = atomic_load_explicit(&series->route, memory_order_acquire);
		if (!route)
			continue;
		samples[count++] = (struct sample){
			.route = route,
			.method = series->method,
			.status = series->status,
			.requests = counter_read(&series->requests),
			.body_bytes = counter_read(&series->body_bytes),
		};
	}
	qsort(samples, count, sizeof(*samples), compare_samples);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && compare_samples(&samples[kept - 1], &samples[i]) == 0) {
			samples[kept - 1].requests += samples[i].requests;
			samples[kept - 1].body_bytes += samples[i].body_bytes;
		} else {
			samples[kept++] = samples[i];
		}
	}
	*ret_count = kept;
	return samples;
}

static void write_sample(struct strbuf *text, const char *name, const struct sample *sample,
	uint64_t value)
{
	strbuf_append_format(text, "%s{route=\"%s\",method=\"%s\",status=\"%u\"} %ju\n", name,
		sample->route, metrics_method_name(sample->method), sample->status,
		(uintmax_t)value);
}

static void write_requests(struct strbuf *text, const struct shared *shared)
{
	size_t count = 0;
	struct sample *samples = collect(shared, &count);
	if (!samples) {
		text->failed = true;
		return;
	}
	describe(text, "udcg_http_requests_total", "counter", "Requests answered.");
	for (size_t i = 0; i < count; i++)
		write_sample(text, "udcg_http_requests_total", &samples[i], samples[i].requests);
	describe(text, "udcg_http_reply_body_bytes_total", "counter", "Bytes of reply bodies.");
	for (size_t i = 0; i < count; i++)
		write_sample(text, "udcg_http_reply_body_bytes_total", &samples[i],
			samples[i].body_bytes);
	free(samples);
}

static void write_problems(struct strbuf *text, const struct shared *shared)
{
	static const char name[] = "udcg_http_problems_total";
	describe(text, name, "counter",
		"Replies that were problems, by the last part of their type.");
	for (size_t type = 0; type < PROBLEM_TYPES; type++)
		strbuf_append_format(text, "%s{type=\"%s\"} %ju\n", name, problem_kinds[type].slug,
			(uintmax_t)total(shared,
				offsetof(struct metrics, problems)
					+ type * sizeof(struct counter)));
}

static void write_durations(struct strbuf *text, const struct shared *shared)
{
	static const char name[] = "udcg_http_request_duration_seconds";
	describe(text, name, "histogram",
		"Time from the end of a request's head to the first byte of its reply.");
	uint64_t count = 0;
	for (size_t bucket = 0; bucket < METRICS_BUCKETS; bucket++) {
		count += total(shared,
			offsetof(struct metrics, durations) + bucket * sizeof(struct counter));
		if (bucket < METRICS_BUCKETS - 1)
			strbuf_append_format(text, "%s_bucket{le=\"%g\"} %ju\n", name,
				(double)metrics_bucket_bound(bucket) / NANOSECONDS,
				(uintmax_t)count);
	}
	strbuf_append_format(text, "%s_bucket{le=\"+Inf\"} %ju\n%s_sum ", name, (uintmax_t)count,
		name);
	write_nanoseconds(text, total(shared, offsetof(struct metrics, duration_sum)));
	strbuf_append_format(text, "%s_count %ju\n", name, (uintmax_t)count);
}

static void write_queries(struct strbuf *text, const struct shared *shared)
{
	struct query_pool_facts facts;
	query_pool_facts(shared->pool, &facts);
	describe(text, "udcg_query_threads", "gauge", "Query threads.");
	write_number(text, "udcg_query_threads", facts.threads);
	describe(text, "udcg_query_threads_busy", "gauge", "Query threads at work.");
	write_number(text, "udcg_query_threads_busy", facts.busy);
	describe(text, "udcg_query_queue_length", "gauge", "Queries that wait for a thread.");
	write_number(text, "udcg_query_queue_length", facts.waiting);
	describe(text, "udcg_queries_total", "counter",
		"Queries, and parts of streamed replies, done by query threads.");
	write_number(text, "udcg_queries_total", facts.finished);
	describe(text, "udcg_queries_refused_total", "counter",
		"Queries that found too many others waiting, answered 503.");
	write_number(text, "udcg_queries_refused_total", facts.refused);
}

/* Midnight UTC of "YYYY-MM-DD", in seconds since 1970. */
static int64_t seconds_of_day(const char *date)
{
	struct tm day = {0};
	return strptime(date, "%Y-%m-%d", &day) ? (int64_t)timegm(&day) : 0;
}

static void write_dataset(struct strbuf *text, const struct shared *shared)
{
	struct dataset_facts facts = {0};
	service_facts(shared->service, &facts);
	describe(text, "udcg_dataset_ready", "gauge", "1 when a dataset is being served.");
	write_number(text, "udcg_dataset_ready", facts.ready);
	describe(text, "udcg_dataset_loads_total", "counter", "Loads that came to a good end.");
	write_number(text, "udcg_dataset_loads_total", facts.loads);
	describe(text, "udcg_dataset_failed_loads_total", "counter", "Loads that failed.");
	write_number(text, "udcg_dataset_failed_loads_total", facts.failed_loads);
	describe(text, "udcg_dataset_last_load_failed", "gauge",
		"1 when the last load failed: what is served is older than the timeline.");
	write_number(text, "udcg_dataset_last_load_failed", facts.last_load_failed);
	if (!facts.ready)
		return;
	describe(text, "udcg_dataset_info", "gauge", "The dataset that is being served.");
	strbuf_append_format(text, "udcg_dataset_info{version=\"%s\",released=\"%s\"} 1\n",
		facts.version, facts.released);
	describe(text, "udcg_dataset_released_seconds", "gauge",
		"Midnight UTC of the day it was released, in seconds since 1970.");
	strbuf_append_format(text, "udcg_dataset_released_seconds %jd\n",
		(intmax_t)seconds_of_day(facts.released));
	describe(text, "udcg_dataset_records", "gauge", "Records by kind.");
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++)
		strbuf_append_format(text, "udcg_dataset_records{kind=\"%s\"} %zu\n",
			record_kind_name(kind), facts.counts[kind]);
}

static void write_process(struct strbuf *text, const struct shared *shared)
{
	describe(text, "udcg_build_info", "gauge", "The program.");
	strbuf_append_format(text, "udcg_build_info{version=\"%s\",build=\"%s\"} 1\n",
		build_version, build_id);
	describe(text, "process_start_time_seconds", "gauge",
		"When it was started, in seconds since 1970.");
	write_number(text, "process_start_time_seconds", (uint64_t)shared->started);
	struct rusage usage = {0};
	getrusage(RUSAGE_SELF, &usage);
	describe(text, "process_cpu_seconds_total", "counter", "User and system CPU time.");
	strbuf_append_text(text, "process_cpu_seconds_total ");
	write_nanoseconds(text,
		((uint64_t)usage.ru_utime.tv_sec + (uint64_t)usage.ru_stime.tv_sec) * NANOSECONDS
			+ ((uint64_t)usage.ru_utime.tv_usec + (uint64_t)usage.ru_stime.tv_usec)
				* 1000);
	describe(text, "udcg_max_resident_memory_bytes", "gauge",
		"The most memory that was resident at a time.");
	write_number(text, "udcg_max_resident_memory_bytes", (uint64_t)usage.ru_maxrss * 1024);
	describe(text, "udcg_log_lines_lost_total", "counter",
		"Log lines that standard error had no room for.");
	write_number(text, "udcg_log_lines_lost_total", log_lost());
}

void metrics_write(struct strbuf *text, const struct shared *shared)
{
	write_process(text, shared);
	write_dataset(text, shared);
	write_requests(text, shared);
	write_problems(text, shared);
	write_durations(text, shared);
	write_counters(text, shared);
	write_queries(text, shared);
}
