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
	const char *name; /* also the filter that a group's figures have */
	enum total_column column;
	const char *group; /* what is equal within a group, and orders the groups */
	const char *select; /* how the row shows it */
};

enum { GROUP_KEYS = 8, GROUP_KEYS_MOST = 3, TOTAL_ROWS_MAX = 10000 };
extern const struct group_key group_keys[GROUP_KEYS];

struct totals {
	struct exchange *exchange;
	struct aid_window window;
	const struct group_key *keys[GROUP_KEYS_MOST];
	size_t key_count;
	struct query filters; /* all that was asked for but the window */
	struct row_sink sink;
	bool narrow; /* there are more than TOTAL_ROWS_MAX */
	int64_t shown; /* readings that have a row, each once; set where there is a time key */
};

/* Some period is asked for: the finest of the keys, or NULL. */
const struct group_key *totals_time_key(const struct totals *totals);

/* Each writes its rows, in order. */
bool totals_packages(struct totals *totals) __attribute__((warn_unused_result));
bool totals_readings(struct totals *totals) __attribute__((warn_unused_result));
bool totals_periods(struct totals *totals) __attribute__((warn_unused_result));
/* A reading's row; `day` is in the period that it stands for, 0: none. */
bool totals_write_reading(struct totals *totals, int64_t row, int day)
	__attribute__((warn_unused_result));

/* ,"totals":[…],"excluded":{…} */
bool totals_write_sums(struct totals *totals, struct strbuf *out)
	__attribute__((warn_unused_result));
bool totals_write_excluded(struct totals *totals, struct strbuf *out)
	__attribute__((warn_unused_result));

/* " AND (…)" of the filters, or nothing. */
void totals_append_filters(const struct totals *totals, struct strbuf *sql);
/* Prepares `sql` and binds filters and window. */
bool totals_borrow(struct totals *totals, const struct strbuf *sql,
	struct statement **ret_statement) __attribute__((warn_unused_result));

/* The qualifier of a sum, over a group of figures. */
#define SUM_QUALIFIER \
	"CASE WHEN max(CASE WHEN a.qualifier <> 'exact' THEN a.qualifier END) IS NULL" \
	" THEN CASE WHEN count(a.qualifier) = count(*) THEN 'exact' END" \
	" WHEN max(CASE WHEN a.qualifier <> 'exact' THEN a.qualifier END)" \
	" = min(CASE WHEN a.qualifier <> 'exact' THEN a.qualifier END)" \
	" THEN max(CASE WHEN a.qualifier <> 'exact' THEN a.qualifier END) ELSE 'mixed' END"

#endif
