/* Looks for ways that lead back to where they began: a search in depth that keeps its way in the
 * scratch database, because it may be as long as the file. */
#include <stdlib.h>

#include "links_internal.h"
#include "model.h"
#include "path.h"

/* A longer circle is only counted. */
enum { SHOWN_MAX = 8 };

struct search {
	struct links *links;
	struct fault_log *log;
	int64_t relation;
	/* Each is followed all the way round, and groups that name each other have one for each pair:
	 * after FAULTS_MAX no more are looked for. */
	size_t circles;
};

struct visit {
	bool found;
	bool open;
	int64_t parent; /* 0 at the start */
};

static enum timeline_status result(struct search *search, enum store_status status)
{
	return staging_result(search->links->staging, status);
}

static enum timeline_status look_up(struct search *search, int64_t row, struct visit *ret_visit)
{
	struct statement *visit = search->links->statements[VISIT];
	bool found = false;
	statement_reset(visit);
	statement_bind_integer_at(visit, 1, search->relation);
	statement_bind_integer_at(visit, 2, row);
	enum store_status status = statement_step(visit, &found);
	*ret_visit = (struct visit){.found = found};
	if (status == STORE_OK && found) {
		ret_visit->parent = statement_integer(visit, 0);
		ret_visit->open = statement_integer(visit, 1) != 0;
	}
	return result(search, status);
}

static enum timeline_status open_visit(struct search *search, int64_t row, int64_t parent)
{
	struct statement *open = search->links->statements[OPEN_VISIT];
	statement_bind_integer_at(open, 1, search->relation);
	statement_bind_integer_at(open, 2, row);
	statement_bind_integer_at(open, 3, parent);
	return result(search, statement_run(open));
}

static enum timeline_status close_visit(struct search *search, int64_t row)
{
	struct statement *close = search->links->statements[CLOSE_VISIT];
	statement_bind_integer_at(close, 1, search->relation);
	statement_bind_integer_at(close, 2, row);
	return result(search, statement_run(close));
}

/* The first row behind `last` that `from` leads to; 0 where there is none. */
static enum timeline_status next_step(struct search *search, int64_t from, int64_t last,
	int64_t *ret_to)
{
	struct statement *next = search->links->statements[NEXT_STEP];
	bool found = false;
	statement_reset(next);
	statement_bind_integer_at(next, 1, search->relation);
	statement_bind_integer_at(next, 2, from);
	statement_bind_integer_at(next, 3, last);
	enum store_status status = statement_step(next, &found);
	*ret_to = status == STORE_OK && found ? statement_integer(next, 0) : 0;
	return result(search, status);
}

/* A circle that was found, from its first record in the file on. */
struct circle {
	size_t length;
	struct place place; /* of its first record */
	struct strbuf first; /* that one's pointer */
	struct strbuf ids; /* the others, each with an arrow behind it, as far as they are shown */
};

/* Adds a record; they come against the way. */
static enum timeline_status add_record(struct search *search, struct circle *circle, int64_t row)
{
	enum record_kind kind = (enum record_kind)(search->relation / SHAPE_FIELDS_MAX);
	size_t field = (size_t)(search->relation % SHAPE_FIELDS_MAX);
	struct staged staged;
	enum timeline_status status = staging_at(search->links->staging, kind, row, &staged);
	if (status != TIMELINE_OK)
		return status;
	if (circle->length++ < SHOWN_MAX) {
		strbuf_append_bytes(&circle->ids, staged.id);
		strbuf_append_text(&circle->ids, " <- ");
	}
	if (circle->length > 1 && staged.place.offset > circle->place.offset)
		return TIMELINE_OK;
	struct path list, element;
	const struct path *record = NULL;
	if (staged.in_list)
		record = path_of_record(kind, staged.index, &list, &element);
	const struct path end = {.parent = record, .key = record_shape(kind)->fields[field].name};
	circle->place = staged.place;
	strbuf_clear(&circle->first);
	path_append(&circle->first, &end);
	return TIMELINE_OK;
}

/* The circle that leads from `end` straight to `start`, and from there back to `end`. */
static enum timeline_status report(struct search *search, int64_t start, int64_t end)
{
	struct circle circle = {0};
	enum timeline_status status = TIMELINE_OK;
	search->circles++;
	for (int64_t row = end; status == TIMELINE_OK;) {
		struct visit visit = {0};
		status = add_record(search, &circle, row);
		if (row == start || status != TIMELINE_OK)
			break;
		status = look_up(search, row, &visit);
		row = visit.parent;
	}
	struct strbuf *ids = &circle.ids;
	if (circle.length > SHOWN_MAX)
		strbuf_append_text(ids, "…");
	else if (ids->length > 4)
		ids->length -= 4;
	if (status == TIMELINE_OK && !circle.ids.failed && !circle.first.failed)
		fault_log_add(search->log, circle.place, circle.first.data,
			"leads back to this record, over %zu in all (%.*s): break the circle",
			circle.length, (int)ids->length, ids->data);
	else
		search->log->failed = true;
	strbuf_free(&circle.ids);
	strbuf_free(&circle.first);
	return status;
}

static enum timeline_status search_from(struct search *search, int64_t start)
{
	int64_t row = start, last = 0;
	enum timeline_status status = open_visit(search, start, 0);
	while (status == TIMELINE_OK && row != 0 && search->circles < FAULTS_MAX) {
		int64_t to;
		struct visit visit;
		status = next_step(search, row, last, &to);
		if (status != TIMELINE_OK)
			break;
		if (to == 0) {
			status = close_visit(search, row);
			if (status == TIMELINE_OK)
				status = look_up(search, row, &visit);
			last = row;
			row = visit.parent;
			continue;
		}
		status = look_up(search, to, &visit);
		if (status == TIMELINE_OK && !visit.found) {
			status = open_visit(search, to, row);
			row = to;
			last = 0;
			continue;
		}
		if (status == TIMELINE_OK && visit.open)
			status = report(search, to, row);
		last = to;
	}
	return status;
}

enum timeline_status links_find_cycles(struct links *links, struct fault_log *log)
{
	struct search search = {.links = links, .log = log};
	struct statement *next = links->statements[NEXT_START];
	int64_t from = 0;
	for (;;) {
		bool found = false;
		struct visit visit;
		statement_reset(next);
		statement_bind_integer_at(next, 1, search.relation);
		statement_bind_integer_at(next, 2, from);
		enum timeline_status status = result(&search, statement_step(next, &found));
		if (status != TIMELINE_OK || !found || search.circles == FAULTS_MAX)
			return status;
		search.relation = statement_integer(next, 0);
		from = statement_integer(next, 1);
		status = look_up(&search, from, &visit);
		if (status == TIMELINE_OK && !visit.found)
			status = search_from(&search, from);
		if (status != TIMELINE_OK)
			return status;
	}
}
