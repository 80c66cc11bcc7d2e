#include "line.h"

#include <stdio.h>
#include <udcg/api/row.h>
#include <udcg/base/json.h>

static bool borrow_body(struct exchange *exchange, const struct resource *resource,
	struct statement **ret_statement)
{
	char sql[96];
	snprintf(sql, sizeof(sql), "SELECT line FROM %s WHERE row = :row", resource->rendered);
	return exchange_borrow(exchange, bytes_of(sql), ret_statement);
}

bool line_plan_read(struct exchange *exchange, const struct resource *resource,
	struct line_plan *ret_plan)
{
	struct line_plan plan = {.resource = resource};
	const struct given *fields = parameters_find(&exchange->parameters, "fields");
	const struct given *include = parameters_find(&exchange->parameters, "include");
	plan.whole = !fields;
	plan.column_count = fields ? fields->count : resource->columns_count;
	for (size_t i = 0; i < plan.column_count; i++)
		plan.columns[i] = fields ? (size_t)fields->values[i].number : i;
	for (size_t i = 0; include && i < include->count; i++)
		plan.includes[plan.include_count++] =
			&resource->includes[include->values[i].number];
	*ret_plan = plan;
	return true;
}

void line_plan_rest(struct line_plan *plan)
{
	statement_release(plan->body);
	plan->body = NULL;
}

void line_plan_free(struct line_plan *plan)
{
	line_plan_rest(plan);
}

static bool fetch(struct exchange *exchange, struct statement *body, int64_t row,
	struct bytes *ret_line)
{
	bool found;
	statement_reset(body);
	statement_bind_integer(body, "row", row);
	if (!exchange_step(exchange, body, &found))
		return false;
	if (!found)
		return exchange_check(exchange, STORE_CORRUPT);
	*ret_line = statement_text(body, 0);
	return true;
}

bool line_fetch(struct exchange *exchange, struct line_plan *plan, int64_t row,
	struct bytes *ret_line)
{
	if (!plan->body && !borrow_body(exchange, plan->resource, &plan->body))
		return false;
	return fetch(exchange, plan->body, row, ret_line);
}

static bool include_write(struct exchange *exchange, const struct include *include, int64_t row,
	struct strbuf *out)
{
	_cleanup_borrowed_ struct statement *rows = NULL;
	_cleanup_borrowed_ struct statement *body = NULL;
	if (!exchange_borrow(exchange, bytes_of(include->sql), &rows))
		return false;
	if (include->resource && !borrow_body(exchange, include->resource, &body))
		return false;
	statement_bind_integer(rows, "row", row);
	json_append_key(out, include->name);
	strbuf_append_char(out, '[');
	bool good = true;
	for (bool first = true; exchange_next(exchange, rows, &good); first = false) {
		struct bytes line;
		if (!include->resource)
			line = statement_text(rows, 0);
		else if (!fetch(exchange, body, statement_integer(rows, 0), &line))
			return false;
		if (!first)
			strbuf_append_char(out, ',');
		strbuf_append_bytes(out, line);
	}
	strbuf_append_char(out, ']');
	return good;
}

bool line_write(struct exchange *exchange, const struct line_plan *plan, int64_t row,
	struct bytes line, struct strbuf *out)
{
	if (plan->whole && !plan->include_count) {
		strbuf_append_bytes(out, line);
		return true;
	}
	struct bytes slices[COLUMNS_MAX];
	row_slice(line, slices, plan->resource->columns_count);
	strbuf_append_char(out, '{');
	for (size_t i = 0; i < plan->column_count; i++) {
		if (i)
			strbuf_append_char(out, ',');
		strbuf_append_bytes(out, slices[plan->columns[i]]);
	}
	for (size_t i = 0; i < plan->include_count; i++)
		if (!include_write(exchange, plan->includes[i], row, out))
			return false;
	strbuf_append_char(out, '}');
	return true;
}
