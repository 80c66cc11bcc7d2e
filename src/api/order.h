/* The order of a list, and the place in it where a page begins (keyset paging). Nulls come last in
 * both directions, so a list runs in phases: rows whose first sort is known, then the others. By date
 * from a day on, the known ones are again three: ranges that reach into the window from far and from
 * near, and what begins in it. By anything else a page begins with the rows that share the keys of the
 * last one, of which there may be thousands. Each phase is one that an index has in its order, from
 * its first row on. */
#ifndef API_ORDER_H
#define API_ORDER_H

#include <udcg/api/query.h>

enum { ORDER_KEYS_MAX = 32 };

enum order_phase { PHASE_TIED, PHASE_FAR, PHASE_NEAR, PHASE_KNOWN, PHASE_UNKNOWN, PHASE_END };

struct carried {
	enum { CARRIED_NULL, CARRIED_INTEGER, CARRIED_TEXT, CARRIED_BETWEEN } type;
	int64_t number; /* CARRIED_BETWEEN: of the row before */
	struct bytes text;
};

/* Ids as texts, or, once it was located, the numbers of their rows. */
struct position {
	struct carried values[ORDER_KEYS_MAX];
	size_t count; /* 0: the beginning of the list */
};

struct order {
	const struct resource *resource;
	struct {
		const struct sort *sort;
		bool descending;
	} sorts[SORTS_MAX];
	size_t sort_count;
	bool pinned; /* a filter leaves one value of the first key */
	int64_t from; /* day from which a list by date runs in the parts of a window; 0: it does not */
};

/* The part of the window that a phase reads. */
enum window_part order_window_part(const struct order *order, enum order_phase phase);

/* From the parameter `sort`, or the resource's default. */
void order_read(const struct exchange *exchange, const struct resource *resource,
	struct order *ret_order);
bool order_is_by_date(const struct order *order);
/* Whether the phase begins at the position, which is one of known days. */
bool order_seeks_day(const struct order *order, enum order_phase phase,
	const struct position *position);

size_t order_key_count(const struct order *order);

enum order_phase order_first_phase(const struct order *order, const struct position *position);
enum order_phase order_next_phase(const struct order *order, enum order_phase phase);

/* ", key, …": what a cursor carries. */
void order_append_select(const struct order *order, struct strbuf *sql);
/* A statement that gives the same of the row :row of a table whose lines are kept. */
void order_append_position(const struct order *order, struct strbuf *sql);
void order_append_order_by(const struct order *order, enum order_phase phase, struct strbuf *sql);
/* Finds the rows that the position's ids name in the dataset at hand. An id that it lacks lies between
 * two rows. */
bool order_locate(struct exchange *exchange, const struct order *order, struct position *position)
	__attribute__((warn_unused_result));
/* ANDs what makes the rows those of the phase, after the position, a located one, where there is one. */
void order_where(const struct order *order, enum order_phase phase, const struct position *position,
	struct query *query);
/* Reads what order_append_select selected, from column `first` on; texts into the arena. */
bool order_read_position(const struct order *order, const struct statement *statement, int first,
	struct arena *arena, struct position *ret_position) __attribute__((warn_unused_result));

/* An opaque text for a position in this list with these filters. */
void cursor_write(const struct exchange *exchange, const struct position *position,
	struct strbuf *out);
/* False when the cursor is not one of this list, or for want of memory: then the exchange has failed. */
bool cursor_read(struct exchange *exchange, size_t key_count, struct bytes cursor,
	struct position *ret_position) __attribute__((warn_unused_result));
/* The same of a place in the order. */
bool order_read_cursor(struct exchange *exchange, const struct order *order, struct bytes cursor,
	struct position *ret_position) __attribute__((warn_unused_result));
/* Adds the fault to the problem; returns false. */
bool cursor_refuse(struct exchange *exchange, struct bytes cursor);
/* Sets the exchange's link to this list from the position on. */
bool next_link(struct exchange *exchange, const struct position *position)
	__attribute__((warn_unused_result));

#endif
