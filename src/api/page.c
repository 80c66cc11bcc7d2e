#include "page.h"

#include <udcg/api/list.h>
#include <udcg/api/routes.h>
#include <udcg/api/row.h>
#include <udcg/base/clock.h>

enum { CHOICE_NANOSECONDS = 20 * 1000 * 1000 };

bool cursor_refuse(struct exchange *exchange, struct bytes cursor)
{
	if (exchange->failure != STORE_OK)
		return false; /* not the cursor's fault */
	problem_add(&exchange->problem, exchange->arena,
		&(struct problem_error){
			.parameter = "cursor",
			.value = cursor.data,
			.detail =
				"is no cursor of this list with these filters and this sort; take it "
				"from the page before",
		});
	exchange->problem.type = PROBLEM_INVALID_CURSOR;
	return false;
}

static bool read_cursor(struct exchange *exchange, const struct order *order,
	struct position *position)
{
	const struct given *cursor = parameters_find(&exchange->parameters, "cursor");
	if (!cursor)
		return true;
	struct bytes text = cursor->values[0].text;
	return order_read_cursor(exchange, order, text, position) || cursor_refuse(exchange, text);
}

enum { OFFSET_KEYS = 2 };

bool offset_cursor_read(struct exchange *exchange, int64_t most, int64_t *ret_offset)
{
	const struct given *cursor = parameters_find(&exchange->parameters, "cursor");
	struct position position;
	*ret_offset = 0;
	if (!cursor)
		return true;
	struct bytes text = cursor->values[0].text;
	const struct carried *values = position.values;
	if (!cursor_read(exchange, OFFSET_KEYS, text, &position)
		|| values[0].type != CARRIED_INTEGER || values[0].number < 0
		|| values[0].number > most || values[1].type != CARRIED_TEXT
		|| !bytes_equal(values[1].text, bytes_of(exchange->dataset->card.version)))
		return cursor_refuse(exchange, text);
	*ret_offset = values[0].number;
	return true;
}

bool offset_next_link(struct exchange *exchange, int64_t offset)
{
	const struct position position = {
		.values =
			{
				{.type = CARRIED_INTEGER, .number = offset},
				{.type = CARRIED_TEXT,
					.text = bytes_of(exchange->dataset->card.version)},
			},
		.count = OFFSET_KEYS,
	};
	return next_link(exchange, &position);
}

bool page_open(struct exchange *exchange, const struct list_form *form, struct page *ret_page)
{
	struct page page = {
		.exchange = exchange,
		.resource = exchange->route->resource,
		.form = form,
	};
	order_read(exchange, page.resource, &page.order);
	if (form)
		page.order.sorts[0].descending = form->descending;
	if (!read_cursor(exchange, &page.order, &page.position))
		return false;
	if (!line_plan_read(exchange, page.resource, &page.plan))
		return false;
	*ret_page = page;
	return true;
}

void page_close(struct page *page)
{
	line_plan_free(&page->plan);
}

bool page_keeps_lines(const struct page *page)
{
	return page->resource->rendered && !page->form;
}

static void append_choice(const struct page *page, enum order_phase phase,
	const struct query *query, struct strbuf *sql)
{
	query_append_rows(query, page->resource, sql);
	order_append_order_by(&page->order, phase, sql);
	strbuf_append_text(sql, " LIMIT :limit");
}

/* What a phase reads. Where lines are kept, rows are chosen by number alone, from the narrowest index
 * that will do, and only those of the page have their line fetched: CROSS JOIN keeps the order. */
static void append_select(const struct page *page, enum order_phase phase,
	const struct query *query, struct strbuf *sql)
{
	const struct resource *resource = page->resource;
	if (page->choice) {
		strbuf_append_texts(sql, "SELECT ", resource->alias, ".row", NULL);
		append_choice(page, phase, query, sql);
		return;
	}
	if (page_keeps_lines(page)) {
		strbuf_append_texts(sql, "SELECT chosen.row, kept.line FROM (SELECT ",
			resource->alias, ".row AS row", NULL);
		append_choice(page, phase, query, sql);
		strbuf_append_texts(sql, ") AS chosen CROSS JOIN ", resource->rendered,
			" AS kept ON kept.row = chosen.row", NULL);
		return;
	}
	strbuf_append_text(sql, "SELECT ");
	if (page->form && page->form->columns)
		strbuf_append_text(sql, page->form->columns);
	else
		row_append_columns(resource, false, sql);
	order_append_select(&page->order, sql);
	append_choice(page, phase, query, sql);
}

/* Whether a walk in the order of days passes fewer rows until the page is full than there would be to
 * sort. */
static bool is_walk_short(const struct page *page, int64_t limit)
{
	const struct resource *resource = page->resource;
	if (!resource->kind || !resource->dated || !order_is_by_date(&page->order))
		return false;
	int64_t rows = (int64_t)page->exchange->dataset->card.counts[resource->kind];
	return page->total > 0 && limit * rows / page->total < page->total;
}

static bool prepare(struct page *page, enum order_phase phase, int64_t limit, struct query *query,
	struct statement **ret_statement)
{
	struct exchange *exchange = page->exchange;
	query->part = order_window_part(&page->order, phase);
	query->is_narrow = page_keeps_lines(page);
	query->in_order = is_walk_short(page, limit);
	if (order_seeks_day(&page->order, phase, &page->position)) {
		query->is_sought_from = !page->order.sorts[0].descending;
		query->is_sought_to = page->order.sorts[0].descending;
	}
	if (!query_compile(exchange, page->resource, query))
		return false;
	if (page->form && page->form->condition)
		query_where(query, page->form->condition);
	order_where(&page->order, phase, &page->position, query);
	query_bind_integer(query, "limit", limit);
	_cleanup_strbuf_ struct strbuf sql = {0};
	append_select(page, phase, query, &sql);
	if (query->failed || sql.failed)
		return exchange_no_memory(exchange);
	if (!exchange_borrow(exchange, strbuf_bytes(&sql), ret_statement))
		return false;
	query_bind_all(query, *ret_statement);
	return true;
}

static bool write_line(struct page *page, struct bytes line, struct strbuf *out)
{
	struct exchange *exchange = page->exchange;
	if (exchange->media != MEDIA_CSV)
		return line_write(exchange, &page->plan, page->row, line, out);
	struct bytes slices[COLUMNS_MAX];
	row_slice(line, slices, page->resource->columns_count);
	csv_row_write(slices, page->plan.columns, page->plan.column_count, out);
	return true;
}

static bool write_row(struct page *page, const struct statement *statement, struct strbuf *out)
{
	struct exchange *exchange = page->exchange;
	if (page->form) {
		page->form->write(exchange, statement, out);
		return true;
	}
	if (page_keeps_lines(page)) {
		page->row = statement_integer(statement, 0);
		return write_line(page, statement_text(statement, 1), out);
	}
	_cleanup_strbuf_ struct strbuf made = {0};
	row_write(page->resource, exchange->prefix, statement, 0, &made);
	if (made.failed)
		return exchange_no_memory(exchange);
	return write_line(page, strbuf_bytes(&made), out);
}

/* Where the order's keys begin among the selected columns. */
static int key_column(const struct page *page)
{
	return page->form && page->form->columns ? page->form->column_count
						 : (int)page->resource->columns_count;
}

/* Of the last kept line: no other row's keys are ever needed. */
static bool look_up_position(struct page *page)
{
	struct exchange *exchange = page->exchange;
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf sql = {0};
	bool found;
	order_append_position(&page->order, &sql);
	if (sql.failed)
		return exchange_no_memory(exchange);
	if (!exchange_borrow(exchange, strbuf_bytes(&sql), &statement))
		return false;
	statement_bind_integer(statement, "row", page->row);
	if (!exchange_step(exchange, statement, &found))
		return false;
	if (!found)
		return exchange_check(exchange, STORE_CORRUPT);
	return order_read_position(&page->order, statement, 0, exchange->arena, &page->position)
		|| exchange_no_memory(exchange);
}

/* What stands before a row that is not the first, and behind each; NULL: nothing. */
static const char *row_separator(const struct page *page)
{
	if (page->form)
		return page->form->separator;
	return page->exchange->media == MEDIA_JSON ? ",\n" : NULL;
}

static const char *row_end(const struct page *page)
{
	return !page->form && page->exchange->media == MEDIA_NDJSON ? "\n" : NULL;
}

/* A search or a sort finds its first row late and all others at once. Where each has to be looked for,
 * a choice of thousands could take more than a query may, and few will do. */
static bool takes_long(const struct choice *choice, int64_t count)
{
	return count >= PART_ROWS && clock_nanoseconds() - choice->first_found > CHOICE_NANOSECONDS;
}

static bool take_row(struct page *page, const struct statement *statement, int64_t before,
	struct strbuf *out)
{
	if (page->choice) {
		if (!before)
			page->choice->first_found = clock_nanoseconds();
		page->row = page->choice->rows[before] = statement_integer(statement, 0);
		return true;
	}
	const char *separator = row_separator(page), *end = row_end(page);
	if (separator && before)
		strbuf_append_text(out, separator);
	if (!write_row(page, statement, out))
		return false;
	if (end)
		strbuf_append_text(out, end);
	return true;
}

static bool run_phase(struct page *page, enum order_phase phase, int64_t limit, int64_t *count,
	struct strbuf *out, bool *ret_more)
{
	struct exchange *exchange = page->exchange;
	_cleanup_query_ struct query query = {0};
	_cleanup_borrowed_ struct statement *statement = NULL;
	if (!prepare(page, phase, limit - *count + 1, &query, &statement))
		return false;
	bool good = true;
	*ret_more = false;
	while (exchange_next(exchange, statement, &good)) {
		if (*count == limit || (page->choice && takes_long(page->choice, *count))) {
			*ret_more = true;
			return !page_keeps_lines(page) || look_up_position(page);
		}
		if (!take_row(page, statement, *count, out))
			return false;
		if (++*count == limit && !page_keeps_lines(page)
			&& !order_read_position(&page->order, statement, key_column(page),
				exchange->arena, &page->position))
			return exchange_no_memory(exchange);
	}
	return good;
}

static bool run_phases(struct page *page, int64_t limit, struct strbuf *out, int64_t *ret_count,
	bool *ret_more)
{
	int64_t count = 0;
	bool more = false;
	if (!order_locate(page->exchange, &page->order, &page->position))
		return false;
	enum order_phase phase = order_first_phase(&page->order, &page->position);
	for (; phase != PHASE_END && !more; phase = order_next_phase(&page->order, phase))
		if (!run_phase(page, phase, limit, &count, out, &more))
			return false;
	*ret_count = count;
	*ret_more = more;
	return true;
}

bool page_write(struct page *page, int64_t limit, struct strbuf *out, int64_t *ret_count,
	bool *ret_more)
{
	return run_phases(page, limit, out, ret_count, ret_more)
		&& (!out->failed || exchange_no_memory(page->exchange));
}

bool page_choose(struct page *page, int64_t most, struct choice *choice, bool *ret_more)
{
	page->choice = choice;
	bool good = run_phases(page, most, NULL, &choice->count, ret_more);
	page->choice = NULL;
	return good;
}

bool page_write_chosen(struct page *page, int64_t row, struct strbuf *out)
{
	struct bytes line;
	const char *end = row_end(page);
	page->row = row;
	if (!line_fetch(page->exchange, &page->plan, row, &line) || !write_line(page, line, out))
		return false;
	if (end)
		strbuf_append_text(out, end);
	return !out->failed || exchange_no_memory(page->exchange);
}
