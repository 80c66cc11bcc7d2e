/* A cursor is refused, or is what the position that it names is written as. */
#include <assert.h>
#include <nettle/base64.h>
#include <string.h>
#include <udcg/base/digest.h>

#include "order.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum { MARK = 8, LONGEST = 4096 };

static void check(struct exchange *exchange, size_t keys, struct bytes cursor)
{
	struct position position, again;
	if (!cursor_read(exchange, keys, cursor, &position))
		return;
	assert(position.count == keys);
	_cleanup_strbuf_ struct strbuf written = {0};
	cursor_write(exchange, &position, &written);
	assert(!written.failed);
	assert(cursor_read(exchange, keys, strbuf_bytes(&written), &again));
	for (size_t i = 0; i < keys; i++) {
		const struct carried *a = &position.values[i], *b = &again.values[i];
		assert(a->type == b->type);
		assert(a->type != CARRIED_INTEGER || a->number == b->number);
		assert(a->type != CARRIED_TEXT || bytes_equal(a->text, b->text));
	}
}

/* The same bytes as the values of a cursor whose digest is right: nobody has to guess it. */
static void check_values(struct exchange *exchange, size_t keys, struct bytes values)
{
	char hex[DIGEST_HEX_SIZE], text[BASE64_ENCODE_RAW_LENGTH(LONGEST)];
	_cleanup_strbuf_ struct strbuf scope = {0}, raw = {0};
	strbuf_append_bytes(&scope, exchange->path);
	strbuf_append_text(&scope, "?\n");
	strbuf_append_bytes(&scope, values);
	digest_hex_of(strbuf_bytes(&scope), hex);
	strbuf_append(&raw, hex, MARK);
	strbuf_append_bytes(&raw, values);
	struct base64_encode_ctx context;
	base64url_encode_init(&context);
	size_t length = base64_encode_update(&context, text, raw.length, (const uint8_t *)raw.data);
	length += base64_encode_final(&context, text + length);
	check(exchange, keys, (struct bytes){text, length});
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	if (size < 1 || size > LONGEST / 2)
		return 0;
	struct arena arena = {0};
	struct exchange exchange = {
		.arena = &arena,
		.path = BYTES_LITERAL("/v1/aid"),
		.prefix = "",
	};
	problem_start(&exchange.problem);
	size_t keys = data[0] % ORDER_KEYS_MAX + 1;
	struct bytes rest = {(const char *)data + 1, size - 1};
	check(&exchange, keys, rest);
	check_values(&exchange, keys, rest);
	arena_free(&arena);
	return 0;
}
