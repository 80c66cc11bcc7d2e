#include "faults.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/base/json.h>

static void fault_free(struct fault *fault)
{
	free(fault->pointer);
	free(fault->detail);
	*fault = (struct fault){0};
}

void faults_free(struct faults *faults)
{
	if (!faults)
		return;
	for (size_t i = 0; i < faults->count; i++)
		fault_free(&faults->items[i]);
	free(faults->system);
	*faults = (struct faults){0};
}

/* Behind all that begin no later. */
static size_t position_of(const struct fault_log *log, uint64_t offset)
{
	size_t position = log->faults->count;
	while (position > 0 && log->offsets[position - 1] > offset)
		position--;
	return position;
}

bool fault_log_keeps(const struct fault_log *log, struct place place)
{
	return position_of(log, place.offset) < FAULTS_MAX;
}

void fault_log_count(struct fault_log *log)
{
	log->faults->total++;
}

void fault_log_take(struct fault_log *log, struct place place, char *pointer, char *detail)
{
	struct faults *faults = log->faults;
	struct fault fault = {.pointer = pointer, .line = place.line, .detail = detail};
	faults->total++;
	if (!pointer || !detail) {
		log->failed = true;
		fault_free(&fault);
		return;
	}

	size_t position = position_of(log, place.offset);
	if (position == FAULTS_MAX) {
		fault_free(&fault);
		return;
	}
	if (faults->count == FAULTS_MAX)
		fault_free(&faults->items[--faults->count]);
	size_t behind = faults->count - position;
	memmove(&faults->items[position + 1], &faults->items[position],
		behind * sizeof(faults->items[0]));
	memmove(&log->offsets[position + 1], &log->offsets[position],
		behind * sizeof(log->offsets[0]));
	faults->items[position] = fault;
	log->offsets[position] = place.offset;
	faults->count++;
}

void fault_log_add(struct fault_log *log, struct place place, const char *pointer,
	const char *format, ...)
{
	char *detail = NULL;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&detail, format, arguments) < 0)
		detail = NULL;
	va_end(arguments);
	fault_log_take(log, place, strdup(pointer), detail);
}

bool fault_log_any(const struct fault_log *log)
{
	return log->faults->total > 0;
}

void fault_show(struct strbuf *buffer, struct bytes text)
{
	enum { SHOWN = 40 };
	size_t end = 0, shown = 0;
	while (end < text.length && shown < SHOWN) {
		do
			end++;
		while (end < text.length && ((unsigned char)text.data[end] & 0xc0) == 0x80);
		shown++;
	}
	json_append_string(buffer, text.data, end);
	if (end < text.length)
		strbuf_append_text(buffer, "…");
}

static enum timeline_status keep_message(struct faults *faults, char *message)
{
	free(faults->system);
	faults->system = message;
	return message ? TIMELINE_IO : TIMELINE_NO_MEMORY;
}

enum timeline_status faults_errno(struct faults *faults, const char *what)
{
	int error = errno;
	char *message = NULL;
	if (error == ENOMEM)
		return TIMELINE_NO_MEMORY;
	if (asprintf(&message, "%s: %s", what, strerrordesc_np(error)) < 0)
		message = NULL;
	return keep_message(faults, message);
}

enum timeline_status faults_store(struct faults *faults, const struct database *database,
	enum store_status status)
{
	char *message = NULL;
	if (status == STORE_OK)
		return TIMELINE_OK;
	if (status == STORE_NO_MEMORY)
		return TIMELINE_NO_MEMORY;
	faults->full = status == STORE_FULL;
	const char *said = database ? database_message(database) : "";
	if (asprintf(&message, "%s: %s", store_status_text(status), said) < 0)
		message = NULL;
	return keep_message(faults, message);
}
