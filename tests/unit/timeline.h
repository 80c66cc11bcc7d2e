/* What the tests of the timeline share. JSON is written with ' for ", so that it can be read. */
#ifndef TIMELINE_H
#define TIMELINE_H

#include "store_files.h"

#include <udcg/store/migrations.h>
#include <udcg/timeline/timeline.h>

#define SHA "0000000000000000000000000000000000000000000000000000000000000000"
#define HEAD "'format':'udcg-timeline/1','title':'T','released':'2026-01-01','licence':'CC0-1.0'"
#define CITATION(more) \
	"{'source':'s','byte_start':0,'byte_end':5,'sha256':'" SHA "','basis':'stated'," more "}"
#define CITED(names) "'evidence':[" CITATION("'supports':[" names "]") "]"

/* A record of each kind, and what it takes to refer to something. */
#define SOURCES "{'id':'s','file':'s.txt','bytes':100}"
#define PARTICIPANTS \
	"{'id':'us','kind':'country','country':'US','name':'United States'," CITED( \
		"'name'") "}," \
			  "{'id':'ua','kind':'country','country':'UA','name':'Ukraine'," CITED( \
				  "'name'") "}," \
					    "{'id':'gb','kind':'country','country':'GB','name':'Britain'," CITED( \
						    "'name'") "}," \
							      "{'id':'p','kind':'person','country':'US','name':'P'," CITED( \
								      "'name'") "}," \
										"{'id':'g','kind':'group','name':'G','members':['us','gb']," CITED( \
											"'name','members'") "}"
#define MEETINGS \
	"{'id':'m','title':'M','kind':'meeting','status':'held'," \
	"'attendance':[{'participant':'us','role':'chair','status':'attended'," CITED( \
		"'role'") "}]," CITED("'title'") "}"
#define AIDS \
	"{'id':'a','kind':'package','amount':5,'currency':'USD','donor':'us','category':'military'," CITED( \
		"'amount'") "}," \
			    "{'id':'t','kind':'cumulative','measure':'total','amount':7,'currency':'USD','donor':'us'," \
			    "'category':'military'," CITED("'amount'") "}"
#define CLAIMS "{'id':'c','type':'event','statement':'C.','negative':false," CITED("'type'") "}"

static const char *const base_lists[RECORD_KINDS + 1] = {
	[RECORD_SOURCE] = SOURCES,
	[RECORD_PARTICIPANT] = PARTICIPANTS,
	[RECORD_MEETING] = MEETINGS,
	[RECORD_AID] = AIDS,
	[RECORD_CLAIM] = CLAIMS,
};

static const int base_counts[RECORD_KINDS + 1] = {
	[RECORD_SOURCE] = 1,
	[RECORD_PARTICIPANT] = 5,
	[RECORD_MEETING] = 1,
	[RECORD_AID] = 2,
	[RECORD_CLAIM] = 1,
};

static const char *const list_names[RECORD_KINDS + 1] = {
	[RECORD_SOURCE] = "sources",
	[RECORD_PARTICIPANT] = "participants",
	[RECORD_MEETING] = "meetings",
	[RECORD_AID] = "aid",
	[RECORD_CLAIM] = "claims",
};

/* Appends JSON with its quotes as they should be. */
static inline void append_json(struct strbuf *buffer, const char *text)
{
	for (; *text; text++)
		strbuf_append_char(buffer, *text == '\'' ? '"' : *text);
}

/* The base in document form, with more records at the end of one list. */
static inline void append_document(struct strbuf *buffer, enum record_kind kind, const char *more)
{
	append_json(buffer, "{" HEAD);
	for (enum record_kind each = RECORD_SOURCE; each <= RECORD_KINDS; each++) {
		strbuf_append_format(buffer, ",\n\"%s\":[", list_names[each]);
		append_json(buffer, base_lists[each]);
		if (each == kind) {
			append_json(buffer, ",\n");
			append_json(buffer, more);
		}
		append_json(buffer, "]");
	}
	append_json(buffer, "}\n");
	assert_false(buffer->failed);
}

/* One load of a file into a database in memory. */
struct attempt {
	enum timeline_status status;
	struct faults faults;
	struct timeline_card card;
	struct database *database;
};

static inline struct attempt attempt_file(const char *path, const struct timeline_options *options)
{
	struct attempt attempt = {.database = create(NULL)};
	assert_int_equal(migrations_apply(attempt.database, MIGRATION_TABLES), STORE_OK);
	attempt.status =
		timeline_load(path, attempt.database, options, &attempt.card, &attempt.faults);
	return attempt;
}

static inline struct attempt attempt_bytes(struct bytes bytes)
{
	const struct timeline_options options = {.build = "test"};
	write_file("timeline", bytes.data, bytes.length);
	return attempt_file("timeline", &options);
}

static inline void attempt_free(struct attempt *attempt)
{
	faults_free(&attempt->faults);
	timeline_card_free(&attempt->card);
	database_free(attempt->database);
}

#define _cleanup_attempt_ __attribute__((cleanup(attempt_free)))

static inline void print_faults(const struct faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		print_error("line %zu, %s: %s\n", faults->items[i].line, faults->items[i].pointer,
			faults->items[i].detail);
	if (faults->system)
		print_error("%s\n", faults->system);
}

static inline void assert_loaded(const struct attempt *attempt)
{
	if (attempt->status == TIMELINE_OK)
		return;
	print_faults(&attempt->faults);
	fail_msg("status %d, %zu faults", (int)attempt->status, attempt->faults.total);
}

/* One fault at `pointer` on that line, whose text has `says` in it. */
static inline void assert_one_fault(const struct attempt *attempt, size_t line, const char *pointer,
	const char *says)
{
	const struct faults *faults = &attempt->faults;
	const struct fault *fault = &faults->items[0];
	bool right = attempt->status == TIMELINE_REFUSED && faults->total == 1 && faults->count == 1
		&& fault->line == line && strcmp(fault->pointer, pointer) == 0
		&& strstr(fault->detail, says);
	if (right)
		return;
	print_faults(faults);
	fail_msg("status %d, %zu faults; wanted line %zu, %s: %s", (int)attempt->status,
		faults->total, line, pointer, says);
}

/* Keeps what an export writes. */
static inline bool keep(void *context, const void *data, size_t length)
{
	struct strbuf *buffer = context;
	strbuf_append(buffer, data, length);
	return !buffer->failed;
}

#endif
