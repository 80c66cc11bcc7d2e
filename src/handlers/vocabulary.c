/* /v1/vocabulary: what each filter can be given, with how much it leaves: what a drop-down shows. */
#include "vocabulary.h"

#include <udcg/api/handler.h>
#include <udcg/base/iso.h>
#include <udcg/base/json.h>
#include <udcg/handlers/handlers.h>

/* The filters in the order shown. */
static const struct {
	const struct resource *resource;
	const char *filters[VOCABULARY_FILTERS_MAX + 1];
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

#define OF_FILTER "FROM vocabulary AS v WHERE v.resource = :resource AND v.filter = :filter"

static bool borrow(const struct list *list, struct bytes sql, struct statement **ret_statement)
{
	struct exchange *exchange = list->exchange;
	if (!exchange_borrow(exchange, sql, ret_statement))
		return false;
	statement_bind_text(*ret_statement, "resource", bytes_of(list->resource->name));
	statement_bind_text(*ret_statement, "filter", bytes_of(list->parameter->name));
	return true;
}

/* One value's rows; `value` without data is the null. */
static bool find_count(const struct list *list, struct bytes value, int64_t *ret_count)
{
	static const char sql[] = "SELECT v.count " OF_FILTER " AND v.value IS :value";
	_cleanup_borrowed_ struct statement *statement = NULL;
	bool row;
	if (!borrow(list, BYTES_LITERAL(sql), &statement))
		return false;
	statement_bind_text(statement, "value", value);
	if (!exchange_step(list->exchange, statement, &row))
		return false;
	*ret_count = row ? statement_integer(statement, 0) : 0;
	return true;
}

/* Enumerations: every value in its declared order, also without rows. */
static bool write_choices(struct list *list)
{
	for (const char *const *choice = list->parameter->choices; *choice; choice++) {
		int64_t count;
		if (!find_count(list, bytes_of(*choice), &count)
			|| !write_named(list, bytes_of(*choice), count))
			return false;
	}
	return true;
}

/* Values that occur, in their order. */
static bool write_values(struct list *list)
{
	static const char words[] =
		"SELECT v.value, v.count " OF_FILTER " AND v.value IS NOT NULL ORDER BY v.value";
	static const char records[] = "SELECT named.id, v.count, named.name"
				      " FROM vocabulary AS v JOIN participant AS named"
				      " ON named.row = v.value WHERE v.resource = :resource"
				      " AND v.filter = :filter ORDER BY named.row";
	bool of_records = list->parameter->type == PARAMETER_RECORD;
	_cleanup_borrowed_ struct statement *statement = NULL;
	if (!borrow(list, bytes_of(of_records ? records : words), &statement))
		return false;
	bool good = true;
	while (good && exchange_next(list->exchange, statement, &good)) {
		struct bytes value = statement_text(statement, 0);
		int64_t count = statement_integer(statement, 1);
		if (of_records)
			write_entry(list, value, statement_text(statement, 2), count);
		else
			good = write_named(list, value, count);
	}
	return good;
}

static bool write_filter(struct list *list)
{
	int64_t count;
	if (!(list->parameter->choices ? write_choices(list) : write_values(list)))
		return false;
	if (!list->parameter->sql_none)
		return true;
	if (!find_count(list, (struct bytes){0}, &count))
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

enum store_status vocabulary_prepare(struct database *database)
{
	enum store_status status = STORE_OK;
	for (size_t i = 0; i < LENGTH_OF(shown) && status == STORE_OK; i++)
		status = vocabulary_count(database, shown[i].resource, shown[i].filters);
	return status;
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
