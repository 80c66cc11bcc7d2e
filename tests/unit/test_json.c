#include "unit.h"

#include <stdlib.h>
#include <udcg/base/json.h>

static void writes_strings(void **state)
{
	(void)state;
	static const struct {
		struct bytes text;
		const char *json;
	} cases[] = {
		{.text = {0}, .json = "\"\""},
		{.text = {.data = "plain", .length = 5}, .json = "\"plain\""},
		{.text = {.data = "a\"b\\c/", .length = 6}, .json = "\"a\\\"b\\\\c/\""},
		{.text = {.data = "\b\t\n\f\r", .length = 5}, .json = "\"\\b\\t\\n\\f\\r\""},
		{.text = {.data = "\0\x01\x0b\x1f", .length = 4},
			.json = "\"\\u0000\\u0001\\u000b\\u001f\""},
		/* RFC 8785 3.2.2.2: all else as it is, DEL and U+2028 too. */
		{.text = {.data = "\x7f\u00e9\u2028\U0001f600", .length = 10},
			.json = "\"\x7f\u00e9\u2028\U0001f600\""},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_strbuf_ struct strbuf json = {0}, text = {0};
		json_append_bytes(&json, cases[i].text);
		assert_string_equal(json.data, cases[i].json);
		json_decode_string(&text, strbuf_bytes(&json));
		assert_true(bytes_equal(strbuf_bytes(&text), cases[i].text));
	}
}

static void writes_members(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf json = {0};
	strbuf_append_text(&json, "[{");
	json_append_key(&json, "a");
	json_append_text(&json, "x");
	json_append_key(&json, "b");
	json_append_text_or_null(&json, NULL);
	json_append_key(&json, "c");
	json_append_text_or_null(&json, "{");
	strbuf_append_text(&json, "},{");
	json_append_key(&json, "d");
	strbuf_append_integer(&json, 1);
	json_append_key(&json, "e");
	json_append_bytes_or_null(&json, (struct bytes){0});
	json_append_key(&json, "f");
	json_append_bytes_or_null(&json, BYTES_LITERAL(""));
	strbuf_append_text(&json, "}]");
	assert_string_equal(json.data,
		"[{\"a\":\"x\",\"b\":null,\"c\":\"{\"},{\"d\":1,\"e\":null,\"f\":\"\"}]");
}

static void any_bytes_come_back(void **state)
{
	(void)state;
	struct random random = {.state = 2};
	for (size_t round = 0; round < 2000; round++) {
		char bytes[100];
		size_t length = random_below(&random, sizeof(bytes));
		for (size_t i = 0; i < length; i++) {
			/* One in sixteen from those that are escaped. */
			uint64_t number = random_next(&random);
			bytes[i] = number & 0xf00 ? (char)number : "\"\\/\b\n\x1f\0u"[number % 8];
		}
		_cleanup_strbuf_ struct strbuf json = {0}, decoded = {0};
		json_append_string(&json, bytes, length);
		for (size_t i = 0; i < json.length; i++)
			assert_true((unsigned char)json.data[i] >= ' ');
		json_decode_string(&decoded, strbuf_bytes(&json));
		assert_int_equal(decoded.length, length);
		assert_memory_equal(strbuf_bytes(&decoded).data, bytes, length);
	}
}

/* Tokens that no writer of ours makes: a sanitizer or valgrind sees any read past their end. */
static void broken_tokens_are_survived(void **state)
{
	(void)state;
	static const char whole[] = "\"ab\\u001f\\n\\\"\\\\\"";
	for (size_t length = 0; length < sizeof(whole); length++) {
		char *exact = malloc(length > 0 ? length : 1);
		assert_non_null(exact);
		memcpy(exact, whole, length);
		_cleanup_strbuf_ struct strbuf decoded = {0};
		json_decode_string(&decoded, (struct bytes){.data = exact, .length = length});
		assert_true(decoded.length <= length);
		free(exact);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(writes_strings),
		cmocka_unit_test(writes_members),
		cmocka_unit_test(any_bytes_come_back),
		cmocka_unit_test(broken_tokens_are_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
