/* One client's connection: the life of its requests, and what is known of its socket. */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>
#include <udcg/api/exchange.h>

#include "head.h"
#include "query_pool.h"
#include "worker.h"

enum progress {
	PROGRESS_IDLE, /* no request line yet */
	PROGRESS_READING, /* from the request line to the end of the body */
	PROGRESS_COMPUTING, /* suspended: a query thread is at it */
	PROGRESS_REPLYING,
};

struct connection {
	struct worker *worker;
	struct MHD_Connection *mhd;
	struct connection *previous, *next;
	int fd;
	struct subscription *subscription; /* NULL: its reply has an end */
	bool refused; /* over the limit: is told so and let go */
	bool suspended;
	int64_t suspended_at; /* in the worker's milliseconds */

	/* What deadlines.c watches. */
	enum progress progress;
	int64_t since; /* of this progress, in the worker's milliseconds */
	int64_t watched; /* when `moved` was noted, waits of ours added; 0: not yet */
	uint64_t moved; /* bytes the kernel has received, or has had acknowledged */
	bool dripping; /* bytes of a request line came in, but not all of them */

	/* The request at hand. */
	struct head head;
	bool head_done;
	bool last; /* nothing else will be answered on this connection */
	bool linger;
	struct job job;
	bool answered; /* `reply` has come from a query thread */
	uint64_t generation; /* of the dataset in force when the computing began */
	struct reply reply;
	int64_t started; /* nanoseconds, CLOCK_MONOTONIC */

	/* What was answered, for the metrics and the log. */
	char request_id[REQUEST_ID_MAX + 1];
	const char *route;
	unsigned status; /* 0: nothing */
	const struct problem_kind *problem; /* NULL: none */
	const char *reason; /* of the problem, or of a body that ended early; NULL: none */
	uint64_t body_bytes;
	int64_t nanoseconds;
	bool from_cache;
};

/* For MHD_start_daemon, with the worker as context. */
void connection_on_notify(void *context, struct MHD_Connection *mhd, void **socket_context,
	enum MHD_ConnectionNotificationCode code);
void *connection_on_target(void *context, const char *target, struct MHD_Connection *mhd);
enum MHD_Result connection_on_request(void *context, struct MHD_Connection *mhd, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_size,
	void **request_context);
void connection_on_completed(void *context, struct MHD_Connection *mhd, void **request_context,
	enum MHD_RequestTerminationCode code);

struct connection *connection_of_job(struct job *job);
void connection_suspend(struct connection *connection);
void connection_resume(struct connection *connection);
void connection_enter(struct connection *connection, enum progress progress);
/* The rest of the reply stays away, and the client must see that something is missing. With chunks the
 * last one does; without them only a reset tells this end from the real one. */
void connection_break_off(struct connection *connection, const char *reason);
/* Makes the loop close it; MHD notices in its next round. */
void connection_cut(struct connection *connection);

#endif
