/* Clients of a live stream: replies that go on until either side leaves. Between two events their
 * connection is suspended and costs memory alone, no thread and no time. */
#ifndef HTTP_SUBSCRIPTION_H
#define HTTP_SUBSCRIPTION_H

#include "connection.h"

struct subscription;

/* False where there are too many. Whoever is let in is to be given the response. */
bool subscription_admit(struct shared *shared) __attribute__((warn_unused_result));

/* NULL when memory is short. */
struct MHD_Response *subscription_response(const struct reply *reply,
	struct connection *connection);

/* There may be something to tell to all of a worker's subscribers; or it is leaving. */
void subscriptions_wake(struct worker *worker);
/* A sign of life where there was none for long. */
void subscription_tick(struct subscription *subscription, int64_t now);
/* The client is gone, or shall be. */
void subscription_end(struct subscription *subscription);

#endif
