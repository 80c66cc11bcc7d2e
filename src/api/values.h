/* One value of a parameter: read, checked, put into its canonical form. */
#ifndef API_VALUES_H
#define API_VALUES_H

#include <udcg/api/handler.h>

enum value_status {
	VALUE_READ,
	VALUE_REFUSED, /* the problem says why */
	VALUE_FAILED, /* memory or the database; the problem says so */
};

enum value_status value_read(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *ret_value) __attribute__((warn_unused_result));

/* "LEAST…MOST" and `unit`, as all that is allowed. NULL when memory is short; the problem says so. */
const char *const *range_allowed(struct exchange *exchange, int64_t least, int64_t most,
	const char *unit) __attribute__((warn_unused_result));

/* Two that may not stand in one list: the same, or one sort in both directions. */
bool value_same(const struct parameter *parameter, const struct value *a, const struct value *b);

/* Whether a list means something else in another order. */
bool value_order_counts(const struct parameter *parameter);

#endif
