/* Reads a list in keyset order and writes its rows, a chunk at a time. */
#ifndef API_PAGE_H
#define API_PAGE_H

#include "line.h"
#include "order.h"

#include <udcg/api/list.h>

/* Rows that are noted by number instead of written. */
struct choice {
	int64_t *rows;
	int64_t count;
	int64_t first_found; /* when, in nanoseconds of CLOCK_MONOTONIC */
};

struct page {
	struct exchange *exchange;
	const struct resource *resource;
	const struct list_form *form; /* NULL: rows are lines */
	struct order order;
	struct position position; /* after the last row that was reached */
	struct line_plan plan;
	int64_t total; /* rows of the whole list; 0: unknown */
	int64_t row; /* of the last kept line that was reached */
	struct choice *choice; /* NULL: rows are written */
};

/* From the request's parameters, the cursor included. */
bool page_open(struct exchange *exchange, const struct list_form *form, struct page *ret_page)
	__attribute__((warn_unused_result));
void page_close(struct page *page);
#define _cleanup_page_ __attribute__((cleanup(page_close)))

/* Writes up to `limit` rows from the position on: lines separated by newlines (JSON: by commas and
 * newlines), each ended by one (JSON: the last is not), or as the form has them. *ret_more: there are further rows. */
bool page_write(struct page *page, int64_t limit, struct strbuf *out, int64_t *ret_count,
	bool *ret_more) __attribute__((warn_unused_result));

/* The same in two steps, where lines are kept: which rows are next, and one of them. As many are chosen
 * as choice->rows has room for, `most`; where finding them takes long, fewer, but PART_ROWS at least.
 * Writing holds a statement until line_plan_rest. */
enum { PART_ROWS = 500 };
bool page_keeps_lines(const struct page *page);
bool page_choose(struct page *page, int64_t most, struct choice *choice, bool *ret_more)
	__attribute__((warn_unused_result));
bool page_write_chosen(struct page *page, int64_t row, struct strbuf *out)
	__attribute__((warn_unused_result));

#endif
