/* What `q` means: words, each a prefix, and "phrases" in quotes. Never FTS5 syntax. */
#ifndef UDCG_API_SEARCH_H
#define UDCG_API_SEARCH_H

#include <udcg/base/strbuf.h>

struct search_term {
	struct bytes text;
	bool phrase;
};

/* Takes the next term off `rest`; false at the end. *ret_fault is NULL, or what is wrong. */
bool search_term_next(struct bytes *rest, struct search_term *ret_term, const char **ret_fault);

/* The term as an FTS5 expression. */
void search_term_write(const struct search_term *term, struct strbuf *expression);
/* The terms of a `q` that was found good, all of which must match. */
void search_terms_write(struct bytes q, struct strbuf *expression);

#endif
