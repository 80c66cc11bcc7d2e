#include <udcg/api/query.h>
#include <udcg/api/search.h>

#include <stdio.h>
#include <string.h>
#include <udcg/base/json.h>

void query_free(struct query *query)
{
	strbuf_free(&query->conditions);
	arena_free(&query->arena);
}

void sql_append_template(struct strbuf *buffer, const char *sql, const char *with,
	const char *alias)
{
	for (;;) {
		size_t plain = strcspn(sql, "{@");
		strbuf_append(buffer, sql, plain);
		sql += plain;
		if (!*sql)
			return;
		bool is_hole = sql[0] == '{' && sql[1] == '}';
		if (is_hole)
			strbuf_append_text(buffer, with);
		else if (*sql == '@')
			strbuf_append_text(buffer, alias);
		else
			strbuf_append_char(buffer, *sql);
		sql += is_hole ? 2 : 1;
	}
}

static struct binding *bind(struct query *query, const char *name)
{
	if (query->binding_count == BINDINGS_MAX) {
		query->failed = true;
		return NULL;
	}
	struct binding *binding = &query->bindings[query->binding_count++];
	snprintf(binding->name, sizeof(binding->name), "%s", name);
	return binding;
}

void query_bind_integer(struct query *query, const char *name, int64_t value)
{
	struct binding *binding = bind(query, name);
	if (binding) {
		binding->type = BOUND_INTEGER;
		binding->number = value;
	}
}

void query_bind_real(struct query *query, const char *name, double value)
{
	struct binding *binding = bind(query, name);
	if (binding) {
		binding->type = BOUND_REAL;
		binding->real = value;
	}
}

void query_bind_text(struct query *query, const char *name, struct bytes value)
{
	struct binding *binding = bind(query, name);
	if (binding)
		binding->text = value;
}

static void open_condition(struct query *query)
{
	strbuf_append_text(&query->conditions, query->conditions.length ? " AND (" : "(");
}

void query_where(struct query *query, const char *sql)
{
	open_condition(query);
	strbuf_append_text(&query->conditions, sql);
	strbuf_append_char(&query->conditions, ')');
}

static void where_named(struct query *query, const char *sql, const char *name, const char *alias)
{
	char bound[32];
	snprintf(bound, sizeof(bound), ":%s", name);
	open_condition(query);
	sql_append_template(&query->conditions, sql, bound, alias);
	strbuf_append_char(&query->conditions, ')');
}

void query_where_integer(struct query *query, const char *sql, const char *name, int64_t value)
{
	where_named(query, sql, name, "");
	query_bind_integer(query, name, value);
}

void query_where_text(struct query *query, const char *sql, const char *name, struct bytes value)
{
	where_named(query, sql, name, "");
	query_bind_text(query, name, value);
}

static bool bound_as_integer(const struct parameter *parameter)
{
	switch (parameter->type) {
	case PARAMETER_BOOLEAN:
	case PARAMETER_INTEGER:
	case PARAMETER_DATE:
	case PARAMETER_YEAR:
	case PARAMETER_QUARTER:
	case PARAMETER_MONTH:
	case PARAMETER_RECORD:
		return true;
	case PARAMETER_CHOICE:
	case PARAMETER_COUNTRY:
	case PARAMETER_CURRENCY:
	case PARAMETER_SLUG:
	case PARAMETER_FOLDED:
	case PARAMETER_QUERY:
	case PARAMETER_SORT:
	case PARAMETER_LIMIT:
	case PARAMETER_CURSOR:
	case PARAMETER_FIELDS:
	case PARAMETER_INCLUDE:
		return false;
	}
	return false;
}

/* Of two bounds on the same side the planner would take the first that it sees, so it sees one. */
static void where_first_day(struct query *query, const char *sql, const char *name,
	const char *alias, bool is_sought)
{
	_cleanup_strbuf_ struct strbuf hidden = {0};
	strbuf_append_texts(&hidden, is_sought ? "+(" : "(", sql, ")", NULL);
	query->failed |= hidden.failed;
	if (!hidden.failed)
		where_named(query, hidden.data, name, alias);
}

/* Several values are one bound JSON array, so that the SQL does not grow with their number. */
static void bind_list(struct query *query, const struct given *given)
{
	_cleanup_strbuf_ struct strbuf json = {0};
	for (size_t i = 0; i < given->count; i++) {
		strbuf_append_char(&json, i ? ',' : '[');
		if (bound_as_integer(given->parameter))
			strbuf_append_integer(&json, given->values[i].number);
		else
			json_append_bytes(&json, given->values[i].text);
	}
	strbuf_append_char(&json, ']');
	struct bytes copy =
		json.failed ? (struct bytes){0} : arena_copy(&query->arena, strbuf_bytes(&json));
	query->failed |= !copy.data;
	query_bind_text(query, given->parameter->name, copy);
}

static void compile_values(struct query *query, const struct given *given, const char *sql,
	const char *alias)
{
	const struct parameter *parameter = given->parameter;
	char bound[80];
	snprintf(bound, sizeof(bound),
		given->count == 1 ? ":%s" : "SELECT value FROM json_each(:%s)", parameter->name);
	sql_append_template(&query->conditions, sql, bound, alias);
	if (given->count > 1)
		bind_list(query, given);
	else if (bound_as_integer(parameter))
		query_bind_integer(query, parameter->name, given->values[0].number);
	else
		query_bind_text(query, parameter->name, given->values[0].text);
}

static void compile_given(struct query *query, const struct given *given, const char *sql,
	const char *alias)
{
	/* The plus hides a condition from the planner. */
	strbuf_append_text(&query->conditions,
		query->in_order && !given->parameter->by_day ? "+(" : "(");
	if (given->count)
		compile_values(query, given, sql, alias);
	if (given->count && given->none)
		strbuf_append_text(&query->conditions, " OR ");
	if (given->none)
		sql_append_template(&query->conditions, given->parameter->sql_none, "", alias);
	strbuf_append_char(&query->conditions, ')');
}

/* Whether the parameter's rows can be read from a table of their own, which one of all can be. */
static bool narrows(const struct query *query, const struct given *given)
{
	return query->is_narrow && !query->narrow && given->parameter->narrow && given->count == 1
		&& !given->none;
}

/* Between which days the periods that were given lie, for an index to seek by. */
static void compile_period(struct query *query, const struct given *given, const char *alias)
{
	const struct parameter *parameter = given->parameter;
	bool is_period = parameter->type == PARAMETER_YEAR || parameter->type == PARAMETER_QUARTER
		|| parameter->type == PARAMETER_MONTH;
	if (!is_period || given->none)
		return;
	int64_t first = given->values[0].number, last = given->values[0].last;
	for (size_t i = 1; i < given->count; i++) {
		if (given->values[i].number < first)
			first = given->values[i].number;
		if (given->values[i].last > last)
			last = given->values[i].last;
	}
	char name[32];
	snprintf(name, sizeof(name), "%s_first", parameter->name);
	where_first_day(query, "@.first_day >= {}", name, alias, query->is_sought_from);
	query_bind_integer(query, name, first);
	snprintf(name, sizeof(name), "%s_last", parameter->name);
	where_first_day(query, "@.first_day <= {}", name, alias, query->is_sought_to);
	query_bind_integer(query, name, last);
}

static void compile_search(struct query *query, const struct resource *resource, struct bytes q)
{
	struct search_term term;
	const char *fault;
	size_t number = 0;
	do {
		_cleanup_strbuf_ struct strbuf expression = {0};
		if (resource->search_column)
			strbuf_append_format(&expression, "%s : ", resource->search_column);
		if (!resource->search_each)
			search_terms_write(q, &expression);
		else if (search_term_next(&q, &term, &fault))
			search_term_write(&term, &expression);
		else
			break;
		struct bytes copy = expression.failed
			? (struct bytes){0}
			: arena_copy(&query->arena, strbuf_bytes(&expression));
		query->failed |= !copy.data;
		char name[32];
		snprintf(name, sizeof(name), "q_%zu", number++);
		query_where_text(query, resource->search, name, copy);
	} while (resource->search_each);
}

static bool takes_certain_only(const struct parameters *parameters)
{
	const struct given *dates = parameters_find(parameters, "dates");
	return dates && bytes_equal(dates->values[0].text, BYTES_LITERAL("certain"));
}

static bool is_refined(const struct exchange *exchange, const struct resource *resource)
{
	return resource->window_by_refine
		&& parameters_find(&exchange->parameters, resource->window_by_refine);
}

bool query_has_parts(const struct exchange *exchange, const struct resource *resource)
{
	return resource->dated && parameters_find(&exchange->parameters, "from")
		&& !takes_certain_only(&exchange->parameters) && !is_refined(exchange, resource);
}

/* Where rows of a part of a window begin, and that they reach into it. */
static void compile_from(struct query *query, int64_t from, const char *alias)
{
	switch (query->part) {
	case WINDOW_WHOLE:
		where_named(query, "@.last_day >= {}", "from", alias);
		break;
	case WINDOW_WITHIN:
		where_first_day(query, "@.first_day >= {}", "from", alias, query->is_sought_from);
		break;
	case WINDOW_NEAR:
		where_first_day(query, "@.first_day >= {} - 10000", "from", alias,
			query->is_sought_from);
		where_first_day(query, "@.first_day < {}", "from", alias, query->is_sought_to);
		where_named(query, "@.last_day >= {} AND @.last_day > @.first_day", "from", alias);
		break;
	case WINDOW_FAR:
		where_first_day(query, "@.first_day < {} - 10000", "from", alias,
			query->is_sought_to);
		where_named(query, "@.last_day >= {} AND @.last_day > @.first_day + 10000", "from",
			alias);
		break;
	}
	query_bind_integer(query, "from", from);
}

/* A range of days that may reach, or surely lies, into the window. */
static bool compile_window(struct exchange *exchange, const char *alias, struct query *query)
{
	const struct parameters *parameters = &exchange->parameters;
	const struct given *from = parameters_find(parameters, "from");
	const struct given *to = parameters_find(parameters, "to");
	const struct given *undated = parameters_find(parameters, "undated");
	bool certain = takes_certain_only(parameters);
	if (from && to && from->values[0].number > to->values[0].last)
		return exchange_refuse(exchange, "from", "is after `to`");
	if (from && certain) {
		where_first_day(query, "@.date_min IS NOT NULL AND @.first_day >= {}", "from",
			alias, query->is_sought_from);
		query_bind_integer(query, "from", from->values[0].number);
	} else if (from) {
		compile_from(query, from->values[0].number, alias);
	}
	if (to) {
		where_first_day(query,
			certain ? "@.date_max IS NOT NULL AND @.last_day <= {}"
				: "@.first_day <= {}",
			"to", alias, query->is_sought_to);
		query_bind_integer(query, "to", to->values[0].last);
	}
	if (undated)
		where_named(query,
			undated->values[0].number ? "@.first_day IS NULL"
						  : "@.first_day IS NOT NULL",
			"undated", alias);
	return true;
}

/* All parts that one and the same row of another table must meet. */
static void compile_joint(struct exchange *exchange, const struct resource *resource,
	struct query *query)
{
	const struct parameters *parameters = &exchange->parameters;
	struct query joint = {.arena = query->arena, .binding_count = query->binding_count};
	memcpy(joint.bindings, query->bindings, sizeof(joint.bindings));
	for (size_t i = 0; i < parameters->count; i++) {
		const struct given *given = &parameters->items[i];
		if (!given->parameter->sql_joint)
			continue;
		if (joint.conditions.length)
			strbuf_append_text(&joint.conditions, " AND ");
		compile_given(&joint, given, given->parameter->sql_joint, "");
	}
	if (joint.conditions.length) {
		open_condition(query);
		sql_append_template(&query->conditions, resource->joint, joint.conditions.data, "");
		strbuf_append_char(&query->conditions, ')');
	}
	query->failed |= joint.failed || joint.conditions.failed;
	query->binding_count = joint.binding_count;
	memcpy(query->bindings, joint.bindings, sizeof(joint.bindings));
	query->arena = joint.arena;
	joint.arena = (struct arena){0};
	query_free(&joint);
}

/* The condition that a parameter stands for by itself; NULL where others see to it. */
static const char *own_condition(const struct resource *resource, const struct parameter *parameter)
{
	if (parameter->type == PARAMETER_RECORD && !parameter->sql && !parameter->sql_joint)
		return resource->cites;
	return parameter->sql;
}

bool query_compile(struct exchange *exchange, const struct resource *resource, struct query *query)
{
	const struct parameters *parameters = &exchange->parameters;
	const char *alias = resource->dated ? resource->dated : "";
	for (size_t i = 0; i < parameters->count; i++) {
		const struct given *given = &parameters->items[i];
		const char *sql = own_condition(resource, given->parameter);
		if (given->parameter->type == PARAMETER_QUERY) {
			compile_search(query, resource, given->values[0].text);
		} else if (narrows(query, given)) {
			query->narrow = given->parameter->narrow;
			query_bind_integer(query, given->parameter->name, given->values[0].number);
		} else if (sql) {
			if (query->conditions.length)
				strbuf_append_text(&query->conditions, " AND ");
			compile_given(query, given, sql, alias);
			compile_period(query, given, alias);
		}
	}
	if (resource->joint)
		compile_joint(exchange, resource, query);
	if (resource->dated && !is_refined(exchange, resource)
		&& !compile_window(exchange, resource->dated, query))
		return false;
	if (resource->refine && !resource->refine(exchange, query))
		return false;
	if (query->failed || query->conditions.failed)
		return exchange_no_memory(exchange);
	return true;
}

void query_append_rows(const struct query *query, const struct resource *resource,
	struct strbuf *sql)
{
	const char *rows = query->narrow	       ? query->narrow
		: query->is_narrow && resource->narrow ? resource->narrow
						       : resource->from;
	strbuf_append_texts(sql, " FROM ", rows, NULL);
	query_append_where(query, sql);
}

void query_append_where(const struct query *query, struct strbuf *sql)
{
	if (query->conditions.length)
		strbuf_append_text(sql, " WHERE ");
	strbuf_append_strbuf(sql, &query->conditions);
}

void query_bind_all(const struct query *query, struct statement *statement)
{
	for (size_t i = 0; i < query->binding_count; i++) {
		const struct binding *binding = &query->bindings[i];
		if (binding->type == BOUND_INTEGER)
			statement_bind_integer(statement, binding->name, binding->number);
		else if (binding->type == BOUND_REAL)
			statement_bind_real(statement, binding->name, binding->real);
		else
			statement_bind_text(statement, binding->name, binding->text);
	}
}
