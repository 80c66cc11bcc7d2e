/* A growing byte buffer. The first allocation that fails makes it `failed`; from then on every
 * append is a no-op, so that a writer checks once, at its end. */
#ifndef UDCG_BASE_STRBUF_H
#define UDCG_BASE_STRBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct strbuf {
	char *data; /* NUL-terminated once anything was appended; NULL while empty */
	size_t length; /* bytes, without the NUL */
	size_t capacity;
	bool failed;
};

/* A borrowed slice: neither owned nor NUL-terminated. data is NULL where there is none. */
struct bytes {
	const char *data;
	size_t length;
};

#define BYTES_LITERAL(text) ((struct bytes){.data = (text), .length = sizeof(text) - 1})

struct bytes bytes_of(const char *text);
bool bytes_equal(struct bytes a, struct bytes b);
/* By ASCII letters only. */
bool bytes_equal_nocase(struct bytes a, struct bytes b);
/* memcmp order, the shorter first where one is a prefix of the other. */
int bytes_compare(struct bytes a, struct bytes b);

void strbuf_free(struct strbuf *buffer);
/* Keeps the memory; clears `failed`. */
void strbuf_clear(struct strbuf *buffer);
void strbuf_reserve(struct strbuf *buffer, size_t more);
void strbuf_append(struct strbuf *buffer, const void *data, size_t length);
void strbuf_append_text(struct strbuf *buffer, const char *text);
/* One text after the other, the last argument being NULL: a tenth of what "%s%s" costs. */
void strbuf_append_texts(struct strbuf *buffer, ...) __attribute__((sentinel));
void strbuf_append_bytes(struct strbuf *buffer, struct bytes bytes);
/* What `other` holds, its failure included. */
void strbuf_append_strbuf(struct strbuf *buffer, const struct strbuf *other);
void strbuf_append_char(struct strbuf *buffer, char c);
void strbuf_append_integer(struct strbuf *buffer, int64_t value);
void strbuf_append_format(struct strbuf *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
struct bytes strbuf_bytes(const struct strbuf *buffer);
/* Hands the memory to the caller, who frees it; NULL if the buffer failed. An empty buffer gives
 * "". The buffer is empty afterwards. */
char *strbuf_detach(struct strbuf *buffer, size_t *ret_length);

#define _cleanup_strbuf_ __attribute__((cleanup(strbuf_free)))

#endif
