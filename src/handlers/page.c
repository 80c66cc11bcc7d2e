/* /: a page for browsers, for everyone else what /v1 says. */
#include "documents.h"

#include <udcg/api/routes.h>
#include <udcg/handlers/handlers.h>

bool start_answer(struct exchange *exchange)
{
	if (exchange->media != MEDIA_HTML)
		return card_answer(exchange);
	document_write("index.html", exchange->body);
	return true;
}
