/* /v1/vocabulary: what each filter can be given, with how much it leaves: what a drop-down shows. */
#include <string.h>
#include <udcg/api/query.h>
#include <udcg/api/row.h>
#include <udcg/base/iso.h>
#include <udcg/base/json.h>
#include <udcg/handlers/handlers.h>

enum { FILTERS_MAX = 8 };

/* The filters in the order shown. */
static const struct {
	const struct resource *resource;
	const char *filters[FILTERS_MAX + 1];
} shown[] = {
	{
		.resource = &meetings_resource,
		.filters = {"kind", "status", "format", "series", "country", "date_basis",
			"series_basis"},
	},
	{
		.resource = &participants_resource,
		.filters = {"kind", "country", "role", "status", "series"},
	},
	{
		.resource = &attendance_resource,
		.filters = {"role", "status", "country", "series", "date_basis", "series_basis"},
	},
	{
		.resource = &aid_resource,
		.filters = {"kind", "category", "measure", "donor", "recipient", "mechanism",
			"currency", "date_basis"},
	},
	{.resource = &claims_resource, .filters = {"type", "date_basis"}},
	{.resource = &timeline_resource, .filters = {"type", "date_basis"}},
};

/* One filter of one resource on its way into the reply. */
struct list {
	struct exchange *exchange;
	const struct resource *resource;
	const struct parameter *parameter;
	size_t written;
};

static void write_entry(struct list *list, struct bytes value, struct bytes name, int64_t count)
{
	struct strbuf *body = list->exchange->body;
	strbuf_append_text(body, list->written++ ? ",{" : "{");
	json_append_key(body, "value");
	json_append_bytes(body, value);
	json_append_key(body, "name");
	json_append_bytes(body, name);
	json_append_key(body, "count");
	strbuf_append_integer(body, count);
	strbuf_append_char(body, '}');
}

/* A value's name where the timeline has none: ISO's, or its own words. */
static bool write_named(struct list *list, struct bytes value, int64_t count)
{
	const char *known = NULL;
	if (list->parameter->type == PARAMETER_COUNTRY)
		known = iso_country_name(value.data, value.length);
	else if (list->parameter->type == PARAMETER_CURRENCY)
		known = iso_currency_name(value.data, value.length);
	if (known) {
		write_entry(list, value, bytes_of(known), count);
		return true;
	}
	struct bytes name = arena_copy(list->exchange->arena, value);
	if (!name.data)
		return exchange_no_memory(list->exchange);
	for (size_t i = 0; i < name.length; i++)
		if (name.data[i] == '_' || name.data[i] == '-')
			((char *)(uintptr_t)name.data)[i] = ' ';
	write_entry(list, value, name, count);
	return true;
}

/* Rows of the resource that meet a condition with one value, which may be NULL. */
static bool count_rows(struct list *list, const char *condition, const struct cell *value,
	int64_t *ret_count)
{
	struct exchange *exchange = list->exchange;
	const struct resource *resource = list->resource;
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf filled = {0}, sql = {0};
	bool joint = list->parameter->sql_joint, row;
	const char *alias = resource->dated ? resource->dated : "";
	sql_append_template(&filled, condition, ":value", alias);
	strbuf_append_format(&sql, "SELECT count(*) FROM %s WHERE ", resource->from);
	sql_append_template(&sql, joint ? resource->joint : "{}", filled.data ? filled.data : "",
		alias);
	if (filled.failed || sql.failed)
		return exchange_no_memory(exchange);
	if (!exchange_check(exchange,
		    statement_borrow(exchange->database, strbuf_bytes(&sql), &statement)))
		return false;
	if (value && value->text.data)
		statement_bind_text(statement, "value", value->text);
	else if (value)
		statement_bind_integer(statement, "value", value->number);
	if (!exchange_check(exchange, statement_step(statement, &row)))
		return false;
	*ret_count = statement_integer(statement, 0);
	return true;
}

static const char *condition_of(const struct parameter *parameter)
{
	return parameter->sql_joint ? parameter->sql_joint : parameter->sql;
}

/* Enumerations: every value in its declared order, also without rows. */
static bool write_choices(struct list *list)
{
	for (const char *const *choice = list->parameter->choices; *choice; choice++) {
		struct cell value = CELL_TEXT(bytes_of(*choice));
		int64_t count;
		if (!count_rows(list, condition_of(list->parameter), &value, &count)
			|| !write_named(list, value.text, count))
			return false;
	}
	return true;
}

/* What `X IN ({})` compares; the other conditions are counted value by value. */
static bool append_compared(const struct parameter *parameter, struct strbuf *sql)
{
	static const char tail[] = " IN ({})";
	if (!parameter->sql)
		return false;
	size_t length = strlen(parameter->sql);
	if (length < sizeof(tail) || strcmp(parameter->sql + length - sizeof(tail) + 1, tail) != 0)
		return false;
	strbuf_append(sql, parameter->sql, length - sizeof(tail) + 1);
	return true;
}

/* Values that occur, by value, with their rows. */
static bool write_grouped(struct list *list)
{
	struct exchange *exchange = list->exchange;
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf expression = {0}, sql = {0};
	bool records = list->parameter->type == PARAMETER_RECORD;
	append_compared(list->parameter, &expression);
	strbuf_append_format(&sql,
		records ? "SELECT named.id, counted.count, named.name FROM (SELECT %s AS row,"
			  " count(*) AS count FROM %s GROUP BY 1) AS counted"
			  " JOIN participant AS named ON named.row = counted.row ORDER BY named.row"
			: "SELECT %s AS value, count(*) FROM %s GROUP BY 1 HAVING value IS NOT NULL",
		expression.data ? expression.data : "", list->resource->from);
	if (expression.failed || sql.failed)
		return exchange_no_memory(exchange);
	if (!exchange_check(exchange,
		    statement_borrow(exchange->database, strbuf_bytes(&sql), &statement)))
		return false;
	for (;;) {
		bool row;
		if (!exchange_check(exchange, statement_step(statement, &row)))
			return false;
		if (!row)
			return true;
		struct bytes value = statement_text(statement, 0);
		int64_t count = statement_integer(statement, 1);
		if (records)
			write_entry(list, value, statement_text(statement, 2), count);
		else if (!write_named(list, value, count))
			return false;
	}
}

/* Series as a part of a joint condition: those that meetings have. */
static bool write_joint_series(struct list *list)
{
	static const char sql[] = "SELECT p.row, p.id, p.name FROM participant AS p"
				  " WHERE p.row IN (SELECT series FROM meeting) ORDER BY p.row";
	struct exchange *exchange = list->exchange;
	_cleanup_borrowed_ struct statement *statement = NULL;
	if (!exchange_check(exchange,
		    statement_borrow(exchange->database, BYTES_LITERAL(sql), &statement)))
		return false;
	for (;;) {
		bool row;
		int64_t count;
		if (!exchange_check(exchange, statement_step(statement, &row)))
			return false;
		if (!row)
			return true;
		struct cell value = cell_read(statement, 0);
		if (!count_rows(list, list->parameter->sql_joint, &value, &count))
			return false;
		if (count)
			write_entry(list, statement_text(statement, 1),
				statement_text(statement, 2), count);
	}
}

static bool write_filter(struct list *list)
{
	const struct parameter *parameter = list->parameter;
	bool good = parameter->choices ? write_choices(list)
		: parameter->sql_joint ? write_joint_series(list)
				       : write_grouped(list);
	int64_t count;
	if (!good || !parameter->sql_none)
		return good;
	if (!count_rows(list, parameter->sql_none, NULL, &count))
		return false;
	write_entry(list, BYTES_LITERAL("none"), BYTES_LITERAL("not known"), count);
	return true;
}

static bool write_resource(struct exchange *exchange, const struct resource *resource,
	const char *const *filters)
{
	json_append_key(exchange->body, resource->name);
	strbuf_append_char(exchange->body, '{');
	for (; *filters; filters++) {
		struct list list = {
			.exchange = exchange,
			.resource = resource,
			.parameter = resource_find_parameter(resource, bytes_of(*filters)),
		};
		json_append_key(exchange->body, *filters);
		strbuf_append_char(exchange->body, '[');
		if (!write_filter(&list))
			return false;
		strbuf_append_char(exchange->body, ']');
	}
	strbuf_append_char(exchange->body, '}');
	return true;
}

bool vocabulary_answer(struct exchange *exchange)
{
	strbuf_append_text(exchange->body, "{\"data\":{");
	for (size_t i = 0; i < LENGTH_OF(shown); i++)
		if (!write_resource(exchange, shown[i].resource, shown[i].filters))
			return false;
	strbuf_append_char(exchange->body, '}');
	exchange_finish_body(exchange);
	return true;
}
