#include "stream_response.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024 };

struct stream_reply {
	struct job job;
	struct connection *connection;
	struct stream *stream;
	struct strbuf part;
	size_t sent; /* bytes of the part */
	bool ended;
	const char *failure; /* why it ended early; NULL: it did not */
};

static struct stream_reply *of_job(struct job *job)
{
	return (struct stream_reply *)((char *)job - offsetof(struct stream_reply, job));
}

static void run(struct job *job, struct session *session)
{
	(void)session;
	struct stream_reply *reply = of_job(job);
	strbuf_clear(&reply->part);
	reply->sent = 0;
	reply->ended = !stream_next(reply->stream, &reply->part, &reply->failure);
	if (reply->part.failed) {
		reply->ended = true;
		reply->failure = "out of memory";
	}
}

static void done(struct job *job)
{
	connection_resume(of_job(job)->connection);
}

static ssize_t break_off(struct stream_reply *reply, const char *reason)
{
	counter_add(&reply->connection->worker->metrics->streams_failed, 1);
	connection_break_off(reply->connection, reason);
	return MHD_CONTENT_READER_END_WITH_ERROR;
}

static ssize_t read_part(void *context, uint64_t position, char *buffer, size_t size)
{
	(void)position;
	struct stream_reply *reply = context;
	struct connection *connection = reply->connection;
	size_t left = reply->failure ? 0 : reply->part.length - reply->sent;
	if (connection->worker->stage == STAGE_CUTTING)
		return break_off(reply, "the server is ending");
	if (left > 0) {
		size_t length = left < size ? left : size;
		memcpy(buffer, reply->part.data + reply->sent, length);
		reply->sent += length;
		connection->body_bytes += length;
		return (ssize_t)length;
	}
	if (reply->failure)
		return break_off(reply, reply->failure);
	if (reply->ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (!worker_send(connection->worker, &reply->job, URGENCY_UNDER_WAY))
		return break_off(reply, "too many queries");
	connection_suspend(connection);
	return 0;
}

static void free_reply(void *context)
{
	struct stream_reply *reply = context;
	stream_free(reply->stream);
	strbuf_free(&reply->part);
	free(reply);
}

struct MHD_Response *stream_response(struct reply *reply, struct connection *connection)
{
	struct stream_reply *state = calloc(1, sizeof(*state));
	if (!state)
		return NULL;
	state->job = (struct job){.run = run, .done = done};
	state->connection = connection;
	struct MHD_Response *response = MHD_create_response_from_callback(MHD_SIZE_UNKNOWN,
		BLOCK_SIZE, read_part, state, free_reply);
	if (!response) {
		free(state);
		return NULL;
	}
	state->stream = reply->stream;
	reply->stream = NULL;
	if (!response_add_headers(response, &reply->headers)) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}
