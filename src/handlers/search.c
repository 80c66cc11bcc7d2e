/* Full text: the newest hits are ranked, the best of them returned. */
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

struct search {
	struct exchange *exchange;
	struct bytes expression; /* of FTS5 */
	struct bytes types; /* a JSON array; data is NULL for all */
	int64_t total;
	int64_t offset;
	int64_t limit;
};

#define HITS \
	"FROM search JOIN search_document AS document ON document.row = search.rowid" \
	" WHERE search MATCH :q"
#define OF_TYPES " AND document.type IN (SELECT value FROM json_each(:types))"

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
		strbuf_append_char(&list, i ? ',' : '[');
		json_append_bytes(&list, given_types->values[i].text);
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

static bool borrow(const struct search *search, const char *sql, const char *sql_of_types,
	struct statement **ret_statement)
{
	struct exchange *exchange = search->exchange;
	if (!exchange_check(exchange,
		    statement_borrow(exchange->database,
			    bytes_of(search->types.data ? sql_of_types : sql), ret_statement)))
		return false;
	statement_bind_text(*ret_statement, "q", search->expression);
	if (search->types.data)
		statement_bind_text(*ret_statement, "types", search->types);
	return true;
}

static bool count_hits(struct search *search)
{
	static const char all[] = "SELECT count(*) FROM (SELECT 1 " HITS " LIMIT 10001)";
	static const char some[] = "SELECT count(*) FROM (SELECT 1 " HITS OF_TYPES " LIMIT 10001)";
	_cleanup_borrowed_ struct statement *statement = NULL;
	bool row;
	if (!borrow(search, all, some, &statement)
		|| !exchange_check(search->exchange, statement_step(statement, &row)))
		return false;
	search->total = statement_integer(statement, 0);
	return true;
}

/* Words around the hit, without the marks that keep phrases inside one text. */
static bool write_snippet(const struct search *search, int64_t row, struct strbuf *snippet)
{
	static const char sql[] =
		"SELECT replace(snippet(search, -1, '', '', '…', 16), :mark, ' · ')"
		" FROM search WHERE search MATCH :q AND rowid = :row";
	struct exchange *exchange = search->exchange;
	_cleanup_borrowed_ struct statement *statement = NULL;
	bool found;
	if (!exchange_check(exchange,
		    statement_borrow(exchange->database, BYTES_LITERAL(sql), &statement)))
		return false;
	statement_bind_text(statement, "q", search->expression);
	statement_bind_text(statement, "mark", BYTES_LITERAL(" \xee\x80\x80 "));
	statement_bind_integer(statement, "row", row);
	if (!exchange_check(exchange, statement_step(statement, &found)))
		return false;
	strbuf_clear(snippet);
	if (found)
		strbuf_append_bytes(snippet, statement_text(statement, 0));
	return !snippet->failed || exchange_no_memory(exchange);
}

static const char *path_of(struct bytes type)
{
	static const struct {
		const char *type, *path;
	} paths[] = {
		{.type = "aid", .path = "/v1/aid/"},
		{.type = "claim", .path = "/v1/claims/"},
		{.type = "meeting", .path = "/v1/meetings/"},
		{.type = "participant", .path = "/v1/participants/"},
		{.type = "source", .path = "/v1/sources/"},
	};
	size_t i = 0;
	while (!bytes_equal(bytes_of(paths[i].type), type))
		i++;
	return paths[i].path;
}

static bool write_hit(const struct search *search, const struct statement *hit, int64_t rank,
	struct row_sink *sink)
{
	_cleanup_strbuf_ struct strbuf snippet = {0}, href = {0};
	struct cell cells[HIT_COLUMNS] = {
		[HIT_TYPE] = cell_read(hit, 1),
		[HIT_ID] = cell_read(hit, 2),
		[HIT_TITLE] = cell_read(hit, 3),
		[HIT_RANK] = CELL_INTEGER(rank),
	};
	if (!write_snippet(search, statement_integer(hit, 0), &snippet))
		return false;
	strbuf_append_text(&href, path_of(cells[HIT_TYPE].text));
	strbuf_append_bytes(&href, cells[HIT_ID].text);
	if (href.failed)
		return exchange_no_memory(search->exchange);
	cells[HIT_SNIPPET] = (struct cell){.known = true, .text = strbuf_bytes(&snippet)};
	cells[HIT_HREF] = CELL_TEXT(strbuf_bytes(&href));
	row_sink_write(sink, cells);
	return true;
}

#define BEST(of_types) \
	"SELECT ranked.row, document.type, document.id, document.title FROM" \
	" (SELECT search.rowid AS row, bm25(search) AS score " HITS of_types \
	" ORDER BY search.rowid LIMIT 10000) AS ranked" \
	" JOIN search_document AS document ON document.row = ranked.row" \
	" ORDER BY ranked.score, document.type, document.id LIMIT :limit OFFSET :offset"

static bool write_hits(struct search *search, struct row_sink *sink)
{
	struct exchange *exchange = search->exchange;
	_cleanup_borrowed_ struct statement *statement = NULL;
	int64_t left = RETURNED_MAX - search->offset;
	if (!borrow(search, BEST(""), BEST(OF_TYPES), &statement))
		return false;
	statement_bind_integer(statement, "limit", search->limit < left ? search->limit : left);
	statement_bind_integer(statement, "offset", search->offset);
	for (int64_t rank = search->offset + 1;; rank++) {
		bool row;
		if (!exchange_check(exchange, statement_step(statement, &row)))
			return false;
		if (!row)
			return true;
		if (!write_hit(search, statement, rank, sink))
			return false;
	}
}

static bool write_page(const struct search *search, const struct row_sink *sink)
{
	struct exchange *exchange = search->exchange;
	int64_t end = search->offset + (int64_t)sink->count;
	int64_t last = search->total < RETURNED_MAX ? search->total : RETURNED_MAX;
	bool exact = search->total <= RANKED_MAX;
	if (end < last && !offset_next_link(exchange, end))
		return false;
	strbuf_append_format(exchange->body,
		"%s],\n\"page\":{\"total\":%lld,\"total_is\":\"%s\",\"count\":%zu,\"limit\":%lld,"
		"\"next\":",
		sink->count ? "\n" : "", (long long)(exact ? search->total : RANKED_MAX),
		exact ? "exact" : "at_least", sink->count, (long long)search->limit);
	json_append_bytes_or_null(exchange->body, exchange->next);
	strbuf_append_char(exchange->body, '}');
	exchange_finish_body(exchange);
	return true;
}

bool search_answer(struct exchange *exchange)
{
	struct search search = {.exchange = exchange};
	struct row_sink sink;
	if (!read_search(&search) || !count_hits(&search))
		return false;
	bool json = exchange->media == MEDIA_JSON;
	if (json)
		strbuf_append_text(exchange->body, "{\"data\":[\n");
	row_sink_open(exchange, &sink);
	if (!write_hits(&search, &sink))
		return false;
	return !json || write_page(&search, &sink);
}
