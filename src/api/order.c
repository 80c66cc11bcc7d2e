#include "order.h"

#include <stdio.h>
#include <string.h>

/* Every key in turn: those of the sorts, then the ties. */
struct walk {
	const struct order *order;
	size_t sort, key, number;
};

static const struct key *walk_next(struct walk *walk)
{
	const struct order *order = walk->order;
	while (walk->sort < order->sort_count) {
		const struct sort *sort = order->sorts[walk->sort].sort;
		if (walk->key < LENGTH_OF(sort->keys) && sort->keys[walk->key].sql) {
			walk->number++;
			return &sort->keys[walk->key++];
		}
		walk->sort++;
		walk->key = 0;
	}
	if (walk->key < order->resource->ties_count) {
		walk->number++;
		return &order->resource->ties[walk->key++];
	}
	return NULL;
}

bool order_is_by_date(const struct order *order)
{
	return order->sort_count && strcmp(order->sorts[0].sort->name, "date") == 0;
}

/* Whether a filter leaves one value of a key: the condition of its parameter says so. */
static bool is_pinned(const struct exchange *exchange, const struct key *key)
{
	static const char is_one_of[] = " IN ({})";
	size_t length = strlen(key->sql);
	for (size_t i = 0; i < exchange->parameters.count; i++) {
		const struct given *given = &exchange->parameters.items[i];
		const char *sql = given->parameter->sql;
		if (sql && given->count == 1 && !given->none && strncmp(sql, key->sql, length) == 0
			&& strcmp(sql + length, is_one_of) == 0)
			return true;
	}
	return false;
}

void order_read(const struct exchange *exchange, const struct resource *resource,
	struct order *ret_order)
{
	*ret_order = (struct order){.resource = resource};
	const struct given *given = parameters_find(&exchange->parameters, "sort");
	for (size_t i = 0; given && i < given->count && i < SORTS_MAX; i++) {
		ret_order->sorts[i].sort = &resource->sorts[given->values[i].number];
		ret_order->sorts[i].descending = given->values[i].last;
		ret_order->sort_count++;
	}
	if (!given && resource->sorts_count) {
		ret_order->sorts[0].sort = &resource->sorts[0];
		ret_order->sort_count = 1;
	}
	ret_order->pinned =
		ret_order->sort_count && is_pinned(exchange, &ret_order->sorts[0].sort->keys[0]);
	if (query_has_parts(exchange, resource) && order_is_by_date(ret_order))
		ret_order->from = parameters_find(&exchange->parameters, "from")->values[0].number;
}

static size_t key_count(const struct sort *sort)
{
	size_t count = 0;
	while (count < LENGTH_OF(sort->keys) && sort->keys[count].sql)
		count++;
	return count;
}

size_t order_key_count(const struct order *order)
{
	struct walk walk = {.order = order};
	while (walk_next(&walk))
		continue;
	return walk.number;
}

/* Whether a row can be there: of a sort that knows null all keys are null or none is, and no other key
 * ever is. */
static bool fits(const struct order *order, const struct position *position)
{
	const struct carried *value = position->values;
	for (size_t i = 0; i < order->sort_count; i++) {
		const struct sort *sort = order->sorts[i].sort;
		bool unknown = sort->nullable && value->type == CARRIED_NULL;
		for (size_t k = 0; k < key_count(sort); k++, value++)
			if ((value->type == CARRIED_NULL) != unknown)
				return false;
	}
	for (size_t k = 0; k < order->resource->ties_count; k++, value++)
		if (value->type == CARRIED_NULL)
			return false;
	return true;
}

bool order_read_cursor(struct exchange *exchange, const struct order *order, struct bytes cursor,
	struct position *ret_position)
{
	struct position position;
	if (!cursor_read(exchange, order_key_count(order), cursor, &position)
		|| !fits(order, &position))
		return false;
	*ret_position = position;
	return true;
}

static bool has_unknown(const struct order *order)
{
	return order->sort_count && order->sorts[0].sort->nullable;
}

/* Days are shared by few: there, one seek for both is cheaper. */
static bool has_tied(const struct order *order, const struct position *position)
{
	return position->count && order->sort_count && !order_is_by_date(order)
		&& position->values[0].type != CARRIED_NULL
		&& key_count(order->sorts[0].sort) > order->pinned;
}

enum order_phase order_first_phase(const struct order *order, const struct position *position)
{
	if (has_tied(order, position))
		return PHASE_TIED;
	const struct carried *first = &position->values[0];
	bool descending = order->sort_count && order->sorts[0].descending;
	if (position->count && first->type == CARRIED_NULL && has_unknown(order))
		return PHASE_UNKNOWN;
	if (!order->from)
		return PHASE_KNOWN;
	/* What reaches into the window begins before all that begins in it. */
	if (!position->count)
		return descending ? PHASE_KNOWN : PHASE_FAR;
	if (first->number < order->from - DAYS_A_YEAR)
		return PHASE_FAR;
	return first->number < order->from ? PHASE_NEAR : PHASE_KNOWN;
}

enum order_phase order_next_phase(const struct order *order, enum order_phase phase)
{
	if (phase == PHASE_TIED)
		return PHASE_KNOWN;
	if (order->from && order->sorts[0].descending)
		return phase == PHASE_FAR     ? PHASE_END
			: phase == PHASE_NEAR ? PHASE_FAR
					      : PHASE_NEAR;
	if (phase < PHASE_KNOWN)
		return phase + 1;
	/* No day is known of the others, so none meets a window. */
	return phase == PHASE_KNOWN && has_unknown(order) && !order->from ? PHASE_UNKNOWN
									  : PHASE_END;
}

bool order_seeks_day(const struct order *order, enum order_phase phase,
	const struct position *position)
{
	return position->count && order_is_by_date(order) && phase != PHASE_UNKNOWN
		&& phase == order_first_phase(order, position);
}

enum window_part order_window_part(const struct order *order, enum order_phase phase)
{
	if (!order->from)
		return WINDOW_WHOLE;
	return phase == PHASE_FAR ? WINDOW_FAR : phase == PHASE_NEAR ? WINDOW_NEAR : WINDOW_WITHIN;
}

void order_append_select(const struct order *order, struct strbuf *sql)
{
	struct walk walk = {.order = order};
	const struct key *key;
	while ((key = walk_next(&walk)))
		strbuf_append_texts(sql, ", ", key->cursor ? key->cursor : key->sql, NULL);
}

void order_append_position(const struct order *order, struct strbuf *sql)
{
	struct walk walk = {.order = order};
	const struct key *key;
	const struct resource *resource = order->resource;
	while ((key = walk_next(&walk)))
		strbuf_append_texts(sql, walk.number > 1 ? ", " : "SELECT ",
			key->cursor ? key->cursor : key->sql, NULL);
	strbuf_append_texts(sql, " FROM ", resource->from, " WHERE ", resource->alias,
		".row = :row", NULL);
}

void order_append_order_by(const struct order *order, enum order_phase phase, struct strbuf *sql)
{
	strbuf_append_text(sql, " ORDER BY ");
	for (size_t i = phase == PHASE_UNKNOWN ? 1 : 0; i < order->sort_count; i++) {
		const struct sort *sort = order->sorts[i].sort;
		if (i && sort->nullable)
			strbuf_append_texts(sql, sort->keys[0].sql, " IS NULL, ", NULL);
		for (size_t k = 0; k < LENGTH_OF(sort->keys) && sort->keys[k].sql; k++)
			strbuf_append_texts(sql, sort->keys[k].sql,
				order->sorts[i].descending ? " DESC, " : ", ", NULL);
	}
	strbuf_append_text(sql, order->resource->tie_order);
}

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
	struct walk walk = {.order = order};
	while (walk.number < position->count) {
		const struct key *key = walk_next(&walk);
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
		size_t keys = key_count(sort);
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
	return order->sort_count ? key_count(order->sorts[0].sort) : 0;
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
		.whole = beyond && has_tied(order, position),
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
	struct walk walk = {.order = order};
	while (walk.number < seek->end) {
		const struct key *key = walk_next(&walk);
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
	for (size_t k = 0; k < key_count(sort); k++)
		strbuf_append_texts(&sql, k ? " AND " : "", sort->keys[k].sql,
			known ? " IS NOT NULL" : " IS NULL", NULL);
	query->failed |= sql.failed;
	if (!sql.failed)
		query_where(query, sql.data);
}

void order_where(const struct order *order, enum order_phase phase, const struct position *position,
	struct query *query)
{
	if (has_unknown(order))
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

bool order_read_position(const struct order *order, const struct statement *statement, int first,
	struct arena *arena, struct position *ret_position)
{
	struct position position = {.count = order_key_count(order)};
	for (size_t i = 0; i < position.count; i++) {
		struct carried *value = &position.values[i];
		int column = first + (int)i;
		if (statement_is_null(statement, column))
			continue;
		if (statement_is_integer(statement, column)) {
			value->type = CARRIED_INTEGER;
			value->number = statement_integer(statement, column);
		} else {
			value->type = CARRIED_TEXT;
			value->text = arena_copy(arena, statement_text(statement, column));
			if (!value->text.data)
				return false;
		}
	}
	*ret_position = position;
	return true;
}
