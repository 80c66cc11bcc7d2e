/* Walks over what may lie in the window: packages go into their groups, the other figures are left
 * out, each under the first reason that applies. What surely lies outside has none. */
#include "aid_totals.h"

#include <string.h>
#include <udcg/base/json.h>
#include <udcg/handlers/common.h>

static choices reasons = {"superseded", "contained", "conflicting", "date_uncertain", "undated",
	"earlier_reading", NULL};
enum { DATE_UNCERTAIN = 3, UNDATED, EARLIER_READING, REASON_NONE };
_Static_assert(LENGTH_OF(reasons) == LEFT_OUT_REASONS + 1, "a count each");

/* Its number; that of the NULL behind them where it is none of them. */
static size_t find(const char *const *names, struct bytes name)
{
	size_t i = 0;
	while (names[i] && !bytes_equal(bytes_of(names[i]), name))
		i++;
	return i;
}

static bool is_inside(const struct aid_window *window, int first, int last)
{
	return (!window->from || (first && first >= window->from))
		&& (!window->end || (last && last <= window->end));
}

static bool is_outside(const struct aid_window *window, int first, int last)
{
	return (last && last < window->from) || (window->end && first > window->end);
}

static size_t reason_of(const struct statement *row, bool is_package, bool inside, bool is_dated)
{
	if (!statement_is_null(row, SOURCE_EXCLUDED))
		return find(reasons, statement_text(row, SOURCE_EXCLUDED));
	if (!inside)
		return is_dated ? DATE_UNCERTAIN : UNDATED;
	return is_package ? REASON_NONE : EARLIER_READING;
}

static struct key_value period_of(enum total_column column, int first, int last)
{
	if (!first || !last)
		return (struct key_value){.number = KEY_NONE};
	int period = totals_period_of(column, first);
	bool single = period == totals_period_of(column, last);
	return (struct key_value){.number = single ? period : KEY_NONE};
}

static struct key_value read_key(const struct group_key *key, const struct statement *row,
	int column)
{
	if (statement_is_null(row, column))
		return (struct key_value){.number = KEY_NONE};
	if (key->record)
		return (struct key_value){.number = statement_integer(row, column)};
	return (struct key_value){.text = statement_text(row, column)};
}

static bool add_to_group(struct totals *totals, const struct statement *row, int first, int last)
{
	struct group like = {.currency = statement_text(row, SOURCE_CURRENCY)};
	int column = SOURCE_KEYS;
	for (size_t i = 0; i < totals->key_count; i++)
		like.keys[i] = totals->keys[i]->column < TOTAL_YEAR
			? read_key(totals->keys[i], row, column++)
			: period_of(totals->keys[i]->column, first, last);
	struct group *group = totals_find_group(totals, &like);
	if (!group)
		return false;
	const char *qualifier =
		total_qualifiers[find(total_qualifiers, statement_text(row, SOURCE_QUALIFIER))];
	group->qualifier =
		group->count ? totals_join_qualifiers(group->qualifier, qualifier) : qualifier;
	group->amount += statement_integer(row, SOURCE_AMOUNT);
	group->count += statement_integer(row, SOURCE_COUNT);
	return true;
}

static bool take(struct totals *totals, enum wanted wanted, const struct statement *row)
{
	bool is_package = statement_integer(row, SOURCE_IS_PACKAGE);
	int first = (int)statement_integer(row, SOURCE_FIRST);
	int last = (int)statement_integer(row, SOURCE_LAST);
	const struct aid_window window = {
		.from = is_package ? totals->window.from : 0,
		.end = totals->window.end,
	};
	if (is_outside(&window, first, last))
		return true;
	size_t reason = reason_of(row, is_package, is_inside(&window, first, last), first || last);
	if (reason == REASON_NONE)
		return !(wanted & WANTED_ADDED) || add_to_group(totals, row, first, last);
	totals->left_out[reason] += statement_integer(row, SOURCE_COUNT);
	return true;
}

static bool walk(struct totals *totals, enum wanted wanted)
{
	_cleanup_borrowed_ struct statement *rows = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	totals_append_source(totals, wanted, &sql);
	if (!totals_borrow(totals, &sql, &rows))
		return false;
	bool good = true;
	while (good && exchange_next(totals->exchange, rows, &good))
		good = take(totals, wanted, rows);
	return good;
}

bool totals_walk_added(struct totals *totals)
{
	return walk(totals, WANTED_ADDED);
}

/* Where all figures have to be looked at, once is enough. */
bool totals_walk(struct totals *totals)
{
	if (!totals_have_counts(totals))
		return walk(totals, WANTED_BOTH);
	return walk(totals, WANTED_ADDED) && walk(totals, WANTED_LEFT_OUT);
}

void totals_write_excluded(const struct totals *totals, struct strbuf *out)
{
	strbuf_append_text(out, "\"excluded\":{");
	for (size_t i = 0; reasons[i]; i++) {
		int64_t standing = i == EARLIER_READING ? totals->standing : 0;
		strbuf_append_format(out, "%s\"%s\":%lld", i ? "," : "", reasons[i],
			(long long)(totals->left_out[i] - standing));
	}
	strbuf_append_char(out, '}');
}
