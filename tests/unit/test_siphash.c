#include "unit.h"

#include <udcg/base/siphash.h>

static void reference(void **state)
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

static void random_keys(void **state)
{
	(void)state;
	struct siphash_key one, other;
	assert_true(siphash_key_make(&one));
	assert_true(siphash_key_make(&other));
	assert_memory_not_equal(&one, &other, sizeof(one));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reference),
		cmocka_unit_test(random_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
