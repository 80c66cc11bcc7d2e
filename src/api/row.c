
#include <string.h>
#include <udcg/api/row.h>
#include <udcg/base/json.h>

void row_append_columns(const struct resource *resource, bool named, struct strbuf *sql)
{
	for (size_t i = 0; i < resource->columns_count; i++) {
		if (i)
			strbuf_append_text(sql, ", ");
		strbuf_append_text(sql, resource->columns[i].sql);
		if (named)
			strbuf_append_format(sql, " AS \"%s\"", resource->columns[i].name);
	}
}

struct cell cell_read(const struct statement *statement, int column)
{
	if (statement_is_integer(statement, column))
		return CELL_INTEGER(statement_integer(statement, column));
	return CELL_TEXT(statement_text(statement, column));
}

static void cell_write(const struct column *column, const char *prefix, const struct cell *cell,
	struct strbuf *line)
{
	if (!cell->known) {
		strbuf_append_text(line, column->type == VALUE_TEXTS ? "[]" : "null");
		return;
	}
	switch (column->type) {
	case VALUE_TEXT:
		json_append_bytes(line, cell->text);
		break;
	case VALUE_INTEGER:
		strbuf_append_integer(line, cell->number);
		break;
	case VALUE_BOOLEAN:
		strbuf_append_text(line, cell->number ? "true" : "false");
		break;
	case VALUE_LINK:
		strbuf_append_format(line, "\"%s%.*s\"", prefix, (int)cell->text.length,
			cell->text.data);
		break;
	case VALUE_TEXTS:
		strbuf_append_bytes(line, cell->text);
		break;
	}
}

void row_write_cell(const struct resource *resource, const char *prefix, size_t column,
	const struct cell *cells, struct strbuf *line)
{
	json_append_key(line, resource->columns[column].name);
	cell_write(&resource->columns[column], prefix, &cells[column], line);
}

void row_write_cells(const struct resource *resource, const char *prefix, const struct cell *cells,
	struct strbuf *line)
{
	strbuf_append_char(line, '{');
	for (size_t i = 0; i < resource->columns_count; i++)
		row_write_cell(resource, prefix, i, cells, line);
	strbuf_append_char(line, '}');
}

void row_write(const struct resource *resource, const char *prefix,
	const struct statement *statement, int first, struct strbuf *line)
{
	strbuf_append_char(line, '{');
	for (size_t i = 0; i < resource->columns_count; i++) {
		struct cell cell = cell_read(statement, first + (int)i);
		json_append_key(line, resource->columns[i].name);
		cell_write(&resource->columns[i], prefix, &cell, line);
	}
	strbuf_append_char(line, '}');
}

/* The end of the member that begins at `at`: a comma or brace outside strings and lists. */
static const char *member_end(const char *at, const char *end)
{
	bool in_string = false;
	size_t depth = 0;
	for (; at < end; at++) {
		if (in_string) {
			if (*at == '\\')
				at++;
			else if (*at == '"')
				in_string = false;
		} else if (*at == '"') {
			in_string = true;
		} else if (*at == '[') {
			depth++;
		} else if (*at == ']') {
			depth--;
		} else if (depth == 0 && (*at == ',' || *at == '}')) {
			return at;
		}
	}
	return end;
}

void row_slice(struct bytes line, struct bytes *slices, size_t count)
{
	const char *end = line.data + line.length;
	const char *at = line.data + 1;
	for (size_t i = 0; i < count; i++) {
		const char *stop = at < end ? member_end(at, end) : end;
		slices[i] = (struct bytes){at, (size_t)(stop - at)};
		at = stop < end ? stop + 1 : end;
	}
}

struct bytes slice_value(struct bytes slice)
{
	const char *colon = memchr(slice.data, ':', slice.length);
	size_t skip = (size_t)(colon - slice.data) + 1;
	return (struct bytes){slice.data + skip, slice.length - skip};
}
