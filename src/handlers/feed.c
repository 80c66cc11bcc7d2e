/* /v1/timeline.feed: the timeline as a JSON Feed 1.1, the newest first. It has no date_published: no
 * report tells an hour. */
#include <string.h>
#include <udcg/api/list.h>
#include <udcg/api/routes.h>
#include <udcg/api/row.h>
#include <udcg/base/json.h>
#include <udcg/handlers/handlers.h>

enum { ITEMS_DEFAULT = 100 };

/* The URL of a path that begins with the prefix. */
static void write_url(const struct exchange *exchange, const char *key, struct bytes path,
	struct strbuf *out)
{
	size_t prefix = strlen(exchange->prefix);
	json_append_key(out, key);
	strbuf_append_format(out, "\"%s%.*s\"", exchange->public_url, (int)(path.length - prefix),
		path.data + prefix);
}

static struct bytes column_text(const struct statement *row, const char *name)
{
	int number = 0;
	while (strcmp(timeline_resource.columns[number].name, name) != 0)
		number++;
	return statement_text(row, number);
}

/* ["a","b"] as a, b: ids need no escapes. */
static void append_ids(struct bytes list, struct strbuf *text)
{
	for (size_t i = 0; i < list.length; i++) {
		if (list.data[i] == ',')
			strbuf_append_text(text, ", ");
		else if (!strchr("[]\"", list.data[i]))
			strbuf_append_char(text, list.data[i]);
	}
}

static void append_or_unknown(struct bytes value, struct strbuf *text)
{
	strbuf_append_bytes(text, value.data ? value : BYTES_LITERAL("not known"));
}

static void write_content(const struct statement *row, struct strbuf *out)
{
	_cleanup_strbuf_ struct strbuf text = {0};
	struct bytes basis = column_text(row, "date_basis");
	strbuf_append_text(&text, "Date: ");
	append_or_unknown(column_text(row, "date"), &text);
	if (basis.data)
		strbuf_append_format(&text, " (%.*s)", (int)basis.length, basis.data);
	strbuf_append_text(&text, "\nReported: ");
	append_or_unknown(column_text(row, "reported"), &text);
	strbuf_append_text(&text, "\nSources: ");
	append_ids(column_text(row, "source_ids"), &text);
	json_append_key(out, "content_text");
	json_append_bytes(out, strbuf_bytes(&text));
	out->failed |= text.failed;
}

static void write_item(const struct exchange *exchange, const struct statement *row,
	struct strbuf *out)
{
	struct bytes type = column_text(row, "type"), id = column_text(row, "id");
	struct bytes path = column_text(row, "href");
	strbuf_append_char(out, '{');
	json_append_key(out, "id");
	strbuf_append_format(out, "\"%.*s/%.*s\"", (int)type.length, type.data, (int)id.length,
		id.data);
	if (exchange->public_url[0]) {
		json_append_key(out, "url");
		strbuf_append_format(out, "\"%s%.*s\"", exchange->public_url, (int)path.length,
			path.data);
	}
	json_append_key(out, "title");
	json_append_bytes(out, column_text(row, "title"));
	write_content(row, out);
	json_append_key(out, "tags");
	strbuf_append_format(out, "[\"%.*s\"]", (int)type.length, type.data);
	json_append_key(out, "_udcg");
	row_write(&timeline_resource, exchange->prefix, row, 0, out);
	strbuf_append_char(out, '}');
}

static const struct list_form items_form = {
	.descending = true,
	.separator = ",\n",
	.write = write_item,
};

/* Where this feed begins, whatever the page. */
static void write_own_url(struct exchange *exchange)
{
	static choices paging = {"cursor", NULL};
	_cleanup_strbuf_ struct strbuf path = {0};
	strbuf_append_text(&path, exchange->prefix);
	strbuf_append_bytes(&path, exchange->path);
	strbuf_append_char(&path, '?');
	size_t bare = path.length - 1;
	parameters_write(&exchange->parameters, paging, &path);
	if (path.length == bare + 1)
		path.length = bare;
	if (!path.failed)
		write_url(exchange, "feed_url", strbuf_bytes(&path), exchange->body);
	exchange->body->failed |= path.failed;
}

bool feed_answer(struct exchange *exchange)
{
	const struct given *limit = parameters_find(&exchange->parameters, "limit");
	struct strbuf *body = exchange->body;
	bool has_urls = exchange->public_url[0];
	strbuf_append_char(body, '{');
	json_append_key(body, "version");
	json_append_text(body, "https://jsonfeed.org/version/1.1");
	json_append_key(body, "title");
	json_append_text(body, exchange->dataset->card.title);
	if (has_urls) {
		json_append_key(body, "home_page_url");
		strbuf_append_format(body, "\"%s/\"", exchange->public_url);
		write_own_url(exchange);
	}
	json_append_key(body, "items");
	strbuf_append_text(body, "[\n");
	if (!list_write(exchange, &items_form, limit ? limit->values[0].number : ITEMS_DEFAULT))
		return false;
	strbuf_append_text(body, "\n]");
	if (has_urls && exchange->next.data)
		write_url(exchange, "next_url", exchange->next, body);
	strbuf_append_text(body, "}\n");
	return true;
}
