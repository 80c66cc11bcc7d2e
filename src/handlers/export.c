/* /v1/export.*: the whole timeline, to be loaded again, or its database. */
#include <stdlib.h>
#include <udcg/api/parts.h>
#include <udcg/handlers/handlers.h>

static bool check(struct exchange *exchange, enum timeline_status status)
{
	switch (status) {
	case TIMELINE_OK:
		return true;
	case TIMELINE_NO_MEMORY:
		return exchange_no_memory(exchange);
	case TIMELINE_CANCELLED:
		return exchange_check(exchange, STORE_INTERRUPTED);
	case TIMELINE_REFUSED:
	case TIMELINE_IO:
		break;
	}
	return exchange_check(exchange, STORE_IO);
}

struct records {
	struct exchange *exchange;
	struct timeline_export place;
};

static bool records_open(struct exchange *exchange, enum timeline_form form, void **ret_state)
{
	struct records *records = calloc(1, sizeof(*records));
	if (!records)
		return exchange_no_memory(exchange);
	records->exchange = exchange;
	records->place.form = form;
	*ret_state = records;
	return true;
}

static bool json_open(struct exchange *exchange, void **ret_state)
{
	return records_open(exchange, TIMELINE_DOCUMENT, ret_state);
}

static bool ndjson_open(struct exchange *exchange, void **ret_state)
{
	return records_open(exchange, TIMELINE_RECORDS, ret_state);
}

static bool records_next(void *state, struct strbuf *part, bool *ret_more)
{
	struct records *records = state;
	return check(records->exchange,
		timeline_export_part(records->exchange->database, &records->place, part, ret_more));
}

bool export_json_answer(struct exchange *exchange)
{
	static const struct part_writer writer = {
		.open = json_open,
		.next = records_next,
		.close = free,
	};
	return parts_answer(exchange, &writer);
}

bool export_ndjson_answer(struct exchange *exchange)
{
	static const struct part_writer writer = {
		.open = ndjson_open,
		.next = records_next,
		.close = free,
	};
	return parts_answer(exchange, &writer);
}

/* A copy of the database, byte by byte. */
struct copy {
	struct exchange *exchange;
	int64_t size, done;
};

enum { COPY_PART = 64 * 1024 };

static bool copy_open(struct exchange *exchange, void **ret_state)
{
	int64_t size;
	if (!exchange_check(exchange, database_size(exchange->database, &size)))
		return false;
	struct copy *copy = calloc(1, sizeof(*copy));
	if (!copy)
		return exchange_no_memory(exchange);
	*copy = (struct copy){.exchange = exchange, .size = size};
	*ret_state = copy;
	return true;
}

static bool copy_next(void *state, struct strbuf *part, bool *ret_more)
{
	struct copy *copy = state;
	int64_t left = copy->size - copy->done;
	int length = left < COPY_PART ? (int)left : COPY_PART;
	strbuf_reserve(part, (size_t)length);
	if (part->failed)
		return exchange_no_memory(copy->exchange);
	if (!exchange_check(copy->exchange,
		    database_read(copy->exchange->database, copy->done, part->data + part->length,
			    length)))
		return false;
	part->length += (size_t)length;
	copy->done += length;
	*ret_more = copy->done < copy->size;
	return true;
}

bool export_sqlite_answer(struct exchange *exchange)
{
	static const struct part_writer writer = {
		.open = copy_open,
		.next = copy_next,
		.close = free,
	};
	return parts_answer(exchange, &writer);
}
