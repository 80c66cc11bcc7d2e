/* The record form. */
#include <udcg/base/text.h>

#include "model.h"
#include "parse.h"
#include "reader_internal.h"

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

enum timeline_status reader_take_line(struct reader *reader, struct record *ret_record,
	bool *ret_found)
{
	int next = input_peek(&reader->input);
	struct record record = {.place = reader->input.place};
	enum input_extent extent = EXTENT_NONE;
	if (next >= 0)
		extent = input_line(&reader->input, INPUT_VALUE_MAX, &record.text);
	if (reader->input.error)
		return reader_input_status(reader);
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
	if (status != TIMELINE_OK || !reader_take_object(reader, record.place, NULL, value))
		return status;
	record.kind = take_kind(reader, record.place);
	if (record.kind) {
		record.object = reader->object;
		*ret_record = record;
		*ret_found = true;
	}
	return TIMELINE_OK;
}

/* The header line, which `line` is. */
enum timeline_status reader_take_header_line(struct reader *reader, struct bytes line)
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
	return input_line(&reader->input, line.length, &line) == EXTENT_WHOLE
		? TIMELINE_OK
		: reader_input_status(reader);
}
