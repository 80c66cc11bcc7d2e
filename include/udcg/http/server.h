/* The HTTP side of a service: listeners, workers with a loop each, query threads. The only layer
 * that knows libmicrohttpd. */
#ifndef UDCG_HTTP_SERVER_H
#define UDCG_HTTP_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <udcg/api/service.h>
#include <udcg/base/strbuf.h>

enum { SERVER_WORKERS_MAX = 64, SERVER_QUERY_THREADS_MAX = 64 };

struct server_options {
	const char *listen; /* HOST:PORT; [ADDRESS]:PORT for IPv6; port 0 picks one */
	const char *admin_listen; /* where /livez, /readyz and /metrics are, instead; or NULL */
	unsigned workers; /* loops, a thread each */
	unsigned query_threads; /* for what a loop must not do itself */
	size_t cache_size; /* bytes of ready replies, all workers together; 0: none */
	unsigned max_connections; /* beyond it: 503; so are live streams beyond half of it */
	unsigned patience; /* milliseconds that a request may take to arrive; 0: 10,000 */
	unsigned idle; /* milliseconds that a connection is kept without a request; 0: 30,000 */
	unsigned heartbeat; /* milliseconds of silence on a live stream; 0: 15,000 */
};

enum server_status {
	SERVER_OK,
	SERVER_ADDRESS, /* not an address */
	SERVER_IN_USE, /* somebody else listens there */
	SERVER_SYSTEM, /* memory, descriptors, threads; an address of another machine */
};

struct server;

/* Opens all that serving needs, sockets included, says on the log where it listens, and starts no
 * thread yet: from here on a process may give up privileges. The options are copied; the service
 * must outlive the server. On failure `reason` says why in one line. */
enum server_status server_create(struct service *service, const struct server_options *options,
	struct strbuf *reason, struct server **ret_server) __attribute__((warn_unused_result));

/* Serves. Signals must be blocked by now, so that no thread of the server takes one. After a
 * failure, too, server_stop is to be called. */
enum server_status server_start(struct server *server, struct strbuf *reason)
	__attribute__((warn_unused_result));

/* The service has another dataset in force: idle threads let go of the old one. */
void server_dataset_changed(struct server *server);

/* Takes what waits in the listeners' queues, closes them, answers every request whose headers have
 * arrived, then ends: within five seconds, whoever is still reading. False where a query would not
 * end: its thread still runs, and neither the server nor the service may be freed. */
bool server_stop(struct server *server) __attribute__((warn_unused_result));

/* Before server_start, or after server_stop said true. */
void server_free(struct server *server);

#endif
