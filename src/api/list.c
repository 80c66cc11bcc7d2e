#include <udcg/api/list.h>
#include <udcg/api/parts.h>
#include <udcg/api/row.h>

#include "page.h"

#include <stdlib.h>
#include <udcg/api/routes.h>
#include <udcg/base/json.h>

enum { LIMIT_DEFAULT = 100 };

static choices not_filters = {"cursor", "fields", "include", "limit", "sort", NULL};

static bool count_part(struct exchange *exchange, enum window_part part, int64_t *ret_total)
{
	const struct resource *resource = exchange->route->resource;
	_cleanup_query_ struct query query = {.part = part, .is_narrow = true};
	_cleanup_strbuf_ struct strbuf sql = {0};
	_cleanup_borrowed_ struct statement *statement = NULL;
	if (!query_compile(exchange, resource, &query))
		return false;
	strbuf_append_text(&sql, "SELECT count(*)");
	query_append_rows(&query, resource, &sql);
	if (sql.failed)
		return exchange_no_memory(exchange);
	if (!exchange_borrow(exchange, strbuf_bytes(&sql), &statement))
		return false;
	query_bind_all(&query, statement);
	bool row;
	if (!exchange_step(exchange, statement, &row))
		return false;
	*ret_total = statement_integer(statement, 0);
	return true;
}

static bool count_rows(struct exchange *exchange, int64_t *ret_total)
{
	static const enum window_part parts[] = {WINDOW_FAR, WINDOW_NEAR, WINDOW_WITHIN};
	const struct resource *resource = exchange->route->resource;
	int64_t total = 0, rows;
	bool known = false;
	if (resource->total && !resource->total(exchange, ret_total, &known))
		return false;
	if (known)
		return true;
	if (!query_has_parts(exchange, resource))
		return count_part(exchange, WINDOW_WHOLE, ret_total);
	for (size_t i = 0; i < LENGTH_OF(parts); i++, total += rows)
		if (!count_part(exchange, parts[i], &rows))
			return false;
	*ret_total = total;
	return true;
}

bool list_total(struct exchange *exchange, int64_t *ret_total)
{
	_cleanup_strbuf_ struct strbuf key = {0};
	strbuf_append_text(&key, exchange->route->resource->name);
	strbuf_append_char(&key, '?');
	parameters_write(&exchange->parameters, not_filters, &key);
	if (key.failed)
		return exchange_no_memory(exchange);
	if (count_recall(exchange->dataset->counts, strbuf_bytes(&key), ret_total))
		return true;
	if (!count_rows(exchange, ret_total))
		return false;
	count_remember(exchange->dataset->counts, strbuf_bytes(&key), *ret_total);
	return true;
}

void exchange_finish_body(struct exchange *exchange)
{
	/* A list's parts stand on lines of their own; an object is one line. */
	strbuf_append_text(exchange->body,
		route_is_list(exchange->route) ? ",\n\"dataset\":" : ",\"dataset\":");
	dataset_write(exchange->dataset, exchange->body);
	strbuf_append_text(exchange->body, "}\n");
}

/* Whole, so that the next page is known before the reply's head is sent. */
static bool write_page(struct exchange *exchange, struct page *page, int64_t limit,
	int64_t *ret_count)
{
	bool more;
	return page_write(page, limit, exchange->body, ret_count, &more)
		&& (!more || next_link(exchange, &page->position));
}

static bool write_json(struct exchange *exchange, struct page *page)
{
	const struct given *given = parameters_find(&exchange->parameters, "limit");
	int64_t limit = given ? given->values[0].number : LIMIT_DEFAULT;
	int64_t total, count = 0;
	if (!list_total(exchange, &total))
		return false;
	strbuf_append_text(exchange->body, "{\"data\":[\n");
	page->total = total;
	if (total && !write_page(exchange, page, limit, &count))
		return false;
	strbuf_append_format(exchange->body,
		"%s],\n\"page\":{\"total\":%lld,\"count\":%lld,\"limit\":%lld,\"next\":",
		count ? "\n" : "", (long long)total, (long long)count, (long long)limit);
	json_append_text_or_null(exchange->body, exchange->next.data);
	strbuf_append_char(exchange->body, '}');
	exchange_finish_body(exchange);
	return true;
}

/* Rows that a CSV or NDJSON reply has left to send. */
static int64_t rows_wanted(const struct exchange *exchange)
{
	const struct given *given = parameters_find(&exchange->parameters, "limit");
	return given ? given->values[0].number : INT64_MAX;
}

static void write_header(const struct page *page, struct strbuf *out)
{
	if (page->exchange->media == MEDIA_CSV)
		csv_header_write(page->resource, page->plan.columns, page->plan.column_count, out);
}

/* A search finds all of its hits again for each choice of rows, so choices grow. The first has most of
 * what is written until a reply proves long. */
enum { CHOICE_ROWS_MIN = 4 * PART_ROWS, CHOICE_ROWS_MAX = 32 * PART_ROWS };

struct list_stream {
	struct page page;
	int64_t left; /* to be read from the list */
	struct choice choice;
	int64_t chosen_at; /* of the choice: the row whose line is next */
	int64_t choice_rows; /* how many are chosen next */
	bool begun, more;
};

bool list_stream_open(struct exchange *exchange, const struct list_form *form,
	struct list_stream **ret_stream)
{
	struct list_stream *stream = calloc(1, sizeof(*stream));
	if (!stream)
		return exchange_no_memory(exchange);
	if (!page_open(exchange, form, &stream->page)) {
		free(stream);
		return false;
	}
	stream->left = form ? INT64_MAX : rows_wanted(exchange);
	stream->choice_rows = CHOICE_ROWS_MIN;
	*ret_stream = stream;
	return true;
}

static int64_t at_most(int64_t wanted, int64_t most)
{
	return wanted < most ? wanted : most;
}

static bool choose_rows(struct list_stream *stream)
{
	int64_t most = at_most(stream->left, stream->choice_rows);
	int64_t *rows = reallocarray(stream->choice.rows, (size_t)most, sizeof(*rows));
	if (!rows)
		return exchange_no_memory(stream->page.exchange);
	stream->choice.rows = rows;
	stream->chosen_at = 0;
	stream->choice_rows = at_most(2 * stream->choice_rows, CHOICE_ROWS_MAX);
	return page_choose(&stream->page, most, &stream->choice, &stream->more);
}

static bool write_chosen(struct list_stream *stream, struct strbuf *part)
{
	const struct choice *choice = &stream->choice;
	if (stream->chosen_at == choice->count && !choose_rows(stream))
		return false;
	int64_t end = at_most(stream->chosen_at + PART_ROWS, choice->count);
	for (; stream->chosen_at < end; stream->chosen_at++, stream->left--)
		if (!page_write_chosen(&stream->page, choice->rows[stream->chosen_at], part))
			return false;
	line_plan_rest(&stream->page.plan);
	return true;
}

static bool write_rows(struct list_stream *stream, struct strbuf *part)
{
	int64_t count = 0;
	if (!page_write(&stream->page, at_most(stream->left, PART_ROWS), part, &count,
		    &stream->more))
		return false;
	stream->left -= count;
	return true;
}

bool list_stream_next(struct list_stream *stream, struct strbuf *part, bool *ret_more)
{
	if (!stream->begun && !stream->page.form)
		write_header(&stream->page, part);
	stream->begun = true;
	if (page_keeps_lines(&stream->page) ? !write_chosen(stream, part)
					    : !write_rows(stream, part))
		return false;
	*ret_more = stream->left > 0 && (stream->more || stream->chosen_at < stream->choice.count);
	return true;
}

void list_stream_free(struct list_stream *stream)
{
	if (!stream)
		return;
	page_close(&stream->page);
	free(stream->choice.rows);
	free(stream);
}

static bool lines_open(struct exchange *exchange, void **ret_state)
{
	struct list_stream *stream;
	if (!list_stream_open(exchange, NULL, &stream))
		return false;
	*ret_state = stream;
	return true;
}

static bool lines_next(void *state, struct strbuf *part, bool *ret_more)
{
	return list_stream_next(state, part, ret_more);
}

static void lines_close(void *state)
{
	list_stream_free(state);
}

/* CSV and NDJSON. */
static const struct part_writer lines = {
	.open = lines_open,
	.next = lines_next,
	.close = lines_close,
};

static bool write_lines(struct exchange *exchange, struct page *page)
{
	int64_t count;
	write_header(page, exchange->body);
	return write_page(exchange, page, rows_wanted(exchange), &count);
}

bool list_answer(struct exchange *exchange)
{
	if (exchange->media != MEDIA_JSON && rows_wanted(exchange) > PAGE_ROWS_MAX)
		return parts_answer(exchange, &lines);
	_cleanup_page_ struct page page = {0};
	if (!page_open(exchange, NULL, &page))
		return false;
	return exchange->media == MEDIA_JSON ? write_json(exchange, &page)
					     : write_lines(exchange, &page);
}

bool list_write(struct exchange *exchange, const struct list_form *form, int64_t limit)
{
	_cleanup_page_ struct page page = {0};
	int64_t count;
	return page_open(exchange, form, &page) && write_page(exchange, &page, limit, &count);
}

bool item_answer(struct exchange *exchange)
{
	_cleanup_line_plan_ struct line_plan plan = {0};
	struct bytes line;
	if (!line_plan_read(exchange, exchange->route->resource, &plan)
		|| !line_fetch(exchange, &plan, exchange->row, &line))
		return false;
	strbuf_append_text(exchange->body, "{\"data\":");
	if (!line_write(exchange, &plan, exchange->row, line, exchange->body))
		return false;
	exchange_finish_body(exchange);
	return true;
}
