/* /v1/summary: all that a start page shows, in one request. */
#include "aid_totals.h"
#include "counts.h"

#include <udcg/base/json.h>
#include <udcg/handlers/handlers.h>

#define MEETING(m) "json_object('id', " m ".id, 'title', " m ".title, 'date', " m ".date)"

/* The last that was held, and what is planned to come after it: no clock is asked. */
static const char series_sql[] =
	"SELECT json_object('series', p.id, 'name', p.name,"
	" 'latest_held', CASE WHEN h.row IS NOT NULL THEN json(" MEETING(
		"h") ") END,"
		     " 'planned', json((SELECT json_group_array(json(object)) FROM"
		     " (SELECT " MEETING(
			     "m") " AS object FROM meeting AS m"
				  " WHERE m.series = p.row AND m.status = 'planned' AND m.first_day > coalesce(h.last_day, 0)"
				  " ORDER BY m.first_day, m.last_day, m.row))))"
				  " FROM participant AS p LEFT JOIN meeting AS h ON h.row ="
				  " (SELECT row FROM meeting WHERE series = p.row AND status = 'held'"
				  " AND first_day IS NOT NULL ORDER BY first_day DESC, last_day DESC, row DESC LIMIT 1)"
				  " WHERE p.row IN (SELECT series FROM meeting WHERE series IS NOT NULL)"
				  " ORDER BY p.row";

static const char totals_sql[] =
	"SELECT json_object('currency', a.currency, 'amount', sum(a.amount), 'count', sum(a.count),"
	" 'qualifier', " SUM_QUALIFIER ", 'figures', :prefix || '/v1/aid?counted=true&currency='"
	" || a.currency || '&kind=package')"
	" FROM aid_by_donor AS a WHERE a.kind = 'package' AND a.excluded IS NULL"
	" GROUP BY a.currency ORDER BY a.currency";

static const char conflicts_sql[] =
	"SELECT json_object('conflict_group', name, 'type', type, 'count', count(*), 'href',"
	" :prefix || path || '?conflict_group=' || name) FROM"
	" (SELECT conflict_group AS name, 'aid' AS type, '/v1/aid' AS path FROM aid"
	"  WHERE conflict_group IS NOT NULL"
	"  UNION ALL SELECT conflict_group, 'claim', '/v1/claims' FROM claim"
	"  WHERE conflict_group IS NOT NULL)"
	" GROUP BY name, type ORDER BY name, type";

#define UNDATED(what, table) \
	"SELECT 'undated_" what "' AS name, (SELECT count(*) FROM " table \
	" WHERE first_day IS NULL) AS count, '/v1/" what "?undated=true' AS path"

static const char unknown_sql[] =
	"SELECT json_object('name', name, 'count', count, 'href', :prefix || path) FROM (" UNDATED(
		"meetings", "meeting") " UNION ALL " UNDATED("aid",
		"aid") " UNION ALL " UNDATED("claims",
		"claim") " UNION ALL SELECT 'unnamed_representatives',"
			 "  (SELECT count(*) FROM attendance WHERE representative IS NOT NULL),"
			 "  '/v1/attendance?fields=meeting,participant,representative'"
			 " UNION ALL SELECT 'untrusted_headers',"
			 "  (SELECT count(*) FROM source WHERE header_date_trusted = 0),"
			 "  '/v1/sources?fields=id,header_date,header_date_trusted')";

/* The parts in order. Each query gives one JSON object a row; links begin with :prefix. */
static const struct {
	const char *key;
	const char *sql;
	bool linked;
} parts[] = {
	{.key = "series", .sql = series_sql},
	{.key = "totals", .sql = totals_sql, .linked = true},
	{.key = "conflicts", .sql = conflicts_sql, .linked = true},
	{.key = "unknown", .sql = unknown_sql, .linked = true},
};

static bool write_part(struct exchange *exchange, const char *key, const char *sql, bool linked)
{
	_cleanup_borrowed_ struct statement *statement = NULL;
	if (!exchange_borrow(exchange, bytes_of(sql), &statement))
		return false;
	if (linked)
		statement_bind_text(statement, "prefix", bytes_of(exchange->prefix));
	json_append_key(exchange->body, key);
	strbuf_append_char(exchange->body, '[');
	bool good = true;
	for (bool first = true; exchange_next(exchange, statement, &good); first = false) {
		if (!first)
			strbuf_append_char(exchange->body, ',');
		strbuf_append_bytes(exchange->body, statement_text(statement, 0));
	}
	strbuf_append_char(exchange->body, ']');
	return good;
}

bool summary_answer(struct exchange *exchange)
{
	strbuf_append_text(exchange->body, "{\"data\":{");
	if (!counts_write(exchange))
		return false;
	for (size_t i = 0; i < LENGTH_OF(parts); i++)
		if (!write_part(exchange, parts[i].key, parts[i].sql, parts[i].linked))
			return false;
	strbuf_append_char(exchange->body, '}');
	exchange_finish_body(exchange);
	return true;
}
