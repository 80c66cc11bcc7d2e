/* Dates that say how well they are known: the profile of EDTF (ISO 8601-2) in docs/methodology.md.
 *   YYYY, YYYY-MM, YYYY-MM-DD (years 1000 to 9999), each with ?, ~ or % at its end;
 *   a/b        lasts from a to b
 *   [a..b], [..b], [a..]   one day in that range
 * where a and b are without qualifier and the first day of a is not after the last day of b. */
#ifndef UDCG_BASE_EDTF_H
#define UDCG_BASE_EDTF_H

#include <stdbool.h>
#include <stddef.h>
#include <udcg/base/strbuf.h>

enum edtf_precision {
	EDTF_DAY,
	EDTF_MONTH,
	EDTF_YEAR,
	EDTF_SPAN, /* a/b */
	EDTF_BETWEEN, /* [a..b] */
};

enum edtf_qualifier {
	EDTF_CERTAIN,
	EDTF_UNCERTAIN, /* ? */
	EDTF_APPROXIMATE, /* ~ */
	EDTF_BOTH, /* % */
};

/* Days are yyyymmdd (20250212), so that they compare as integers; 0 is "no bound". */
struct edtf {
	int first; /* inclusive; 0 where open */
	int last;
	enum edtf_precision precision;
	enum edtf_qualifier qualifier;
};

/* NULL when `text` is in the profile, else what is wrong with it and what would be right (a
 * static string). */
const char *edtf_parse(struct bytes text, struct edtf *ret_date)
	__attribute__((warn_unused_result));

/* A plain YYYY, YYYY-MM or YYYY-MM-DD without qualifier: a parameter's value. */
const char *edtf_parse_plain(struct bytes text, struct edtf *ret_date)
	__attribute__((warn_unused_result));

const char *edtf_precision_name(enum edtf_precision precision);
/* NULL for EDTF_CERTAIN. */
const char *edtf_qualifier_name(enum edtf_qualifier qualifier);

#define DAY_TEXT_SIZE 11
/* Writes YYYY-MM-DD; `day` is not 0. */
void day_format(int day, char text[static DAY_TEXT_SIZE]);
/* The day n days later (n may be negative), in the proleptic Gregorian calendar; 0 where that is
 * outside the years 1000 to 9999. */
int day_add(int day, int n);

#endif
