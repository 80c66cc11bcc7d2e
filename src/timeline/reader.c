#include "reader.h"

#include <errno.h>

#include "model.h"
#include "parse.h"
#include "reader_internal.h"

/* A header line is shorter, or it is no header line: two texts of 10,000 characters, each escaped as
 * a pair of surrogates. */
enum { HEADER_LINE_MAX = 256 << 10 };

enum timeline_status reader_open(struct reader *reader, const char *file, struct fault_log *log)
{
	*reader = (struct reader){.file = file, .log = log, .first = true};
	if (!input_open(&reader->input, file))
		return faults_errno(log->faults, file);
	return TIMELINE_OK;
}

void reader_close(struct reader *reader)
{
	json_decref(reader->object);
	json_decref(reader->header);
	reader->object = NULL;
	reader->header = NULL;
	input_close(&reader->input);
}

void reader_lose(struct reader *reader, const struct path *path, const char *detail)
{
	parse_fault(reader->log, reader->input.place, path, "%s", detail);
	reader->state = READER_END;
	reader->lost = true;
}

enum timeline_status reader_input_status(struct reader *reader)
{
	errno = reader->input.error;
	return faults_errno(reader->log->faults, reader->file);
}

bool reader_take_object(struct reader *reader, struct place place, const struct path *path,
	json_t *value)
{
	if (value && !json_is_object(value)) {
		parse_fault(reader->log, place, path, "is not an object: { }");
		json_decref(value);
		return false;
	}
	json_decref(reader->object);
	reader->object = value;
	return value != NULL;
}

/* Lists are for records, if only under a name that is misspelt. */
static bool has_lists(json_t *object)
{
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
	{
		if (json_is_array(value) || record_kind_of_list(bytes_of(key)))
			return true;
	}
	return false;
}

/* Tells the forms apart: a first line that is an object of its own, without lists of records, is
 * the header of the record form. */
static enum timeline_status is_header_line(struct reader *reader, struct bytes *ret_line,
	bool *ret_is)
{
	json_t *first = NULL;
	enum timeline_status status = TIMELINE_OK;
	if (input_peek_line(&reader->input, HEADER_LINE_MAX, ret_line) == EXTENT_WHOLE)
		status = parse_object_alone(*ret_line, &first);
	else if (reader->input.error)
		status = reader_input_status(reader);
	*ret_is = first && !has_lists(first);
	json_decref(first);
	return status;
}

static enum timeline_status take_start(struct reader *reader)
{
	if (input_take_mark(&reader->input))
		parse_fault(reader->log, (struct place){.line = 1}, NULL,
			"begins with a byte order mark: write UTF-8 without one");
	int next = input_peek(&reader->input);
	reader->header_place = reader->input.place;
	if (reader->input.error)
		return reader_input_status(reader);
	if (next != '{') {
		reader_lose(reader, NULL,
			next < 0 ? "is empty; a timeline begins with {"
				 : "is no timeline, which is UTF-8 and begins with {");
		return TIMELINE_OK;
	}
	struct bytes line = {0};
	bool lines;
	enum timeline_status status = is_header_line(reader, &line, &lines);
	if (status != TIMELINE_OK)
		return status;
	if (lines)
		return reader_take_header_line(reader, line);
	input_take(&reader->input);
	reader->state = READER_KEY;
	reader->header = json_object();
	return reader->header ? TIMELINE_OK : TIMELINE_NO_MEMORY;
}

enum timeline_status reader_next(struct reader *reader, struct record *ret_record, bool *ret_found)
{
	enum timeline_status status = TIMELINE_OK;
	*ret_found = false;
	while (status == TIMELINE_OK && !*ret_found && reader->state != READER_END) {
		if (reader->log->failed)
			return TIMELINE_NO_MEMORY;
		switch (reader->state) {
		case READER_START:
			status = take_start(reader);
			break;
		case READER_KEY:
			status = reader_take_key(reader);
			break;
		case READER_LIST:
			status = reader_take_element(reader, ret_record, ret_found);
			break;
		case READER_LINES:
			status = reader_take_line(reader, ret_record, ret_found);
			break;
		case READER_END:
			break;
		}
	}
	return status;
}
