#include <udcg/base/json.h>
#include <udcg/store/statement.h>
#include <udcg/timeline/timeline.h>

#include "model.h"
#include "view.h"

enum { PART_SIZE = 64 * 1024 };

static enum timeline_status store_result(enum store_status status)
{
	if (status == STORE_NO_MEMORY)
		return TIMELINE_NO_MEMORY;
	if (status == STORE_INTERRUPTED)
		return TIMELINE_CANCELLED;
	return status == STORE_OK ? TIMELINE_OK : TIMELINE_IO;
}

/* A document's header is in the order that people read it in, a record's in the canonical one. */
static void append_header(enum timeline_form form, const struct statement *dataset,
	struct strbuf *part)
{
	static const char *const keys[][4] = {
		[TIMELINE_DOCUMENT] = {"format", "title", "released", "licence"},
		[TIMELINE_RECORDS] = {"format", "licence", "released", "title"},
	};
	static const char *const columns[] = {"title", "released", "licence"};
	strbuf_append_char(part, '{');
	for (size_t i = 0; i < 4; i++) {
		const char *key = keys[form][i];
		struct bytes text = bytes_of(timeline_format);
		for (int column = 0; column < 3; column++) {
			if (bytes_equal(bytes_of(key), bytes_of(columns[column])))
				text = statement_text(dataset, column);
		}
		json_append_key(part, key);
		json_append_bytes(part, text);
	}
	if (form == TIMELINE_RECORDS)
		strbuf_append_text(part, "}\n");
}

static enum timeline_status write_header(struct database *database, enum timeline_form form,
	struct strbuf *part)
{
	_cleanup_borrowed_ struct statement *dataset = NULL;
	bool row = false;
	enum store_status status = statement_borrow(database,
		BYTES_LITERAL("SELECT title, released, licence FROM dataset"), &dataset);
	if (status == STORE_OK)
		status = statement_step(dataset, &row);
	if (status != STORE_OK || !row)
		return status == STORE_OK ? TIMELINE_IO : store_result(status);
	append_header(form, dataset, part);
	return TIMELINE_OK;
}

/* Closes the list that is open and opens those up to that of `kind`. */
static void append_lists(struct timeline_export *export, enum record_kind kind, struct strbuf *part)
{
	while (export->kind < kind) {
		if (export->kind != 0)
			strbuf_append_text(part, "\n]");
		export->kind++;
		strbuf_append_format(part, ",\n\"%s\":[", record_list_name(export->kind));
	}
}

static void append_record(struct timeline_export *export, enum record_kind kind, struct bytes json,
	struct strbuf *part)
{
	if (export->form == TIMELINE_RECORDS) {
		view_append_line(part, kind, json);
		strbuf_append_char(part, '\n');
		return;
	}
	bool first = kind != export->kind;
	append_lists(export, kind, part);
	strbuf_append_text(part, first ? "\n" : ",\n");
	strbuf_append_bytes(part, json);
}

static enum timeline_status write_records(struct database *database, struct timeline_export *export,
	struct strbuf *part, bool *ret_more)
{
	_cleanup_borrowed_ struct statement *records = NULL;
	enum timeline_status status = store_result(statement_borrow(database,
		BYTES_LITERAL("SELECT row, kind, json FROM record WHERE row > :after ORDER BY row"),
		&records));
	if (status == TIMELINE_OK)
		statement_bind_integer(records, "after", export->row);
	size_t enough = part->length + PART_SIZE;
	bool row = true;
	while (status == TIMELINE_OK && row && part->length < enough && !part->failed) {
		status = store_result(statement_step(records, &row));
		if (status != TIMELINE_OK || !row)
			break;
		export->row = statement_integer(records, 0);
		append_record(export, (enum record_kind)statement_integer(records, 1),
			statement_text(records, 2), part);
	}
	*ret_more = row;
	return status;
}

enum timeline_status timeline_export_part(struct database *database, struct timeline_export *export,
	struct strbuf *part, bool *ret_more)
{
	enum timeline_status status = TIMELINE_OK;
	bool more = false;
	if (!export->begun)
		status = write_header(database, export->form, part);
	export->begun = true;
	if (status == TIMELINE_OK)
		status = write_records(database, export, part, &more);
	if (status != TIMELINE_OK)
		return status;
	if (!more && export->form == TIMELINE_DOCUMENT) {
		append_lists(export, RECORD_KINDS, part);
		strbuf_append_text(part, "\n]}\n");
	}
	*ret_more = more;
	return part->failed ? TIMELINE_NO_MEMORY : TIMELINE_OK;
}

enum timeline_status timeline_export(struct database *database, enum timeline_form form,
	timeline_write *write, void *context)
{
	struct timeline_export export = {.form = form};
	_cleanup_strbuf_ struct strbuf part = {0};
	for (bool more = true; more;) {
		strbuf_clear(&part);
		enum timeline_status status = timeline_export_part(database, &export, &part, &more);
		if (status != TIMELINE_OK)
			return status;
		if (!write(context, part.data, part.length))
			return TIMELINE_CANCELLED;
	}
	return TIMELINE_OK;
}
