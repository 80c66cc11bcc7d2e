/* The document form. */
#include <udcg/base/text.h>

#include "model.h"
#include "parse.h"
#include "reader_internal.h"

/* The next value in the file; empty where there is none to be had, which is a fault. */
static enum timeline_status take_value(struct reader *reader, const struct path *path,
	struct bytes *ret_text)
{
	static const char *const lost[] = {
		[EXTENT_NONE] = "is missing: the file ends before it",
		[EXTENT_CUT] = "is not whole: the file ends inside it",
		[EXTENT_UNBALANCED] =
			"is not valid JSON: brackets do not match, or a value is missing" NOT_READ,
		[EXTENT_TOO_LONG] = "is longer than 16 MiB" NOT_READ,
	};
	*ret_text = (struct bytes){0};
	enum input_extent extent = input_value(&reader->input, ret_text);
	if (extent == EXTENT_ERROR)
		return reader_input_status(reader);
	if (extent != EXTENT_WHOLE)
		reader_lose(reader, path, lost[extent]);
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
		return reader_input_status(reader);
	if (next == close) {
		input_take(&reader->input);
		return TIMELINE_OK;
	}
	if (!reader->first && next != ',') {
		reader_lose(reader, path,
			next < 0
				? "is not whole: the file ends inside it"
				: "is not valid JSON: a comma or the closing bracket is missing" NOT_READ);
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
		reader_lose(reader, &path, "is not valid JSON: a colon is missing" NOT_READ);
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
		reader_lose(reader, NULL,
			"has something behind its end; a file is one document, or a header line "
			"and one record a line");
	return reader->input.error ? reader_input_status(reader) : TIMELINE_OK;
}

enum timeline_status reader_take_key(struct reader *reader)
{
	bool more;
	enum timeline_status status = take_separator(reader, NULL, '}', &more);
	if (status != TIMELINE_OK || reader->state == READER_END)
		return status;
	if (!more)
		return take_end(reader);
	if (input_peek(&reader->input) != '"') {
		reader_lose(reader, NULL, "is not valid JSON: a key in quotes is missing" NOT_READ);
		return reader->input.error ? reader_input_status(reader) : TIMELINE_OK;
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

enum timeline_status reader_take_element(struct reader *reader, struct record *ret_record,
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
	*ret_found = reader_take_object(reader, ret_record->place, ret_record->path, value);
	ret_record->object = reader->object;
	return TIMELINE_OK;
}
