/* What all packages of a currency make: the sum of its groups. */
#include "aid_totals.h"

#include <udcg/base/json.h>

struct sum {
	struct sum *next; /* by currency */
	struct bytes currency;
	int64_t amount, count;
	const char *qualifier;
};

/* As SUM_QUALIFIER does it. */
const char *totals_join_qualifiers(const char *one, const char *other)
{
	const char *exact = total_qualifiers[0];
	bool plain = !one || one == exact, other_plain = !other || other == exact;
	if (one == other)
		return one;
	if (plain && other_plain)
		return NULL;
	if (plain || other_plain)
		return plain ? other : one;
	return total_qualifiers[QUALIFIER_MIXED];
}

static bool add(struct exchange *exchange, const struct group *group, struct sum **sums)
{
	struct sum **at = sums;
	while (*at && bytes_compare((*at)->currency, group->currency) < 0)
		at = &(*at)->next;
	struct sum *sum = *at;
	if (!sum || !bytes_equal(sum->currency, group->currency)) {
		sum = arena_take(exchange->arena, sizeof(*sum));
		if (!sum)
			return exchange_no_memory(exchange);
		*sum = (struct sum){.next = *at,
			.currency = group->currency,
			.qualifier = group->qualifier};
		*at = sum;
	}
	sum->amount += group->amount;
	sum->count += group->count;
	sum->qualifier = totals_join_qualifiers(sum->qualifier, group->qualifier);
	return true;
}

bool totals_write_sums(const struct totals *totals, struct strbuf *out)
{
	struct sum *sums = NULL;
	for (size_t i = 0; i < totals->groups.count; i++)
		if (!add(totals->exchange, &totals->groups.items[i], &sums))
			return false;
	strbuf_append_text(out, "\"totals\":[");
	for (const struct sum *sum = sums; sum; sum = sum->next) {
		strbuf_append_text(out, sum == sums ? "{" : ",{");
		json_append_key(out, "currency");
		json_append_bytes(out, sum->currency);
		json_append_key(out, "amount");
		strbuf_append_integer(out, sum->amount);
		json_append_key(out, "count");
		strbuf_append_integer(out, sum->count);
		json_append_key(out, "qualifier");
		json_append_text_or_null(out, sum->qualifier);
		strbuf_append_char(out, '}');
	}
	strbuf_append_text(out, "],\n");
	return true;
}
