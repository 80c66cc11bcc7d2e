/* Full text: the newest hits are ranked, the best of them returned. */
#include <stdlib.h>
#include <string.h>
#include <udcg/api/list.h>
#include <udcg/api/row_sink.h>
#include <udcg/api/search.h>
#include <udcg/base/json.h>
#include <udcg/handlers/handlers.h>

enum { RANKED_MAX = 10000, RETURNED_MAX = 1000, LIMIT_DEFAULT = 100 };

static choices types = {"meeting", "participant", "aid", "claim", "source", NULL};

enum { HIT_TYPE, HIT_ID, HIT_TITLE, HIT_SNIPPET, HIT_RANK, HIT_HREF, HIT_COLUMNS };

static const struct column columns[HIT_COLUMNS] = {
	[HIT_TYPE] = {.name = "type", .choices = types},
	[HIT_ID] = {.name = "id"},
	[HIT_TITLE] = {.name = "title"},
	[HIT_SNIPPET] = {.name = "snippet"},
	[HIT_RANK] = {.name = "rank", .type = VALUE_INTEGER},
	[HIT_HREF] = {.name = "href", .type = VALUE_LINK},
};

static const struct parameter parameters[] = {
	{
		.name = "q",
		.type = PARAMETER_QUERY,
		.required = true,
		.summary = "Words to search for, each a prefix; quotes for a phrase",
	},
	{
		.name = "type",
		.type = PARAMETER_CHOICE,
		.choices = types,
		.list = true,
		.summary = "Kinds of record",
	},
};

const struct resource search_resource = {
	.name = "search",
	ROWS(columns),
	ROWS(parameters),
};

/* By their number in a search document's row. */
static const struct {
	const char *type, *path;
} kinds[] = {
	{.type = "aid", .path = "/v1/aid/"},
	{.type = "claim", .path = "/v1/claims/"},
	{.type = "meeting", .path = "/v1/meetings/"},
	{.type = "participant", .path = "/v1/participants/"},
	{.type = "source", .path = "/v1/sources/"},
};

struct hit {
	int64_t row; /* of its search document */
	int64_t score;
};

struct search {
	struct exchange *exchange;
	struct bytes expression; /* of FTS5 */
	struct bytes types; /* numbers, a JSON array; data is NULL for all */
	struct hit *hits; /* the newest, then the best first */
	size_t count, room;
	bool has_more; /* older ones, that are not ranked */
	int64_t offset;
	int64_t limit;
};

static void search_free(struct search *search)
{
	free(search->hits);
}

static size_t kind_of(struct bytes type)
{
	size_t number = 0;
	while (!bytes_equal(bytes_of(kinds[number].type), type))
		number++;
	return number;
}

static bool read_search(struct search *search)
{
	struct exchange *exchange = search->exchange;
	const struct given *q = parameters_find(&exchange->parameters, "q");
	const struct given *given_types = parameters_find(&exchange->parameters, "type");
	const struct given *limit = parameters_find(&exchange->parameters, "limit");
	_cleanup_strbuf_ struct strbuf expression = {0}, list = {0};
	search_terms_write(q->values[0].text, &expression);
	search->expression = expression.failed
		? (struct bytes){0}
		: arena_copy(exchange->arena, strbuf_bytes(&expression));
	for (size_t i = 0; given_types && i < given_types->count; i++) {
		strbuf_append_format(&list, "%c%zu", i ? ',' : '[',
			kind_of(given_types->values[i].text));
	}
	if (given_types) {
		strbuf_append_char(&list, ']');
		search->types = list.failed ? (struct bytes){0}
					    : arena_copy(exchange->arena, strbuf_bytes(&list));
	}
	search->limit = limit			? limit->values[0].number
		: exchange->media == MEDIA_JSON ? LIMIT_DEFAULT
						: RETURNED_MAX;
	if (!search->expression.data || (given_types && !search->types.data))
		return exchange_no_memory(exchange);
	return offset_cursor_read(exchange, RETURNED_MAX, &search->offset);
}

static bool add_hit(struct search *search, const struct statement *statement)
{
	if (search->count == search->room) {
		size_t room = search->room ? 2 * search->room : 256;
		struct hit *hits = realloc(search->hits, room * sizeof(*hits));
		if (!hits)
			return exchange_no_memory(search->exchange);
		search->hits = hits;
		search->room = room;
	}
	search->hits[search->count++] = (struct hit){
		.row = statement_integer(statement, 0),
		.score = statement_integer(statement, 1),
	};
	return true;
}

/* Documents are numbered newest first, so the first hits are the newest. */
static bool find_hits(struct search *search)
{
	static const char all[] =
		"SELECT rowid, hit_score(search) FROM search WHERE search MATCH :q";
	static const char some[] =
		"SELECT rowid, hit_score(search) FROM search WHERE search MATCH :q"
		" AND (rowid >> 32 & 7) IN (SELECT value FROM json_each(:types))";
	struct exchange *exchange = search->exchange;
	_cleanup_borrowed_ struct statement *statement = NULL;
	if (!exchange_borrow(exchange, bytes_of(search->types.data ? some : all), &statement))
		return false;
	statement_bind_text(statement, "q", search->expression);
	if (search->types.data)
		statement_bind_text(statement, "types", search->types);
	bool good = true;
	while (good && exchange_next(exchange, statement, &good)) {
		search->has_more = search->count == RANKED_MAX;
		if (search->has_more)
			break;
		good = add_hit(search, statement);
	}
	return good;
}

/* What a hit is and which, without how new: the order of types and ids. */
static int64_t record_of(int64_t row)
{
	return row & INT64_C(0x7ffffffff);
}

static int compare_hits(const void *left, const void *right)
{
	const struct hit *one = left, *other = right;
	if (one->score != other->score)
		return one->score > other->score ? -1 : 1;
	return record_of(one->row) < record_of(other->row) ? -1 : 1;
}

/* The rows of the page's hits as a JSON array. */
static void write_rows(const struct search *search, size_t end, struct strbuf *rows)
{
	for (size_t i = (size_t)search->offset; i < end; i++)
		strbuf_append_format(rows, "%c%lld", i == (size_t)search->offset ? '[' : ',',
			(long long)search->hits[i].row);
	strbuf_append_char(rows, ']');
}

static bool write_hit(const struct search *search, const struct statement *statement, int64_t rank,
	struct row_sink *sink)
{
	size_t kind = (size_t)(statement_integer(statement, 0) >> 32 & 7);
	_cleanup_strbuf_ struct strbuf href = {0};
	struct cell cells[HIT_COLUMNS] = {
		[HIT_TYPE] = CELL_TEXT(bytes_of(kinds[kind].type)),
		[HIT_ID] = cell_read(statement, 1),
		[HIT_TITLE] = cell_read(statement, 2),
		[HIT_SNIPPET] = cell_read(statement, 3),
		[HIT_RANK] = CELL_INTEGER(rank),
	};
	strbuf_append_text(&href, kinds[kind].path);
	strbuf_append_bytes(&href, cells[HIT_ID].text);
	if (href.failed)
		return exchange_no_memory(search->exchange);
	cells[HIT_HREF] = CELL_TEXT(strbuf_bytes(&href));
	row_sink_write(sink, cells);
	return true;
}

/* Snippets are words around the hit, without the marks that keep phrases inside one text. They are made
 * in one more walk over the hits: asked for one by one, the words would be looked up again for each.
 * snippet() compares each occurrence in a text with all the others, and no budget ends it: of a text
 * that has a thousand the beginning is shown. */
static bool write_hits(const struct search *search, size_t end, struct row_sink *sink)
{
	static const char sql[] =
		"WITH snippet AS MATERIALIZED (SELECT search.rowid AS row,"
		" replace(replace(replace(CASE WHEN hit_score(search) < 1000"
		" THEN snippet(search, -1, '', '', '…', 16)"
		" ELSE rtrim(substr(coalesce(nullif(search.text, ''), search.name), 1, 100),"
		" ' ' || :mark) || '…' END,"
		" ' ' || :mark || ' ', ' · '), '…' || :mark || ' ', '…'), ' ' || :mark || '…', '…')"
		" AS text"
		" FROM search WHERE search MATCH :q AND search.rowid <="
		" (SELECT max(value) FROM json_each(:rows))"
		" AND +search.rowid IN (SELECT value FROM json_each(:rows)))"
		" SELECT chosen.value, document.id, document.title, snippet.text"
		" FROM json_each(:rows) AS chosen"
		" JOIN search_document AS document ON document.row = chosen.value"
		" JOIN snippet ON snippet.row = chosen.value ORDER BY chosen.key";
	struct exchange *exchange = search->exchange;
	_cleanup_borrowed_ struct statement *statement = NULL;
	_cleanup_strbuf_ struct strbuf rows = {0};
	write_rows(search, end, &rows);
	if (rows.failed)
		return exchange_no_memory(exchange);
	if (!exchange_borrow(exchange, BYTES_LITERAL(sql), &statement))
		return false;
	statement_bind_text(statement, "q", search->expression);
	statement_bind_text(statement, "mark", BYTES_LITERAL("\xee\x80\x80"));
	statement_bind_text(statement, "rows", strbuf_bytes(&rows));
	bool good = true;
	int64_t rank = search->offset;
	while (good && exchange_next(exchange, statement, &good))
		good = write_hit(search, statement, ++rank, sink);
	return good;
}

static void write_page(const struct search *search, const struct row_sink *sink)
{
	struct exchange *exchange = search->exchange;
	strbuf_append_format(exchange->body,
		"%s],\n\"page\":{\"total\":%zu,\"total_is\":\"%s\",\"count\":%zu,\"limit\":%lld,"
		"\"next\":",
		sink->count ? "\n" : "", search->count, search->has_more ? "at_least" : "exact",
		sink->count, (long long)search->limit);
	json_append_bytes_or_null(exchange->body, exchange->next);
	strbuf_append_char(exchange->body, '}');
	exchange_finish_body(exchange);
}

/* Where the page ends among the hits; where it begins, if there is none of it. */
static size_t page_end(const struct search *search)
{
	int64_t end = search->offset + search->limit;
	int64_t most = search->count < RETURNED_MAX ? (int64_t)search->count : RETURNED_MAX;
	if (end > most)
		end = most;
	return (size_t)(end > search->offset ? end : search->offset);
}

static bool answer(struct search *search)
{
	struct exchange *exchange = search->exchange;
	struct row_sink sink;
	if (!read_search(search) || !find_hits(search))
		return false;
	if (search->count)
		qsort(search->hits, search->count, sizeof(*search->hits), compare_hits);
	bool json = exchange->media == MEDIA_JSON;
	size_t end = page_end(search);
	if (json)
		strbuf_append_text(exchange->body, "{\"data\":[\n");
	row_sink_open(exchange, &sink);
	if (end > (size_t)search->offset && !write_hits(search, end, &sink))
		return false;
	if (end < search->count && end < RETURNED_MAX && !offset_next_link(exchange, (int64_t)end))
		return false;
	if (json)
		write_page(search, &sink);
	return true;
}

bool search_answer(struct exchange *exchange)
{
	struct search search = {.exchange = exchange};
	bool good = answer(&search);
	search_free(&search);
	return good;
}
