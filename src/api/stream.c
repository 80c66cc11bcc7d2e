#include "task.h"

#include <stdlib.h>
#include <udcg/api/parts.h>
#include <udcg/base/gzip.h>

struct stream {
	struct session *session;
	struct request request;
	struct strbuf target; /* what the request's slices point into */
	struct task task;
	const struct part_writer *writer;
	void *state; /* the writer's; NULL until it is open */
	bool ended;
	struct gzip *gzip; /* NULL: as it is */
	struct strbuf plain; /* a part before compression */
};

/* The database goes from hand to hand, not opened anew: another dataset may be in force by now. */
static void hand_over(struct session *from, struct session *to)
{
	to->dataset = from->dataset;
	to->database = from->database;
	from->dataset = NULL;
	from->database = NULL;
}

/* The same request once more, with all that it needs the stream's own. */
static bool prepare(struct stream *stream, const struct task *task)
{
	struct reply reply = {0};
	strbuf_append_bytes(&stream->target, task->request->target);
	if (stream->target.failed)
		return false;
	stream->request = (struct request){
		.method = METHOD_GET,
		.target = strbuf_bytes(&stream->target),
		.accept = *task->match.suffix ? (struct bytes){0}
					      : bytes_of(task->representation.content_type),
	};
	stream->task = (struct task){
		.session = stream->session,
		.request = &stream->request,
		.reply = &reply,
	};
	task_start(&stream->task);
	bool good = task_find_route(&stream->task) && task_prepare(&stream->task)
		&& stream->writer->open(&stream->task.exchange, &stream->state);
	stream->task.reply = NULL;
	return good;
}

/* Where nothing says more, what a part needs and does not get is memory. */
static enum store_status failure_of(const struct stream *stream)
{
	enum store_status failure = stream->task.exchange.failure;
	return failure == STORE_OK ? STORE_NO_MEMORY : failure;
}

/* For what is done next. */
static void renew_budget(struct stream *stream)
{
	database_set_budget(stream->session->database,
		(struct budget){.time = stream->session->service->query_budget});
}

bool stream_open(struct task *task)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	if (!stream)
		return exchange_no_memory(&task->exchange);
	stream->writer = task->exchange.parts;
	if (task->representation.coding != CODING_IDENTITY)
		stream->gzip = gzip_create(GZIP_FAST);
	stream->session = session_create(task->session->service);
	if (!stream->session || (task->representation.coding != CODING_IDENTITY && !stream->gzip)) {
		stream_free(stream);
		return exchange_no_memory(&task->exchange);
	}
	stream->session->stays = true;
	hand_over(task->session, stream->session);
	renew_budget(stream);
	if (prepare(stream, task)) {
		/* The first part may be asked for much later, and any other never. */
		database_release_memory(stream->session->database);
		task->reply->stream = stream;
		return true;
	}
	enum store_status failure = failure_of(stream);
	hand_over(stream->session, task->session);
	stream_free(stream);
	return exchange_check(&task->exchange, failure);
}

bool stream_next(struct stream *stream, struct strbuf *part, const char **ret_reason)
{
	*ret_reason = NULL;
	if (stream->ended)
		return false;
	if (dataset_is_stale(stream->session->dataset)) {
		stream->ended = true;
		*ret_reason = "its dataset was replaced ten minutes ago";
		return false;
	}
	bool more = false;
	struct strbuf *plain = stream->gzip ? &stream->plain : part;
	strbuf_clear(&stream->plain);
	renew_budget(stream);
	bool good = stream->writer->next(stream->state, plain, &more) && !plain->failed;
	if (good && stream->gzip)
		good = gzip_append(stream->gzip, strbuf_bytes(plain), !more, part);
	database_release_memory(stream->session->database);
	stream->ended = !good || !more;
	if (!good)
		*ret_reason = store_status_text(failure_of(stream));
	return good;
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	if (stream->state)
		stream->writer->close(stream->state);
	gzip_free(stream->gzip);
	strbuf_free(&stream->plain);
	strbuf_free(&stream->target);
	session_free(stream->session);
	free(stream);
}
