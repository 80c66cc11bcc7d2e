/* A row as JSON: `{"key":value,…}` without a newline, in the order of the columns. */
#ifndef UDCG_API_ROW_H
#define UDCG_API_ROW_H

#include <udcg/api/resource.h>
#include <udcg/store/statement.h>

/* A value that no statement holds. */
struct cell {
	bool known; /* false: null, or for a list [] */
	int64_t number; /* integers and booleans */
	struct bytes text; /* texts; for a list its JSON array */
};

#define CELL_TEXT(value) ((struct cell){.known = (value).data != NULL, .text = (value)})
#define CELL_INTEGER(value) ((struct cell){.known = true, .number = (value)})

/* "key":value of one column, with a comma before it unless it is the first. */
void row_write_cell(const struct resource *resource, const char *prefix, size_t column,
	const struct cell *cells, struct strbuf *line);
/* One cell a column, in their order. */
void row_write_cells(const struct resource *resource, const char *prefix, const struct cell *cells,
	struct strbuf *line);

/* Writes the statement's columns from `first` on as the resource's. */
void row_write(const struct resource *resource, const char *prefix,
	const struct statement *statement, int first, struct strbuf *line);
/* A statement's column as a cell. */
struct cell cell_read(const struct statement *statement, int column);

/* Cuts a row into `"key":value` slices, one a column, in their order. */
void row_slice(struct bytes line, struct bytes *slices, size_t count);
/* The value of such a slice. */
struct bytes slice_value(struct bytes slice);

/* "expression AS name, …" of all columns. */
void row_append_columns(const struct resource *resource, bool named, struct strbuf *sql);

/* RFC 4180, CRLF at the end. `columns` are numbers into the resource's columns. */
void csv_header_write(const struct resource *resource, const size_t *columns, size_t count,
	struct strbuf *out);
void csv_row_write(const struct bytes *slices, const size_t *columns, size_t count,
	struct strbuf *out);

#endif
