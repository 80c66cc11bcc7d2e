#include <udcg/store/statement.h>
#include <udcg/timeline/timeline.h>

#include "model.h"
#include "view.h"

/* One of the two timelines, at a record. */
struct side {
	struct statement *records;
	bool more;
	enum record_kind kind;
	struct bytes id, json;
};

struct diff {
	struct side old, new;
	timeline_write *write;
	void *context;
	struct strbuf line;
	size_t changes;
};

static enum timeline_status store_result(enum store_status status)
{
	if (status == STORE_NO_MEMORY)
		return TIMELINE_NO_MEMORY;
	return status == STORE_OK ? TIMELINE_OK : TIMELINE_IO;
}

static enum timeline_status advance(struct side *side)
{
	enum timeline_status status = store_result(statement_step(side->records, &side->more));
	if (status != TIMELINE_OK || !side->more)
		return status;
	side->kind = (enum record_kind)statement_integer(side->records, 0);
	side->id = statement_text(side->records, 1);
	side->json = statement_text(side->records, 2);
	return TIMELINE_OK;
}

static enum timeline_status start(struct side *side, struct database *database)
{
	enum timeline_status status = store_result(statement_borrow(database,
		BYTES_LITERAL("SELECT kind, id, json FROM record ORDER BY row"), &side->records));
	return status == TIMELINE_OK ? advance(side) : status;
}

/* Which comes first; what is at its end comes last. */
static int compare(const struct side *old, const struct side *new)
{
	if (!old->more || !new->more)
		return new->more - old->more;
	if (old->kind != new->kind)
		return old->kind < new->kind ? -1 : 1;
	return bytes_compare(old->id, new->id);
}

static enum timeline_status write_line(struct diff *diff)
{
	strbuf_append_char(&diff->line, '\n');
	if (diff->line.failed)
		return TIMELINE_NO_MEMORY;
	diff->changes++;
	return diff->write(diff->context, diff->line.data, diff->line.length) ? TIMELINE_OK
									      : TIMELINE_CANCELLED;
}

static void begin_line(struct diff *diff, char sign, const struct side *side)
{
	strbuf_clear(&diff->line);
	strbuf_append_char(&diff->line, sign);
	strbuf_append_format(&diff->line, " %s ", record_kind_name(side->kind));
	strbuf_append_bytes(&diff->line, side->id);
}

static enum timeline_status write_change(struct diff *diff)
{
	const struct shape *shape = record_shape(diff->old.kind);
	struct view old, new;
	const char *separator = ": ";
	if (bytes_equal(diff->old.json, diff->new.json))
		return TIMELINE_OK;
	view_read(&old, shape, diff->old.json);
	view_read(&new, shape, diff->new.json);
	begin_line(diff, '~', &diff->new);
	for (size_t i = 0; i < shape->count; i++) {
		if (bytes_equal(old.values[i], new.values[i]))
			continue;
		strbuf_append_text(&diff->line, separator);
		strbuf_append_text(&diff->line, shape->fields[i].name);
		separator = ", ";
	}
	return write_line(diff);
}

static enum timeline_status write_records(struct diff *diff)
{
	enum timeline_status status = TIMELINE_OK;
	while (status == TIMELINE_OK && (diff->old.more || diff->new.more)) {
		int order = compare(&diff->old, &diff->new);
		if (order == 0) {
			status = write_change(diff);
		} else {
			begin_line(diff, order < 0 ? '-' : '+',
				order < 0 ? &diff->old : &diff->new);
			status = write_line(diff);
		}
		if (status == TIMELINE_OK && order <= 0)
			status = advance(&diff->old);
		if (status == TIMELINE_OK && order >= 0)
			status = advance(&diff->new);
	}
	return status;
}

/* The header counts as one record. */
static enum timeline_status write_header(struct diff *diff, struct database *old,
	struct database *new)
{
	static const char *const keys[] = {"title", "released", "licence"};
	const struct bytes sql = BYTES_LITERAL("SELECT title, released, licence FROM dataset");
	_cleanup_borrowed_ struct statement *before = NULL, *after = NULL;
	bool has_old = false, has_new = false;
	const char *separator = "~ timeline: ";
	enum store_status status = statement_borrow(old, sql, &before);
	if (status == STORE_OK)
		status = statement_borrow(new, sql, &after);
	if (status == STORE_OK)
		status = statement_step(before, &has_old);
	if (status == STORE_OK)
		status = statement_step(after, &has_new);
	if (status != STORE_OK)
		return store_result(status);
	for (int i = 0; has_old && has_new && i < 3; i++) {
		if (bytes_equal(statement_text(before, i), statement_text(after, i)))
			continue;
		strbuf_append_text(&diff->line, separator);
		strbuf_append_text(&diff->line, keys[i]);
		separator = ", ";
	}
	return diff->line.length > 0 ? write_line(diff) : TIMELINE_OK;
}

enum timeline_status timeline_diff(struct database *old, struct database *new,
	timeline_write *write, void *context, size_t *ret_changes)
{
	struct diff diff = {.write = write, .context = context};
	enum timeline_status status = write_header(&diff, old, new);
	if (status == TIMELINE_OK)
		status = start(&diff.old, old);
	if (status == TIMELINE_OK)
		status = start(&diff.new, new);
	if (status == TIMELINE_OK)
		status = write_records(&diff);
	statement_release(diff.old.records);
	statement_release(diff.new.records);
	strbuf_free(&diff.line);
	if (status == TIMELINE_OK)
		*ret_changes = diff.changes;
	return status;
}
