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
	const char *record; /* "SELECT id, name, kind …" of the :row that the key is; NULL: none */
};

/* Those of figures, and of sums besides; NULL at the end. */
extern const char *const total_qualifiers[];
enum { QUALIFIER_EXACT, QUALIFIER_MIXED = 6 };

enum { GROUP_KEYS = 8, GROUP_KEYS_MOST = 3, TOTAL_ROWS_MAX = 10000, LEFT_OUT_REASONS = 6 };
extern const struct group_key group_keys[GROUP_KEYS];

/* What a group has in common. */
struct key_value {
	int64_t number; /* of a row or period; 0 beside a text; KEY_NONE: null, which comes last */
	struct bytes text;
};
#define KEY_NONE INT64_MAX

struct group {
	struct key_value keys[GROUP_KEYS_MOST];
	struct bytes currency;
	int64_t amount, count;
	const char *qualifier; /* NULL: none */
};

/* Found by their keys. */
struct groups {
	struct group *items;
	size_t count, capacity;
	uint16_t *slots; /* an item's number from 1, 0: free */
};

struct totals {
	struct exchange *exchange;
	struct aid_window window;
	const struct group_key *keys[GROUP_KEYS_MOST];
	size_t key_count;
	struct query filters; /* all that was asked for but the window */
	struct row_sink sink;
	bool narrow; /* there are more than TOTAL_ROWS_MAX */
	struct groups groups; /* of packages */
	int64_t left_out
		[LEFT_OUT_REASONS]; /* readings that stand are among them, as earlier ones */
	int64_t standing; /* readings that have a row, each counted once */
};

/* Some period is asked for: the finest of the keys, or NULL. */
const struct group_key *totals_time_key(const struct totals *totals);
/* The year, quarter or month that a day lies in; numbers grow with time without a gap. */
int totals_period_of(enum total_column column, int day);
enum { PERIOD_TEXT_SIZE = 16 };
/* As replies call it. */
void totals_name_period(enum total_column column, int period, char text[static PERIOD_TEXT_SIZE]);

/* Walks over what may lie in the window: makes the groups, counts what is left out. */
bool totals_walk(struct totals *totals) __attribute__((warn_unused_result));
/* The same of packages alone: nothing is counted as left out. */
bool totals_walk_added(struct totals *totals) __attribute__((warn_unused_result));
/* The group of these keys, made where there is none; what it borrows is copied. NULL: the problem is
 * set, or there are too many. */
struct group *totals_find_group(struct totals *totals, const struct group *like);
/* In the order that replies have. */
void totals_sort_groups(struct totals *totals);
void totals_free_groups(struct totals *totals);

/* Each writes its rows, in order; readings are counted. */
bool totals_packages(struct totals *totals) __attribute__((warn_unused_result));
bool totals_readings(struct totals *totals) __attribute__((warn_unused_result));
bool totals_periods(struct totals *totals) __attribute__((warn_unused_result));
/* What a reading's row shows, one column a column; writes it. `day` is in the period that it stands
 * for, 0: none. */
#define READING_FROM \
	"aid_standing AS a LEFT JOIN participant AS donor ON donor.row = a.donor" \
	" LEFT JOIN participant AS recipient ON recipient.row = a.recipient"
void totals_append_reading(struct strbuf *sql);
void totals_write_reading(struct totals *totals, const struct cell *cells, int day);

/* "totals":[…]: what all packages of a currency make */
bool totals_write_sums(const struct totals *totals, struct strbuf *out)
	__attribute__((warn_unused_result));
/* "excluded":{…}, when all readings are written */
void totals_write_excluded(const struct totals *totals, struct strbuf *out);

/* " AND (…)" of the filters, or nothing. */
void totals_append_filters(const struct totals *totals, struct strbuf *sql);
/* Prepares `sql` and binds filters and window. */
bool totals_borrow(struct totals *totals, const struct strbuf *sql,
	struct statement **ret_statement) __attribute__((warn_unused_result));

/* What rows are wanted for: packages in the window, the counts of what is left out. */
enum wanted { WANTED_ADDED = 1, WANTED_LEFT_OUT = 2, WANTED_BOTH = 3 };
/* Columns of rows that stand for figures. */
enum source_column {
	SOURCE_IS_PACKAGE,
	SOURCE_EXCLUDED,
	SOURCE_FIRST, /* day; null: open or unknown */
	SOURCE_LAST,
	SOURCE_COUNT,
	SOURCE_AMOUNT, /* this and what follows only where figures are added */
	SOURCE_QUALIFIER,
	SOURCE_CURRENCY,
	SOURCE_KEYS, /* those that are no periods */
};
/* "SELECT … UNION ALL SELECT …", each from the table that can tell with the fewest rows: together they
 * stand for the figures that the filters leave, that may lie in the window and that are wanted, and
 * perhaps for others. */
void totals_append_source(const struct totals *totals, enum wanted wanted, struct strbuf *sql);
/* Whether prepared sums can tell what is left out. */
bool totals_have_counts(const struct totals *totals);

/* Of a sum of two. */
const char *totals_join_qualifiers(const char *one, const char *other);
/* The same over a group of figures or of sums. */
#define OTHER_QUALIFIER "nullif(a.qualifier, 'exact')"
#define SUM_QUALIFIER \
	"CASE WHEN max(" OTHER_QUALIFIER ") IS NULL" \
	" THEN CASE WHEN count(a.qualifier) = count(*) THEN 'exact' END" \
	" WHEN max(" OTHER_QUALIFIER ") = min(" OTHER_QUALIFIER ")" \
	" THEN max(" OTHER_QUALIFIER ") ELSE 'mixed' END"

#endif
