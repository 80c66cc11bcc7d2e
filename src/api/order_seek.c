#include "order_keys.h"

#include <stdio.h>

/* The row of an id; or that before which and the next there is none. */
static bool locate(struct exchange *exchange, const char *table, struct carried *value)
{
	char sql[128];
	snprintf(sql, sizeof(sql),
		"SELECT row, id = :id FROM %s WHERE id <= :id ORDER BY id DESC LIMIT 1", table);
	_cleanup_borrowed_ struct statement *statement = NULL;
	bool found;
	if (!exchange_borrow(exchange, bytes_of(sql), &statement))
		return false;
	statement_bind_text(statement, "id", value->text);
	if (!exchange_step(exchange, statement, &found))
		return false;
	value->number = found ? statement_integer(statement, 0) : 0;
	value->type = found && statement_integer(statement, 1) ? CARRIED_INTEGER : CARRIED_BETWEEN;
	return true;
}

bool order_locate(struct exchange *exchange, const struct order *order, struct position *position)
{
	struct key_walk walk = {.order = order};
	while (walk.number < position->count) {
		const struct key *key = key_walk_next(&walk);
		struct carried *value = &position->values[walk.number - 1];
		if (key->table && value->type == CARRIED_TEXT
			&& !locate(exchange, key->table, value))
			return false;
	}
	return true;
}

static void append_carried(size_t number, struct strbuf *sql)
{
	strbuf_append_text(sql, ":after_");
	strbuf_append_integer(sql, (int64_t)number);
}

static void append_comparison(const struct key *key, size_t number, const char *operator,
	struct strbuf * sql)
{
	strbuf_append_texts(sql, key->sql, operator, NULL);
	append_carried(number, sql);
}

/* "(keys from i on) come after the carried ones", lexicographically: k > v OR (k = v AND …). Returns
 * how many parentheses are left open. */
static size_t append_keys_after(const struct key *keys, size_t count, size_t number,
	const char *beyond, struct strbuf *sql)
{
	for (size_t k = 0; k < count; k++) {
		append_comparison(&keys[k], number + k, beyond, sql);
		strbuf_append_text(sql, " OR (");
		append_comparison(&keys[k], number + k, " = ", sql);
		strbuf_append_text(sql, " AND (");
	}
	return 2 * count;
}

static void append_after(const struct order *order, const struct position *position,
	struct strbuf *sql)
{
	size_t number = 0, open = 0;
	for (size_t i = 0; i < order->sort_count; i++) {
		const struct sort *sort = order->sorts[i].sort;
		size_t keys = sort_key_count(sort);
		if (position->values[number].type == CARRIED_NULL) {
			strbuf_append_texts(sql, sort->keys[0].sql, " IS NULL AND (", NULL);
			open++;
		} else {
			if (i && sort->nullable)
				strbuf_append_texts(sql, sort->keys[0].sql, " IS NULL OR ", NULL);
			open += append_keys_after(sort->keys, keys, number,
				order->sorts[i].descending ? " < " : " > ", sql);
		}
		number += keys;
	}
	const struct resource *resource = order->resource;
	for (size_t k = 0; k + 1 < resource->ties_count; k++, number++)
		open += append_keys_after(&resource->ties[k], 1, number, " > ", sql);
	append_comparison(&resource->ties[resource->ties_count - 1], number, " > ", sql);
	while (open--)
		strbuf_append_char(sql, ')');
}

/* Of the keys, counted over sorts and ties: those that an index can seek by. */
struct seek {
	size_t first, end;
	bool descending;
	bool whole; /* they are all that there is to compare */
};

static size_t sorted_keys(const struct order *order)
{
	return order->sort_count ? sort_key_count(order->sorts[0].sort) : 0;
}

/* The keys of the first sort save one that a filter leaves no choice of, and the ties where nothing else
 * is between and nothing descends. */
static struct seek find_seek(const struct order *order, enum order_phase phase,
	const struct position *position)
{
	size_t sorted = sorted_keys(order);
	bool beyond = phase != PHASE_TIED && phase != PHASE_UNKNOWN;
	struct seek seek = {
		.first = beyond ? order->pinned : sorted,
		.end = sorted,
		.descending = beyond && order->sort_count && order->sorts[0].descending,
		.whole = beyond && order_has_tied(order, position),
	};
	if (!seek.whole && !seek.descending && order->sort_count <= 1) {
		seek.end = sorted + order->resource->ties_count;
		seek.whole = true;
	}
	return seek;
}

static void where_tied(const struct order *order, struct query *query)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	for (size_t k = 0; k < sorted_keys(order); k++) {
		strbuf_append_text(&sql, k ? " AND " : "");
		append_comparison(&order->sorts[0].sort->keys[k], k, " = ", &sql);
	}
	query->failed |= sql.failed;
	if (!sql.failed)
		query_where(query, sql.data);
}

/* Said as one value, where the planner sees it. */
static void where_seek(const struct order *order, const struct seek *seek, struct query *query)
{
	_cleanup_strbuf_ struct strbuf left = {0}, right = {0};
	struct key_walk walk = {.order = order};
	while (walk.number < seek->end) {
		const struct key *key = key_walk_next(&walk);
		if (walk.number <= seek->first)
			continue;
		strbuf_append_texts(&left, left.length ? ", " : "(", key->sql, NULL);
		strbuf_append_text(&right, right.length ? ", " : "(");
		append_carried(walk.number - 1, &right);
	}
	strbuf_append_texts(&left, ") ", seek->descending ? "<" : ">", seek->whole ? " " : "= ",
		NULL);
	strbuf_append_strbuf(&left, &right);
	strbuf_append_char(&left, ')');
	query->failed |= left.failed;
	if (!query->failed)
		query_where(query, left.data);
}

/* The values from `first` to `end` that are known. */
static void bind_position(const struct position *position, size_t first, size_t end,
	struct query *query)
{
	for (size_t i = first; i < end; i++) {
		const struct carried *value = &position->values[i];
		if (value->type == CARRIED_NULL)
			continue;
		char name[32];
		snprintf(name, sizeof(name), "after_%zu", i);
		if (value->type == CARRIED_INTEGER)
			query_bind_integer(query, name, value->number);
		else if (value->type == CARRIED_BETWEEN)
			query_bind_real(query, name, (double)value->number + 0.5);
		else
			query_bind_text(query, name, value->text);
	}
}

/* Of the keys all are known or none is: saying so of each lets an index give the order of the rest. */
static void where_known(const struct sort *sort, bool known, struct query *query)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	for (size_t k = 0; k < sort_key_count(sort); k++)
		strbuf_append_texts(&sql, k ? " AND " : "", sort->keys[k].sql,
			known ? " IS NOT NULL" : " IS NULL", NULL);
	query->failed |= sql.failed;
	if (!sql.failed)
		query_where(query, sql.data);
}

void order_where(const struct order *order, enum order_phase phase, const struct position *position,
	struct query *query)
{
	if (order_has_unknown(order))
		where_known(order->sorts[0].sort, phase != PHASE_UNKNOWN, query);
	enum order_phase first_phase = order_first_phase(order, position);
	if (!position->count
		|| (phase != first_phase && !(phase == PHASE_KNOWN && first_phase == PHASE_TIED)))
		return;
	struct seek seek = find_seek(order, phase, position);
	bool all = !seek.whole || phase == PHASE_TIED;
	bind_position(position, all ? 0 : seek.first, seek.whole ? seek.end : position->count,
		query);
	if (phase == PHASE_TIED)
		where_tied(order, query);
	if (seek.first < seek.end)
		where_seek(order, &seek, query);
	if (seek.whole)
		return;
	/* The plus hides it from the planner, which would go through an index for each OR. */
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_text(&sql, "+(");
	append_after(order, position, &sql);
	strbuf_append_char(&sql, ')');
	query->failed |= sql.failed;
	if (!sql.failed)
		query_where(query, sql.data);
}
