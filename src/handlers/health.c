/* What machines ask: is the process up, is a dataset loaded. */
#include <udcg/api/handler.h>
#include <udcg/base/json.h>
#include <udcg/handlers/handlers.h>

bool livez_answer(struct exchange *exchange)
{
	strbuf_append_text(exchange->body, "{\"status\":\"ok\"}\n");
	return true;
}

bool readyz_answer(struct exchange *exchange)
{
	struct strbuf *body = exchange->body;
	strbuf_append_char(body, '{');
	json_append_key(body, "status");
	json_append_text(body, "ready");
	json_append_key(body, "version");
	json_append_text(body, exchange->dataset->card.version);
	json_append_key(body, "reload_error");
	json_append_text_or_null(body, exchange_load_failure(exchange));
	strbuf_append_text(body, "}\n");
	return true;
}

/* The numbers are those of whoever serves: the HTTP layer writes them. */
bool metrics_answer(struct exchange *exchange)
{
	(void)exchange;
	return true;
}
