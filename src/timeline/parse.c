#include "parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/base/text.h>

#include "load_json.h"

void parse_fault(struct fault_log *log, struct place place, const struct path *path,
	const char *format, ...)
{
	struct strbuf pointer = {0};
	path_append(&pointer, path);
	char *detail = NULL;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&detail, format, arguments) < 0)
		detail = NULL;
	va_end(arguments);
	fault_log_take(log, place, strbuf_detach(&pointer, NULL), detail);
}

/* Where in the file an error is: jansson counts lines from the start of the value. */
static size_t line_of(struct place place, const json_error_t *error)
{
	return place.line + (error->line > 0 ? (size_t)error->line - 1 : 0);
}

static void add_fault(struct fault_log *log, struct place place, const struct path *path,
	struct bytes text, const json_error_t *error)
{
	size_t line = line_of(place, error);
	if (memchr(text.data, '\0', text.length))
		parse_fault(log, place, path,
			"has a NUL byte; a timeline is UTF-8 text without any");
	else if (json_error_code(error) == json_error_invalid_utf8)
		parse_fault(log, place, path, "is not valid UTF-8 (line %zu, column %d)", line,
			error->column);
	else if (json_error_code(error) == json_error_null_character
		|| json_error_code(error) == json_error_null_byte_in_key)
		parse_fault(log, place, path,
			"has U+0000 (\\u0000) in it (line %zu, column %d), which no text may have",
			line, error->column);
	else if (json_error_code(error) == json_error_duplicate_key)
		parse_fault(log, place, path,
			"has a key twice in one object (line %zu, column %d): write it once", line,
			error->column);
	else if (json_error_code(error) == json_error_numeric_overflow)
		parse_fault(log, place, path,
			"has a number that is too big (line %zu, column %d): at most "
			"9007199254740991",
			line, error->column);
	else
		parse_fault(log, place, path, "is not valid JSON (line %zu, column %d): %s", line,
			error->column,
			text_is_utf8(bytes_of(error->text)) ? error->text : "syntax error");
}

/* jansson takes objects and arrays only (JSON_DECODE_ANY has traps of its own). */
static json_t *load_scalar(struct bytes text, json_error_t *ret_error, bool *ret_short)
{
	_cleanup_strbuf_ struct strbuf wrapped = {0};
	strbuf_append_char(&wrapped, '[');
	strbuf_append_bytes(&wrapped, text);
	strbuf_append_char(&wrapped, ']');
	*ret_short = wrapped.failed;
	if (wrapped.failed)
		return NULL;
	json_t *list =
		load_json(strbuf_bytes(&wrapped), JSON_REJECT_DUPLICATES, ret_error, ret_short);
	json_t *value = json_incref(json_array_get(list, 0));
	json_decref(list);
	return value;
}

enum timeline_status parse_value(struct fault_log *log, struct place place, const struct path *path,
	struct bytes text, json_t **ret_value)
{
	json_error_t error = {0};
	bool is_short;
	bool scalar = text.length == 0 || (text.data[0] != '{' && text.data[0] != '[');
	json_t *value = scalar ? load_scalar(text, &error, &is_short)
			       : load_json(text, JSON_REJECT_DUPLICATES, &error, &is_short);
	if (is_short)
		return TIMELINE_NO_MEMORY;
	if (!value)
		add_fault(log, place, path, text, &error);
	*ret_value = value;
	return TIMELINE_OK;
}

enum timeline_status parse_object_alone(struct bytes text, json_t **ret_object)
{
	bool is_short;
	json_t *value = load_json(text, 0, NULL, &is_short);
	if (value && !json_is_object(value)) {
		json_decref(value);
		value = NULL;
	}
	*ret_object = value;
	return is_short ? TIMELINE_NO_MEMORY : TIMELINE_OK;
}
