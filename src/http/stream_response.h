/* Replies whose body is made, part by part, on query threads while it is sent. */
#ifndef HTTP_STREAM_RESPONSE_H
#define HTTP_STREAM_RESPONSE_H

#include <microhttpd.h>
#include <udcg/api/exchange.h>

#include "connection.h"
#include "response.h"

/* Takes the stream out of the reply. NULL when memory is short. */
struct MHD_Response *stream_response(struct reply *reply, struct connection *connection);

#endif
