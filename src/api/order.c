#include "order_keys.h"

#include <stdio.h>
#include <string.h>

const struct key *key_walk_next(struct key_walk *walk)
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

size_t sort_key_count(const struct sort *sort)
{
	size_t count = 0;
	while (count < LENGTH_OF(sort->keys) && sort->keys[count].sql)
		count++;
	return count;
}

size_t order_key_count(const struct order *order)
{
	struct key_walk walk = {.order = order};
	while (key_walk_next(&walk))
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
		for (size_t k = 0; k < sort_key_count(sort); k++, value++)
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

void order_append_select(const struct order *order, struct strbuf *sql)
{
	struct key_walk walk = {.order = order};
	const struct key *key;
	while ((key = key_walk_next(&walk)))
		strbuf_append_texts(sql, ", ", key->cursor ? key->cursor : key->sql, NULL);
}

void order_append_position(const struct order *order, struct strbuf *sql)
{
	struct key_walk walk = {.order = order};
	const struct key *key;
	const struct resource *resource = order->resource;
	while ((key = key_walk_next(&walk)))
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
