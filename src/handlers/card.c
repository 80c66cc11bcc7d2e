/* /v1: what this dataset is, and where everything is found. */
#include "counts.h"

#include <udcg/api/routes.h>
#include <udcg/base/json.h>
#include <udcg/handlers/handlers.h>

/* Names and paths of what a reader may go on to, in the order of use. */
static const struct {
	const char *name;
	const char *path;
} links[] = {
	{.name = "summary", .path = "/v1/summary"},
	{.name = "vocabulary", .path = "/v1/vocabulary"},
	{.name = "meetings", .path = "/v1/meetings"},
	{.name = "participants", .path = "/v1/participants"},
	{.name = "attendance", .path = "/v1/attendance"},
	{.name = "aid", .path = "/v1/aid"},
	{.name = "aid_totals", .path = "/v1/aid/totals"},
	{.name = "claims", .path = "/v1/claims"},
	{.name = "timeline", .path = "/v1/timeline"},
	{.name = "search", .path = "/v1/search?q="},
	{.name = "sources", .path = "/v1/sources"},
	{.name = "calendar", .path = "/v1/meetings.ics"},
	{.name = "feed", .path = "/v1/timeline.feed"},
	{.name = "export", .path = "/v1/export.json"},
	{.name = "changes", .path = "/v1/changes"},
	{.name = "openapi", .path = "/openapi.yaml"},
};

static bool write_span(struct exchange *exchange)
{
	_cleanup_borrowed_ struct statement *statement = NULL;
	static const char sql[] = "SELECT first_date, last_date FROM extent";
	bool row;
	if (!exchange_borrow(exchange, BYTES_LITERAL(sql), &statement)
		|| !exchange_step(exchange, statement, &row))
		return false;
	json_append_key(exchange->body, "first_date");
	json_append_bytes_or_null(exchange->body, statement_text(statement, 0));
	json_append_key(exchange->body, "last_date");
	json_append_bytes_or_null(exchange->body, statement_text(statement, 1));
	return true;
}

static void write_links(struct exchange *exchange)
{
	json_append_key(exchange->body, "links");
	strbuf_append_char(exchange->body, '{');
	for (size_t i = 0; i < LENGTH_OF(links); i++) {
		json_append_key(exchange->body, links[i].name);
		strbuf_append_format(exchange->body, "\"%s%s\"", exchange->prefix, links[i].path);
	}
	strbuf_append_char(exchange->body, '}');
}

bool card_answer(struct exchange *exchange)
{
	const struct timeline_card *card = &exchange->dataset->card;
	struct strbuf *body = exchange->body;
	strbuf_append_text(body, "{\"data\":{");
	json_append_key(body, "title");
	json_append_text(body, card->title);
	json_append_key(body, "version");
	json_append_text(body, card->version);
	json_append_key(body, "released");
	json_append_text(body, card->released);
	json_append_key(body, "licence");
	json_append_text(body, card->licence);
	if (!counts_write(exchange) || !write_span(exchange))
		return false;
	write_links(exchange);
	strbuf_append_char(body, '}');
	exchange_finish_body(exchange);
	return true;
}
