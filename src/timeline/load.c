#include <stdlib.h>
#include <string.h>
#include <udcg/timeline/timeline.h>

#include "check.h"
#include "documents.h"
#include "facts.h"
#include "links.h"
#include "loading.h"
#include "reader.h"
#include "record_rules.h"
#include "staging.h"

enum { PROGRESS_STEP = 4096 };

struct load {
	const struct timeline_options *options;
	struct fault_log log;
	struct reader reader;
	struct staging *staging;
	struct ledger *ledger;
	struct links *links;
	struct check check;
	struct strbuf canonical; /* of the record at hand */
	struct strbuf header; /* canonical form */
	struct loading loading;
	size_t steps; /* records read, and then written */
};

static void load_free(struct load *load)
{
	reader_close(&load->reader);
	ledger_free(load->ledger);
	links_free(load->links);
	facts_free(load->loading.facts);
	check_free(&load->check);
	strbuf_free(&load->canonical);
	strbuf_free(&load->header);
	loading_free(&load->loading);
	documents_free(load->loading.documents);
	staging_free(load->staging);
}

static enum timeline_status report_progress(struct load *load)
{
	const struct timeline_options *options = load->options;
	if (load->log.failed || load->check.failed)
		return TIMELINE_NO_MEMORY;
	if (++load->steps % PROGRESS_STEP != 0 || !options->progress)
		return TIMELINE_OK;
	return options->progress(options->progress_context, load->steps) ? TIMELINE_OK
									 : TIMELINE_CANCELLED;
}

/* Notes which figures the figure overlaps, for both sides. */
static enum timeline_status note_overlaps(struct load *load, const struct object *aid)
{
	size_t i;
	json_t *other;
	json_array_foreach(object_value(aid, "overlaps"), i, other)
	{
		enum timeline_status status =
			links_add_overlap(load->links, object_text(aid, "id"), json_bytes(other));
		if (status != TIMELINE_OK)
			return status;
	}
	return TIMELINE_OK;
}

static enum timeline_status stage(struct load *load, const struct record *record,
	const struct object *object)
{
	const struct staged staged = {
		.kind = record->kind,
		.id = object_text(object, "id"),
		.json = strbuf_bytes(&load->canonical),
		.order = strbuf_bytes(&load->check.order),
		.place = record->place,
		.in_list = record->path != NULL,
		.index = record->element.index,
		.trait = record_trait(record->kind, object),
	};
	size_t taken_at;
	enum timeline_status status = staging_add(load->staging, &staged, &taken_at);
	if (status != TIMELINE_OK)
		return status;
	if (taken_at != 0)
		check_fault(&load->check, record->path, "id",
			"\"%.*s\": the %s at line %zu has that id already", (int)staged.id.length,
			staged.id.data, record_kind_name(record->kind), taken_at);
	if (taken_at == 0 && staged.id.data && record->kind == RECORD_AID)
		return note_overlaps(load, object);
	return TIMELINE_OK;
}

static enum timeline_status read_record(struct load *load, const struct record *record)
{
	struct object object;
	strbuf_clear(&load->canonical);
	strbuf_clear(&load->check.order);
	load->check.place = record->place;
	load->check.kind = record->kind;
	check_object(&load->check, record_shape(record->kind), record->path, record->object, NULL,
		&object);
	enum timeline_status status = record_rules_check(&load->check, load->ledger, &object);
	return status == TIMELINE_OK ? stage(load, record, &object) : status;
}

static enum timeline_status read_header(struct load *load, struct timeline_card *ret_card)
{
	struct object header;
	if (!load->reader.header)
		return TIMELINE_OK;
	load->check.place = load->reader.header_place;
	load->check.kind = 0;
	load->check.canonical = &load->header;
	check_object(&load->check, &shape_header, NULL, load->reader.header, NULL, &header);
	if (fault_log_any(&load->log))
		return TIMELINE_OK;
	ret_card->title = strdup(object_text(&header, "title").data);
	ret_card->released = strdup(object_text(&header, "released").data);
	ret_card->licence = strdup(object_text(&header, "licence").data);
	return ret_card->title && ret_card->released && ret_card->licence ? TIMELINE_OK
									  : TIMELINE_NO_MEMORY;
}

static enum timeline_status read_file(struct load *load, struct timeline_card *ret_card)
{
	bool found = true;
	enum timeline_status status = TIMELINE_OK;
	load->check.log = &load->log;
	load->check.canonical = &load->canonical;
	while (status == TIMELINE_OK && found) {
		struct record record;
		status = reader_next(&load->reader, &record, &found);
		if (status == TIMELINE_OK && found)
			status = read_record(load, &record);
		if (status == TIMELINE_OK)
			status = report_progress(load);
	}
	/* Of what was not read nothing is missing. */
	return status == TIMELINE_OK && !load->reader.lost ? read_header(load, ret_card) : status;
}

static enum timeline_status write_records(struct load *load, enum staging_walk walk)
{
	bool found = true;
	enum timeline_status status = staging_start(load->staging, walk);
	while (status == TIMELINE_OK && found) {
		struct staged staged;
		status = staging_next(load->staging, &staged, &found);
		if (status == TIMELINE_OK && found)
			status = loading_record(&load->loading, &staged);
		if (status == TIMELINE_OK)
			status = report_progress(load);
	}
	return status;
}

static enum timeline_status write_dataset(struct load *load, const struct timeline_card *card)
{
	static const char sql[] =
		"INSERT INTO dataset (row, title, released, licence, version, build)"
		" VALUES (1, :title, :released, :licence, :version, :build)";
	_cleanup_statement_ struct statement *insert = NULL;
	struct loading *loading = &load->loading;
	enum store_status status = statement_prepare(loading->database, bytes_of(sql), &insert);
	if (status != STORE_OK)
		return loading_result(loading, status);
	statement_bind_text(insert, "title", bytes_of(card->title));
	statement_bind_text(insert, "released", bytes_of(card->released));
	statement_bind_text(insert, "licence", bytes_of(card->licence));
	statement_bind_text(insert, "version", bytes_of(card->version));
	statement_bind_text(insert, "build",
		bytes_of(load->options->build ? load->options->build : ""));
	return loading_result(loading, statement_run(insert));
}

/* All was checked, and database_verify looks at every constraint once more: row by row they are too
 * dear. A deferred reference makes SQLite scan whole tables, a CHECK with a list build a table. */
static const char begin[] =
	"PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; BEGIN";
static const char end[] = "COMMIT; PRAGMA ignore_check_constraints = OFF; PRAGMA foreign_keys = ON";

/* What refers to what is checked in any case; rows are written as long as there is no fault. */
static enum timeline_status write_all(struct load *load, struct timeline_card *ret_card)
{
	struct loading *loading = &load->loading;
	loading->staging = load->staging;
	loading->links = load->links;
	loading->log = &load->log;
	loading->recount = load->options->recount;
	enum timeline_status status = staging_rank(load->staging);
	if (status == TIMELINE_OK)
		status = loading_prepare(loading);
	if (status == TIMELINE_OK)
		status = loading_result(loading, database_execute(loading->database, begin));
	if (status != TIMELINE_OK)
		return status;
	digest_update(&loading->digest, load->header.data, load->header.length);
	digest_update(&loading->digest, "\n", 1);
	status = write_records(load, STAGING_CANONICAL);
	if (status == TIMELINE_OK && fault_log_any(&load->log))
		status = write_records(load, STAGING_OTHERS);
	if (status == TIMELINE_OK)
		status = links_find_cycles(load->links, &load->log);
	if (status != TIMELINE_OK || fault_log_any(&load->log))
		return status;

	status = facts_write(loading->facts, loading);
	if (status != TIMELINE_OK)
		return status;
	digest_finish_hex(&loading->digest, ret_card->version);
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++)
		ret_card->counts[kind] = staging_count(load->staging, kind);
	status = write_dataset(load, ret_card);
	return status == TIMELINE_OK
		? loading_result(loading, database_execute(loading->database, end))
		: status;
}

static enum timeline_status run(struct load *load, const char *path, struct timeline_card *ret_card)
{
	const struct timeline_options *options = load->options;
	struct faults *faults = load->log.faults;
	enum timeline_status status = reader_open(&load->reader, path, &load->log);
	if (status == TIMELINE_OK)
		status = staging_open(options->staging_path, faults, &load->staging);
	if (status == TIMELINE_OK)
		status = ledger_open(load->staging, &load->ledger);
	if (status == TIMELINE_OK)
		status = links_open(load->staging, &load->links);
	if (status == TIMELINE_OK)
		status = facts_open(load->staging, &load->loading.facts);
	if (status == TIMELINE_OK && options->documents)
		status = documents_open(options->documents, faults, &load->loading.documents);
	if (status == TIMELINE_OK)
		status = read_file(load, ret_card);
	if (status == TIMELINE_OK && !load->reader.lost)
		status = write_all(load, ret_card);
	if (status != TIMELINE_OK)
		return status;
	if (load->log.failed || load->check.failed)
		return TIMELINE_NO_MEMORY;
	return fault_log_any(&load->log) ? TIMELINE_REFUSED : TIMELINE_OK;
}

void timeline_card_free(struct timeline_card *card)
{
	if (!card)
		return;
	free(card->title);
	free(card->released);
	free(card->licence);
	*card = (struct timeline_card){0};
}

enum timeline_status timeline_load(const char *path, struct database *database,
	const struct timeline_options *options, struct timeline_card *ret_card,
	struct faults *faults)
{
	struct timeline_card card = {0};
	*faults = (struct faults){0};
	struct load load = {
		.options = options,
		.log.faults = faults,
		.reader.input.file = -1,
		.loading.database = database,
	};
	enum timeline_status status = run(&load, path, &card);
	load_free(&load);
	if (status == TIMELINE_OK)
		*ret_card = card;
	else
		timeline_card_free(&card);
	return status;
}
