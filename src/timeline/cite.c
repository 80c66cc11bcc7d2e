#include "documents.h"
#include "facts.h"
#include "loading.h"
#include "scan.h"

/* Fields of the object that the citation stands in, by index. */
static uint64_t supported_by(const struct view *citation, const struct shape *shape)
{
	struct scan names = scan_inside(view_value(citation, "supports"));
	struct bytes name;
	uint64_t fields = 0;
	while (scan_element(&names, &name)) {
		struct bytes text = {.data = name.data + 1, .length = name.length - 2};
		size_t index = shape_find(shape, text);
		if (index != FIELD_NONE)
			fields |= UINT64_C(1) << index;
	}
	return fields;
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
	struct cited cited = {
		.byte_start = scan_integer(view_value(&citation->view, "byte_start")),
		.byte_end = scan_integer(view_value(&citation->view, "byte_end")),
		.kind = loading->staged->kind,
		.id = loading->staged->id,
		.path = path,
		.shape = part->view.shape,
		.fields = supported_by(&citation->view, part->view.shape),
	};
	struct bytes basis = view_value(&citation->view, "basis");
	part->bases.supported |= cited.fields;
	if (bytes_equal(basis, BYTES_LITERAL("\"derived\"")))
		part->bases.derived |= cited.fields;

	enum timeline_status status = loading_resolve_part(loading, citation);
	cited.source = citation->rows[shape_index(&shape_evidence, "source")];
	if (status == TIMELINE_OK && cited.source != 0)
		status = documents_check_citation(loading, citation, cited.source);
	if (status != TIMELINE_OK || !loading_writes(loading))
		return status;
	status = write_citation(loading, citation, path);
	cited.citation = loading->citation_row;
	if (status == TIMELINE_OK)
		status = facts_add(loading->facts, &cited);
	if (status == TIMELINE_OK)
		status = write_source(loading, cited.source);
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
