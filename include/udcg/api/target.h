/* A request target taken apart and decoded once (RFC 3986, RFC 9112 section 3.2.1). */
#ifndef UDCG_API_TARGET_H
#define UDCG_API_TARGET_H

#include <udcg/base/arena.h>

enum {
	TARGET_MAX = 8000,
	LINK_HEADER_MAX = 4000, /* of a link: no longer one has room beside the longest target */
};

/* One name=value of the query. A value is a list split at raw commas, so that %2C stays inside. */
struct argument {
	struct bytes name; /* decoded */
	struct bytes *values; /* decoded; one, "", where the value is empty */
	size_t value_count;
	struct bytes whole; /* the value undivided, decoded */
	const char *fault; /* what is wrong with how it is written, or NULL */
};

struct target {
	struct bytes path; /* decoded; begins with a slash */
	struct argument *arguments; /* in the order of the request */
	size_t argument_count;
};

enum target_status {
	TARGET_OK,
	TARGET_BAD, /* the path: *ret_detail says why */
	TARGET_NO_MEMORY,
};

enum target_status target_parse(struct bytes raw, struct arena *arena, struct target *ret_target,
	const char **ret_detail) __attribute__((warn_unused_result));

/* Percent-encodes all but the unreserved characters. */
void target_append_encoded(struct strbuf *buffer, struct bytes text);

#endif
