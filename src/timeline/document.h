/* A document that is cited: its bytes, and where in it something stands as a reader counts. */
#ifndef UDCG_TIMELINE_DOCUMENT_H
#define UDCG_TIMELINE_DOCUMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>

/* No document may be longer. */
#define DOCUMENT_MAX ((size_t)64 << 20)

struct document_mark;

struct document {
	char *data;
	size_t length;
	bool is_utf8; /* else characters cannot be counted */
	struct document_mark *marks; /* counts at every few thousandth byte */
};

struct document_position {
	int64_t char_start, char_end; /* code points before the span, and before its end */
	int64_t paragraph; /* lines with something on them up to its first such byte; from 1 */
};

/* `directory` is open, `file` a plain name. On failure errno says why: EFBIG past DOCUMENT_MAX,
 * EINVAL where it is no regular file. */
bool document_read(struct document *document, int directory, const char *file)
	__attribute__((warn_unused_result));
void document_free(struct document *document);

/* Of the bytes from `start` to `end`, which lie in the document. */
struct document_position document_locate(const struct document *document, size_t start, size_t end);
/* Whether a character begins at the byte, or the document ends. */
bool document_is_boundary(const struct document *document, size_t at);

#endif
