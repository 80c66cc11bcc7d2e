/* From the API's replies to MHD's responses. */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/api/exchange.h>

#include "cache.h"

/* What is added to one client's reply alone. */
struct response_extras {
	const char *request_id; /* NULL: none */
	bool close;
	int64_t computing; /* nanoseconds that went into it; 0 for a ready reply */
};

/* The next four give NULL when memory is short. The first takes the body out of the reply. */
struct MHD_Response *response_from_reply(struct reply *reply);
/* The head alone, without Content-Length, for a 304 or HEAD whose body is nowhere: it closes the
 * connection, because MHD lets go of the length for no less. */
struct MHD_Response *response_head_only(const struct reply *reply);
/* A kept reply under a head of its own, that something may be added to. */
struct MHD_Response *response_from_entry(struct cache_entry *entry);
/* A kept reply as it is, the entry's own: made when it is first asked for again. */
struct MHD_Response *response_ready(struct cache_entry *entry);

/* False where there is no memory for them. */
bool response_add_headers(struct MHD_Response *response, const struct headers *headers)
	__attribute__((warn_unused_result));
bool response_add_extras(struct MHD_Response *response, const struct response_extras *extras)
	__attribute__((warn_unused_result));

#endif
