/* Walks over JSON text that is known to be well-formed, without building anything. White space may
 * stand where JSON allows it. */
#ifndef UDCG_TIMELINE_SCAN_H
#define UDCG_TIMELINE_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>

struct scan {
	const char *at, *end;
};

/* Over the inside of an object or array. */
struct scan scan_inside(struct bytes value);
/* The next member: its key as it stands between the quotes, its value as it stands. */
bool scan_member(struct scan *scan, struct bytes *ret_key, struct bytes *ret_value);
bool scan_element(struct scan *scan, struct bytes *ret_value);

int64_t scan_integer(struct bytes value);
/* What the string token says. What has escapes is decoded behind what `decoded` holds, which must
 * have room for it. */
struct bytes scan_text(struct bytes value, struct strbuf *decoded);

#endif
