#include "order_keys.h"

bool order_has_unknown(const struct order *order)
{
	return order->sort_count && order->sorts[0].sort->nullable;
}

/* Days are shared by few: there, one seek for both is cheaper. */
bool order_has_tied(const struct order *order, const struct position *position)
{
	return position->count && order->sort_count && !order_is_by_date(order)
		&& position->values[0].type != CARRIED_NULL
		&& sort_key_count(order->sorts[0].sort) > order->pinned;
}

enum order_phase order_first_phase(const struct order *order, const struct position *position)
{
	if (order_has_tied(order, position))
		return PHASE_TIED;
	const struct carried *first = &position->values[0];
	bool descending = order->sort_count && order->sorts[0].descending;
	if (position->count && first->type == CARRIED_NULL && order_has_unknown(order))
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
	bool backwards = order->from && order->sorts[0].descending;
	switch (phase) {
	case PHASE_TIED:
		return PHASE_KNOWN;
	case PHASE_FAR:
		return backwards ? PHASE_END : PHASE_NEAR;
	case PHASE_NEAR:
		return backwards ? PHASE_FAR : PHASE_KNOWN;
	case PHASE_KNOWN:
		if (backwards)
			return PHASE_NEAR;
		/* No day is known of the others, so none meets a window. */
		return order_has_unknown(order) && !order->from ? PHASE_UNKNOWN : PHASE_END;
	case PHASE_UNKNOWN:
	case PHASE_END:
		break;
	}
	return PHASE_END;
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
	if (phase == PHASE_FAR)
		return WINDOW_FAR;
	return phase == PHASE_NEAR ? WINDOW_NEAR : WINDOW_WITHIN;
}
