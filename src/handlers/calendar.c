/* /v1/meetings.ics: meetings as the all-day events of an iCalendar (RFC 5545). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/api/list.h>
#include <udcg/api/parts.h>
#include <udcg/base/build_id.h>
#include <udcg/base/edtf.h>
#include <udcg/base/ical.h>
#include <udcg/base/iso.h>
#include <udcg/handlers/common.h>
#include <udcg/handlers/handlers.h>

enum event_column {
	EVENT_ID,
	EVENT_TITLE,
	EVENT_STATUS,
	EVENT_FIRST_DAY,
	EVENT_LAST_DAY,
	EVENT_VENUE,
	EVENT_PLACE,
	EVENT_COUNTRY,
	EVENT_DESCRIPTION,
	EVENT_COLUMNS,
};

static const char event_columns[] =
	"m.id, m.title, m.status, m.first_day, m.last_day, m.venue, m.place, m.country,"
	" coalesce(m.note || char(10), '') || 'Status: ' || m.status || char(10)"
	" || 'Date: ' || m.date || coalesce(' (' || m.date_basis || ')', '') || char(10)"
	" || 'Sources: ' || (SELECT group_concat(id, ', ') FROM"
	"  (SELECT source.id FROM record_source AS cited JOIN source ON source.row = cited.source"
	"   WHERE cited.kind = " KIND_MEETING " AND cited.record = m.row ORDER BY source.row))";

static struct bytes cut(const char *text, size_t length)
{
	return (struct bytes){text, length};
}

/* The same in every release of a timeline: where it is served from tells it from the meetings of
 * other timelines. */
static void write_uid(const struct exchange *exchange, struct bytes id, struct strbuf *out)
{
	const char *host = strstr(exchange->public_url, "://");
	struct bytes authority = BYTES_LITERAL("udcg");
	if (host)
		authority = cut(host + 3, strcspn(host + 3, "/"));
	_cleanup_strbuf_ struct strbuf uid = {0};
	strbuf_append_bytes(&uid, id);
	strbuf_append_char(&uid, '@');
	strbuf_append_bytes(&uid, authority);
	ical_append_text(out, "UID", strbuf_bytes(&uid));
	out->failed |= uid.failed;
}

/* No clock: what is served was put together on the day of its release. */
static void write_stamp(const struct exchange *exchange, struct strbuf *out)
{
	const char *released = exchange->dataset->card.released;
	strbuf_append_format(out, "DTSTAMP:%.4s%.2s%.2sT000000Z\r\n", released, released + 5,
		released + 8);
}

/* The end is the day after. A single day needs none, and the last day of all has none. */
static void write_days(const struct statement *row, struct strbuf *out)
{
	int after = day_add((int)statement_integer(row, EVENT_LAST_DAY), 1);
	strbuf_append_format(out, "DTSTART;VALUE=DATE:%d\r\n",
		(int)statement_integer(row, EVENT_FIRST_DAY));
	if (after)
		strbuf_append_format(out, "DTEND;VALUE=DATE:%d\r\n", after);
}

static void write_status(struct bytes status, struct strbuf *out)
{
	const char *word = "TENTATIVE";
	if (bytes_equal(status, BYTES_LITERAL("held")))
		word = "CONFIRMED";
	else if (bytes_equal(status, BYTES_LITERAL("cancelled")))
		word = "CANCELLED";
	strbuf_append_format(out, "STATUS:%s\r\n", word);
}

static void write_location(const struct statement *row, struct strbuf *out)
{
	struct bytes country = statement_text(row, EVENT_COUNTRY);
	const char *name = country.data ? iso_country_name(country.data, country.length) : NULL;
	const struct bytes parts[] = {statement_text(row, EVENT_VENUE),
		statement_text(row, EVENT_PLACE), bytes_of(name)};
	_cleanup_strbuf_ struct strbuf location = {0};
	for (size_t i = 0; i < LENGTH_OF(parts); i++) {
		if (location.length && parts[i].length)
			strbuf_append_text(&location, ", ");
		strbuf_append_bytes(&location, parts[i]);
	}
	if (location.length)
		ical_append_text(out, "LOCATION", strbuf_bytes(&location));
	out->failed |= location.failed;
}

static void write_url(const struct exchange *exchange, struct bytes id, struct strbuf *out)
{
	_cleanup_strbuf_ struct strbuf url = {0};
	if (!exchange->public_url[0])
		return;
	strbuf_append_format(&url, "%s/v1/meetings/%.*s", exchange->public_url, (int)id.length,
		id.data);
	ical_append_value(out, "URL", strbuf_bytes(&url));
	out->failed |= url.failed;
}

static void write_event(const struct exchange *exchange, const struct statement *row,
	struct strbuf *out)
{
	struct bytes id = statement_text(row, EVENT_ID);
	strbuf_append_text(out, "BEGIN:VEVENT\r\n");
	write_uid(exchange, id, out);
	write_stamp(exchange, out);
	write_days(row, out);
	ical_append_text(out, "SUMMARY", statement_text(row, EVENT_TITLE));
	write_status(statement_text(row, EVENT_STATUS), out);
	write_location(row, out);
	ical_append_text(out, "DESCRIPTION", statement_text(row, EVENT_DESCRIPTION));
	write_url(exchange, id, out);
	strbuf_append_text(out, "TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n");
}

/* What cannot be said is a span that ends on the last day of all. */
static const struct list_form events_form = {
	.columns = event_columns,
	.column_count = EVENT_COLUMNS,
	.condition = "m.date_precision IN ('day', 'span')"
		     " AND (m.first_day = m.last_day OR m.last_day < 99991231)",
	.write = write_event,
};

static void write_head(const struct exchange *exchange, struct strbuf *out)
{
	struct bytes title = bytes_of(exchange->dataset->card.title);
	strbuf_append_text(out, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
	strbuf_append_format(out, "PRODID:-//udcg//udcg %s//EN\r\n", build_version);
	strbuf_append_text(out, "CALSCALE:GREGORIAN\r\n");
	ical_append_text(out, "NAME", title);
	ical_append_text(out, "X-WR-CALNAME", title);
	strbuf_append_text(out, "REFRESH-INTERVAL;VALUE=DURATION:P1D\r\nX-PUBLISHED-TTL:P1D\r\n");
}

struct calendar {
	struct exchange *exchange;
	struct list_stream *events;
	bool begun;
};

static bool calendar_open(struct exchange *exchange, void **ret_state)
{
	struct calendar *calendar = calloc(1, sizeof(*calendar));
	if (!calendar)
		return exchange_no_memory(exchange);
	calendar->exchange = exchange;
	if (!list_stream_open(exchange, &events_form, &calendar->events)) {
		free(calendar);
		return false;
	}
	*ret_state = calendar;
	return true;
}

static bool calendar_next(void *state, struct strbuf *part, bool *ret_more)
{
	struct calendar *calendar = state;
	if (!calendar->begun)
		write_head(calendar->exchange, part);
	calendar->begun = true;
	if (!list_stream_next(calendar->events, part, ret_more))
		return false;
	if (!*ret_more)
		strbuf_append_text(part, "END:VCALENDAR\r\n");
	return true;
}

static void calendar_close(void *state)
{
	struct calendar *calendar = state;
	list_stream_free(calendar->events);
	free(calendar);
}

bool calendar_answer(struct exchange *exchange)
{
	static const struct part_writer writer = {
		.open = calendar_open,
		.next = calendar_next,
		.close = calendar_close,
	};
	return parts_answer(exchange, &writer);
}
