#include <udcg/api/problem.h>
#include <udcg/base/json.h>

const struct problem_kind problem_kinds[PROBLEM_TYPES] = {
	[PROBLEM_INVALID_PARAMETER] =
		{
			.slug = "invalid-parameter",
			.status = 400,
			.title = "Invalid parameter",
			.explanation =
				"A parameter is unknown, repeated, empty or malformed, or its value is not "
				"one of those that there are. `errors` names every one of them with what is "
				"allowed and, where a name is near, what was probably meant.",
		},
	[PROBLEM_INVALID_CURSOR] =
		{
			.slug = "invalid-cursor",
			.status = 400,
			.title = "Invalid cursor",
			.explanation =
				"The cursor does not belong to this list with these filters and this sort. "
				"Take it from `page.next` of the page before, or start again without one.",
		},
	[PROBLEM_BAD_REQUEST] =
		{
			.slug = "bad-request",
			.status = 400,
			.title = "Bad request",
			.explanation =
				"The request is not well-formed HTTP: a bad escape or a control character in "
				"its path, a header that HTTP/1.1 forbids, or a body where none is taken.",
		},
	[PROBLEM_NOT_FOUND] =
		{
			.slug = "not-found",
			.status = 404,
			.title = "Not found",
			.explanation =
				"There is nothing at this path. Paths are listed by /v1 and /openapi.yaml; "
				"ids are those that the lists give.",
		},
	[PROBLEM_METHOD_NOT_ALLOWED] =
		{
			.slug = "method-not-allowed",
			.status = 405,
			.title = "Method not allowed",
			.explanation = "Everything here is read-only: GET, HEAD and OPTIONS.",
		},
	[PROBLEM_NOT_ACCEPTABLE] =
		{
			.slug = "not-acceptable",
			.status = 406,
			.title = "Not acceptable",
			.explanation =
				"None of the media types or codings that the request accepts is to be had "
				"here. `errors` lists those that there are.",
		},
	[PROBLEM_URI_TOO_LONG] =
		{
			.slug = "uri-too-long",
			.status = 414,
			.title = "URI too long",
			.explanation =
				"The request target is longer than 8000 bytes, or that of the next page would "
				"be; or a header alone could name the next page, and has no room for it.",
		},
	[PROBLEM_NOT_IMPLEMENTED] =
		{
			.slug = "not-implemented",
			.status = 501,
			.title = "Unknown method",
			.explanation =
				"The method is none that HTTP defines. There are GET, HEAD and OPTIONS.",
		},
	[PROBLEM_NOT_READY] =
		{
			.slug = "not-ready",
			.status = 503,
			.title = "Not ready",
			.explanation =
				"No timeline is loaded yet, or the server is about to stop. Ask again in a "
				"moment.",
		},
	[PROBLEM_OVERLOADED] =
		{
			.slug = "overloaded",
			.status = 503,
			.title = "Overloaded",
			.explanation =
				"More is being asked than can be computed at once. Ask again in a moment.",
		},
	[PROBLEM_TIMEOUT] =
		{
			.slug = "timeout",
			.status = 503,
			.title = "Timeout",
			.explanation =
				"The answer took longer to compute than one request may. Narrow the "
				"question with further parameters.",
		},
	[PROBLEM_INTERNAL] =
		{
			.slug = "internal",
			.status = 500,
			.title = "Internal error",
			.explanation =
				"The server failed. Its log says more, under the reply's X-Request-Id.",
		},
};

void problem_start(struct problem *problem)
{
	*problem = (struct problem){.type = PROBLEM_INTERNAL};
	problem->last_error = &problem->errors;
}

static const char *copy_text(struct arena *arena, const char *text, bool *failed)
{
	if (!text)
		return NULL;
	const char *copy = arena_copy(arena, bytes_of(text)).data;
	if (!copy)
		*failed = true;
	return copy;
}

void problem_add(struct problem *problem, struct arena *arena, const struct problem_error *error)
{
	problem->type = PROBLEM_INVALID_PARAMETER;
	if (problem_is_full(problem))
		return;
	struct problem_error *copy = arena_take(arena, sizeof(*copy));
	if (!copy) {
		problem->no_memory = true;
		return;
	}
	copy->parameter = copy_text(arena, error->parameter, &problem->no_memory);
	copy->value = copy_text(arena, error->value, &problem->no_memory);
	copy->detail = copy_text(arena, error->detail, &problem->no_memory);
	copy->suggestion = copy_text(arena, error->suggestion, &problem->no_memory);
	copy->allowed = error->allowed;
	if (problem->no_memory)
		return;
	*problem->last_error = copy;
	problem->last_error = &copy->next;
	problem->error_count++;
}

bool problem_is_full(const struct problem *problem)
{
	return problem->error_count == PROBLEM_ERRORS_MAX;
}

void problem_set(struct problem *problem, enum problem_type type, const char *detail)
{
	problem->type = type;
	problem->detail = detail;
	problem->errors = NULL;
	problem->last_error = &problem->errors;
	problem->error_count = 0;
}

static void error_write(const struct problem_error *error, struct strbuf *body)
{
	strbuf_append_char(body, '{');
	json_append_key(body, "parameter");
	json_append_text(body, error->parameter);
	json_append_key(body, "value");
	json_append_text_or_null(body, error->value);
	json_append_key(body, "detail");
	json_append_text(body, error->detail);
	json_append_key(body, "allowed");
	strbuf_append_char(body, '[');
	for (const char *const *name = error->allowed; name && *name; name++) {
		if (name != error->allowed)
			strbuf_append_char(body, ',');
		json_append_text(body, *name);
	}
	strbuf_append_char(body, ']');
	json_append_key(body, "suggestion");
	json_append_text_or_null(body, error->suggestion);
	strbuf_append_char(body, '}');
}

void problem_write(const struct problem *problem, struct strbuf *body)
{
	const struct problem_kind *kind = &problem_kinds[problem->type];
	strbuf_append_char(body, '{');
	json_append_key(body, "type");
	strbuf_append_format(body, "\"/problems/%s\"", kind->slug);
	json_append_key(body, "title");
	json_append_text(body, kind->title);
	json_append_key(body, "status");
	strbuf_append_integer(body, kind->status);
	json_append_key(body, "detail");
	if (problem->detail)
		json_append_text(body, problem->detail);
	else if (problem_is_full(problem))
		strbuf_append_format(body, "\"Many parameters are at fault; `errors` names %d.\"",
			PROBLEM_ERRORS_MAX);
	else if (problem->error_count > 1)
		json_append_text(body, "Several parameters are at fault; `errors` names each.");
	else
		json_append_text(body,
			problem->errors ? problem->errors->detail : kind->explanation);
	json_append_key(body, "errors");
	strbuf_append_char(body, '[');
	for (const struct problem_error *error = problem->errors; error; error = error->next) {
		if (error != problem->errors)
			strbuf_append_char(body, ',');
		error_write(error, body);
	}
	strbuf_append_text(body, "]}\n");
}
