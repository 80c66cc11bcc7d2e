#include "reader.h"

#include <errno.h>

#include "model.h"
#include "reader_internal.h"

/* A header line is shorter, or it is no header line. */
enum { HEADER_LINE_MAX = 64 << 10 };

const char reader_record_key[] = "record";

enum timeline_status reader_open(struct reader *reader, const char *file, struct fault_log *log)
{
	*reader = (struct reader){.log = log, .first = true};
	if (!input_open(&reader->input, file))
		return faults_errno(log->faults, file);
	return TIMELINE_OK;
}

void reader_close(struct reader *reader)
{
	strbuf_free(&reader->header);
	tree_free(&reader->tree);
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
	return faults_errno(reader->log->faults, "reading");
}

bool reader_is_object(struct reader *reader, struct place place, const struct path *path,
	const struct node *root)
{
	if (root && root->type != NODE_OBJECT)
		parse_fault(reader->log, place, path, "is not an object: { }");
	return root && root->type == NODE_OBJECT;
}

/* Lists are for records, if only under a name that is misspelt. */
static bool has_lists(const struct node *object)
{
	NODE_EACH(member, object)
	{
		if (member->type == NODE_LIST || record_kind_of_list(member->key))
			return true;
	}
	return false;
}

/* Tells the forms apart: a first line that is an object of its own, without lists of records, is
 * the header of the record form. */
static enum timeline_status is_header_line(struct reader *reader, struct bytes *ret_line,
	bool *ret_is)
{
	struct tree_error error;
	*ret_is = false;
	if (input_peek_line(&reader->input, HEADER_LINE_MAX, ret_line) != EXTENT_WHOLE)
		return reader->input.error ? reader_input_status(reader) : TIMELINE_OK;
	if (tree_parse(&reader->tree, *ret_line, &error))
		*ret_is = reader->tree.nodes->type == NODE_OBJECT && !has_lists(reader->tree.nodes);
	else if (!error.wrong)
		return TIMELINE_NO_MEMORY;
	return TIMELINE_OK;
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
	if (status == TIMELINE_OK && lines)
		return reader_take_header_line(reader, line);
	input_take(&reader->input);
	reader->state = READER_KEY;
	strbuf_append_char(&reader->header, '{');
	return status;
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

enum timeline_status reader_header(struct reader *reader, const struct node **ret_header)
{
	*ret_header = NULL;
	if (reader->lost || reader->header_wrong)
		return TIMELINE_OK;
	strbuf_append_char(&reader->header, '}');
	if (reader->header.failed)
		return TIMELINE_NO_MEMORY;
	return parse_value(reader->log, reader->header_place, NULL, strbuf_bytes(&reader->header),
		&reader->tree, ret_header);
}
