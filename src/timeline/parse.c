#include "parse.h"

#include <stdio.h>

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

enum timeline_status parse_value(struct fault_log *log, struct place place, const struct path *path,
	struct bytes text, struct tree *tree, const struct node **ret_root)
{
	struct tree_error error;
	*ret_root = NULL;
	if (tree_parse(tree, text, &error)) {
		*ret_root = tree->nodes;
		return TIMELINE_OK;
	}
	if (!error.wrong)
		return TIMELINE_NO_MEMORY;
	size_t line = place.line;
	for (size_t i = 0; i < error.offset; i++)
		line += text.data[i] == '\n';
	parse_fault(log, place, path, "%s (line %zu, byte %llu of the file)", error.wrong, line,
		(unsigned long long)(place.offset + error.offset));
	return TIMELINE_OK;
}
