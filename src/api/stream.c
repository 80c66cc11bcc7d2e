#include "task.h"

#include <stdlib.h>
#include <udcg/api/list.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, LEVEL = 1, MEMORY = 8 };

struct stream {
	struct session *session;
	struct request request;
	struct strbuf target; /* what the request's slices point into */
	struct task task;
	struct list_stream *list;
	bool ended;
	bool gzip;
	z_stream zip;
	struct strbuf plain; /* rows before compression */
};

/* Onto the very dataset that the reply's headers speak of. */
static struct session *session_onto(struct service *service, struct dataset *dataset)
{
	struct session *session = session_create(service);
	if (!session || session_renew(session) != STORE_OK || session->dataset != dataset) {
		session_free(session);
		return NULL;
	}
	return session;
}

static bool prepare(struct stream *stream, const struct task *task)
{
	strbuf_append_bytes(&stream->target, task->canonical);
	if (stream->target.failed)
		return false;
	stream->request = (struct request){
		.method = METHOD_GET,
		.target = strbuf_bytes(&stream->target),
		.accept = task->match.has_suffix ? (struct bytes){0}
						 : bytes_of(task->representation.content_type),
	};
	stream->task = (struct task){
		.session = stream->session,
		.request = &stream->request,
		.reply = &(struct reply){0},
	};
	task_start(&stream->task);
	return task_find_route(&stream->task) && task_prepare(&stream->task)
		&& list_stream_open(&stream->task.exchange, &stream->list);
}

struct stream *stream_open(const struct task *task)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	if (!stream)
		return NULL;
	stream->gzip = task->representation.coding != CODING_IDENTITY;
	if (stream->gzip
		&& deflateInit2(&stream->zip, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY,
			   Z_DEFAULT_STRATEGY)
			!= Z_OK) {
		free(stream);
		return NULL;
	}
	stream->session = session_onto(task->session->service, task->session->dataset);
	if (!stream->session || !prepare(stream, task)) {
		stream_free(stream);
		return NULL;
	}
	stream->task.reply = NULL;
	return stream;
}

static bool compress_part(struct stream *stream, struct strbuf *part)
{
	z_stream *zip = &stream->zip;
	zip->next_in = (unsigned char *)stream->plain.data;
	zip->avail_in = (unsigned)stream->plain.length;
	do {
		strbuf_reserve(part, 16 * 1024);
		if (part->failed)
			return false;
		zip->next_out = (unsigned char *)part->data + part->length;
		zip->avail_out = 16 * 1024;
		int result = deflate(zip, stream->ended ? Z_FINISH : Z_NO_FLUSH);
		if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
			return false;
		part->length += 16 * 1024 - zip->avail_out;
	} while (zip->avail_out == 0);
	return true;
}

bool stream_next(struct stream *stream, struct strbuf *part, bool *ret_failed)
{
	*ret_failed = false;
	if (stream->ended)
		return false;
	bool more = false;
	struct strbuf *rows = stream->gzip ? &stream->plain : part;
	strbuf_clear(&stream->plain);
	bool good = list_stream_next(stream->list, rows, &more) && !rows->failed;
	stream->ended = !good || !more;
	if (good && stream->gzip)
		good = compress_part(stream, part);
	if (!good) {
		stream->ended = true;
		*ret_failed = true;
		return false;
	}
	return true;
}

void stream_free(struct stream *stream)
{
	if (!stream)
		return;
	list_stream_free(stream->list);
	if (stream->gzip)
		deflateEnd(&stream->zip);
	strbuf_free(&stream->plain);
	strbuf_free(&stream->target);
	session_free(stream->session);
	free(stream);
}
