/* Lists, sub-lists and items, the same for every resource. */
#ifndef UDCG_API_LIST_H
#define UDCG_API_LIST_H

#include <udcg/api/handler.h>

bool list_answer(struct exchange *exchange) __attribute__((warn_unused_result));
bool item_answer(struct exchange *exchange) __attribute__((warn_unused_result));

/* Rows that the request's filters leave, counted once a dataset. */
bool list_total(struct exchange *exchange, int64_t *ret_total) __attribute__((warn_unused_result));

/* Paging by rank, good for one version of the dataset only: the number of rows to skip, and the
 * link to what follows. */
bool offset_cursor_read(struct exchange *exchange, int64_t most, int64_t *ret_offset)
	__attribute__((warn_unused_result));
bool offset_next_link(struct exchange *exchange, int64_t offset)
	__attribute__((warn_unused_result));

/* A list whose rows are something else than the resource's lines: a calendar's events, a feed's
 * items. */
struct list_form {
	const char *columns; /* what `write` reads, as SQL; NULL: the resource's columns */
	int column_count; /* of `columns` */
	const char *condition; /* of rows that it can tell of, as SQL; NULL: all */
	bool descending; /* the resource's own order, from its end */
	const char *separator; /* between two rows; NULL: nothing */
	/* Appends the row at which the statement stands. */
	void (*write)(const struct exchange *exchange, const struct statement *row,
		struct strbuf *out);
};

/* Appends up to `limit` rows to the body; where there are more, sets the link to them. */
bool list_write(struct exchange *exchange, const struct list_form *form, int64_t limit)
	__attribute__((warn_unused_result));

/* All rows, some hundred at a time. Without a form they are lines of the reply's media type, and
 * the request's `limit` holds. The exchange outlives it. */
struct list_stream;
bool list_stream_open(struct exchange *exchange, const struct list_form *form,
	struct list_stream **ret_stream) __attribute__((warn_unused_result));
/* Appends the next rows; *ret_more is false after the last. */
bool list_stream_next(struct list_stream *stream, struct strbuf *part, bool *ret_more)
	__attribute__((warn_unused_result));
void list_stream_free(struct list_stream *stream);

#endif
