/* Each parameter, sort and include of every declaration is prepared against a migrated database. */
#include "store.h"

#include "order.h"

#include <udcg/api/routes.h>
#include <udcg/store/migrations.h>

struct check {
	struct exchange exchange;
	struct arena arena;
	struct database *database;
	const struct resource *resource;
};

static void assert_sql(struct check *check, struct bytes sql)
{
	_cleanup_statement_ struct statement *statement = NULL;
	if (statement_prepare(check->database, sql, &statement) != STORE_OK)
		fail_msg("%s: %s in: %.*s", check->resource->name,
			database_message(check->database), (int)sql.length, sql.data);
}

static void check_query(struct check *check, const struct order *order, enum order_phase phase,
	const struct position *position)
{
	_cleanup_query_ struct query query = {.is_narrow = check->resource->rendered};
	_cleanup_strbuf_ struct strbuf sql = {0};
	problem_start(&check->exchange.problem);
	query.part = order_window_part(order, phase);
	/* A combination that the resource refuses never gets as far as SQL. */
	if (!query_compile(&check->exchange, check->resource, &query))
		return;
	order_where(order, phase, position, &query);
	strbuf_append_text(&sql, "SELECT 1");
	query_append_rows(&query, check->resource, &sql);
	order_append_order_by(order, phase, &sql);
	assert_false(query.failed || sql.failed);
	assert_sql(check, strbuf_bytes(&sql));
}

/* A word that is none costs no walk over all rows: its 400 is not remembered. */
static void check_words(struct check *check, const struct parameter *parameter)
{
	static const char *const comparisons[] = {"= 'word'", ">= 'word' ORDER BY word",
		"< 'word' ORDER BY word DESC"};
	for (size_t i = 0; i < COUNT_OF(comparisons); i++) {
		_cleanup_strbuf_ struct strbuf sql = {0};
		strbuf_append_format(&sql,
			"EXPLAIN QUERY PLAN SELECT DISTINCT word FROM (%s) WHERE word %s",
			parameter->vocabulary, comparisons[i]);
		_cleanup_statement_ struct statement *plan = prepare(check->database, sql.data);
		while (step(plan))
			if (strncmp(statement_text(plan, 3).data, "SEARCH ", 7) != 0)
				fail_msg("%s of %s: %s", parameter->name, check->resource->name,
					statement_text(plan, 3).data);
	}
}

static void check_parameter(struct check *check, const struct parameter *parameter)
{
	if (parameter->type == PARAMETER_SLUG)
		check_words(check, parameter);
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
	size_t most = parameter->list ? COUNT_OF(values) : 1;
	for (given.count = 1; given.count <= most; given.count++)
		check_query(check, &order, PHASE_KNOWN, &beginning);
}

/* Beside a parameter that brings rows of its own: they need every column that is looked at. */
static void check_beside(struct check *check, const struct parameter *narrow,
	const struct parameter *parameter)
{
	struct value value = {.text = BYTES_LITERAL("word"), .number = 20240101, .last = 20241231};
	struct given given[] = {
		{.parameter = narrow, .values = &value, .count = 1},
		{.parameter = parameter, .values = &value, .count = 1, .none = parameter->sql_none},
	};
	const struct position beginning = {0};
	check->exchange.parameters = (struct parameters){.items = given, .count = COUNT_OF(given)};
	for (size_t i = 0; i < check->resource->sorts_count; i++) {
		struct order order = {.resource = check->resource,
			.sorts = {{.sort = &check->resource->sorts[i]}},
			.sort_count = 1};
		check_query(check, &order, PHASE_KNOWN, &beginning);
	}
}

static void check_narrow(struct check *check, const struct parameter *narrow)
{
	const struct parameter *parameter;
	for (size_t i = 0; (parameter = resource_parameter(check->resource, i)); i++)
		if (parameter->type < PARAMETER_SORT && parameter != narrow)
			check_beside(check, narrow, parameter);
}

/* Asked for where lines are kept only. */
static void check_position(struct check *check, const struct order *order)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	if (!check->resource->rendered)
		return;
	order_append_position(order, &sql);
	assert_false(sql.failed);
	assert_sql(check, strbuf_bytes(&sql));
}

static void check_sort(struct check *check, const struct sort *sort)
{
	struct order order = {.resource = check->resource,
		.sorts = {{.sort = sort}},
		.sort_count = 1};
	struct position position = {.count = order_key_count(&order)};
	check->exchange.parameters = (struct parameters){0};
	for (size_t i = 0; i < position.count; i++)
		position.values[i] = (struct carried){.type = CARRIED_INTEGER};
	check_query(check, &order, PHASE_KNOWN, &position);
	if (order_first_phase(&order, &position) == PHASE_TIED)
		check_query(check, &order, PHASE_TIED, &position);
	position.values[0].type = CARRIED_NULL;
	if (sort->nullable)
		check_query(check, &order, PHASE_UNKNOWN, &position);
	check_position(check, &order);
}

static void check_resource(struct check *check)
{
	const struct resource *resource = check->resource;
	const struct parameter *parameter;
	for (size_t i = 0; (parameter = resource_parameter(resource, i)); i++)
		if (parameter->type < PARAMETER_SORT)
			check_parameter(check, parameter);
	for (size_t i = 0; (parameter = resource_parameter(resource, i)); i++)
		if (parameter->narrow)
			check_narrow(check, parameter);
	for (size_t i = 0; i < resource->sorts_count; i++)
		check_sort(check, &resource->sorts[i]);
	for (size_t i = 0; i < resource->includes_count; i++)
		assert_sql(check, bytes_of(resource->includes[i].sql));
}

static void are_sql(void **state)
{
	struct check check = {.database = *state};
	size_t checked = 0;
	assert_int_equal(migrations_apply(*state, migrations_latest()), STORE_OK);
	check.exchange.arena = &check.arena;
	for (size_t i = 0; i < route_count; i++) {
		check.resource = routes[i].resource;
		if (!check.resource || !check.resource->from)
			continue;
		check_resource(&check);
		arena_reset(&check.arena);
		checked++;
	}
	arena_free(&check.arena);
	assert_true(checked > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(are_sql, create_in_memory, destroy_database),
	};
	return cmocka_run_group_tests_name("declarations", tests, initialise_store, NULL);
}
