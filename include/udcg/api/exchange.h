/* A request as the API sees it, and its reply: no sockets, no library of HTTP. */
#ifndef UDCG_API_EXCHANGE_H
#define UDCG_API_EXCHANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <udcg/base/headers.h>
#include <udcg/base/strbuf.h>

enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_OPTIONS,
	METHOD_OTHER, /* known to HTTP (POST, PUT, …): 405 */
	METHOD_UNKNOWN, /* 501 */
};

/* Slices are borrowed for the length of the call; data is NULL for a header that was not sent. */
struct request {
	enum method method;
	struct bytes target; /* raw, as it stood in the request line (origin form or *) */
	const char *violation; /* what the HTTP layer found wrong with it (bad-request), or NULL */
	struct bytes accept;
	struct bytes accept_encoding;
	struct bytes if_none_match;
};

/* A body that is made while it is sent. */
struct stream;
/* Appends the next part to `part`; false ends it, and *ret_reason says for the log why it ended early:
 * static; NULL where it did not. May block on the database: never call it on a thread that serves
 * other connections. */
bool stream_next(struct stream *stream, struct strbuf *part, const char **ret_reason);
void stream_free(struct stream *stream);

struct reply {
	unsigned status;
	struct headers headers; /* all that the API knows of, Content-Type included */
	struct strbuf body; /* unless `stream` */
	struct stream *stream;
	const char *route; /* the path template for metrics and log ("/v1/aid/{id}"); static */
	const struct problem_kind *problem; /* what went wrong; NULL: nothing */
	const char *reason; /* why, for the log alone; static; NULL: there is no more to say */
	bool cacheable; /* the same request gives the same bytes until the next dataset */
	bool close; /* the connection is not to be used again */
	bool live; /* the body is what service_tell says from now on */
};

/* If-None-Match (RFC 9110, 13.1.2), by weak comparison; "" matches nothing. */
bool etag_matches(const char *etag, struct bytes if_none_match);

void reply_clear(struct reply *reply); /* frees what it owns */

#endif
