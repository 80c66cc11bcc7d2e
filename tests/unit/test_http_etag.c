#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "response.h"
#include "siphash.h"

static void if_none_match(void **state)
{
	(void)state;
	static const struct {
		const char *etag, *header;
		bool matches;
	} cases[] = {
		{.etag = "\"a\"", .header = "\"a\"", .matches = true},
		{.etag = "\"a\"", .header = "W/\"a\"", .matches = true},
		{.etag = "W/\"a\"", .header = "\"a\"", .matches = true},
		{.etag = "\"a\"", .header = "\"b\", \"a\"", .matches = true},
		{.etag = "\"a\"", .header = "\"b\",,  W/\"c\" ,\"a\"", .matches = true},
		{.etag = "\"a\"", .header = "*", .matches = true},
		{.etag = "\"a,b\"", .header = "\"a,b\"", .matches = true}, /* a comma inside */
		{.etag = "\"a\"", .header = "\"b\"", .matches = false},
		{.etag = "\"a\"", .header = "\"ab\"", .matches = false},
		{.etag = "\"a\"", .header = "a", .matches = false},
		{.etag = "\"a\"", .header = "\"a", .matches = false},
		{.etag = "\"a\"", .header = "w/\"a\"", .matches = false}, /* W is case-sensitive */
		{.etag = "\"a\"", .header = "", .matches = false},
		{.etag = "\"a\"", .header = "W/", .matches = false},
		{.etag = "\"a\"", .header = "\"b\" *", .matches = false},
		{.etag = "", .header = "*", .matches = false}, /* nothing to match */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (etag_matches(cases[i].etag, bytes_of(cases[i].header)) != cases[i].matches)
			fail_msg("%s against %s", cases[i].etag, cases[i].header);
	}
	assert_false(etag_matches("\"a\"", (struct bytes){0}));
}

static void siphash_reference(void **state)
{
	(void)state;
	/* Key 00 01 … 0f; messages of 0, 1, … bytes 00 01 …. */
	const struct siphash_key key = {.words = {0x0706050403020100, 0x0f0e0d0c0b0a0908}};
	assert_true(siphash(&key, (struct bytes){.data = "", .length = 0}) == 0xabac0158050fc4dc);

	/* Each byte counts, the last ones and the length too. */
	char text[24] = "";
	for (size_t length = 0; length < sizeof(text); length++) {
		struct bytes whole = {.data = text, .length = length};
		uint64_t hash = siphash(&key, whole);
		for (size_t i = 0; i < length; i++) {
			text[i] ^= 1;
			assert_true(siphash(&key, whole) != hash);
			text[i] ^= 1;
		}
		whole.length++;
		assert_true(length + 1 == sizeof(text) || siphash(&key, whole) != hash);
	}
	const struct siphash_key other = {.words = {1, 2}};
	assert_true(siphash(&other, BYTES_LITERAL("a")) != siphash(&key, BYTES_LITERAL("a")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(if_none_match),
		cmocka_unit_test(siphash_reference),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
