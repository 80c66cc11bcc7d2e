/* Records that were read are read again from what they are written as; what is none is a fault with
 * its place. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "reader.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

struct found {
	struct strbuf lines; /* the header and the records, one a line */
	size_t count;
	struct faults faults;
};

static int write_line(const char *text, size_t length, void *context)
{
	strbuf_append(context, text, length);
	return 0;
}

static void append(struct strbuf *lines, const json_t *object, const char *kind)
{
	json_t *copy = json_copy((json_t *)(uintptr_t)object);
	if (kind)
		json_object_set_new(copy, "record", json_string(kind));
	json_dump_callback(copy, write_line, lines, JSON_COMPACT | JSON_SORT_KEYS);
	strbuf_append_char(lines, '\n');
	json_decref(copy);
}

static void read_all(struct reader *reader, struct found *found)
{
	_cleanup_strbuf_ struct strbuf records = {0};
	for (bool more = true; more;) {
		struct record record;
		assert(reader_next(reader, &record, &more) == TIMELINE_OK);
		if (!more)
			break;
		assert(record.object && record.kind >= RECORD_SOURCE
			&& record.kind <= RECORD_KINDS);
		assert(!json_object_get(record.object, "record") || record.path);
		append(&records, record.object, record_kind_name(record.kind));
		found->count++;
	}
	if (reader->header)
		append(&found->lines, reader->header, NULL);
	strbuf_append_strbuf(&found->lines, &records);
	reader_close(reader);
	assert(!reader->log->failed && !found->lines.failed);
	for (size_t i = 0; i < found->faults.count; i++)
		assert(found->faults.items[i].line > 0 && *found->faults.items[i].detail);
}

/* From a window that ends where the text does: a look behind it is noticed. */
static void read_memory(struct bytes text, struct found *found)
{
	struct fault_log log = {.faults = &found->faults};
	struct reader reader = {.log = &log, .first = true};
	reader.input = (struct input){.file = -1,
		.window = malloc(text.length),
		.capacity = text.length,
		.end = text.length,
		.place.line = 1,
		.ended = true};
	memcpy(reader.input.window, text.data, text.length);
	read_all(&reader, found);
}

static void read_file(struct bytes text, struct found *found)
{
	int file = memfd_create("records", MFD_CLOEXEC);
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	if (write(file, text.data, text.length) != (ssize_t)text.length)
		abort();
	struct fault_log log = {.faults = &found->faults};
	struct reader reader;
	assert(reader_open(&reader, path, &log) == TIMELINE_OK);
	read_all(&reader, found);
	close(file);
}

static void found_free(struct found *found)
{
	strbuf_free(&found->lines);
	faults_free(&found->faults);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct found found = {0}, again = {0};
	read_memory((struct bytes){(const char *)data, size}, &found);
	if (found.faults.total == 0) {
		read_file(strbuf_bytes(&found.lines), &again);
		assert(again.faults.total == 0 && again.count == found.count);
		assert(bytes_equal(strbuf_bytes(&again.lines), strbuf_bytes(&found.lines)));
	}
	found_free(&found);
	found_free(&again);
	return 0;
}
