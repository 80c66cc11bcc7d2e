#include <udcg/api/row_sink.h>

#include <udcg/api/routes.h>

void row_sink_open(struct exchange *exchange, struct row_sink *ret_sink)
{
	struct row_sink sink = {.exchange = exchange, .resource = exchange->route->resource};
	const struct given *fields = parameters_find(&exchange->parameters, "fields");
	sink.column_count = fields ? fields->count : sink.resource->columns_count;
	for (size_t i = 0; i < sink.column_count; i++)
		sink.columns[i] = fields ? (size_t)fields->values[i].number : i;
	if (exchange->media == MEDIA_CSV)
		csv_header_write(sink.resource, sink.columns, sink.column_count, exchange->body);
	*ret_sink = sink;
}

bool row_sink_wants(const struct row_sink *sink, size_t column)
{
	for (size_t i = 0; i < sink->column_count; i++)
		if (sink->columns[i] == column)
			return true;
	return false;
}

static void write_csv(struct row_sink *sink, const struct cell *cells)
{
	struct strbuf *out = sink->exchange->body;
	_cleanup_strbuf_ struct strbuf line = {0};
	struct bytes slices[SINK_COLUMNS_MAX];
	row_write_cells(sink->resource, sink->exchange->prefix, cells, &line);
	out->failed |= line.failed;
	if (line.failed)
		return;
	row_slice(strbuf_bytes(&line), slices, sink->resource->columns_count);
	csv_row_write(slices, sink->columns, sink->column_count, out);
}

void row_sink_write(struct row_sink *sink, const struct cell *cells)
{
	struct strbuf *out = sink->exchange->body;
	enum media media = sink->exchange->media;
	if (media == MEDIA_JSON && sink->count)
		strbuf_append_text(out, ",\n");
	sink->count++;
	if (media == MEDIA_CSV) {
		write_csv(sink, cells);
		return;
	}
	strbuf_append_char(out, '{');
	for (size_t i = 0; i < sink->column_count; i++)
		row_write_cell(sink->resource, sink->exchange->prefix, sink->columns[i], cells,
			out);
	strbuf_append_text(out, media == MEDIA_JSON ? "}" : "}\n");
}
