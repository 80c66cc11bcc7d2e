#include "representation.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/base/build_id.h>

#define ALLOWED "GET, HEAD, OPTIONS"

enum { LICENCE_LINK_MAX = 1000 }; /* bytes */

void reply_clear(struct reply *reply)
{
	headers_free(&reply->headers);
	strbuf_free(&reply->body);
	stream_free(reply->stream);
	*reply = (struct reply){0};
}

void reply_header(struct reply *reply, const char *name, const char *value)
{
	headers_add(&reply->headers, name, value);
}

void reply_header_format(struct reply *reply, const char *name, const char *format, ...)
{
	va_list arguments;
	char *value = NULL;
	va_start(arguments, format);
	if (vasprintf(&value, format, arguments) < 0)
		value = NULL;
	va_end(arguments);
	if (value)
		reply_header(reply, name, value);
	else
		reply->headers.text.failed = true;
	free(value);
}

void reply_common_headers(struct reply *reply, const struct dataset *dataset)
{
	reply_header(reply, "Access-Control-Allow-Origin", "*");
	reply_header(reply, "Access-Control-Expose-Headers",
		"ETag, Link, Dataset-Version, X-Request-Id, Retry-After, Server-Timing, "
		"Content-Disposition");
	reply_header(reply, "Timing-Allow-Origin", "*");
	reply_header(reply, "Cross-Origin-Resource-Policy", "cross-origin");
	reply_header(reply, "X-Content-Type-Options", "nosniff");
	reply_header(reply, "Referrer-Policy", "no-referrer");
	if (dataset)
		reply_header(reply, "Dataset-Version", dataset->card.version);
}

void reply_options(struct reply *reply)
{
	reply->status = 204;
	reply_header(reply, "Allow", ALLOWED);
	reply_header(reply, "Access-Control-Allow-Methods", ALLOWED);
	reply_header(reply, "Access-Control-Allow-Headers", "*");
	reply_header(reply, "Access-Control-Max-Age", "86400");
}

void reply_problem(struct reply *reply, const struct problem *problem,
	const struct dataset *dataset)
{
	reply->problem = &problem_kinds[problem->type];
	reply->status = reply->problem->status;
	strbuf_clear(&reply->body);
	problem_write(problem, &reply->body);
	reply_common_headers(reply, dataset);
	reply_header(reply, "Content-Type", "application/problem+json");
	reply_header(reply, "Cache-Control", "no-store");
	if (problem->type == PROBLEM_METHOD_NOT_ALLOWED)
		reply_header(reply, "Allow", ALLOWED);
	if (reply->status == 503)
		reply_header(reply, "Retry-After", "1");
}

void etag_write(const struct representation *representation, struct bytes canonical_target,
	char etag[static ETAG_SIZE])
{
	static const char *const codings[] = {
		[CODING_IDENTITY] = "identity",
		[CODING_GZIP] = "gzip where worth it",
		[CODING_GZIP_ONLY] = "gzip",
		[CODING_NONE] = "",
	};
	const char *parts[] = {
		build_id,
		representation->dataset ? representation->dataset->card.version : "",
		representation->service->public_url,
		representation->content_type,
		codings[representation->coding],
	};
	struct digest digest;
	char hex[DIGEST_HEX_SIZE];
	digest_start(&digest);
	for (size_t i = 0; i < LENGTH_OF(parts); i++)
		digest_update(&digest, parts[i], strlen(parts[i]) + 1);
	digest_update(&digest, canonical_target.data, canonical_target.length);
	digest_finish_hex(&digest, hex);
	snprintf(etag, ETAG_SIZE, "%s\"%.32s\"", representation->route->weak ? "W/" : "", hex);
}

static void cache_headers(struct reply *reply, const struct representation *representation,
	const char *etag)
{
	unsigned max_age = representation->service->max_age;
	if (!route_is_cached(representation->route)) {
		reply_header(reply, "Cache-Control", "no-store");
		/* Otherwise nginx would wait until there is more of it. */
		if (representation->route->kind == ROUTE_STREAM)
			reply_header(reply, "X-Accel-Buffering", "no");
		return;
	}
	reply_header(reply, "ETag", etag);
	if (max_age)
		reply_header_format(reply, "Cache-Control",
			"public, max-age=%u, stale-while-revalidate=%u", max_age, 10 * max_age);
	else
		reply_header(reply, "Cache-Control", "public, no-cache");
	reply_header(reply, "Vary",
		representation->varies_by_accept ? "Accept, Accept-Encoding" : "Accept-Encoding");
}

/* How a browser is to take it. */
static void browser_headers(struct reply *reply, const struct representation *representation)
{
	const struct route *route = representation->route;
	bool csv = representation->media == MEDIA_CSV;
	if (route->file_name)
		reply_header_format(reply, "Content-Disposition", "attachment; filename=\"%s\"",
			route->file_name);
	else if (csv || representation->media == MEDIA_NDJSON)
		reply_header_format(reply, "Content-Disposition", "inline; filename=\"%s.%s\"",
			route->resource->name, csv ? "csv" : "ndjson");
	if (representation->media == MEDIA_HTML)
		reply_header(reply, "Content-Security-Policy", route->html_policy);
}

#define ALPHANUMERIC "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

static bool consists_of(const char *text, const char *characters)
{
	return text[strspn(text, characters)] == '\0' && strlen(text) <= LICENCE_LINK_MAX;
}

/* Where the text of a licence is: a URL, or an identifier of SPDX. Any other words lead nowhere. */
static void licence_write(const char *licence, struct strbuf *url)
{
	bool is_url = strncmp(licence, "https://", 8) == 0 || strncmp(licence, "http://", 7) == 0;
	bool is_own = strncmp(licence, "LicenseRef-", 11) == 0; /* not on SPDX's list */
	if (is_url && consists_of(licence, ALPHANUMERIC "-._~:/?#[]@!$&'()*+,;=%"))
		strbuf_append_text(url, licence);
	else if (!is_own && consists_of(licence, ALPHANUMERIC "-.+"))
		strbuf_append_format(url, "https://spdx.org/licenses/%s.html", licence);
}

/* RFC 8631, RFC 4946. */
static void card_links(struct reply *reply, const struct representation *representation)
{
	_cleanup_strbuf_ struct strbuf link = {0}, licence = {0};
	strbuf_append_format(&link, "<%s/openapi.yaml>; rel=\"service-desc\"",
		representation->service->prefix);
	licence_write(representation->dataset->card.licence, &licence);
	if (licence.length)
		strbuf_append_format(&link, ", <%s>; rel=\"license\"", licence.data);
	if (!link.failed)
		reply_header(reply, "Link", link.data);
}

void reply_representation(struct reply *reply, const struct representation *representation,
	const char *etag, struct bytes next)
{
	reply_common_headers(reply, representation->dataset);
	reply_header(reply, "Content-Type", representation->content_type);
	if (representation->coding != CODING_IDENTITY && reply->status == 200)
		reply_header(reply, "Content-Encoding", "gzip");
	cache_headers(reply, representation, etag);
	browser_headers(reply, representation);
	if (next.data && next.length <= LINK_HEADER_MAX)
		reply_header_format(reply, "Link", "<%s>; rel=\"next\"", next.data);
	if (strcmp(representation->route->path, "/") == 0
		|| strcmp(representation->route->path, "/v1") == 0)
		card_links(reply, representation);
}
