#include <udcg/api/routes.h>

#include <string.h>
#include <udcg/api/list.h>
#include <udcg/base/text.h>
#include <udcg/handlers/handlers.h>

static choices not_in_calendar = {"cursor", "fields", "include", "limit", "sort", NULL};
static choices not_in_feed = {"fields", "sort", NULL};

const struct route routes[] = {
	{
		.path = "/",
		.kind = ROUTE_DOCUMENT,
		.answer = start_answer,
		.html_policy = page_policy,
	},
	{
		.path = "/.well-known/security.txt",
		.kind = ROUTE_STATIC,
		.answer = security_answer,
		.content_type = "text/plain; charset=utf-8",
	},
	{
		.path = "/livez",
		.kind = ROUTE_PROBE,
		.answer = livez_answer,
		.answer_always = true,
	},
	{
		.path = "/metrics",
		.kind = ROUTE_PROBE,
		.answer = metrics_answer,
		.answer_always = true,
		.content_type = "text/plain; version=0.0.4; charset=utf-8",
	},
	{
		.path = "/openapi.json",
		.kind = ROUTE_STATIC,
		.answer = contract_answer,
		.content_type = "application/json",
	},
	{
		.path = "/openapi.yaml",
		.kind = ROUTE_STATIC,
		.answer = contract_answer,
		.content_type = "application/yaml",
	},
	{
		.path = "/problems/{slug}",
		.kind = ROUTE_STATIC,
		.find = problem_type_find,
		.answer = problem_type_answer,
		.content_type = "text/plain; charset=utf-8",
	},
	{
		.path = "/readyz",
		.kind = ROUTE_PROBE,
		.answer = readyz_answer,
	},
	{
		.path = "/robots.txt",
		.kind = ROUTE_STATIC,
		.answer = robots_answer,
		.content_type = "text/plain; charset=utf-8",
	},
	{
		.path = "/v1",
		.kind = ROUTE_DOCUMENT,
		.answer = card_answer,
	},
	{
		.path = "/v1/aid",
		.kind = ROUTE_LIST,
		.resource = &aid_resource,
		.answer = list_answer,
	},
	{
		.path = "/v1/aid/totals",
		.kind = ROUTE_LIST,
		.resource = &aid_totals_resource,
		.answer = aid_totals_answer,
		.prepare = totals_prepare,
	},
	{
		.path = "/v1/aid/{id}",
		.kind = ROUTE_ITEM,
		.resource = &aid_resource,
		.record = RECORD_AID,
		.answer = item_answer,
	},
	{
		.path = "/v1/attendance",
		.kind = ROUTE_LIST,
		.resource = &attendance_resource,
		.answer = list_answer,
	},
	{
		.path = "/v1/changes",
		.kind = ROUTE_STREAM,
		.answer = changes_answer,
	},
	{
		.path = "/v1/claims",
		.kind = ROUTE_LIST,
		.resource = &claims_resource,
		.answer = list_answer,
	},
	{
		.path = "/v1/claims/{id}",
		.kind = ROUTE_ITEM,
		.resource = &claims_resource,
		.record = RECORD_CLAIM,
		.answer = item_answer,
	},
	{
		.path = "/v1/export.json",
		.kind = ROUTE_STATIC,
		.answer = export_json_answer,
		.content_type = "application/json",
		.file_name = "timeline.json",
	},
	{
		.path = "/v1/export.ndjson",
		.kind = ROUTE_STATIC,
		.answer = export_ndjson_answer,
		.content_type = "application/x-ndjson",
		.file_name = "timeline.ndjson",
	},
	{
		.path = "/v1/export.sqlite",
		.kind = ROUTE_STATIC,
		.answer = export_sqlite_answer,
		.content_type = "application/vnd.sqlite3",
		.file_name = "timeline.sqlite",
		.weak = true,
	},
	{
		.path = "/v1/meetings",
		.kind = ROUTE_LIST,
		.resource = &meetings_resource,
		.answer = list_answer,
	},
	{
		.path = "/v1/meetings.ics",
		.kind = ROUTE_STATIC,
		.resource = &meetings_resource,
		.without = not_in_calendar,
		.answer = calendar_answer,
		.content_type = "text/calendar; charset=utf-8",
	},
	{
		.path = "/v1/meetings/{id}",
		.kind = ROUTE_ITEM,
		.resource = &meetings_resource,
		.record = RECORD_MEETING,
		.answer = item_answer,
	},
	{
		.path = "/v1/meetings/{id}/aid",
		.kind = ROUTE_SUBLIST,
		.resource = &aid_resource,
		.parent = "meeting",
		.record = RECORD_MEETING,
		.answer = list_answer,
	},
	{
		.path = "/v1/meetings/{id}/participants",
		.kind = ROUTE_SUBLIST,
		.resource = &attendance_resource,
		.parent = "meeting",
		.record = RECORD_MEETING,
		.answer = list_answer,
	},
	{
		.path = "/v1/participants",
		.kind = ROUTE_LIST,
		.resource = &participants_resource,
		.answer = list_answer,
	},
	{
		.path = "/v1/participants/{id}",
		.kind = ROUTE_ITEM,
		.resource = &participants_resource,
		.record = RECORD_PARTICIPANT,
		.answer = item_answer,
	},
	{
		.path = "/v1/participants/{id}/meetings",
		.kind = ROUTE_SUBLIST,
		.resource = &meetings_resource,
		.parent = "participant",
		.record = RECORD_PARTICIPANT,
		.answer = list_answer,
	},
	{
		.path = "/v1/search",
		.kind = ROUTE_LIST,
		.resource = &search_resource,
		.answer = search_answer,
		.heavy = true,
	},
	{
		.path = "/v1/sources",
		.kind = ROUTE_LIST,
		.resource = &sources_resource,
		.answer = list_answer,
	},
	{
		.path = "/v1/sources/{id}",
		.kind = ROUTE_ITEM,
		.resource = &sources_resource,
		.record = RECORD_SOURCE,
		.answer = item_answer,
	},
	{
		.path = "/v1/sources/{id}/facts",
		.kind = ROUTE_SUBLIST,
		.resource = &facts_resource,
		.parent = "source",
		.record = RECORD_SOURCE,
		.answer = list_answer,
	},
	{
		.path = "/v1/summary",
		.kind = ROUTE_DOCUMENT,
		.answer = summary_answer,
	},
	{
		.path = "/v1/timeline",
		.kind = ROUTE_LIST,
		.resource = &timeline_resource,
		.answer = list_answer,
	},
	{
		.path = "/v1/timeline.feed",
		.kind = ROUTE_STATIC,
		.resource = &timeline_resource,
		.without = not_in_feed,
		.answer = feed_answer,
		.content_type = "application/feed+json",
	},
	{
		.path = "/v1/vocabulary",
		.kind = ROUTE_DOCUMENT,
		.answer = vocabulary_answer,
		.prepare = vocabulary_prepare,
	},
};

const size_t route_count = LENGTH_OF(routes);

const char *route_kind_name(enum route_kind kind)
{
	static const char *const names[ROUTE_KINDS] = {
		[ROUTE_LIST] = "list",
		[ROUTE_SUBLIST] = "sublist",
		[ROUTE_ITEM] = "item",
		[ROUTE_DOCUMENT] = "document",
		[ROUTE_STATIC] = "static",
		[ROUTE_PROBE] = "probe",
		[ROUTE_STREAM] = "stream",
	};
	return names[kind];
}

static bool is_named(const char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (strcmp(*names, name) == 0)
			return true;
	return false;
}

static bool route_takes(const struct route *route, const struct parameter *parameter)
{
	if (is_named(route->without, parameter->name))
		return false;
	if (route->kind == ROUTE_ITEM)
		return parameter->type == PARAMETER_FIELDS || parameter->type == PARAMETER_INCLUDE;
	return !route->parent || strcmp(route->parent, parameter->name) != 0;
}

const struct parameter *route_parameter(const struct route *route, size_t number)
{
	const struct parameter *parameter;
	for (size_t i = 0; route->resource && (parameter = resource_parameter(route->resource, i));
		i++)
		if (route_takes(route, parameter) && number-- == 0)
			return parameter;
	return NULL;
}

const struct parameter *route_find_parameter(const struct route *route, struct bytes name)
{
	const struct parameter *parameter =
		route->resource ? resource_find_parameter(route->resource, name) : NULL;
	return parameter && route_takes(route, parameter) ? parameter : NULL;
}

/* Whether the path is of the template's form; the segment at {id} is handed out. */
static bool path_fits(const char *template, struct bytes path, struct bytes *ret_id)
{
	const char *hole = strchr(template, '{');
	if (!hole)
		return bytes_equal(bytes_of(template), path);
	size_t before = (size_t)(hole - template);
	struct bytes after = bytes_of(strchr(hole, '}') + 1);
	if (path.length <= before + after.length || memcmp(path.data, template, before) != 0)
		return false;
	struct bytes id = {path.data + before, path.length - before - after.length};
	if (memchr(id.data, '/', id.length)
		|| !bytes_equal((struct bytes){id.data + id.length, after.length}, after))
		return false;
	*ret_id = id;
	return true;
}

static const struct route *find(struct bytes path, struct bytes *ret_id)
{
	const struct route *with_id = NULL;
	for (size_t i = 0; i < route_count; i++) {
		struct bytes id = {0};
		if (!path_fits(routes[i].path, path, &id))
			continue;
		*ret_id = id;
		if (!id.data)
			return &routes[i];
		with_id = &routes[i];
	}
	return with_id;
}

bool route_is_list(const struct route *route)
{
	return route->kind == ROUTE_LIST || route->kind == ROUTE_SUBLIST;
}

bool route_is_cached(const struct route *route)
{
	return route->kind != ROUTE_PROBE && route->kind != ROUTE_STREAM;
}

const char *const *route_media_types(const struct route *route)
{
	static choices list_types = {"application/json", "text/csv", "application/x-ndjson", NULL};
	static choices page_types = {"application/json", "text/html", NULL};
	static choices object_types = {"application/json", NULL};
	static choices event_types = {"text/event-stream", NULL};
	if (route_is_list(route))
		return list_types;
	if (route->kind == ROUTE_STREAM)
		return event_types;
	return route->html_policy ? page_types : object_types;
}

static bool cut_suffix(struct bytes path, const char *suffix, struct bytes *ret_path)
{
	size_t length = strlen(suffix);
	if (path.length <= length || memcmp(path.data + path.length - length, suffix, length) != 0)
		return false;
	*ret_path = (struct bytes){path.data, path.length - length};
	return true;
}

void route_match(struct bytes path, struct route_match *ret_match)
{
	static const struct {
		const char *suffix;
		enum media media;
	} suffixes[] = {
		{.suffix = ".csv", .media = MEDIA_CSV},
		{.suffix = ".json", .media = MEDIA_JSON},
		{.suffix = ".ndjson", .media = MEDIA_NDJSON},
	};
	*ret_match = (struct route_match){.suffix = ""};
	for (size_t i = 0; i < LENGTH_OF(suffixes); i++) {
		struct bytes bare, id = {0};
		if (!cut_suffix(path, suffixes[i].suffix, &bare))
			continue;
		const struct route *route = find(bare, &id);
		if (route && route_is_list(route)) {
			*ret_match = (struct route_match){
				.route = route,
				.id = id,
				.suffix = suffixes[i].suffix,
				.media = suffixes[i].media,
			};
			return;
		}
	}
	ret_match->route = find(path, &ret_match->id);
}

const char *route_suggest(struct bytes path, struct arena *arena)
{
	struct bytes bare = path;
	while (bare.length > 1 && bare.data[bare.length - 1] == '/')
		bare.length--;
	struct route_match match;
	route_match(bare, &match);
	if (match.route)
		return arena_copy(arena, bare).data;
	struct nearest nearest;
	nearest_start(&nearest, bare);
	for (size_t i = 0; i < route_count; i++)
		nearest_offer(&nearest, bytes_of(routes[i].path));
	const char *best = nearest_best(&nearest);
	return best ? arena_copy(arena, bytes_of(best)).data : NULL;
}
