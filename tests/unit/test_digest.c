#include "unit.h"

#include <udcg/base/digest.h>

/* FIPS 180-2, appendix B, and the empty message. */
static const struct {
	const char *message;
	const char *hex;
} cases[] = {
	{.message = "", .hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{.message = "abc",
		.hex = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{.message = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		.hex = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void known_digests(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char hex[DIGEST_HEX_SIZE];
		digest_hex_of(bytes_of(cases[i].message), hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

static void pieces_and_reuse(void **state)
{
	(void)state;
	struct digest digest;
	digest_start(&digest);
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char hex[DIGEST_HEX_SIZE];
		for (const char *at = cases[i].message; *at; at++)
			digest_update(&digest, at, 1);
		digest_update(&digest, NULL, 0);
		digest_finish_hex(&digest, hex);
		assert_string_equal(hex, cases[i].hex);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_digests),
		cmocka_unit_test(pieces_and_reuse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
