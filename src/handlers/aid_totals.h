/* The parts of /v1/aid/totals: packages that are summed, readings that stand, what is left out. */
#ifndef HANDLERS_AID_TOTALS_H
#define HANDLERS_AID_TOTALS_H

#include "aid.h"

#include <udcg/api/row_sink.h>

enum total_column {
	TOTAL_KIND,
	TOTAL_MEASURE,
	TOTAL_DONOR,
	TOTAL_DONOR_NAME,
	TOTAL_DONOR_KIND,
	TOTAL_RECIPIENT,
	TOTAL_CATEGORY,
	TOTAL_MECHANISM,
	TOTAL_MEETING,
	TOTAL_YEAR,
	TOTAL_QUARTER,
	TOTAL_MONTH,
	TOTAL_CURRENCY,
	TOTAL_AMOUNT,
	TOTAL_QUALIFIER,
	TOTAL_COUNT,
	TOTAL_SINCE,
	TOTAL_SINCE_TEXT,
	TOTAL_AS_OF,
	TOTAL_SUMMABLE,
	TOTAL_FIGURES,
	TOTAL_COLUMNS,
};

/* What packages can be grouped by, in the order of group_by_choices. */
struct group_key {
	const char *name; /* of the column, of the filter that a group's figures have */
	enum total_column column;
	const char *select; /* how the row shows it; `a` and its `donor` are joined */
};

enum { GROUP_KEYS = 8, GROUP_KEYS_MOST = 3, TOTAL_ROWS_MAX = 10000 };
extern const struct group_key group_keys[GROUP_KEYS];

struct sum;

struct totals {
	struct exchange *exchange;
	struct aid_window window;
	const struct group_key *keys[GROUP_KEYS_MOST];
	size_t key_count;
	struct query filters; /* all that was asked for but the window */
	struct row_sink sink;
	bool narrow; /* there are more than TOTAL_ROWS_MAX */
	struct sum *sums; /* of packages, by currency */
	int64_t standing; /* readings that have a row, each counted once */
};

/* Some period is asked for: the finest of the keys, or NULL. */
const struct group_key *totals_time_key(const struct totals *totals);

/* Each writes its rows, in order; packages are added up, readings counted. */
bool totals_packages(struct totals *totals) __attribute__((warn_unused_result));
bool totals_readings(struct totals *totals) __attribute__((warn_unused_result));
bool totals_periods(struct totals *totals) __attribute__((warn_unused_result));
/* What a reading's row shows, one column a column; writes it. `day` is in the period that it stands
 * for, 0: none. */
#define READING_FROM AID_FROM " JOIN aid_standing AS s ON s.row = a.row"
void totals_append_reading(struct strbuf *sql);
void totals_write_reading(struct totals *totals, const struct cell *cells, int day);

/* Adds a group's row to the sum of its currency. */
bool totals_add(struct totals *totals, const struct cell *cells)
	__attribute__((warn_unused_result));
/* "totals":[…] and "excluded":{…}, when all rows are written */
void totals_write_sums(const struct totals *totals, struct strbuf *out);
bool totals_write_excluded(struct totals *totals, struct strbuf *out)
	__attribute__((warn_unused_result));

/* " AND (…)" of the filters, or nothing. */
void totals_append_filters(const struct totals *totals, struct strbuf *sql);
/* Prepares `sql` and binds filters and window. */
bool totals_borrow(struct totals *totals, const struct strbuf *sql,
	struct statement **ret_statement) __attribute__((warn_unused_result));

/* Rows that together stand for the figures that the filters leave and that may lie in the window. */
struct source {
	const struct group_key *const *keys; /* columns that `select` and `dated` name */
	size_t key_count;
	struct aid_window window;
	const char *select; /* of rows that surely lie in the window */
	const char *where;
	const char *dated; /* of rows whose own dates tell */
	const char *dated_where;
};
/* "(SELECT … UNION ALL SELECT …)", each from the table that can tell with the fewest rows; besides a
 * figure's columns it has `count`. Returns whether each row is a group by all the keys and currency:
 * then there is `place`, too, the order that replies have. */
bool totals_append_source(const struct totals *totals, const struct source *source,
	struct strbuf *sql);

/* The qualifier of a sum, over a group of figures or of sums. */
#define OTHER_QUALIFIER "nullif(a.qualifier, 'exact')"
#define SUM_QUALIFIER \
	"CASE WHEN max(" OTHER_QUALIFIER ") IS NULL" \
	" THEN CASE WHEN count(a.qualifier) = count(*) THEN 'exact' END" \
	" WHEN max(" OTHER_QUALIFIER ") = min(" OTHER_QUALIFIER ")" \
	" THEN max(" OTHER_QUALIFIER ") ELSE 'mixed' END"

#endif
