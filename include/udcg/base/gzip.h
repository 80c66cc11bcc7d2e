/* gzip (RFC 1952), by zlib: without a name and a time, so that equal texts give equal bytes. */
#ifndef UDCG_BASE_GZIP_H
#define UDCG_BASE_GZIP_H

#include <udcg/base/strbuf.h>

enum gzip_effort { GZIP_FAST = 1, GZIP_SMALL = 6 };

struct gzip;

/* NULL when memory is short. */
struct gzip *gzip_create(enum gzip_effort effort) __attribute__((malloc));
void gzip_free(struct gzip *gzip);
void gzip_freep(struct gzip **gzip);
#define _cleanup_gzip_ __attribute__((cleanup(gzip_freep)))

/* Appends what is ready of the compressed text, after the `last` part all of it. A part has
 * less than 4 GiB. False when memory is short. */
bool gzip_append(struct gzip *gzip, struct bytes text, bool last, struct strbuf *out)
	__attribute__((warn_unused_result));

#endif
