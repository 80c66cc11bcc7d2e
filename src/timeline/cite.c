#include "documents.h"
#include "loading.h"
#include "scan.h"

/* Adds the fields that the citation supports to the bases of the object it stands in. */
static void note_bases(struct part *part, const struct view *citation)
{
	struct scan names = scan_inside(view_value(citation, "supports"));
	struct bytes name;
	bool derived = bytes_equal(view_value(citation, "basis"), BYTES_LITERAL("\"derived\""));
	while (scan_element(&names, &name)) {
		struct bytes text = {.data = name.data + 1, .length = name.length - 2};
		size_t index = shape_find(part->view.shape, text);
		if (index == FIELD_NONE)
			continue;
		part->bases.supported |= UINT64_C(1) << index;
		if (derived)
			part->bases.derived |= UINT64_C(1) << index;
	}
}

static enum timeline_status write_citation(struct loading *loading, const struct part *citation,
	struct bytes path)
{
	struct statement *insert = loading->citation.insert;
	statement_bind_integer_at(insert, 1, ++loading->citation_row);
	statement_bind_integer_at(insert, 2, loading->staged->kind);
	statement_bind_integer_at(insert, 3, loading->staged->row);
	statement_bind_text_at(insert, 4, path);
	table_bind(&loading->citation, &citation->view, citation->rows, NULL, &loading->texts);
	return loading_write(loading, insert);
}

/* A row for each field that the citation supports. */
static enum timeline_status write_facts(struct loading *loading, const struct part *citation,
	struct bytes path, int64_t source)
{
	struct scan names = scan_inside(view_value(&citation->view, "supports"));
	struct bytes name;
	enum timeline_status status = TIMELINE_OK;
	struct statement *fact = loading->fact;
	statement_bind_integer_at(fact, 1, source);
	statement_bind_integer_at(fact, 2, scan_integer(view_value(&citation->view, "byte_start")));
	statement_bind_integer_at(fact, 3, scan_integer(view_value(&citation->view, "byte_end")));
	statement_bind_text_at(fact, 4, bytes_of(record_kind_name(loading->staged->kind)));
	statement_bind_text_at(fact, 5, loading->staged->id);
	statement_bind_integer_at(fact, 7, loading->citation_row);
	while (status == TIMELINE_OK && scan_element(&names, &name)) {
		strbuf_clear(&loading->buffer);
		strbuf_append_bytes(&loading->buffer, path);
		strbuf_append_char(&loading->buffer, '/');
		strbuf_append(&loading->buffer, name.data + 1, name.length - 2);
		if (loading->buffer.failed)
			return TIMELINE_NO_MEMORY;
		statement_bind_text_at(fact, 6, strbuf_bytes(&loading->buffer));
		status = loading_write(loading, fact);
	}
	return status;
}

static enum timeline_status write_source(struct loading *loading, int64_t source)
{
	statement_bind_integer_at(loading->record_source, 1, loading->staged->kind);
	statement_bind_integer_at(loading->record_source, 2, loading->staged->row);
	statement_bind_integer_at(loading->record_source, 3, source);
	return loading_write(loading, loading->record_source);
}

static enum timeline_status cite(struct loading *loading, struct part *part, struct part *citation,
	struct bytes path)
{
	note_bases(part, &citation->view);
	enum timeline_status status = loading_resolve_part(loading, citation);
	int64_t source = citation->rows[shape_index(&shape_evidence, "source")];
	if (status == TIMELINE_OK && source != 0)
		status = documents_check_citation(loading, citation, source);
	if (status != TIMELINE_OK || !loading_writes(loading))
		return status;
	status = write_citation(loading, citation, path);
	if (status == TIMELINE_OK)
		status = write_facts(loading, citation, path, source);
	if (status == TIMELINE_OK)
		status = write_source(loading, source);
	return status;
}

enum timeline_status loading_cite(struct loading *loading, struct part *part)
{
	_cleanup_strbuf_ struct strbuf path = {0};
	const struct path list = {.parent = part->path, .key = "evidence"};
	struct scan citations = scan_inside(view_value(&part->view, list.key));
	struct bytes json;
	enum timeline_status status = TIMELINE_OK;
	path_append(&path, part->path);
	if (path.failed)
		return TIMELINE_NO_MEMORY;
	for (size_t i = 0; status == TIMELINE_OK && scan_element(&citations, &json); i++) {
		const struct path at = {.parent = &list, .index = i};
		struct part citation = {.path = &at};
		view_read(&citation.view, &shape_evidence, json);
		status = cite(loading, part, &citation, strbuf_bytes(&path));
	}
	return status;
}
