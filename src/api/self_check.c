/* Whether the SQL of every declaration is SQL: each parameter, sort and include is prepared once
 * against a migrated database, so that a slip in a declaration cannot wait for its first client. */
#include "order.h"
#include "render.h"

#include <udcg/api/routes.h>

struct check {
	struct exchange exchange;
	struct arena arena;
	struct database *database;
	const struct resource *resource;
};

static enum store_status prepare(struct check *check, const struct strbuf *sql)
{
	_cleanup_statement_ struct statement *statement = NULL;
	return sql->failed ? STORE_NO_MEMORY
			   : statement_prepare(check->database, strbuf_bytes(sql), &statement);
}

static enum store_status check_query(struct check *check, const struct order *order,
	enum order_phase phase, const struct position *position)
{
	_cleanup_query_ struct query query = {0};
	_cleanup_strbuf_ struct strbuf sql = {0};
	problem_start(&check->exchange.problem);
	query.part = order_window_part(order, phase);
	/* A combination that the resource refuses never gets as far as SQL. */
	if (!query_compile(&check->exchange, check->resource, &query))
		return STORE_OK;
	order_where(order, phase, position, &query);
	strbuf_append_text(&sql, "SELECT 1");
	order_append_select(order, &sql);
	strbuf_append_format(&sql, " FROM %s", check->resource->from);
	query_append_where(&query, &sql);
	order_append_order_by(order, phase, &sql);
	return query.failed ? STORE_NO_MEMORY : prepare(check, &sql);
}

static enum store_status check_parameter(struct check *check, const struct parameter *parameter)
{
	struct value values[2] = {
		{.text = BYTES_LITERAL("word"), .number = 20240101, .last = 20241231},
		{.text = BYTES_LITERAL("words"), .number = 20240102, .last = 20241231},
	};
	struct given given = {.parameter = parameter,
		.values = values,
		.none = parameter->sql_none};
	struct order order;
	check->exchange.parameters = (struct parameters){0};
	order_read(&check->exchange, check->resource, &order);
	check->exchange.parameters = (struct parameters){.items = &given, .count = 1};
	const struct position beginning = {0};
	enum store_status status = STORE_OK;
	size_t most = parameter->list ? LENGTH_OF(values) : 1;
	for (given.count = 1; given.count <= most && status == STORE_OK; given.count++)
		status = check_query(check, &order, PHASE_KNOWN, &beginning);
	return status;
}

static enum store_status check_sort(struct check *check, const struct sort *sort)
{
	struct order order = {.resource = check->resource,
		.sorts = {{.sort = sort}},
		.sort_count = 1};
	struct position position = {.count = order_key_count(&order)};
	check->exchange.parameters = (struct parameters){0};
	for (size_t i = 0; i < position.count; i++)
		position.values[i] = (struct carried){.type = CARRIED_INTEGER};
	enum store_status status = check_query(check, &order, PHASE_KNOWN, &position);
	position.values[0].type = CARRIED_NULL;
	return status == STORE_OK && sort->nullable
		? check_query(check, &order, PHASE_UNKNOWN, &position)
		: status;
}

static enum store_status check_resource(struct check *check)
{
	const struct resource *resource = check->resource;
	const struct parameter *parameter;
	enum store_status status = STORE_OK;
	for (size_t i = 0; (parameter = resource_parameter(resource, i)) && status == STORE_OK; i++)
		if (parameter->type < PARAMETER_SORT)
			status = check_parameter(check, parameter);
	for (size_t i = 0; i < resource->sorts_count && status == STORE_OK; i++)
		status = check_sort(check, &resource->sorts[i]);
	for (size_t i = 0; i < resource->includes_count && status == STORE_OK; i++) {
		_cleanup_statement_ struct statement *statement = NULL;
		status = statement_prepare(check->database, bytes_of(resource->includes[i].sql),
			&statement);
	}
	return status;
}

enum store_status dataset_self_check(struct database *database, const char **ret_resource)
{
	struct check check = {.database = database};
	enum store_status status = STORE_OK;
	check.exchange.arena = &check.arena;
	for (size_t i = 0; i < route_count && status == STORE_OK; i++) {
		check.resource = routes[i].resource;
		if (!check.resource || !check.resource->from)
			continue;
		*ret_resource = check.resource->name;
		status = check_resource(&check);
		arena_reset(&check.arena);
	}
	arena_free(&check.arena);
	return status;
}
