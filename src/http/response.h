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

/* The text of a header, or "". */
const char *response_header(const struct reply *reply, const char *name);
size_t response_head_size(const struct reply *reply);

/* The next three give NULL when memory is short. The first takes the body out of the reply and says
 * in *ret_body where it is now. */
struct MHD_Response *response_from_reply(struct reply *reply, struct body *ret_body);
/* The head alone, without Content-Length, for a 304 or HEAD whose body is nowhere: it closes the
 * connection, because MHD lets go of the length for no less. */
struct MHD_Response *response_head_only(const struct reply *reply);
/* The bytes of a ready reply under a head of their own, that something may be added to. */
struct MHD_Response *response_from_entry(struct cache_entry *entry);

/* False where there is no memory for them. */
bool response_add_headers(struct MHD_Response *response, const struct reply *reply)
	__attribute__((warn_unused_result));
bool response_add_extras(struct MHD_Response *response, const struct response_extras *extras)
	__attribute__((warn_unused_result));

/* If-None-Match (RFC 9110, 13.1.2), by weak comparison. */
bool etag_matches(const char *etag, struct bytes if_none_match);

#endif
