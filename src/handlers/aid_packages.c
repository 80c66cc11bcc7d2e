/* Rows of packages: a group each, with the link to what was summed. */
#include "aid_totals.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/handlers/common.h>

/* One name=value of a link. */
struct pair {
	const char *name;
	struct bytes value; /* ready encoded */
	enum total_column column; /* where `value` is not the same for all: the row's */
};

enum { PAIRS_MAX = 64 };

struct links {
	struct pair pairs[PAIRS_MAX]; /* by name */
	size_t count;
};

/* A record that keys of many groups name. */
struct named {
	int64_t row;
	struct cell id, name, kind;
};

enum { NAMED_MAX = 256 };

struct packages {
	struct totals *totals;
	struct links links;
	struct named *named[GROUP_KEYS_MOST]; /* by row % NAMED_MAX; NULL: the key names none */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct pair *)a)->name, ((const struct pair *)b)->name);
}

static void set_pair(struct links *links, const char *name, struct bytes value,
	enum total_column column)
{
	size_t i = 0;
	while (i < links->count && strcmp(links->pairs[i].name, name) != 0)
		i++;
	assert(i < PAIRS_MAX);
	links->pairs[i] = (struct pair){.name = name, .value = value, .column = column};
	if (i == links->count)
		links->count++;
}

/* The request's own filters, as a link writes them. */
static bool set_given(const struct totals *totals, struct links *links)
{
	static choices no_filters = {"group_by", "fields", NULL};
	const struct parameters *parameters = &totals->exchange->parameters;
	for (size_t i = 0; i < parameters->count; i++) {
		const struct given *given = &parameters->items[i];
		struct parameters one = {.items = (struct given *)(uintptr_t)given, .count = 1};
		_cleanup_strbuf_ struct strbuf text = {0};
		parameters_write(&one, no_filters, &text);
		if (!text.length && !text.failed)
			continue;
		size_t skip = strlen(given->parameter->name) + 1;
		struct bytes value = {0};
		if (!text.failed)
			value = arena_copy(totals->exchange->arena,
				(struct bytes){text.data + skip, text.length - skip});
		if (!value.data)
			return exchange_no_memory(totals->exchange);
		set_pair(links, given->parameter->name, value, TOTAL_COLUMNS);
	}
	return true;
}

/* What distinguishes a group's figures takes the place of what was given. */
static bool prepare_links(struct packages *packages)
{
	const struct totals *totals = packages->totals;
	struct links *links = &packages->links;
	if (!row_sink_wants(&totals->sink, TOTAL_FIGURES))
		return true;
	if (!set_given(totals, links))
		return false;
	for (size_t i = 0; i < totals->key_count; i++)
		set_pair(links, totals->keys[i]->name, (struct bytes){0}, totals->keys[i]->column);
	set_pair(links, "counted", BYTES_LITERAL("true"), TOTAL_COLUMNS);
	set_pair(links, "currency", (struct bytes){0}, TOTAL_CURRENCY);
	set_pair(links, "kind", BYTES_LITERAL("package"), TOTAL_COLUMNS);
	qsort(links->pairs, links->count, sizeof(links->pairs[0]), by_name);
	return true;
}

static void write_link(const struct links *links, const struct cell *cells, struct strbuf *out)
{
	strbuf_append_text(out, "/v1/aid");
	for (size_t i = 0; i < links->count; i++) {
		const struct pair *pair = &links->pairs[i];
		strbuf_append_char(out, i ? '&' : '?');
		strbuf_append_text(out, pair->name);
		strbuf_append_char(out, '=');
		if (pair->value.data)
			strbuf_append_bytes(out, pair->value);
		else if (cells[pair->column].known)
			target_append_encoded(out, cells[pair->column].text);
		else
			strbuf_append_text(out, "none");
	}
}

static bool look_up(const struct totals *totals, const char *sql, struct named *named)
{
	struct exchange *exchange = totals->exchange;
	_cleanup_borrowed_ struct statement *statement = NULL;
	bool row;
	if (!exchange_borrow(exchange, bytes_of(sql), &statement))
		return false;
	statement_bind_integer(statement, "row", named->row);
	if (!exchange_step(exchange, statement, &row))
		return false;
	if (!row)
		return exchange_check(exchange, STORE_CORRUPT);
	struct cell *cells[] = {&named->id, &named->name, &named->kind};
	for (int i = 0; i < (int)LENGTH_OF(cells); i++) {
		*cells[i] = cell_read(statement, i);
		if (!cells[i]->known)
			continue;
		cells[i]->text = arena_copy(exchange->arena, cells[i]->text);
		if (!cells[i]->text.data)
			return exchange_no_memory(exchange);
	}
	return true;
}

/* Remembers the records met last. */
static bool name_record(struct packages *packages, size_t key, int64_t row, struct cell *cells)
{
	const struct totals *totals = packages->totals;
	const struct group_key *asked = totals->keys[key];
	struct named **all = &packages->named[key];
	if (!*all)
		*all = arena_take(totals->exchange->arena, NAMED_MAX * sizeof(**all));
	if (!*all)
		return exchange_no_memory(totals->exchange);
	struct named *named = &(*all)[row % NAMED_MAX];
	if (named->row != row) {
		*named = (struct named){.row = row};
		if (!look_up(totals, asked->record, named))
			return false;
	}
	cells[asked->column] = named->id;
	if (asked->column == TOTAL_DONOR) {
		cells[TOTAL_DONOR_NAME] = named->name;
		cells[TOTAL_DONOR_KIND] = named->kind;
	}
	return true;
}

static bool write_group(struct packages *packages, const struct group *group)
{
	struct totals *totals = packages->totals;
	char periods[GROUP_KEYS_MOST][PERIOD_TEXT_SIZE];
	struct cell cells[TOTAL_COLUMNS] = {
		[TOTAL_KIND] = CELL_TEXT(BYTES_LITERAL("package")),
		[TOTAL_CURRENCY] = CELL_TEXT(group->currency),
		[TOTAL_AMOUNT] = CELL_INTEGER(group->amount),
		[TOTAL_QUALIFIER] = CELL_TEXT(bytes_of(group->qualifier)),
		[TOTAL_COUNT] = CELL_INTEGER(group->count),
		[TOTAL_SUMMABLE] = CELL_INTEGER(true),
	};
	for (size_t i = 0; i < totals->key_count; i++) {
		const struct group_key *key = totals->keys[i];
		if (group->keys[i].number == KEY_NONE)
			continue;
		if (key->column >= TOTAL_YEAR) {
			totals_name_period(key->column, (int)group->keys[i].number, periods[i]);
			cells[key->column] = CELL_TEXT(bytes_of(periods[i]));
		} else if (!key->record) {
			cells[key->column] = CELL_TEXT(group->keys[i].text);
		} else if (!name_record(packages, i, group->keys[i].number, cells)) {
			return false;
		}
	}
	_cleanup_strbuf_ struct strbuf link = {0};
	if (packages->links.count) {
		write_link(&packages->links, cells, &link);
		totals->exchange->body->failed |= link.failed;
		cells[TOTAL_FIGURES] = CELL_TEXT(strbuf_bytes(&link));
	}
	row_sink_write(&totals->sink, cells);
	return true;
}

bool totals_packages(struct totals *totals)
{
	struct packages packages = {.totals = totals};
	if (!prepare_links(&packages))
		return false;
	for (size_t i = 0; i < totals->groups.count; i++)
		if (!write_group(&packages, &totals->groups.items[i]))
			return false;
	return true;
}
