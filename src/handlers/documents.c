/* The contract, and texts that are looked for at fixed paths. */
#include "documents.h"

#include <assert.h>
#include <string.h>
#include <udcg/api/routes.h>
#include <udcg/base/edtf.h>
#include <udcg/base/embed.h>
#include <udcg/handlers/handlers.h>

#include "documents_embedded.h"

enum { DAYS_OF_TRUST = 365 };

void document_write(const char *name, struct strbuf *body)
{
	size_t number = 0;
	while (number < documents_embedded_count
		&& strcmp(documents_embedded[number].name, name) != 0)
		number++;
	assert(number < documents_embedded_count);
	strbuf_append(body, documents_embedded[number].data, documents_embedded[number].size);
}

bool contract_answer(struct exchange *exchange)
{
	document_write(exchange->route->path + 1, exchange->body);
	return true;
}

/* RFC 9309. The API has no end: filters combine freely. */
bool robots_answer(struct exchange *exchange)
{
	strbuf_append_format(exchange->body, "User-agent: *\nDisallow: %s/v1/\n", exchange->prefix);
	return true;
}

/* RFC 9116. Nobody's address is known here, so the start page tells whom to write to. It holds for a
 * year from the last day on which somebody vouched for what is served. */
bool security_answer(struct exchange *exchange)
{
	struct edtf released;
	const char *fault = edtf_parse_plain(bytes_of(exchange->dataset->card.released), &released);
	int expires = fault ? 0 : day_add(released.first, DAYS_OF_TRUST);
	char day[DAY_TEXT_SIZE] = "9999-12-31";
	if (expires)
		day_format(expires, day);
	strbuf_append_format(exchange->body,
		"Contact: %s/#security\nExpires: %sT00:00:00Z\nPreferred-Languages: en\n",
		exchange->public_url, day);
	if (exchange->public_url[0])
		strbuf_append_format(exchange->body, "Canonical: %s%s\n", exchange->public_url,
			exchange->route->path);
	return true;
}
