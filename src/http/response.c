#include "response.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* In milliseconds (Server Timing, W3C). */
static bool add_timing(struct MHD_Response *response, int64_t nanoseconds)
{
	char text[64];
	snprintf(text, sizeof(text), "compute;dur=%" PRId64 ".%03" PRId64, nanoseconds / 1000000,
		nanoseconds / 1000 % 1000);
	return MHD_add_response_header(response, "Server-Timing", text) == MHD_YES;
}

bool response_add_extras(struct MHD_Response *response, const struct response_extras *extras)
{
	if (extras->computing > 0 && !add_timing(response, extras->computing))
		return false;
	if (extras->request_id
		&& MHD_add_response_header(response, "X-Request-Id", extras->request_id) != MHD_YES)
		return false;
	return !extras->close
		|| MHD_add_response_header(response, MHD_HTTP_HEADER_CONNECTION, "close")
		== MHD_YES;
}

bool response_add_headers(struct MHD_Response *response, const struct headers *headers)
{
	struct header header = {0};
	while (headers_next(headers, &header)) {
		if (MHD_add_response_header(response, header.name, header.value) != MHD_YES)
			return false;
	}
	return true;
}

static struct MHD_Response *finished(struct MHD_Response *response, bool complete)
{
	if (response && !complete) {
		MHD_destroy_response(response);
		return NULL;
	}
	return response;
}

struct MHD_Response *response_from_reply(struct reply *reply)
{
	size_t length = 0;
	char *body = strbuf_detach(&reply->body, &length);
	if (!body)
		return NULL;
	struct MHD_Response *response =
		MHD_create_response_from_buffer(length, body, MHD_RESPMEM_MUST_FREE);
	if (!response) {
		free(body);
		return NULL;
	}
	return finished(response, response_add_headers(response, &reply->headers));
}

/* NOLINTNEXTLINE(readability-non-const-parameter): the type is MHD's */
static ssize_t no_bytes(void *context, uint64_t position, char *buffer, size_t size)
{
	(void)context;
	(void)position;
	(void)buffer;
	(void)size;
	return MHD_CONTENT_READER_END_OF_STREAM;
}

struct MHD_Response *response_head_only(const struct reply *reply)
{
	/* 0.9.75 would say Content-Length: 0 of an empty body, and end one of unknown length with a
	 * last chunk, even where no body may follow. */
	struct MHD_Response *response =
		MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1, no_bytes, NULL, NULL);
	if (!response)
		return NULL;
	bool complete =
		MHD_set_response_options(response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END)
			== MHD_YES
		&& response_add_headers(response, &reply->headers);
	return finished(response, complete);
}

static void release_entry(void *entry)
{
	cache_entry_release(entry);
}

struct MHD_Response *response_from_entry(struct cache_entry *entry)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer_with_free_callback_cls(entry->body.length,
			entry->body.data, release_entry, cache_entry_hold(entry));
	if (!response) {
		cache_entry_release(entry);
		return NULL;
	}
	return finished(response, response_add_headers(response, &entry->headers));
}

struct MHD_Response *response_ready(struct cache_entry *entry)
{
	if (!entry->response)
		entry->response = response_from_entry(entry);
	return entry->response;
}
