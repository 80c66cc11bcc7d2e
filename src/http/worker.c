#include "worker.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "connection.h"
#include "deadlines.h"
#include "listener.h"
#include "subscription.h"

enum {
	/* Per connection: request head, reply head and the buffer of a stream. MHD clears it at each
	 * request, so that more costs time; less would not hold the longest target we answer. */
	POOL_SIZE = 16 * 1024,
	/* Connections that MHD takes beyond our limit, to be told 503 rather than to hang. */
	REFUSED_MAX = 64,
	EVENTS_MAX = 16,
	LEAVING_TICK = 20, /* milliseconds */
	/* Since the listener was closed: what is idle is closed, the rest is cut, and a query that
	 * did not end is left behind. */
	QUIET_MILLISECONDS = 250,
	CUT_MILLISECONDS = 4000,
	STRAND_MILLISECONDS = 4700,
};

static int64_t clock_milliseconds(void)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* The daemon owns the listener until it is quiesced, and closes it if it cannot start. */
static struct MHD_Daemon *start_daemon(struct worker *worker)
{
	return MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
		connection_on_request, worker, /* */
		MHD_OPTION_LISTEN_SOCKET, worker->listen_fd, /* */
		MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1, /* */
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_SIZE, /* */
		MHD_OPTION_CONNECTION_LIMIT, worker->shared->max_connections + REFUSED_MAX, /* */
		MHD_OPTION_URI_LOG_CALLBACK, connection_on_target, worker, /* */
		MHD_OPTION_NOTIFY_COMPLETED, connection_on_completed, worker, /* */
		MHD_OPTION_NOTIFY_CONNECTION, connection_on_notify, worker, /* */
		MHD_OPTION_END);
}

static bool watch_fd(struct worker *worker, int fd, void *tag)
{
	struct epoll_event event = {.events = EPOLLIN, .data.ptr = tag};
	return epoll_ctl(worker->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* Tags of what the loop waits for; anything else is a lingering socket. */
static void *daemon_tag(struct worker *worker)
{
	return &worker->daemon;
}

static void *wake_tag(struct worker *worker)
{
	return &worker->wake_fd;
}

static bool open_parts(struct worker *worker, size_t cache_size)
{
	worker->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	worker->session = session_create(worker->shared->service);
	worker->cache = cache_create(cache_size, worker->metrics);
	if (worker->epoll_fd < 0 || worker->wake_fd < 0 || !worker->session || !worker->cache
		|| !mailbox_open(&worker->mailbox, worker->wake_fd)
		|| getrandom(&worker->random, sizeof(worker->random), 0) != sizeof(worker->random))
		return false;
	worker->lingering.epoll_fd = worker->epoll_fd;
	worker->daemon = start_daemon(worker);
	if (!worker->daemon)
		return false;
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(worker->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	return watch_fd(worker, info->epoll_fd, daemon_tag(worker))
		&& watch_fd(worker, worker->wake_fd, wake_tag(worker));
}

struct worker *worker_create(const struct worker_options *options)
{
	struct worker *worker = calloc(1, sizeof(*worker));
	if (!worker) {
		close(options->listen_fd);
		return NULL;
	}
	worker->shared = options->shared;
	worker->metrics = options->metrics;
	worker->audience = options->audience;
	worker->listen_fd = options->listen_fd;
	worker->epoll_fd = worker->wake_fd = -1;
	worker->now = clock_milliseconds();
	if (!open_parts(worker, options->cache_size)) {
		worker_free(worker);
		return NULL;
	}
	return worker;
}

void worker_follow_dataset(struct worker *worker)
{
	uint64_t generation = service_generation(worker->shared->service);
	if (generation == worker->generation)
		return;
	worker->generation = generation;
	cache_clear(worker->cache);
	session_rest(worker->session);
	subscriptions_wake(worker);
}

bool worker_send(struct worker *worker, struct job *job, enum urgency urgency)
{
	job->sender = &worker->mailbox;
	bool sent = query_pool_submit(worker->shared->pool, job, urgency);
	worker->jobs += sent;
	return sent;
}

void worker_wake(struct worker *worker)
{
	const uint64_t one = 1;
	(void)!write(worker->wake_fd, &one, sizeof(one));
}

/* Takes in whoever has passed the handshake, then closes the door. */
static void leave(struct worker *worker)
{
	listener_turn_away(worker->listen_fd);
	struct pollfd waiting = {.fd = worker->listen_fd, .events = POLLIN};
	for (int round = 0; round < SOMAXCONN && poll(&waiting, 1, 0) > 0; round++)
		MHD_run(worker->daemon);
	MHD_quiesce_daemon(worker->daemon);
	close(worker->listen_fd);
	worker->listen_fd = -1;
	worker->stage = STAGE_LEAVING;
	worker->leaving_since = worker->now;
	subscriptions_wake(worker);
}

static void close_quiet(struct worker *worker)
{
	bool all = worker->stage == STAGE_CUTTING;
	for (struct connection *connection = worker->connections; connection;
		connection = connection->next) {
		bool quiet = connection->progress == PROGRESS_IDLE
			|| (connection->progress == PROGRESS_READING && !connection->head_done);
		if (all && connection->progress == PROGRESS_REPLYING)
			connection_break_off(connection, "the server is ending");
		if (all || quiet)
			connection_cut(connection);
	}
}

static void take_mail(struct worker *worker)
{
	uint64_t count;
	(void)!read(worker->wake_fd, &count, sizeof(count));
	struct job *next;
	for (struct job *job = mailbox_take(&worker->mailbox); job; job = next) {
		next = job->next;
		worker->jobs--;
		job->done(job);
	}
	worker_follow_dataset(worker);
	if (worker->stage == STAGE_SERVING && atomic_load(&worker->shared->stopping))
		leave(worker);
}

/* Milliseconds until something may be due. With nothing to do, too, MHD has to be run now and then:
 * where a connection could not be taken for want of descriptors or memory, it looks away from the
 * listener until then. */
static int wait_time(const struct worker *worker)
{
	int wait = worker->stage == STAGE_SERVING ? SWEEP_MILLISECONDS : LEAVING_TICK;
	MHD_UNSIGNED_LONG_LONG due;
	if (MHD_get_timeout(worker->daemon, &due) == MHD_YES && due < (unsigned)wait)
		wait = (int)due;
	return wait;
}

static void wait_for_events(struct worker *worker)
{
	struct epoll_event events[EVENTS_MAX];
	int count = epoll_wait(worker->epoll_fd, events, EVENTS_MAX, wait_time(worker));
	worker->now = clock_milliseconds();
	for (int i = 0; i < count; i++) {
		void *tag = events[i].data.ptr;
		if (tag == wake_tag(worker))
			take_mail(worker);
		else if (tag != daemon_tag(worker))
			linger_read(&worker->lingering, tag);
	}
}

/* One step nearer to the end; false when it is reached. */
static bool keep_leaving(struct worker *worker)
{
	int64_t since = worker->now - worker->leaving_since;
	if (since >= CUT_MILLISECONDS)
		worker->stage = STAGE_CUTTING;
	if (since >= QUIET_MILLISECONDS)
		close_quiet(worker);
	worker->stranded = worker->jobs > 0 && since >= STRAND_MILLISECONDS;
	bool suspended = worker->jobs > 0;
	return !worker->stranded
		&& (suspended || (worker->connections && since < STRAND_MILLISECONDS));
}

static struct connection *longest_idle(const struct worker *worker)
{
	struct connection *longest = NULL;
	for (struct connection *connection = worker->connections; connection;
		connection = connection->next)
		if (connection->progress == PROGRESS_IDLE
			&& (!longest || connection->since < longest->since))
			longest = connection;
	return longest;
}

/* For want of descriptors or memory MHD takes in nobody until one of its connections ends, however long
 * they stay idle: whoever is still at the door a second later gets the place of one. */
static void make_room(struct worker *worker)
{
	struct pollfd door = {.fd = worker->listen_fd, .events = POLLIN};
	uint64_t opened = counter_read(&worker->metrics->connections_opened);
	bool awaited = poll(&door, 1, 0) > 0;
	bool stuck = awaited && worker->awaited && opened == worker->opened;
	struct connection *idle = stuck ? longest_idle(worker) : NULL;
	if (idle)
		connection_cut(idle);
	worker->awaited = awaited;
	worker->opened = opened;
}

static void *worker_main(void *context)
{
	struct worker *worker = context;
	bool running = true;
	while (running) {
		wait_for_events(worker);
		if (worker->now >= worker->next_sweep) {
			worker->next_sweep = worker->now + SWEEP_MILLISECONDS;
			deadlines_sweep(worker);
			make_room(worker);
		}
		MHD_run(worker->daemon);
		if (worker->stage != STAGE_SERVING)
			running = keep_leaving(worker);
	}
	return NULL;
}

bool worker_start(struct worker *worker)
{
	return pthread_create(&worker->thread, NULL, worker_main, worker) == 0;
}

bool worker_join(struct worker *worker, const struct timespec *deadline)
{
	return pthread_timedjoin_np(worker->thread, NULL, deadline) == 0 && !worker->stranded;
}

void worker_free(struct worker *worker)
{
	if (!worker)
		return;
	linger_end_all(&worker->lingering);
	if (worker->daemon)
		MHD_stop_daemon(worker->daemon);
	cache_free(worker->cache);
	session_free(worker->session);
	strbuf_free(&worker->key);
	mailbox_close(&worker->mailbox);
	if (worker->wake_fd >= 0)
		close(worker->wake_fd);
	if (worker->epoll_fd >= 0)
		close(worker->epoll_fd);
	free(worker);
}
