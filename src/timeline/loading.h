/* The second half of a load: staged records become rows, in canonical order. Whatever only all
 * records together show (what is referred to and is not there, or is of the wrong kind) is found
 * here; once there is a fault nothing is written any more, but everything is still looked at. */
#ifndef UDCG_TIMELINE_LOADING_H
#define UDCG_TIMELINE_LOADING_H

#include <stdbool.h>
#include <stdint.h>
#include <udcg/base/digest.h>
#include <udcg/base/strbuf.h>
#include <udcg/store/database.h>
#include <udcg/store/statement.h>

#include "faults.h"
#include "links.h"
#include "path.h"
#include "rows.h"
#include "staging.h"
#include "view.h"

struct documents;
struct facts;

struct loading {
	struct staging *staging;
	struct links *links;
	struct facts *facts;
	struct documents *documents; /* NULL: not looked at */
	bool recount; /* see struct timeline_options */
	struct fault_log *log;
	struct database *database;
	struct digest digest; /* of the canonical form */

	struct table records[RECORD_KINDS + 1], attendance, headcount, citation;
	struct statement
		*lists[RECORD_KINDS + 1][SHAPE_FIELDS_MAX]; /* of their entries, by field */
	struct statement *record, *record_source, *place;
	int64_t record_row, attendance_row, citation_row; /* written last */

	const struct staged *staged; /* the record at hand */
	struct strbuf json; /* its canonical form, where that is not the staged one */
	struct strbuf overlaps; /* a list of all that overlap it; empty where none do */
	struct strbuf buffer; /* for texts of a moment */
	struct row_texts texts;
};

/* An object at hand: a record, or an entry of its attendance or headcounts. */
struct part {
	const struct path *path; /* in the record; NULL for the record itself */
	struct view view;
	int64_t rows[SHAPE_FIELDS_MAX]; /* that its references mean; 0 where they mean none */
	int64_t traits[SHAPE_FIELDS_MAX];
	struct bases bases;
};

enum timeline_status loading_prepare(struct loading *loading) __attribute__((warn_unused_result));
void loading_free(struct loading *loading);
/* The staged record to rows. */
enum timeline_status loading_record(struct loading *loading, const struct staged *staged)
	__attribute__((warn_unused_result));

/* Whether rows are still written. */
bool loading_writes(const struct loading *loading);
/* Runs a statement whose parameters are bound, unless nothing is written any more. */
enum timeline_status loading_write(struct loading *loading, struct statement *statement)
	__attribute__((warn_unused_result));
enum timeline_status loading_result(struct loading *loading, enum store_status status)
	__attribute__((warn_unused_result));

/* A fault in the record at hand; `path` is in its canonical form and led back to the file. */
void loading_fault(struct loading *loading, const struct path *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The row and trait of what the reference at `path` means; 0 and a fault where there is nothing. */
enum timeline_status loading_resolve(struct loading *loading, const struct path *path,
	enum record_kind target, struct bytes value, int64_t *ret_row, int64_t *ret_trait)
	__attribute__((warn_unused_result));
/* All references of an object that stand in no list. */
enum timeline_status loading_resolve_part(struct loading *loading, struct part *part)
	__attribute__((warn_unused_result));

/* The citations of an object: their rows, and its bases. */
enum timeline_status loading_cite(struct loading *loading, struct part *part)
	__attribute__((warn_unused_result));
/* Attendance and headcounts of the meeting at hand. */
enum timeline_status loading_attendance(struct loading *loading, const struct part *meeting)
	__attribute__((warn_unused_result));
enum timeline_status loading_headcounts(struct loading *loading, const struct part *meeting)
	__attribute__((warn_unused_result));

#endif
