/* How a record appears in a reply: all of its fields or those asked for, with what is embedded. */
#ifndef API_LINE_H
#define API_LINE_H

#include <udcg/api/handler.h>

enum { COLUMNS_MAX = 64 };

struct line_plan {
	const struct resource *resource;
	size_t columns[COLUMNS_MAX]; /* numbers of the columns to write, in order */
	size_t column_count;
	bool whole; /* every column in its order */
	const struct include *includes[INCLUDES_MAX];
	size_t include_count;
	struct statement *body; /* a rendered row; NULL until one is fetched */
};

/* From `fields` and `include`. */
bool line_plan_read(struct exchange *exchange, const struct resource *resource,
	struct line_plan *ret_plan) __attribute__((warn_unused_result));
/* Gives back the statement that rows are fetched with, until the next one. */
void line_plan_rest(struct line_plan *plan);
void line_plan_free(struct line_plan *plan);
#define _cleanup_line_plan_ __attribute__((cleanup(line_plan_free)))

/* The rendered row; borrowed until the next call. */
bool line_fetch(struct exchange *exchange, struct line_plan *plan, int64_t row,
	struct bytes *ret_line) __attribute__((warn_unused_result));
/* Writes it as planned, without a newline. */
bool line_write(struct exchange *exchange, const struct line_plan *plan, int64_t row,
	struct bytes line, struct strbuf *out) __attribute__((warn_unused_result));

#endif
