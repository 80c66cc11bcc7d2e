/* What the files of an order share: the keys of its sorts and ties. */
#ifndef API_ORDER_KEYS_H
#define API_ORDER_KEYS_H

#include "order.h"

/* Every key in turn: those of the sorts, then the ties. */
struct key_walk {
	const struct order *order;
	size_t sort, key, number;
};
/* NULL after the last. */
const struct key *key_walk_next(struct key_walk *walk);
size_t sort_key_count(const struct sort *sort);

/* Whether the first sort knows null. */
bool order_has_unknown(const struct order *order);
/* Whether a page begins with rows that have the keys of the position, by number. */
bool order_has_tied(const struct order *order, const struct position *position);

#endif
