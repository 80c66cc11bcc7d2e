#include <udcg/http/server.h>

#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <udcg/base/log.h>
#include <unistd.h>

#include "listener.h"
#include "worker.h"

enum {
	STOP_SECONDS = 5, /* workers take less, unless something holds them up */
	PATIENCE_DEFAULT = 10000, /* milliseconds */
	IDLE_DEFAULT = 30000, /* milliseconds */
	HEARTBEAT_DEFAULT = 15000, /* milliseconds */
};

struct server {
	struct shared shared;
	struct worker **workers; /* the admin worker, if there is one, is the last */
	size_t worker_count; /* created */
	size_t running; /* of these, the first so many have their thread */
	struct metrics *metrics; /* one a worker */
};

/* A descriptor that we close twice, or the like: nothing that could be continued after. */
static _Noreturn void on_panic(void *context, const char *file, unsigned line, const char *reason)
{
	(void)context;
	log_event(LOG_ERROR, "the HTTP library gave up",
		LOG_FIELDS({.name = "reason", .text = reason ? reason : "unknown"},
			{.name = "file", .text = file}, {.name = "line", .number = line}));
	abort();
}

static enum server_status refuse(struct strbuf *reason, const char *what)
{
	strbuf_append_text(reason, what);
	return SERVER_SYSTEM;
}

static void log_listening(const struct address *address, enum audience audience, unsigned workers)
{
	char text[ADDRESS_TEXT_SIZE];
	log_event(LOG_INFO,
		audience == AUDIENCE_ADMIN ? "listening for administration" : "listening",
		LOG_FIELDS({.name = "address", .text = address_write(address, text)},
			{.name = "workers", .number = workers}));
}

static enum server_status add_worker(struct server *server, const struct worker_options *options,
	struct strbuf *reason)
{
	struct worker *worker = worker_create(options);
	if (!worker)
		return refuse(reason, "not enough memory or descriptors for a worker");
	server->workers[server->worker_count++] = worker;
	return SERVER_OK;
}

/* `count` workers on one address. */
static enum server_status add_workers(struct server *server, const char *listen, unsigned count,
	const struct worker_options *common, struct strbuf *reason)
{
	struct address address;
	enum server_status status = address_parse(listen, reason, &address);
	if (status != SERVER_OK)
		return status;
	int sockets[SERVER_WORKERS_MAX];
	status = listeners_open(&address, count, reason, sockets);
	if (status != SERVER_OK)
		return status;

	unsigned used = 0;
	while (used < count && status == SERVER_OK) {
		struct worker_options options = *common;
		options.metrics = &server->metrics[server->worker_count];
		options.listen_fd = sockets[used++];
		status = add_worker(server, &options, reason);
	}
	for (; used < count; used++)
		close(sockets[used]);
	if (status == SERVER_OK)
		log_listening(&address, common->audience, count);
	return status;
}

static enum server_status add_all_workers(struct server *server,
	const struct server_options *options, struct strbuf *reason)
{
	const struct worker_options public = {
		.shared = &server->shared,
		.audience = options->admin_listen ? AUDIENCE_PUBLIC : AUDIENCE_ALL,
		.cache_size = options->cache_size / options->workers,
	};
	enum server_status status =
		add_workers(server, options->listen, options->workers, &public, reason);
	if (status != SERVER_OK || !options->admin_listen)
		return status;
	const struct worker_options admin = {
		.shared = &server->shared,
		.audience = AUDIENCE_ADMIN,
	};
	return add_workers(server, options->admin_listen, 1, &admin, reason);
}

static enum server_status fill(struct server *server, struct service *service,
	const struct server_options *options, struct strbuf *reason)
{
	size_t workers = options->workers + 1;
	server->metrics = calloc(workers, sizeof(*server->metrics));
	server->workers = calloc(workers, sizeof(struct worker *));
	server->shared.pool = query_pool_create(service, options->query_threads);
	if (!server->metrics || !server->workers || !server->shared.pool)
		return refuse(reason, "not enough memory");
	server->shared.service = service;
	server->shared.started = time(NULL);
	server->shared.max_connections = options->max_connections;
	server->shared.max_subscribers = (options->max_connections + 1) / 2;
	server->shared.patience = options->patience > 0 ? options->patience : PATIENCE_DEFAULT;
	server->shared.idle = options->idle > 0 ? options->idle : IDLE_DEFAULT;
	server->shared.heartbeat = options->heartbeat > 0 ? options->heartbeat : HEARTBEAT_DEFAULT;
	server->shared.metrics = server->metrics;
	server->shared.metrics_count = options->workers + (options->admin_listen ? 1 : 0);
	return add_all_workers(server, options, reason);
}

enum server_status server_create(struct service *service, const struct server_options *options,
	struct strbuf *reason, struct server **ret_server)
{
	MHD_set_panic_func(on_panic, NULL);
	struct server *server = calloc(1, sizeof(*server));
	if (!server)
		return refuse(reason, "not enough memory");
	enum server_status status = fill(server, service, options, reason);
	if (status == SERVER_OK)
		*ret_server = server;
	else
		server_free(server);
	return status;
}

enum server_status server_start(struct server *server, struct strbuf *reason)
{
	if (!query_pool_start(server->shared.pool))
		return refuse(reason, "not enough resources for threads");
	while (server->running < server->worker_count) {
		if (!worker_start(server->workers[server->running]))
			return refuse(reason, "not enough resources for threads");
		server->running++;
	}
	return SERVER_OK;
}

void server_dataset_changed(struct server *server)
{
	query_pool_rest(server->shared.pool);
	for (size_t i = 0; i < server->running; i++)
		worker_wake(server->workers[i]);
}

bool server_stop(struct server *server)
{
	atomic_store(&server->shared.stopping, true);
	for (size_t i = 0; i < server->running; i++)
		worker_wake(server->workers[i]);
	bool complete = true;
	struct timespec deadline = {0};
	clock_gettime(CLOCK_REALTIME, &deadline);
	deadline.tv_sec += STOP_SECONDS;
	while (server->running > 0) {
		struct worker *worker = server->workers[--server->running];
		complete = worker_join(worker, &deadline) && complete;
	}
	return complete;
}

void server_free(struct server *server)
{
	if (!server)
		return;
	query_pool_free(server->shared.pool);
	for (size_t i = 0; i < server->worker_count; i++)
		worker_free(server->workers[i]);
	free(server->workers);
	free(server->metrics);
	free(server);
}
