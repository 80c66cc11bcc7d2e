/* A timeline file: read, checked, loaded, exported, compared. Nothing outside this layer sees its
 * JSON. */
#ifndef UDCG_TIMELINE_TIMELINE_H
#define UDCG_TIMELINE_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <udcg/base/digest.h>
#include <udcg/base/strbuf.h>
#include <udcg/store/database.h>

enum record_kind {
	RECORD_SOURCE = 1,
	RECORD_PARTICIPANT,
	RECORD_MEETING,
	RECORD_AID,
	RECORD_CLAIM,
	RECORD_KINDS = RECORD_CLAIM,
};

/* "source", "participant", … */
const char *record_kind_name(enum record_kind kind);
/* "sources", "participants", …: its array in the document form. */
const char *record_list_name(enum record_kind kind);

enum timeline_status {
	TIMELINE_OK,
	TIMELINE_REFUSED, /* the faults say why */
	TIMELINE_NO_MEMORY,
	TIMELINE_IO, /* errno, or the database's message, in the faults' `system` */
	TIMELINE_CANCELLED, /* the progress call, or the database's budget, said stop */
};

#define FAULTS_MAX 100

struct fault {
	char *pointer; /* JSON Pointer into the document; NDJSON: into the line's record */
	size_t line; /* from 1: where the record begins */
	char *detail; /* what is wrong and what is allowed */
};

struct faults {
	struct fault items[FAULTS_MAX]; /* in the order of the file */
	size_t count; /* at most FAULTS_MAX */
	size_t total; /* all of them, those past the first FAULTS_MAX too */
	char *system; /* what the system said, for TIMELINE_IO; else NULL */
	bool full; /* it said that the database has no room left */
};

void faults_free(struct faults *faults);

struct timeline_card {
	char version[DIGEST_HEX_SIZE];
	char *title, *released, *licence;
	size_t counts[RECORD_KINDS + 1]; /* by record_kind */
};

void timeline_card_free(struct timeline_card *card);

/* Called every few thousand records; false stops the load. */
typedef bool timeline_progress(void *context, size_t records);

struct timeline_options {
	/* Where rows that wait to be sorted are kept: a file beside the database, or NULL for memory. */
	const char *staging_path;
	const char *documents; /* directory: verify every digest and byte range; NULL: do not */
	bool recount; /* char_start, char_end and paragraph may be wrong: they are to be rewritten */
	const char *build; /* the program build, noted in the database */
	timeline_progress *progress;
	void *progress_context;
};

/* Reads the file (document or record form, told apart by content), checks all of it and fills
 * `database`, which migrations_apply brought to MIGRATION_TABLES and which is left there, with all
 * rows of that step and none refused. On TIMELINE_REFUSED the database is to be thrown away. */
enum timeline_status timeline_load(const char *path, struct database *database,
	const struct timeline_options *options, struct timeline_card *ret_card,
	struct faults *faults) __attribute__((warn_unused_result));

/* The canonical form of a loaded database. `write` returns false to stop. Loaded again either form
 * has the same version, which is the SHA-256 of all bytes of the record form:
 *
 * - A line each, ended by "\n": the header, then the records by kind (source, participant, meeting,
 *   aid, claim) and id (as bytes), each with its "record": "KIND". Lines are JSON as in RFC 8785:
 *   keys sorted, no white space, strings with the shortest escapes.
 * - Keys that are null or [] are left out. Nothing else is, nothing is added, save that `overlaps`
 *   is mutual: each of two figures names the other, whichever of them did so in the file.
 * - `members`, `conveners`, `overlaps` and `supports` are sorted as bytes; `evidence` by source,
 *   byte_start, byte_end; `attendance` by participant, then representative, none last; what is
 *   still equal then, and `headcounts`, by the bytes of its canonical form. Other lists keep their
 *   order. */
typedef bool timeline_write(void *context, const void *data, size_t length);
enum timeline_form { TIMELINE_DOCUMENT, TIMELINE_RECORDS };
enum timeline_status timeline_export(struct database *database, enum timeline_form form,
	timeline_write *write, void *context) __attribute__((warn_unused_result));

/* The same, for whoever asks for it bit by bit. */
struct timeline_export {
	enum timeline_form form; /* the rest is zero at the beginning */
	bool begun;
	enum record_kind kind; /* document form: whose list is open; 0 before the first */
	int64_t row; /* of the last record */
};
/* Appends some tens of KiB; *ret_more is false after the last part. No statement of the database
 * is left open. */
enum timeline_status timeline_export_part(struct database *database, struct timeline_export *export,
	struct strbuf *part, bool *ret_more) __attribute__((warn_unused_result));

/* One line a record that was added (+), removed (-) or changed (~, with the names of the changed
 * keys), in canonical order; *ret_changes counts them. */
enum timeline_status timeline_diff(struct database *old, struct database *new,
	timeline_write *write, void *context, size_t *ret_changes)
	__attribute__((warn_unused_result));

/* Rewrites a file of either form with char_start, char_end and paragraph of every citation, counted
 * in the documents; everything else stays as it is, byte for byte. Everything else must also be
 * right. Characters of a document that is not UTF-8 are not counted. */
enum timeline_status timeline_annotate(const char *path, const char *documents,
	struct faults *faults) __attribute__((warn_unused_result));

#endif
