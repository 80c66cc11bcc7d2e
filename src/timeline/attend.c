#include "loading.h"
#include "scan.h"
#include "traits.h"

/* The countries that are seen in a call. */
struct sides {
	int64_t countries[3]; /* as in traits.h */
	size_t count; /* at most two are right */
};

static void note_side(struct sides *sides, const struct part *entry)
{
	const struct shape *shape = record_shape(RECORD_PARTICIPANT);
	const char *const *kinds = shape->fields[shape_index(shape, "kind")].choices;
	int64_t trait = entry->traits[shape_index(entry->view.shape, "participant")];
	struct bytes status = view_value(&entry->view, "status");
	size_t kind = trait_kind(trait);
	if (trait_code(trait) == 0 || bytes_equal(status, BYTES_LITERAL("\"declined\""))
		|| bytes_equal(status, BYTES_LITERAL("\"absent\"")))
		return;
	/* Where an organisation sits is not whom it speaks for. */
	if (kind != choice_find(kinds, BYTES_LITERAL("person"))
		&& kind != choice_find(kinds, BYTES_LITERAL("country")))
		return;
	for (size_t i = 0; i < sides->count; i++) {
		if (sides->countries[i] == trait_code(trait))
			return;
	}
	if (sides->count < sizeof(sides->countries) / sizeof(sides->countries[0]))
		sides->countries[sides->count++] = trait_code(trait);
}

static enum timeline_status write_entry(struct loading *loading, struct part *entry,
	size_t position)
{
	struct statement *insert = loading->attendance.insert;
	enum timeline_status status = loading_resolve_part(loading, entry);
	if (status == TIMELINE_OK)
		status = loading_cite(loading, entry);
	if (status != TIMELINE_OK)
		return status;
	statement_bind_integer_at(insert, 1, ++loading->attendance_row);
	statement_bind_integer_at(insert, 2, loading->staged->row);
	statement_bind_integer_at(insert, 3, (int64_t)position);
	table_bind(&loading->attendance, &entry->view, entry->rows, NULL, &loading->texts);
	return loading_write(loading, insert);
}

enum timeline_status loading_attendance(struct loading *loading, const struct part *meeting)
{
	const struct path list = {.key = "attendance"};
	struct scan entries = scan_inside(view_value(&meeting->view, list.key));
	struct bytes json;
	struct sides sides = {0};
	enum timeline_status status = TIMELINE_OK;
	for (size_t i = 0; status == TIMELINE_OK && scan_element(&entries, &json); i++) {
		const struct path at = {.parent = &list, .index = i};
		struct part entry = {.path = &at};
		view_read(&entry.view, loading->attendance.shape, json);
		status = write_entry(loading, &entry, i);
		note_side(&sides, &entry);
	}
	bool call = bytes_equal(view_value(&meeting->view, "kind"), BYTES_LITERAL("\"call\""));
	if (call && sides.count > 2)
		loading_fault(loading, &list,
			"shows more than two countries: a call has two sides; with more it is a "
			"meeting or a conference");
	return status;
}

static enum timeline_status write_headcount(struct loading *loading, struct part *headcount,
	size_t position)
{
	struct statement *insert = loading->headcount.insert;
	enum timeline_status status = loading_cite(loading, headcount);
	if (status != TIMELINE_OK)
		return status;
	statement_bind_integer_at(insert, 1, loading->staged->row);
	statement_bind_integer_at(insert, 2, (int64_t)position);
	table_bind(&loading->headcount, &headcount->view, headcount->rows, NULL, &loading->texts);
	return loading_write(loading, insert);
}

enum timeline_status loading_headcounts(struct loading *loading, const struct part *meeting)
{
	const struct path list = {.key = "headcounts"};
	struct scan headcounts = scan_inside(view_value(&meeting->view, list.key));
	struct bytes json;
	enum timeline_status status = TIMELINE_OK;
	for (size_t i = 0; status == TIMELINE_OK && scan_element(&headcounts, &json); i++) {
		const struct path at = {.parent = &list, .index = i};
		struct part headcount = {.path = &at};
		view_read(&headcount.view, loading->headcount.shape, json);
		status = write_headcount(loading, &headcount, i);
	}
	return status;
}
