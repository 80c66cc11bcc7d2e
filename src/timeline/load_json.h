/* json_loadb that says when memory is short. jansson 2.14 ignores an allocation that fails while it
 * collects a token, drops the byte, and where that was a closing quote reads and writes beyond its
 * buffers; so it is left, by a jump, from within the allocation that fails. */
#ifndef UDCG_TIMELINE_LOAD_JSON_H
#define UDCG_TIMELINE_LOAD_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <udcg/base/strbuf.h>

/* NULL where the text is no JSON object or array, or memory was short: *ret_short tells which. */
json_t *load_json(struct bytes text, size_t flags, json_error_t *ret_error, bool *ret_short)
	__attribute__((warn_unused_result));

#endif
