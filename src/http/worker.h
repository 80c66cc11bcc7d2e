/* A thread with a loop, a listener, a database session and a share of the cache of its own. */
#ifndef HTTP_WORKER_H
#define HTTP_WORKER_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <udcg/api/service.h>

#include "cache.h"
#include "linger.h"
#include "metrics.h"
#include "query_pool.h"

struct connection;

enum audience {
	AUDIENCE_ALL,
	AUDIENCE_PUBLIC, /* all but /livez, /readyz and /metrics */
	AUDIENCE_ADMIN, /* those three alone */
};

/* What the workers of a server have in common. */
struct shared {
	struct service *service;
	struct query_pool *pool;
	_Atomic unsigned connections;
	unsigned max_connections;
	_Atomic unsigned subscribers;
	unsigned max_subscribers;
	time_t started; /* the server was created */
	int64_t patience; /* milliseconds: for a request, or the next part of a reply to be read */
	int64_t idle, heartbeat; /* milliseconds */
	_Atomic bool stopping;
	struct metrics *metrics; /* one a worker */
	size_t metrics_count;
};

enum stage {
	STAGE_SERVING,
	STAGE_LEAVING, /* no new connections; each reply is its connection's last */
	STAGE_CUTTING, /* what is still open is closed */
};

struct worker {
	struct shared *shared;
	enum audience audience;
	struct MHD_Daemon *daemon;
	int listen_fd;
	struct session *session;
	struct cache *cache;
	uint64_t generation; /* of the dataset that the cache's replies come from */
	struct metrics *metrics; /* one of shared->metrics */
	struct strbuf key; /* of the reply that is looked for */
	uint64_t random; /* state of the request ids */
	struct connection *connections; /* all of them, in no order */
	unsigned connection_count, jobs; /* `jobs`: under way on query threads */
	struct linger_list lingering;
	struct mailbox mailbox;
	int epoll_fd, wake_fd;
	int64_t now; /* milliseconds, CLOCK_MONOTONIC: when this round of the loop began */
	int64_t next_sweep, leaving_since;
	uint64_t opened; /* connections, at the last sweep */
	bool awaited; /* by somebody on the listener, at the last sweep */
	enum stage stage;
	bool stranded; /* ended while a job would not */
	pthread_t thread;
};

struct worker_options {
	struct shared *shared;
	struct metrics *metrics;
	enum audience audience;
	int listen_fd; /* the worker's from now on; on failure it may stay open */
	size_t cache_size;
};

/* NULL when memory or descriptors are short. */
struct worker *worker_create(const struct worker_options *options);
bool worker_start(struct worker *worker) __attribute__((warn_unused_result));
/* From any thread: look at what changed (the dataset, shared->stopping). */
void worker_wake(struct worker *worker);
/* Waits for the thread of a worker that was told to stop, until `deadline` of CLOCK_REALTIME; false
 * where it is still held up by then. */
bool worker_join(struct worker *worker, const struct timespec *deadline)
	__attribute__((warn_unused_result));
void worker_free(struct worker *worker);

/* Empties the cache, lets go of the old dataset and tells subscribers once another one is in force. */
void worker_follow_dataset(struct worker *worker);

/* Hands a job to the query threads; false where there is no room. */
bool worker_send(struct worker *worker, struct job *job, enum urgency urgency)
	__attribute__((warn_unused_result));

#endif
