/* A cursor is base64url of: eight bytes of a digest over the list, its filters and what follows;
 * then the carried values, `n`, or `i` NUMBER `;`, or `t` LENGTH `:` TEXT each. It holds in every
 * dataset and process, because it carries ids and values and no row number. */
#include "order.h"

#include <nettle/base64.h>
#include <string.h>
#include <udcg/api/routes.h>
#include <udcg/base/digest.h>

enum { MARK_SIZE = 8 };

static bool mark_write(const struct exchange *exchange, struct bytes values,
	uint8_t mark[static MARK_SIZE])
{
	static choices changeable = {"cursor", "fields", "include", "limit", NULL};
	_cleanup_strbuf_ struct strbuf scope = {0};
	strbuf_append_bytes(&scope, exchange->path);
	strbuf_append_char(&scope, '?');
	parameters_write(&exchange->parameters, changeable, &scope);
	strbuf_append_char(&scope, '\n');
	strbuf_append_bytes(&scope, values);
	char hex[DIGEST_HEX_SIZE];
	digest_hex_of(strbuf_bytes(&scope), hex);
	memcpy(mark, hex, MARK_SIZE);
	return !scope.failed;
}

void cursor_write(const struct exchange *exchange, const struct position *position,
	struct strbuf *out)
{
	_cleanup_strbuf_ struct strbuf values = {0};
	for (size_t i = 0; i < position->count; i++) {
		const struct carried *value = &position->values[i];
		if (value->type == CARRIED_NULL) {
			strbuf_append_char(&values, 'n');
		} else if (value->type == CARRIED_INTEGER) {
			strbuf_append_char(&values, 'i');
			strbuf_append_integer(&values, value->number);
			strbuf_append_char(&values, ';');
		} else {
			strbuf_append_char(&values, 't');
			strbuf_append_integer(&values, (int64_t)value->text.length);
			strbuf_append_char(&values, ':');
			strbuf_append_bytes(&values, value->text);
		}
	}
	_cleanup_strbuf_ struct strbuf raw = {0};
	uint8_t mark[MARK_SIZE];
	out->failed |= !mark_write(exchange, strbuf_bytes(&values), mark);
	strbuf_append(&raw, mark, sizeof(mark));
	strbuf_append_strbuf(&raw, &values);
	size_t length = BASE64_ENCODE_RAW_LENGTH(raw.length);
	strbuf_reserve(out, length + 1);
	if (raw.failed || out->failed) {
		out->failed = true;
		return;
	}
	struct base64_encode_ctx context;
	base64url_encode_init(&context);
	size_t done = base64_encode_update(&context, out->data + out->length, raw.length,
		(const uint8_t *)raw.data);
	out->length += done;
	char rest[BASE64_ENCODE_FINAL_LENGTH];
	done = base64_encode_final(&context, rest);
	while (done && rest[done - 1] == '=')
		done--;
	strbuf_append(out, rest, done);
}

/* Decimal digits up to `stop`, which is skipped, too. */
static bool read_number(struct bytes *rest, char stop, int64_t *ret_number)
{
	bool negative = rest->length && rest->data[0] == '-';
	size_t i = negative;
	int64_t number = 0;
	for (; i < rest->length && rest->data[i] >= '0' && rest->data[i] <= '9'; i++) {
		int digit = rest->data[i] - '0';
		if (__builtin_mul_overflow(number, 10, &number)
			|| __builtin_add_overflow(number, negative ? -digit : digit, &number))
			return false;
	}
	if (i == (size_t)negative || i >= rest->length || rest->data[i] != stop)
		return false;
	*ret_number = number;
	*rest = (struct bytes){rest->data + i + 1, rest->length - i - 1};
	return true;
}

static bool read_carried(struct bytes *rest, struct carried *value)
{
	if (!rest->length)
		return false;
	char type = rest->data[0];
	*rest = (struct bytes){rest->data + 1, rest->length - 1};
	if (type == 'n')
		return true;
	int64_t number;
	if (!read_number(rest, type == 'i' ? ';' : ':', &number))
		return false;
	value->type = CARRIED_INTEGER;
	value->number = number;
	if (type == 'i')
		return true;
	if (type != 't' || number < 0 || (size_t)number > rest->length)
		return false;
	value->type = CARRIED_TEXT;
	value->text = (struct bytes){rest->data, (size_t)number};
	*rest = (struct bytes){rest->data + number, rest->length - (size_t)number};
	return true;
}

bool cursor_read(struct exchange *exchange, size_t key_count, struct bytes cursor,
	struct position *ret_position)
{
	struct position position = {.count = key_count};
	uint8_t *raw = arena_take(exchange->arena, BASE64_DECODE_LENGTH(cursor.length) + 1);
	struct base64_decode_ctx context;
	size_t length = BASE64_DECODE_LENGTH(cursor.length);
	base64url_decode_init(&context);
	if (!raw)
		return exchange_no_memory(exchange);
	if (!base64_decode_update(&context, &length, raw, cursor.length, cursor.data)
		|| length < MARK_SIZE)
		return false;
	struct bytes rest = {(const char *)raw + MARK_SIZE, length - MARK_SIZE};
	uint8_t mark[MARK_SIZE];
	if (!mark_write(exchange, rest, mark))
		return exchange_no_memory(exchange);
	if (memcmp(mark, raw, MARK_SIZE) != 0)
		return false;
	for (size_t i = 0; i < key_count; i++)
		if (!read_carried(&rest, &position.values[i]))
			return false;
	if (rest.length)
		return false;
	*ret_position = position;
	return true;
}

bool next_link(struct exchange *exchange, const struct position *position)
{
	/* A sub-list's own parameter is in its path. */
	const char *without[] = {"cursor", exchange->route->parent, NULL};
	_cleanup_strbuf_ struct strbuf link = {0};
	strbuf_append_text(&link, exchange->prefix);
	strbuf_append_bytes(&link, exchange->path);
	strbuf_append_text(&link, exchange->suffix);
	strbuf_append_char(&link, '?');
	size_t before = link.length;
	parameters_write(&exchange->parameters, without, &link);
	strbuf_append_text(&link, link.length > before ? "&cursor=" : "cursor=");
	cursor_write(exchange, position, &link);
	/* Where the body does not say it, too, nobody would know that there is more. */
	bool in_body = exchange->media == MEDIA_JSON
		&& (route_is_list(exchange->route) || exchange->public_url[0]);
	if (link.length > LINK_HEADER_MAX && !in_body) {
		problem_set(&exchange->problem, PROBLEM_URI_TOO_LONG,
			"The link to the next page is too long for a header; narrow the question or, "
			"of a table, leave `limit` out or ask for JSON.");
		return false;
	}
	if (link.length > strlen(exchange->prefix) + TARGET_MAX) {
		problem_set(&exchange->problem, PROBLEM_URI_TOO_LONG,
			"The target of the next page would be longer than 8000 bytes, escaped as links "
			"are; shorten the question, or raise `limit` until no page follows.");
		return false;
	}
	exchange->next =
		link.failed ? (struct bytes){0} : arena_copy(exchange->arena, strbuf_bytes(&link));
	return exchange->next.data || exchange_no_memory(exchange);
}
