#include "subscription.h"

#include <stdlib.h>
#include <string.h>

#include "response.h"

enum { BLOCK_SIZE = 512 }; /* of a client of HTTP/1.0; others are sent from MHD's pool */

struct subscription {
	struct shared *shared;
	struct connection *connection;
	char version[DIGEST_HEX_SIZE]; /* of the dataset that the client knows of */
	struct strbuf text; /* what is being said */
	size_t sent; /* bytes of it */
	int64_t told; /* when that was, in the worker's milliseconds */
	bool due; /* there may be more to say */
	bool over;
};

bool subscription_admit(struct shared *shared)
{
	if (atomic_fetch_add(&shared->subscribers, 1) < shared->max_subscribers)
		return true;
	atomic_fetch_sub(&shared->subscribers, 1);
	return false;
}

/* An event, else a comment, by which the client knows that we are there, and we that it is. */
static void write_text(struct subscription *subscription)
{
	strbuf_clear(&subscription->text);
	service_tell(subscription->shared->service, subscription->version, &subscription->text);
	if (subscription->text.length == 0)
		strbuf_append_text(&subscription->text, ":\n\n");
	subscription->due = false;
	subscription->sent = 0;
	subscription->told = subscription->connection->worker->now;
}

static ssize_t read_text(void *context, uint64_t position, char *buffer, size_t size)
{
	(void)position;
	struct subscription *subscription = context;
	struct connection *connection = subscription->connection;
	if (subscription->over)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	if (connection->worker->stage != STAGE_SERVING)
		return MHD_CONTENT_READER_END_OF_STREAM;
	size_t left = subscription->text.length - subscription->sent;
	if (left == 0 && !subscription->due) {
		connection_suspend(connection);
		return 0;
	}
	if (left == 0) {
		write_text(subscription);
		left = subscription->text.length;
	}
	if (subscription->text.failed)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	size_t length = left < size ? left : size;
	memcpy(buffer, subscription->text.data + subscription->sent, length);
	subscription->sent += length;
	connection->body_bytes += length;
	return (ssize_t)length;
}

static void free_subscription(void *context)
{
	struct subscription *subscription = context;
	atomic_fetch_sub(&subscription->shared->subscribers, 1);
	strbuf_free(&subscription->text);
	free(subscription);
}

struct MHD_Response *subscription_response(const struct reply *reply, struct connection *connection)
{
	struct shared *shared = connection->worker->shared;
	struct subscription *subscription = calloc(1, sizeof(*subscription));
	struct MHD_Response *response = subscription
		? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_SIZE, read_text,
			subscription, free_subscription)
		: NULL;
	if (!response) {
		free(subscription);
		atomic_fetch_sub(&shared->subscribers, 1);
		return NULL;
	}
	subscription->shared = shared;
	subscription->connection = connection;
	subscription->due = true;
	memcpy(subscription->version, connection->head.last_event_id,
		sizeof(subscription->version));
	if (!response_add_headers(response, &reply->headers)) {
		MHD_destroy_response(response);
		return NULL;
	}
	connection->subscription = subscription;
	return response;
}

static void wake(struct subscription *subscription)
{
	subscription->due = true;
	if (subscription->connection->suspended)
		connection_resume(subscription->connection);
}

void subscriptions_wake(struct worker *worker)
{
	for (struct connection *connection = worker->connections; connection;
		connection = connection->next)
		if (connection->subscription)
			wake(connection->subscription);
}

void subscription_tick(struct subscription *subscription, int64_t now)
{
	if (now - subscription->told >= subscription->shared->heartbeat)
		wake(subscription);
}

void subscription_end(struct subscription *subscription)
{
	subscription->over = true;
	wake(subscription);
}
