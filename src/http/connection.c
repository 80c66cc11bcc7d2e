#include "connection.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <udcg/base/clock.h>
#include <udcg/base/log.h>

#include "answer.h"

enum { BODY_SWALLOWED = 64 * 1024 };

static struct connection *connection_of(struct MHD_Connection *mhd)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

static struct connection *open_connection(struct worker *worker, struct MHD_Connection *mhd)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	if (!connection)
		return NULL;
	connection->worker = worker;
	connection->mhd = mhd;
	connection->fd =
		MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
	connection->since = worker->now;
	connection->next = worker->connections;
	if (connection->next)
		connection->next->previous = connection;
	worker->connections = connection;
	worker->connection_count++;
	counter_add(&worker->metrics->connections_opened, 1);
	unsigned before = atomic_fetch_add(&worker->shared->connections, 1);
	if (before >= worker->shared->max_connections && worker->audience != AUDIENCE_ADMIN) {
		connection->refused = true;
		counter_add(&worker->metrics->connections_refused, 1);
	}
	return connection;
}

static void close_connection(struct connection *connection)
{
	struct worker *worker = connection->worker;
	if (connection->linger && worker->stage == STAGE_SERVING)
		linger_begin(&worker->lingering, connection->fd, worker->now);
	*(connection->previous ? &connection->previous->next : &worker->connections) =
		connection->next;
	if (connection->next)
		connection->next->previous = connection->previous;
	worker->connection_count--;
	counter_add(&worker->metrics->connections_closed, 1);
	atomic_fetch_sub(&worker->shared->connections, 1);
	head_free(&connection->head);
	reply_clear(&connection->reply);
	free(connection);
}

void connection_on_notify(void *context, struct MHD_Connection *mhd, void **socket_context,
	enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket_context = open_connection(context, mhd);
	} else if (*socket_context) {
		close_connection(*socket_context);
		*socket_context = NULL;
	}
}

/* MHD would now take the query apart, into its pool, and wait for ever where that is too small. The
 * buffer is its own to write to; nobody here looks at what it makes of it. */
static void hide_query(const char *target)
{
	const char *query = strchr(target, '?');
	if (query)
		((char *)(uintptr_t)query)[1] = '\0';
}

void *connection_on_target(void *context, const char *target, struct MHD_Connection *mhd)
{
	(void)context;
	struct connection *connection = connection_of(mhd);
	if (!connection)
		return NULL;
	head_begin(&connection->head, target);
	hide_query(target);
	connection->head_done = false;
	connection->status = 0;
	connection->request_id[0] = '\0';
	connection_enter(connection, PROGRESS_READING);
	return connection;
}

/* The head is complete. A request that will be refused without its body, or that leaves in doubt
 * where its body ends, is answered now, and the connection with it; any other one at the next call,
 * or MHD would not keep the connection. */
static enum MHD_Result take_head(struct connection *connection, const char *method, const char *url,
	const char *version)
{
	struct head *head = &connection->head;
	if (head->target.failed)
		return MHD_NO;
	head_read(head, connection->mhd, method, url, version);
	connection->head_done = true;
	connection->started = clock_nanoseconds();

	struct request *request = &head->request;
	bool reads = head_reads(head);
	if (reads && head->body_length > BODY_SWALLOWED && !request->violation)
		request->violation = "a request that reads has no body of more than 64 KiB";
	bool at_once = request->violation || connection->refused
		|| head->body_length > BODY_SWALLOWED
		|| (head->expects_continue && head->body_length > 0 && !reads);
	connection->last = at_once || head->body_length > 0;
	connection->linger = at_once;
	return at_once ? answer_at_once(connection) : MHD_YES;
}

enum MHD_Result connection_on_request(void *context, struct MHD_Connection *mhd, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_size,
	void **request_context)
{
	(void)context;
	(void)mhd;
	(void)upload;
	struct connection *connection = *request_context;
	if (!connection)
		return MHD_NO;
	if (!connection->head_done)
		return take_head(connection, method, url, version);
	if (*upload_size > 0) {
		*upload_size = 0;
		return MHD_YES;
	}
	return answer(connection);
}

static void log_request(const struct connection *connection)
{
	bool failed = connection->status >= 500 || connection->reason;
	enum log_level level = failed ? LOG_INFO : LOG_DEBUG;
	if (!log_enabled(level))
		return;
	log_event(level, "request",
		LOG_FIELDS({.name = "request_id", .text = connection->request_id},
			{.name = "method",
				.text = metrics_method_name(connection->head.request.method)},
			{.name = "route", .text = connection->route},
			{.name = "target", .text = strbuf_bytes(&connection->head.target).data},
			{.name = "status", .number = connection->status},
			{.name = "bytes", .number = (int64_t)connection->body_bytes},
			{.name = "microseconds", .number = connection->nanoseconds / 1000},
			{.name = "cached", .number = connection->from_cache},
			{.name = "reason", .text = connection->reason ? connection->reason : ""}));
}

void connection_on_completed(void *context, struct MHD_Connection *mhd, void **request_context,
	enum MHD_RequestTerminationCode code)
{
	(void)context;
	(void)mhd;
	(void)code;
	struct connection *connection = *request_context;
	if (!connection)
		return;
	if (connection->status != 0) {
		metrics_count(connection->worker->metrics,
			&(struct metrics_request){
				.route = connection->route,
				.method = connection->head.request.method,
				.status = connection->status,
				.problem = connection->problem,
				.body_bytes = connection->body_bytes,
				.nanoseconds = connection->nanoseconds,
			});
		log_request(connection);
	}
	reply_clear(&connection->reply);
	connection->subscription = NULL;
	connection->answered = false;
	head_end(&connection->head);
	connection_enter(connection, PROGRESS_IDLE);
	*request_context = NULL;
}

struct connection *connection_of_job(struct job *job)
{
	return (struct connection *)((char *)job - offsetof(struct connection, job));
}

void connection_suspend(struct connection *connection)
{
	connection->suspended = true;
	connection->suspended_at = connection->worker->now;
	MHD_suspend_connection(connection->mhd);
}

void connection_resume(struct connection *connection)
{
	connection->suspended = false;
	/* A client that waits for a query thread is not slow. A subscriber is watched meanwhile. */
	if (connection->watched && !connection->subscription)
		connection->watched += connection->worker->now - connection->suspended_at;
	MHD_resume_connection(connection->mhd);
}

void connection_enter(struct connection *connection, enum progress progress)
{
	connection->progress = progress;
	connection->since = connection->worker->now;
	connection->watched = 0;
	connection->dripping = false;
}

void connection_break_off(struct connection *connection, const char *reason)
{
	const struct sockaddr nobody = {.sa_family = AF_UNSPEC};
	if (connection->head.http_1_0)
		(void)!connect(connection->fd, &nobody, sizeof(nobody));
	connection->reason = reason;
}

void connection_cut(struct connection *connection)
{
	shutdown(connection->fd, SHUT_RDWR);
}
