/* From a request's head to a queued reply: the cache, the session, the query threads. */
#ifndef HTTP_ANSWER_H
#define HTTP_ANSWER_H

#include <microhttpd.h>

#include "connection.h"

/* Queues the reply, or suspends the connection until a query thread has it; MHD_NO where nothing can
 * be said any more. */
enum MHD_Result answer(struct connection *connection);
/* For a request that will be refused: without cache and query thread. */
enum MHD_Result answer_at_once(struct connection *connection);

#endif
