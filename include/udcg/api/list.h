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

/* The rest of a list that is sent in parts: CSV and NDJSON of any length. Everything that it needs
 * is its own, so that it lives on while its thread serves others. */
struct list_stream;
bool list_stream_open(struct exchange *exchange, struct list_stream **ret_stream)
	__attribute__((warn_unused_result));
/* Appends the next rows; *ret_more is false after the last. */
bool list_stream_next(struct list_stream *stream, struct strbuf *part, bool *ret_more)
	__attribute__((warn_unused_result));
void list_stream_free(struct list_stream *stream);

#endif
