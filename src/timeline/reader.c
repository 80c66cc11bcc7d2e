#include "reader.h"

#include <errno.h>
#include <udcg/base/text.h>

#include "model.h"
#include "parse.h"

/* A header line is shorter, or it is no header line. */
enum { HEADER_LINE_MAX = 64 << 10 };

enum timeline_status reader_open(struct reader *reader, const char *file, struct fault_log *log)
{
	*reader = (struct reader){.log = log, .first = true};
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

/* The file cannot be followed from here on. */
static void lose(struct reader *reader, const struct path *path, const char *detail)
{
	parse_fault(reader->log, reader->input.place, path, "%s", detail);
	reader->state = READER_END;
	reader->lost = true;
}

static enum timeline_status input_status(struct reader *reader)
{
	errno = reader->input.error;
	return faults_errno(reader->log->faults, "reading");
}

/* The next value in the file; empty where there is none to be had, which is a fault. */
static enum timeline_status take_value(struct reader *reader, const struct path *path,
	struct bytes *ret_text)
{
	*ret_text = (struct bytes){0};
	switch (input_value(&reader->input, ret_text)) {
	case EXTENT_WHOLE:
		return TIMELINE_OK;
	case EXTENT_ERROR:
		return input_status(reader);
	case EXTENT_NONE:
		lose(reader, path, "is missing: the file ends before it");
		return TIMELINE_OK;
	case EXTENT_CUT:
		lose(reader, path, "is not whole: the file ends inside it");
		return TIMELINE_OK;
	case EXTENT_UNBALANCED:
		lose(reader, path,
			"is not valid JSON: brackets do not match, or a value is missing; the rest "
			"of the file was not read");
		return TIMELINE_OK;
	case EXTENT_TOO_LONG:
		lose(reader, path, "is longer than 16 MiB; the rest of the file was not read");
		return TIMELINE_OK;
	}
	return TIMELINE_OK;
}

/* A comma between two members or elements, or the end of them. *ret_more is false at the end, and
 * where the reader is lost. */
static enum timeline_status take_separator(struct reader *reader, const struct path *path,
	char close, bool *ret_more)
{
	int next = input_peek(&reader->input);
	*ret_more = false;
	if (reader->input.error)
		return input_status(reader);
	if (next == close) {
		input_take(&reader->input);
		return TIMELINE_OK;
	}
	if (!reader->first && next != ',') {
		lose(reader, path,
			next < 0 ? "is not whole: the file ends inside it"
				 : "is not valid JSON: a comma or the closing bracket is missing; "
				   "the rest of the file was not read");
		return TIMELINE_OK;
	}
	if (!reader->first)
		input_take(&reader->input);
	reader->first = false;
	*ret_more = true;
	return TIMELINE_OK;
}

static void suggest(struct reader *reader, struct place place, const struct path *path)
{
	struct nearest nearest;
	nearest_start(&nearest, bytes_of(path->key));
	for (size_t i = 0; i < shape_header.count; i++)
		nearest_offer(&nearest, bytes_of(shape_header.fields[i].name));
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++)
		nearest_offer(&nearest, bytes_of(record_list_name(kind)));
	const char *best = nearest_best(&nearest);
	parse_fault(reader->log, place, path,
		"is no key of a timeline: format, title, released, licence, sources, participants, "
		"meetings, aid, claims%s%s%s",
		best ? "; \"" : "", best ? best : "", best ? "\" is near" : "");
}

static enum timeline_status keep_header(struct reader *reader, const char *key, json_t *value)
{
	if (!value) {
		/* It had its fault; to call it missing would be another. */
		json_decref(reader->header);
		reader->header = NULL;
	}
	if (!reader->header) {
		json_decref(value);
		return TIMELINE_OK;
	}
	return json_object_set_new(reader->header, key, value) == 0 ? TIMELINE_OK
								    : TIMELINE_NO_MEMORY;
}

/* The value of a key of the root that is not a list of records. */
static enum timeline_status take_header_value(struct reader *reader, const struct path *path)
{
	struct place place = reader->input.place;
	struct bytes text;
	bool known = shape_find(&shape_header, bytes_of(path->key)) != FIELD_NONE;
	enum timeline_status status = take_value(reader, path, &text);
	if (status != TIMELINE_OK || !text.data)
		return status;
	if (!known) {
		suggest(reader, place, path);
		return TIMELINE_OK;
	}
	if (json_object_get(reader->header, path->key)) {
		parse_fault(reader->log, place, path, "is there twice: write it once");
		return TIMELINE_OK;
	}
	json_t *value;
	status = parse_value(reader->log, place, path, text, &value);
	return status == TIMELINE_OK ? keep_header(reader, path->key, value) : status;
}

static enum timeline_status enter_list(struct reader *reader, enum record_kind kind,
	const struct path *path)
{
	struct place place = reader->input.place;
	if (reader->lists_seen & (1U << kind))
		parse_fault(reader->log, place, path, "is there twice: write it once");
	reader->lists_seen |= 1U << kind;
	if (input_peek(&reader->input) == '[') {
		input_take(&reader->input);
		reader->state = READER_LIST;
		reader->list = kind;
		reader->index = 0;
		reader->first = true;
		return TIMELINE_OK;
	}
	struct bytes text;
	enum timeline_status status = take_value(reader, path, &text);
	if (status == TIMELINE_OK && text.data)
		parse_fault(reader->log, place, path, "is not a list of records: [ ]");
	return status;
}

/* `key` is NULL where it had a fault of its own. */
static enum timeline_status take_key_value(struct reader *reader, const char *key)
{
	const struct path path = {.key = key ? key : ""};
	if (input_peek(&reader->input) != ':') {
		lose(reader, &path,
			"is not valid JSON: a colon is missing; the rest of the file was not read");
		return TIMELINE_OK;
	}
	input_take(&reader->input);
	input_peek(&reader->input);
	struct bytes text;
	if (!key)
		return take_value(reader, &path, &text);
	enum record_kind kind = record_kind_of_list(bytes_of(key));
	return kind ? enter_list(reader, kind, &path) : take_header_value(reader, &path);
}

/* What stands behind the last bracket of a document. */
static enum timeline_status take_end(struct reader *reader)
{
	reader->state = READER_END;
	if (input_peek(&reader->input) >= 0)
		lose(reader, NULL,
			"has something behind its end; a file is one document, or a header line "
			"and one record a line");
	return reader->input.error ? input_status(reader) : TIMELINE_OK;
}

static enum timeline_status take_key(struct reader *reader)
{
	bool more;
	enum timeline_status status = take_separator(reader, NULL, '}', &more);
	if (status != TIMELINE_OK || reader->state == READER_END)
		return status;
	if (!more)
		return take_end(reader);
	if (input_peek(&reader->input) != '"') {
		lose(reader, NULL,
			"is not valid JSON: a key in quotes is missing; the rest of the file was "
			"not read");
		return reader->input.error ? input_status(reader) : TIMELINE_OK;
	}

	struct place place = reader->input.place;
	struct bytes text;
	json_t *key;
	status = take_value(reader, NULL, &text);
	if (status != TIMELINE_OK || !text.data)
		return status;
	status = parse_value(reader->log, place, NULL, text, &key);
	if (status != TIMELINE_OK)
		return status;
	status = take_key_value(reader, json_string_value(key));
	json_decref(key);
	return status;
}

/* Hands the object over, or says that it is none. */
static bool take_object(struct reader *reader, struct place place, const struct path *path,
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

static enum timeline_status take_element(struct reader *reader, struct record *ret_record,
	bool *ret_found)
{
	bool more;
	const struct path list = {.key = record_list_name(reader->list)};
	enum timeline_status status = take_separator(reader, &list, ']', &more);
	if (status != TIMELINE_OK || reader->state == READER_END)
		return status;
	if (!more) {
		reader->state = READER_KEY;
		reader->first = false;
		return TIMELINE_OK;
	}

	input_peek(&reader->input);
	*ret_record = (struct record){.kind = reader->list, .place = reader->input.place};
	ret_record->path = path_of_record(reader->list, reader->index++, &ret_record->list,
		&ret_record->element);
	status = take_value(reader, ret_record->path, &ret_record->text);
	if (status != TIMELINE_OK || !ret_record->text.data)
		return status;
	json_t *value;
	status = parse_value(reader->log, ret_record->place, ret_record->path, ret_record->text,
		&value);
	if (status != TIMELINE_OK)
		return status;
	*ret_found = take_object(reader, ret_record->place, ret_record->path, value);
	ret_record->object = reader->object;
	return TIMELINE_OK;
}

/* Takes the key "record" out of the object; 0 where it names no kind, which is a fault. */
static enum record_kind take_kind(struct reader *reader, struct place place)
{
	const struct path path = {.key = "record"};
	json_t *value = json_object_get(reader->object, "record");
	struct bytes name = {.data = json_string_value(value), .length = json_string_length(value)};
	enum record_kind kind = name.data ? record_kind_of(name) : 0;
	if (!kind) {
		struct nearest nearest;
		nearest_start(&nearest, name);
		for (enum record_kind each = RECORD_SOURCE; each <= RECORD_KINDS; each++)
			nearest_offer(&nearest, bytes_of(record_kind_name(each)));
		const char *best = name.data ? nearest_best(&nearest) : NULL;
		parse_fault(reader->log, place, &path,
			"%s: source, participant, meeting, aid or claim%s%s%s",
			value ? "is no kind of record" : "is missing", best ? "; \"" : "",
			best ? best : "", best ? "\" is near" : "");
		return 0;
	}
	json_object_del(reader->object, "record");
	return kind;
}

static enum timeline_status take_line(struct reader *reader, struct record *ret_record,
	bool *ret_found)
{
	int next = input_peek(&reader->input);
	struct record record = {.place = reader->input.place};
	enum input_extent extent = EXTENT_NONE;
	if (next >= 0)
		extent = input_line(&reader->input, INPUT_VALUE_MAX, &record.text);
	if (reader->input.error)
		return input_status(reader);
	if (extent == EXTENT_NONE) {
		reader->state = READER_END;
		return TIMELINE_OK;
	}
	if (extent == EXTENT_TOO_LONG) {
		parse_fault(reader->log, record.place, NULL, "is longer than 16 MiB");
		return TIMELINE_OK;
	}
	json_t *value;
	enum timeline_status status =
		parse_value(reader->log, record.place, NULL, record.text, &value);
	if (status != TIMELINE_OK || !take_object(reader, record.place, NULL, value))
		return status;
	record.kind = take_kind(reader, record.place);
	if (record.kind) {
		record.object = reader->object;
		*ret_record = record;
		*ret_found = true;
	}
	return TIMELINE_OK;
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

/* The header line, which `line` is. */
static enum timeline_status take_header_line(struct reader *reader, struct bytes line)
{
	json_decref(reader->header);
	reader->header = NULL;
	reader->state = READER_LINES;
	json_t *header;
	enum timeline_status status =
		parse_value(reader->log, reader->header_place, NULL, line, &header);
	if (status != TIMELINE_OK)
		return status;
	if (header && json_object_get(header, "record")) {
		/* A record: it is read as one. */
		parse_fault(reader->log, reader->header_place, NULL,
			"is a record; the first line is the header: "
			"{\"format\":\"%s\",\"title\":…,\"released\":…,\"licence\":…}",
			timeline_format);
		json_decref(header);
		return TIMELINE_OK;
	}
	reader->header = header;
	return input_line(&reader->input, HEADER_LINE_MAX, &line) == EXTENT_WHOLE
		? TIMELINE_OK
		: input_status(reader);
}

/* Tells the forms apart: a first line that is an object of its own, without lists of records, is
 * the header of the record form. */
static enum timeline_status take_start(struct reader *reader)
{
	if (input_take_mark(&reader->input))
		parse_fault(reader->log, (struct place){.line = 1}, NULL,
			"begins with a byte order mark: write UTF-8 without one");
	int next = input_peek(&reader->input);
	reader->header_place = reader->input.place;
	if (reader->input.error)
		return input_status(reader);
	if (next != '{') {
		lose(reader, NULL,
			next < 0 ? "is empty; a timeline begins with {"
				 : "is no timeline, which is UTF-8 and begins with {");
		return TIMELINE_OK;
	}
	struct bytes line = {0};
	json_t *first = NULL;
	if (input_peek_line(&reader->input, HEADER_LINE_MAX, &line) == EXTENT_WHOLE)
		first = parse_object_alone(line);
	bool lines = first && !has_lists(first);
	json_decref(first);
	if (lines)
		return take_header_line(reader, line);

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
			status = take_key(reader);
			break;
		case READER_LIST:
			status = take_element(reader, ret_record, ret_found);
			break;
		case READER_LINES:
			status = take_line(reader, ret_record, ret_found);
			break;
		case READER_END:
			break;
		}
	}
	return status;
}
