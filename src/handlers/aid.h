/* What aid figures and their totals have in common. */
#ifndef HANDLERS_AID_H
#define HANDLERS_AID_H

#include <udcg/api/query.h>

extern const char *const aid_kind_choices[];
extern const char *const aid_category_choices[];
extern const char *const aid_verb_choices[];

enum { AID_FILTER_COUNT = 14 };
extern const struct parameter aid_filters[AID_FILTER_COUNT];

#define AID_FROM \
	"aid AS a LEFT JOIN participant AS donor ON donor.row = a.donor" \
	" LEFT JOIN participant AS recipient ON recipient.row = a.recipient"

/* From and to as totals mean them: only what surely lies inside counts. */
struct aid_window {
	int from; /* day; 0: none */
	int end; /* the last day of `as_of` or `to`; 0: none */
};

/* min_amount and max_amount need a currency and an order. */
bool aid_check_amounts(struct exchange *exchange);
bool aid_window_read(struct exchange *exchange, struct aid_window *ret_window);
/* The figures that totals are made of, without regard to time keys. */
void aid_where_counted(struct query *query, const struct aid_window *window);

/* With `counted`: how many figures these are, where prepared sums can tell. */
bool aid_counted_total(struct exchange *exchange, int64_t *ret_total, bool *ret_known);

/* " AND …": that a figure `a` surely lies in the window; nothing where there is none. */
void aid_append_inside(const struct aid_window *window, struct strbuf *sql);
/* "SELECT …": a column of the readings in aid_standing that stand at the window's end. */
void aid_append_standing(const struct aid_window *window, const char *column, struct strbuf *sql);

#endif
