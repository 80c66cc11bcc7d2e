#include <udcg/base/json.h>
#include <udcg/store/statement.h>
#include <udcg/timeline/timeline.h>

#include "model.h"
#include "view.h"

struct export
{
	struct database *database;
	enum timeline_form form;
	timeline_write *write;
	void *context;
	struct strbuf buffer;
	enum record_kind kind; /* document form: whose list is open; 0 before the first */
};

static enum timeline_status store_result(enum store_status status)
{
	if (status == STORE_NO_MEMORY)
		return TIMELINE_NO_MEMORY;
	return status == STORE_OK ? TIMELINE_OK : TIMELINE_IO;
}

/* Writes the buffer and empties it. */
static enum timeline_status flush(struct export *export)
{
	bool written = !export->buffer.failed
		&& export->write(export->context, export->buffer.data, export->buffer.length);
	enum timeline_status failed =
		export->buffer.failed ? TIMELINE_NO_MEMORY : TIMELINE_CANCELLED;
	strbuf_clear(&export->buffer);
	return written ? TIMELINE_OK : failed;
}

/* A document's header is in the order that people read it in, a record's in the canonical one. */
static void append_header(struct export *export, const struct statement *dataset)
{
	static const char *const keys[][4] = {
		[TIMELINE_DOCUMENT] = {"format", "title", "released", "licence"},
		[TIMELINE_RECORDS] = {"format", "licence", "released", "title"},
	};
	static const char *const columns[] = {"title", "released", "licence"};
	struct strbuf *buffer = &export->buffer;
	strbuf_append_char(buffer, '{');
	for (size_t i = 0; i < 4; i++) {
		const char *key = keys[export->form][i];
		struct bytes text = bytes_of(timeline_format);
		for (int column = 0; column < 3; column++) {
			if (bytes_equal(bytes_of(key), bytes_of(columns[column])))
				text = statement_text(dataset, column);
		}
		json_append_key(buffer, key);
		json_append_bytes(buffer, text);
	}
	if (export->form == TIMELINE_RECORDS)
		strbuf_append_text(buffer, "}\n");
}

static enum timeline_status write_header(struct export *export)
{
	_cleanup_borrowed_ struct statement *dataset = NULL;
	bool row = false;
	enum store_status status = statement_borrow(export->database,
		BYTES_LITERAL("SELECT title, released, licence FROM dataset"), &dataset);
	if (status == STORE_OK)
		status = statement_step(dataset, &row);
	if (status != STORE_OK || !row)
		return status == STORE_OK ? TIMELINE_IO : store_result(status);
	append_header(export, dataset);
	return flush(export);
}

/* Closes the list that is open and opens those up to that of `kind`. */
static void append_lists(struct export *export, enum record_kind kind)
{
	while (export->kind < kind) {
		if (export->kind != 0)
			strbuf_append_text(&export->buffer, "\n]");
		export->kind++;
		strbuf_append_format(&export->buffer, ",\n\"%s\":[",
			record_list_name(export->kind));
	}
}

static void append_record(struct export *export, enum record_kind kind, struct bytes json)
{
	struct strbuf *buffer = &export->buffer;
	if (export->form == TIMELINE_RECORDS) {
		view_append_line(buffer, kind, json);
		strbuf_append_char(buffer, '\n');
		return;
	}
	bool first = kind != export->kind;
	append_lists(export, kind);
	strbuf_append_text(buffer, first ? "\n" : ",\n");
	strbuf_append_bytes(buffer, json);
}

static enum timeline_status write_records(struct export *export)
{
	_cleanup_borrowed_ struct statement *records = NULL;
	enum timeline_status status = store_result(statement_borrow(export->database,
		BYTES_LITERAL("SELECT kind, json FROM record ORDER BY row"), &records));
	while (status == TIMELINE_OK) {
		bool row = false;
		status = store_result(statement_step(records, &row));
		if (status != TIMELINE_OK || !row)
			break;
		append_record(export, (enum record_kind)statement_integer(records, 0),
			statement_text(records, 1));
		status = flush(export);
	}
	return status;
}

enum timeline_status timeline_export(struct database *database, enum timeline_form form,
	timeline_write *write, void *context)
{
	struct export export = {.database = database,
		.form = form,
		.write = write,
		.context = context};
	enum timeline_status status = write_header(&export);
	if (status == TIMELINE_OK)
		status = write_records(&export);
	if (status == TIMELINE_OK && form == TIMELINE_DOCUMENT) {
		append_lists(&export, RECORD_KINDS);
		strbuf_append_text(&export.buffer, "\n]}\n");
		status = flush(&export);
	}
	strbuf_free(&export.buffer);
	return status;
}
