#include <udcg/api/describe.h>

#include <string.h>
#include <udcg/api/routes.h>
#include <udcg/base/build_id.h>
#include <udcg/base/json.h>

static void separate(struct strbuf *json, const char *opening, size_t number)
{
	if (number)
		strbuf_append_char(json, ',');
	strbuf_append_text(json, opening);
}

static void write_names(struct strbuf *json, const char *const *names)
{
	strbuf_append_char(json, '[');
	for (size_t i = 0; names && names[i]; i++) {
		separate(json, "", i);
		json_append_text(json, names[i]);
	}
	strbuf_append_char(json, ']');
}

static void write_text(struct strbuf *json, const char *key, const char *text)
{
	json_append_key(json, key);
	json_append_text_or_null(json, text);
}

static void write_integer(struct strbuf *json, const char *key, int64_t value)
{
	json_append_key(json, key);
	strbuf_append_integer(json, value);
}

static void write_flag(struct strbuf *json, const char *key, bool value)
{
	json_append_key(json, key);
	strbuf_append_text(json, value ? "true" : "false");
}

static void write_enum(struct strbuf *json, const char *const *names, bool nullable)
{
	json_append_key(json, "enum");
	strbuf_append_char(json, '[');
	for (size_t i = 0; names[i]; i++) {
		separate(json, "", i);
		json_append_text(json, names[i]);
	}
	strbuf_append_text(json, nullable ? ",null]" : "]");
}

/* {"schema":{…}} of a field, as JSON Schema. */
static void write_column(struct strbuf *json, const struct column *column)
{
	static const char *const types[] = {
		[VALUE_TEXT] = "string",
		[VALUE_INTEGER] = "integer",
		[VALUE_BOOLEAN] = "boolean",
		[VALUE_LINK] = "string",
		[VALUE_TEXTS] = "array",
	};
	strbuf_append_char(json, '{');
	write_text(json, "name", column->name);
	json_append_key(json, "schema");
	strbuf_append_char(json, '{');
	json_append_key(json, "type");
	strbuf_append_format(json, column->nullable ? "[\"%s\",\"null\"]" : "\"%s\"",
		types[column->type]);
	if (column->type == VALUE_TEXTS)
		strbuf_append_text(json, ",\"items\":{\"type\":\"string\"}");
	if (column->choices)
		write_enum(json, column->choices, column->nullable);
	strbuf_append_text(json, "}}");
}

/* Names, each also with a minus. */
static void write_sort_enum(struct strbuf *json, const struct resource *resource)
{
	json_append_key(json, "enum");
	strbuf_append_char(json, '[');
	for (size_t i = 0; i < resource->sorts_count; i++) {
		separate(json, "", i);
		strbuf_append_format(json, "\"%s\",\"-%s\"", resource->sorts[i].name,
			resource->sorts[i].name);
	}
	strbuf_append_char(json, ']');
}

static void write_include_enum(struct strbuf *json, const struct resource *resource)
{
	json_append_key(json, "enum");
	strbuf_append_char(json, '[');
	for (size_t i = 0; i < resource->includes_count; i++) {
		separate(json, "", i);
		json_append_text(json, resource->includes[i].name);
	}
	strbuf_append_char(json, ']');
}

/* The schema of one value. */
static void write_parameter_schema(struct strbuf *json, const struct resource *resource,
	const struct parameter *parameter)
{
	bool number = parameter->type == PARAMETER_INTEGER || parameter->type == PARAMETER_LIMIT;
	strbuf_append_char(json, '{');
	write_text(json, "type",
		number					       ? "integer"
			: parameter->type == PARAMETER_BOOLEAN ? "boolean"
							       : "string");
	if (number) {
		write_integer(json, "minimum", parameter->minimum);
		write_integer(json, "maximum", parameter->maximum);
	}
	if (parameter->type == PARAMETER_SORT)
		write_sort_enum(json, resource);
	else if (parameter->type == PARAMETER_INCLUDE)
		write_include_enum(json, resource);
	else if (parameter->type == PARAMETER_BOOLEAN && parameter->choices)
		strbuf_append_text(json, ",\"enum\":[true]");
	else if (parameter->choices)
		write_enum(json, parameter->choices, false);
	strbuf_append_char(json, '}');
}

static void write_parameter(struct strbuf *json, const struct resource *resource,
	const struct parameter *parameter)
{
	strbuf_append_char(json, '{');
	write_text(json, "name", parameter->name);
	json_append_key(json, "schema");
	write_parameter_schema(json, resource, parameter);
	write_flag(json, "required", parameter->required);
	write_flag(json, "list", parameter->list);
	write_flag(json, "none", parameter->sql_none);
	write_text(json, "summary", parameter->summary);
	strbuf_append_char(json, '}');
}

static void write_resource(struct strbuf *json, const struct resource *resource)
{
	write_text(json, "name", resource->name);
	json_append_key(json, "fields");
	strbuf_append_char(json, '[');
	for (size_t i = 0; i < resource->columns_count; i++) {
		separate(json, "", i);
		write_column(json, &resource->columns[i]);
	}
	strbuf_append_char(json, ']');
	json_append_key(json, "parameters");
	strbuf_append_char(json, '[');
	const struct parameter *parameter;
	for (size_t i = 0; (parameter = resource_parameter(resource, i)); i++) {
		separate(json, "", i);
		write_parameter(json, resource, parameter);
	}
	strbuf_append_char(json, ']');
	json_append_key(json, "sorts");
	strbuf_append_char(json, '[');
	for (size_t i = 0; i < resource->sorts_count; i++) {
		separate(json, "", i);
		json_append_text(json, resource->sorts[i].name);
	}
	strbuf_append_char(json, ']');
	write_text(json, "default_sort", resource->sorts_count ? resource->sorts[0].name : NULL);
	json_append_key(json, "includes");
	strbuf_append_char(json, '[');
	for (size_t i = 0; i < resource->includes_count; i++) {
		separate(json, "", i);
		json_append_text(json, resource->includes[i].name);
	}
	strbuf_append_char(json, ']');
}

/* Beside the refusals that any request may meet. */
static void write_statuses(struct strbuf *json, const struct route *route)
{
	json_append_key(json, "statuses");
	strbuf_append_format(json, "[200%s,400%s%s%s]", route_is_cached(route) ? ",304" : "",
		strchr(route->path, '{') ? ",404" : "", route->kind == ROUTE_PROBE ? "" : ",406",
		route->answer_always ? "" : ",503");
}

static void write_media(struct strbuf *json, const struct route *route)
{
	json_append_key(json, "media_types");
	if (route->content_type)
		strbuf_append_format(json, "[\"%.*s\"]", (int)strcspn(route->content_type, ";"),
			route->content_type);
	else
		write_names(json, route_media_types(route));
}

static void write_route(struct strbuf *json, const struct route *route)
{
	write_text(json, "path", route->path);
	write_text(json, "kind", route_kind_name(route->kind));
	write_text(json, "resource", route->resource ? route->resource->name : NULL);
	json_append_key(json, "parameters");
	strbuf_append_char(json, '[');
	const struct parameter *parameter;
	for (size_t i = 0; (parameter = route_parameter(route, i)); i++) {
		separate(json, "", i);
		json_append_text(json, parameter->name);
	}
	strbuf_append_char(json, ']');
	write_statuses(json, route);
	write_media(json, route);
}

static void write_command(struct strbuf *json, const struct command_description *command)
{
	write_text(json, "name", command->name);
	json_append_key(json, "operands");
	write_names(json, command->operands);
	write_text(json, "summary", command->summary);
}

static void write_option(struct strbuf *json, const struct option_description *option)
{
	write_text(json, "name", option->name);
	write_text(json, "variable", option->variable);
	write_text(json, "argument", option->argument);
	write_text(json, "default", option->initial);
	json_append_key(json, "commands");
	write_names(json, option->commands);
	write_text(json, "summary", option->summary);
}

static bool is_first_of_its_resource(size_t number)
{
	for (size_t i = 0; i < number; i++)
		if (routes[i].resource == routes[number].resource)
			return false;
	return routes[number].resource;
}

static void write_resources(struct strbuf *json)
{
	json_append_key(json, "resources");
	strbuf_append_text(json, "[\n");
	for (size_t i = 0, written = 0; i < route_count; i++) {
		if (!is_first_of_its_resource(i))
			continue;
		strbuf_append_text(json, written++ ? ",\n{" : "{");
		write_resource(json, routes[i].resource);
		strbuf_append_char(json, '}');
	}
	strbuf_append_char(json, ']');
}

static void write_command_line(struct strbuf *json, const struct command_line *line)
{
	json_append_key(json, "commands");
	strbuf_append_text(json, "[\n");
	for (size_t i = 0; i < line->command_count; i++) {
		strbuf_append_text(json, i ? ",\n{" : "{");
		write_command(json, &line->commands[i]);
		strbuf_append_char(json, '}');
	}
	strbuf_append_char(json, ']');
	json_append_key(json, "options");
	strbuf_append_text(json, "[\n");
	for (size_t i = 0; i < line->option_count; i++) {
		strbuf_append_text(json, i ? ",\n{" : "{");
		write_option(json, &line->options[i]);
		strbuf_append_char(json, '}');
	}
	strbuf_append_char(json, ']');
}

void describe_write(struct strbuf *json, const struct command_line *line)
{
	strbuf_append_char(json, '{');
	write_text(json, "program", "udcg");
	write_text(json, "version", build_version);
	json_append_key(json, "routes");
	strbuf_append_text(json, "[\n");
	for (size_t i = 0; i < route_count; i++) {
		strbuf_append_text(json, i ? ",\n{" : "{");
		write_route(json, &routes[i]);
		strbuf_append_char(json, '}');
	}
	strbuf_append_char(json, ']');
	write_resources(json);
	json_append_key(json, "problems");
	strbuf_append_text(json, "[\n");
	for (size_t i = 0; i < PROBLEM_TYPES; i++) {
		strbuf_append_text(json, i ? ",\n{" : "{");
		write_text(json, "slug", problem_kinds[i].slug);
		write_integer(json, "status", problem_kinds[i].status);
		write_text(json, "title", problem_kinds[i].title);
		strbuf_append_char(json, '}');
	}
	strbuf_append_char(json, ']');
	write_command_line(json, line);
	strbuf_append_text(json, "}\n");
}
