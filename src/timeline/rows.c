#include "rows.h"

#include "scan.h"

static void append_column(struct strbuf *sql, int *columns, const char *name, const char *suffix)
{
	strbuf_append_format(sql, ", \"%s%s\"", name, suffix);
	++*columns;
}

static void append_field(struct strbuf *sql, int *columns, const struct field *field)
{
	static const char *const bounds[] = {"date_min", "date_max", "date_precision",
		"date_qualifier", "first_day", "last_day"};
	append_column(sql, columns, field->name, "");
	if (field->columns == DATE_DAYS) {
		append_column(sql, columns, field->name, "_first");
		append_column(sql, columns, field->name, "_last");
	} else if (field->columns == DATE_BOUNDS) {
		for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
			append_column(sql, columns, bounds[i], "");
	}
	if (field->grounded)
		append_column(sql, columns, field->name, "_basis");
}

enum store_status table_prepare(struct database *database, const struct shape *shape,
	const char *leading, int count, struct table *ret_table)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	int columns = count;
	strbuf_append_format(&sql, "INSERT INTO \"%s\" (%s", shape->table, leading);
	for (size_t i = 0; i < shape->count; i++) {
		if (!field_is_list(&shape->fields[i]))
			append_field(&sql, &columns, &shape->fields[i]);
	}
	strbuf_append_text(&sql, ") VALUES (");
	for (int i = 1; i <= columns; i++)
		strbuf_append_format(&sql, "%s?%d", i > 1 ? ", " : "", i);
	strbuf_append_char(&sql, ')');
	if (sql.failed)
		return STORE_NO_MEMORY;
	*ret_table = (struct table){.shape = shape, .leading = count};
	return statement_prepare(database, strbuf_bytes(&sql), &ret_table->insert);
}

void table_free(struct table *table)
{
	statement_free(table->insert);
	table->insert = NULL;
}

/* Binds the columns of a row one after the other. */
struct binder {
	struct statement *insert;
	int column;
};

static void bind_text(struct binder *binder, struct bytes text)
{
	statement_bind_text_at(binder->insert, ++binder->column, text);
}

static void bind_name(struct binder *binder, const char *text)
{
	bind_text(binder, bytes_of(text));
}

/* 0 stands for null. */
static void bind_row(struct binder *binder, int64_t row)
{
	if (row != 0)
		statement_bind_integer_at(binder->insert, ++binder->column, row);
	else
		statement_bind_null_at(binder->insert, ++binder->column);
}

static void bind_day(struct binder *binder, int day, char text[static DAY_TEXT_SIZE])
{
	if (day != 0)
		day_format(day, text);
	bind_name(binder, day != 0 ? text : NULL);
}

static void bind_date(struct binder *binder, enum date_columns columns, struct bytes text,
	struct row_texts *texts)
{
	struct edtf date = {0};
	bool known = text.data && !edtf_parse(text, &date);
	if (columns == DATE_BOUNDS) {
		bind_day(binder, date.first, texts->date_min);
		bind_day(binder, date.last, texts->date_max);
		bind_name(binder, known ? edtf_precision_name(date.precision) : "unknown");
		bind_name(binder, known ? edtf_qualifier_name(date.qualifier) : NULL);
	}
	/* The known end stands for an open one. */
	bind_row(binder, date.first != 0 ? date.first : date.last);
	bind_row(binder, date.last != 0 ? date.last : date.first);
}

static void bind_value(struct binder *binder, const struct field *field, struct bytes value,
	int64_t row, struct row_texts *texts)
{
	if (!value.data) {
		bind_row(binder, 0);
	} else if (field->type == FIELD_REFERENCE) {
		bind_row(binder, row);
	} else if (field->type == FIELD_INTEGER) {
		statement_bind_integer_at(binder->insert, ++binder->column, scan_integer(value));
	} else if (field->type == FIELD_BOOLEAN) {
		statement_bind_integer_at(binder->insert, ++binder->column, value.data[0] == 't');
	} else {
		bind_text(binder, scan_text(value, &texts->decoded));
	}
}

void table_bind(struct table *table, const struct view *view, const int64_t *rows,
	const struct bases *bases, struct row_texts *texts)
{
	struct binder binder = {.insert = table->insert, .column = table->leading};
	for (size_t i = 0; i < table->shape->count; i++) {
		const struct field *field = &table->shape->fields[i];
		uint64_t bit = UINT64_C(1) << i;
		if (field_is_list(field))
			continue;
		bind_value(&binder, field, view->values[i], rows[i], texts);
		if (field->columns != DATE_TEXT_ONLY)
			bind_date(&binder, field->columns,
				view->values[i].data ? scan_text(view->values[i], &texts->decoded)
						     : (struct bytes){0},
				texts);
		if (!field->grounded)
			continue;
		if (view->values[i].data && (bases->supported & bit))
			bind_name(&binder, bases->derived & bit ? "derived" : "stated");
		else
			bind_name(&binder, NULL);
	}
}
