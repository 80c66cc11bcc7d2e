/* The record form. */
#include <udcg/base/text.h>

#include "model.h"
#include "reader_internal.h"

/* What kind of record the object says it is; 0 where it names none, which is a fault. */
static enum record_kind find_kind(struct reader *reader, struct place place,
	const struct node *object)
{
	const struct path path = {.key = reader_record_key};
	const struct node *value = node_member(object, reader_record_key);
	struct bytes name = node_text(value);
	enum record_kind kind = name.data ? record_kind_of(name) : 0;
	if (kind)
		return kind;
	struct nearest nearest;
	nearest_start(&nearest, name);
	for (enum record_kind each = RECORD_SOURCE; each <= RECORD_KINDS; each++)
		nearest_offer(&nearest, bytes_of(record_kind_name(each)));
	const char *best = name.data ? nearest_best(&nearest) : NULL;
	parse_fault(reader->log, place, &path,
		"%s: source, participant, meeting, aid or claim%s%s%s",
		value ? "is no kind of record" : "is missing", best ? "; \"" : "", best ? best : "",
		best ? "\" is near" : "");
	return 0;
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
	enum timeline_status status = parse_value(reader->log, record.place, NULL, record.text,
		&reader->tree, &record.object);
	if (status != TIMELINE_OK || !reader_is_object(reader, record.place, NULL, record.object))
		return status;
	record.kind = find_kind(reader, record.place, record.object);
	*ret_record = record;
	*ret_found = record.kind != 0;
	return TIMELINE_OK;
}

enum timeline_status reader_take_header_line(struct reader *reader, struct bytes line)
{
	reader->state = READER_LINES;
	if (node_member(reader->tree.nodes, reader_record_key)) {
		/* A record: it is read as one. */
		reader->header_wrong = true;
		parse_fault(reader->log, reader->header_place, NULL,
			"is a record; the first line is the header: "
			"{\"format\":\"%s\",\"title\":…,\"released\":…,\"licence\":…}",
			timeline_format);
		return TIMELINE_OK;
	}
	/* All but its closing bracket. */
	const struct node *header = reader->tree.nodes;
	strbuf_append(&reader->header, header->text.data, header->text.length - 1);
	bool taken = input_line(&reader->input, line.length, &line) == EXTENT_WHOLE;
	return taken ? TIMELINE_OK : reader_input_status(reader);
}
