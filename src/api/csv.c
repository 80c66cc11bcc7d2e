
#include <string.h>
#include <udcg/api/row.h>
#include <udcg/base/json.h>

static void cell_write(struct bytes text, struct strbuf *out)
{
	bool quote = false;
	for (size_t i = 0; i < text.length && !quote; i++)
		quote = strchr(",\"\r\n", text.data[i]);
	if (!quote) {
		strbuf_append_bytes(out, text);
		return;
	}
	strbuf_append_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '"')
			strbuf_append_char(out, '"');
		strbuf_append_char(out, text.data[i]);
	}
	strbuf_append_char(out, '"');
}

/* The strings of a JSON array joined by semicolons, which inside one are escaped. */
static void list_write(struct bytes array, struct strbuf *cell)
{
	const char *at = array.data + 1, *end = array.data + array.length - 1;
	bool first = true;
	while (at < end) {
		const char *stop = at + 1;
		while (*stop != '"')
			stop += *stop == '\\' ? 2 : 1;
		stop++;
		_cleanup_strbuf_ struct strbuf text = {0};
		json_decode_string(&text, (struct bytes){at, (size_t)(stop - at)});
		if (text.failed)
			cell->failed = true;
		if (!first)
			strbuf_append_char(cell, ';');
		first = false;
		for (size_t i = 0; i < text.length; i++) {
			if (text.data[i] == ';' || text.data[i] == '\\')
				strbuf_append_char(cell, '\\');
			strbuf_append_char(cell, text.data[i]);
		}
		at = stop + 1;
	}
}

void csv_header_write(const struct resource *resource, const size_t *columns, size_t count,
	struct strbuf *out)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			strbuf_append_char(out, ',');
		strbuf_append_text(out, resource->columns[columns[i]].name);
	}
	strbuf_append_text(out, "\r\n");
}

void csv_row_write(const struct bytes *slices, const size_t *columns, size_t count,
	struct strbuf *out)
{
	for (size_t i = 0; i < count; i++) {
		struct bytes value = slice_value(slices[columns[i]]);
		if (i)
			strbuf_append_char(out, ',');
		_cleanup_strbuf_ struct strbuf cell = {0};
		if (value.data[0] == '"')
			json_decode_string(&cell, value);
		else if (value.data[0] == '[')
			list_write(value, &cell);
		else if (!bytes_equal(value, BYTES_LITERAL("null")))
			strbuf_append_bytes(&cell, value);
		if (cell.failed)
			out->failed = true;
		/* An empty line would be no record. */
		if (count == 1 && !cell.length)
			strbuf_append_text(out, "\"\"");
		cell_write(strbuf_bytes(&cell), out);
	}
	strbuf_append_text(out, "\r\n");
}
