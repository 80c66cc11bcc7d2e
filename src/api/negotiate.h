/* Content negotiation (RFC 9110, section 12.5): lists with quality values. */
#ifndef API_NEGOTIATE_H
#define API_NEGOTIATE_H

#include <udcg/api/exchange.h>
#include <udcg/api/resource.h>

/* The number of the best of `offered` (NULL-terminated media types, the preferred first), or -1
 * when none is acceptable. A header that was not sent accepts everything. */
int negotiate_media(struct bytes accept, const char *const *offered);

enum coding {
	CODING_IDENTITY,
	CODING_GZIP, /* where it is worth it */
	CODING_GZIP_ONLY, /* identity is refused */
	CODING_NONE, /* neither is acceptable */
};

enum coding negotiate_coding(struct bytes accept_encoding);

#endif
