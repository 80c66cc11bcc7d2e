/* What all packages of a currency make: the sum of the groups' rows. */
#include "aid_totals.h"

#include <udcg/base/json.h>

struct sum {
	struct sum *next; /* by currency */
	struct bytes currency;
	int64_t amount, count;
	struct bytes qualifier; /* data is NULL: none */
};

/* As SUM_QUALIFIER does it. */
static struct bytes join(struct bytes one, struct bytes other)
{
	bool plain = !one.data || bytes_equal(one, BYTES_LITERAL("exact"));
	bool other_plain = !other.data || bytes_equal(other, BYTES_LITERAL("exact"));
	if (bytes_equal(one, other))
		return one;
	if (plain && other_plain)
		return (struct bytes){0};
	if (plain || other_plain)
		return plain ? other : one;
	return BYTES_LITERAL("mixed");
}

bool totals_add(struct totals *totals, const struct cell *cells)
{
	struct arena *arena = totals->exchange->arena;
	struct bytes currency = cells[TOTAL_CURRENCY].text;
	struct bytes qualifier = cells[TOTAL_QUALIFIER].text;
	struct sum **at = &totals->sums;
	while (*at && bytes_compare((*at)->currency, currency) < 0)
		at = &(*at)->next;
	struct sum *sum = *at;
	if (!sum || !bytes_equal(sum->currency, currency)) {
		sum = arena_take(arena, sizeof(*sum));
		if (!sum)
			return exchange_no_memory(totals->exchange);
		*sum = (struct sum){.next = *at, .currency = arena_copy(arena, currency)};
		*at = sum;
	} else {
		qualifier = join(sum->qualifier, qualifier);
	}
	sum->amount += cells[TOTAL_AMOUNT].number;
	sum->count += cells[TOTAL_COUNT].number;
	/* What the statement lent is gone at its next row. */
	if (qualifier.data && qualifier.data == cells[TOTAL_QUALIFIER].text.data)
		qualifier = arena_copy(arena, qualifier);
	sum->qualifier = qualifier;
	bool copied = sum->currency.data && (sum->qualifier.data || !qualifier.length);
	return copied || exchange_no_memory(totals->exchange);
}

void totals_write_sums(const struct totals *totals, struct strbuf *out)
{
	strbuf_append_text(out, "\"totals\":[");
	for (const struct sum *sum = totals->sums; sum; sum = sum->next) {
		strbuf_append_text(out, sum == totals->sums ? "{" : ",{");
		json_append_key(out, "currency");
		json_append_bytes(out, sum->currency);
		json_append_key(out, "amount");
		strbuf_append_integer(out, sum->amount);
		json_append_key(out, "count");
		strbuf_append_integer(out, sum->count);
		json_append_key(out, "qualifier");
		json_append_bytes_or_null(out, sum->qualifier);
		strbuf_append_char(out, '}');
	}
	strbuf_append_text(out, "],\n");
}
