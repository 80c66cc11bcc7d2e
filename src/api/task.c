#include "task.h"

#include "order.h"

#include <string.h>
#include <udcg/base/text.h>

static bool refuse(struct task *task, enum problem_type type, const char *detail)
{
	problem_set(&task->exchange.problem, type, detail);
	return false;
}

static bool check_method(struct task *task)
{
	if (task->request->violation) {
		task->reply->close = true;
		return refuse(task, PROBLEM_BAD_REQUEST, task->request->violation);
	}
	if (task->request->method == METHOD_UNKNOWN)
		return refuse(task, PROBLEM_NOT_IMPLEMENTED, NULL);
	if (task->request->target.length > TARGET_MAX)
		return refuse(task, PROBLEM_URI_TOO_LONG, NULL);
	return true;
}

/* OPTIONS * asks about the server, not about a path (RFC 9110, section 9.3.7). */
static bool is_server_wide(const struct request *request)
{
	return request->method == METHOD_OPTIONS
		&& bytes_equal(request->target, BYTES_LITERAL("*"));
}

static bool refuse_path(struct task *task)
{
	return exchange_missing(&task->exchange, "There is nothing at this path",
		route_suggest(task->target.path, task->exchange.arena));
}

/* Whoever keeps these paths from the public (a proxy, --admin-listen) goes by their letters, so that an
 * escape would slip past. */
static bool is_hidden_probe(const struct task *task)
{
	struct bytes target = task->request->target;
	const char *query = memchr(target.data, '?', target.length);
	size_t length = query ? (size_t)(query - target.data) : target.length;
	return task->match.route->kind == ROUTE_PROBE && memchr(target.data, '%', length);
}

bool task_find_route(struct task *task)
{
	if (!check_method(task))
		return false;
	if (is_server_wide(task->request))
		return true;
	const char *detail = NULL;
	enum target_status status =
		target_parse(task->request->target, task->exchange.arena, &task->target, &detail);
	if (status == TARGET_NO_MEMORY)
		return exchange_no_memory(&task->exchange);
	if (status == TARGET_BAD) {
		_cleanup_strbuf_ struct strbuf text = {0};
		strbuf_append_format(&text, "The path %s.", detail);
		struct bytes copy = text.failed
			? (struct bytes){0}
			: arena_copy(task->exchange.arena, strbuf_bytes(&text));
		return refuse(task, PROBLEM_BAD_REQUEST, copy.data);
	}
	route_match(task->target.path, &task->match);
	if (!task->match.route || is_hidden_probe(task))
		return refuse_path(task);
	task->exchange.route = task->match.route;
	task->exchange.id = task->match.id;
	task->exchange.suffix = task->match.suffix;
	task->reply->route = task->match.route->path;
	if (task->request->method == METHOD_OTHER)
		return refuse(task, PROBLEM_METHOD_NOT_ALLOWED, NULL);
	return true;
}

static bool refuse_header(struct task *task, const char *name, struct bytes value,
	const char *const *allowed)
{
	struct bytes shown = arena_copy(task->exchange.arena, value);
	if (!text_is_utf8(shown))
		text_make_ascii((char *)(uintptr_t)shown.data, shown.length);
	problem_add(&task->exchange.problem, task->exchange.arena,
		&(struct problem_error){
			.parameter = name,
			.value = shown.data,
			.detail = "accepts nothing of what there is",
			.allowed = allowed,
		});
	task->exchange.problem.type = PROBLEM_NOT_ACCEPTABLE;
	return false;
}

static const struct {
	const char *name;
	const char *content_type;
} media_forms[] = {
	[MEDIA_JSON] = {.name = "application/json", .content_type = "application/json"},
	[MEDIA_CSV] = {.name = "text/csv", .content_type = "text/csv; charset=utf-8"},
	[MEDIA_NDJSON] = {.name = "application/x-ndjson", .content_type = "application/x-ndjson"},
	[MEDIA_HTML] = {.name = "text/html", .content_type = "text/html; charset=utf-8"},
	[MEDIA_EVENTS] = {.name = "text/event-stream", .content_type = "text/event-stream"},
};

static enum media media_of(const char *name)
{
	size_t media = 0;
	while (strcmp(media_forms[media].name, name) != 0)
		media++;
	return (enum media)media;
}

static bool choose_media(struct task *task)
{
	const struct route *route = task->match.route;
	struct representation *representation = &task->representation;
	const char *const *offered = route_media_types(route);
	representation->route = route;
	representation->content_type = route->content_type;
	if (route->kind == ROUTE_PROBE || route->content_type)
		return true;
	if (*task->match.suffix) {
		representation->media = task->match.media;
	} else {
		int chosen = negotiate_media(task->request->accept, offered);
		representation->varies_by_accept = true;
		if (chosen < 0)
			return refuse_header(task, "Accept", task->request->accept, offered);
		representation->media = media_of(offered[chosen]);
	}
	task->exchange.media = representation->media;
	representation->content_type = media_forms[representation->media].content_type;
	return true;
}

static bool choose_coding(struct task *task)
{
	static choices codings = {"gzip", "identity", NULL};
	struct representation *representation = &task->representation;
	enum coding coding = negotiate_coding(task->request->accept_encoding);
	enum route_kind kind = task->match.route->kind;
	if (!representation->content_type)
		representation->content_type = "application/json";
	/* Whoever asks whether we live is to hear it, whatever its library writes. */
	if (kind == ROUTE_PROBE && coding == CODING_NONE)
		coding = CODING_IDENTITY;
	/* An event does not wait until there is more to be compressed. */
	if (kind == ROUTE_STREAM && coding != CODING_NONE)
		coding = coding == CODING_GZIP_ONLY ? CODING_NONE : CODING_IDENTITY;
	representation->coding = coding;
	if (coding == CODING_NONE)
		return refuse_header(task, "Accept-Encoding", task->request->accept_encoding,
			kind == ROUTE_STREAM ? codings + 1 : codings);
	return true;
}

static bool check_ready(struct task *task)
{
	const struct route *route = task->match.route;
	bool draining = atomic_load(&task->session->service->draining);
	if (route->answer_always)
		return true;
	if (!exchange_check(&task->exchange, task->renewed))
		return false;
	if (!task->session->dataset)
		return refuse(task, PROBLEM_NOT_READY,
			task->loaded
				? "The database proved damaged, and none has taken its place yet."
				: "The first timeline is still being loaded.");
	if (route->kind == ROUTE_PROBE && draining)
		return refuse(task, PROBLEM_NOT_READY, "The server is about to stop.");
	return true;
}

/* Path and query in canonical order: what cache entries, entity tags and links are made of. */
static bool write_canonical(struct task *task)
{
	struct exchange *exchange = &task->exchange;
	const char *without[] = {exchange->route->parent, NULL};
	_cleanup_strbuf_ struct strbuf target = {0};
	strbuf_append_bytes(&target, exchange->path);
	strbuf_append_text(&target, exchange->suffix);
	strbuf_append_char(&target, '?');
	parameters_write(&exchange->parameters, without, &target);
	task->canonical = target.failed ? (struct bytes){0}
					: arena_copy(exchange->arena, strbuf_bytes(&target));
	return task->canonical.data || exchange_no_memory(exchange);
}

/* The path again, its {id} in canonical form. */
static bool write_path(struct task *task)
{
	struct exchange *exchange = &task->exchange;
	const char *template = exchange->route->path;
	const char *hole = strchr(template, '{');
	if (!hole) {
		exchange->path = bytes_of(template);
		return true;
	}
	_cleanup_strbuf_ struct strbuf path = {0};
	strbuf_append(&path, template, (size_t)(hole - template));
	target_append_encoded(&path, exchange->id);
	strbuf_append_text(&path, strchr(hole, '}') + 1);
	exchange->path =
		path.failed ? (struct bytes){0} : arena_copy(exchange->arena, strbuf_bytes(&path));
	return exchange->path.data || exchange_no_memory(exchange);
}

/* What the path names; a record's id in lower case, as all ids are. */
static bool find_named(struct task *task)
{
	struct exchange *exchange = &task->exchange;
	const struct route *route = exchange->route;
	if (route->find)
		return route->find(exchange);
	if (!route->record)
		return true;
	struct bytes id = arena_copy(exchange->arena, exchange->id);
	if (!id.data)
		return exchange_no_memory(exchange);
	for (size_t i = 0; i < id.length; i++)
		if (id.data[i] >= 'A' && id.data[i] <= 'Z')
			((char *)(uintptr_t)id.data)[i] = (char)(id.data[i] + ('a' - 'A'));
	exchange->id = id;
	if (!record_find(exchange, route->record, id, &exchange->row))
		return false;
	return exchange->row || exchange_not_found(exchange);
}

static bool read_parameters(struct task *task)
{
	struct exchange *exchange = &task->exchange;
	const struct route *route = exchange->route;
	if (!parameters_parse(exchange, &task->target))
		return false;
	if (!route->parent)
		return true;
	const struct parameter *parent =
		resource_find_parameter(route->resource, bytes_of(route->parent));
	return parameters_add_record(exchange, parent, exchange->id, exchange->row);
}

void task_start(struct task *task)
{
	struct session *session = task->session;
	struct exchange *exchange = &task->exchange;
	arena_reset(&session->arena);
	exchange->arena = &session->arena;
	exchange->prefix = session->service->prefix;
	exchange->public_url = session->service->public_url;
	exchange->service = session->service;
	problem_start(&exchange->problem);
	task->loaded = service_generation(session->service) > 0;
	task->renewed = session_renew(session);
	exchange->dataset = session->dataset;
	exchange->database = session->database;
	task->representation.service = session->service;
	task->representation.dataset = session->dataset;
}

bool task_prepare(struct task *task)
{
	return check_ready(task) && choose_media(task) && choose_coding(task) && find_named(task)
		&& read_parameters(task) && write_path(task) && write_canonical(task);
}
