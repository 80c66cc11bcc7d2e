#include "unit.h"

#include <udcg/base/text.h>

static void slugs(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool slug;
	} cases[] = {
		{.text = "a", .slug = true},
		{.text = "0", .slug = true},
		{.text = "z9-a0-b", .slug = true},
		{.text = ""},
		{.text = "-"},
		{.text = "-a"},
		{.text = "a-"},
		{.text = "a--b"},
		{.text = "A"},
		{.text = "a_b"},
		{.text = "a b"},
		{.text = "\u00e9"},
		{.text = "a{"},
		{.text = "`"},
		{.text = "/"},
		{.text = ":"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(text_is_slug(bytes_of(cases[i].text)), cases[i].slug);

	char longest[SLUG_MAX + 1];
	memset(longest, 'a', sizeof(longest));
	assert_true(text_is_slug((struct bytes){.data = longest, .length = SLUG_MAX}));
	assert_false(text_is_slug((struct bytes){.data = longest, .length = SLUG_MAX + 1}));
	assert_false(text_is_slug(BYTES_LITERAL("a\0b")));
}

static size_t encode(uint32_t code, char *out)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const uint32_t lead[] = {[2] = 0xc0, [3] = 0xe0, [4] = 0xf0};
	for (size_t i = length - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (char)(lead[length] | code);
	return length;
}

static bool is_scalar(uint32_t code)
{
	return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

/* The definition the other way round: text is valid when it is what encoding some scalar values
 * gives. */
static bool reference_is_utf8(const unsigned char *text, size_t length)
{
	size_t at = 0;
	while (at < length) {
		unsigned char lead = text[at];
		size_t wanted = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
		if (wanted > length - at)
			return false;
		uint32_t code = wanted == 1 ? lead : lead & (0x7fU >> wanted);
		for (size_t i = 1; i < wanted; i++)
			code = code << 6 | (text[at + i] & 0x3f);
		char again[4];
		if (!is_scalar(code) || encode(code, again) != wanted
			|| memcmp(again, text + at, wanted) != 0)
			return false;
		at += wanted;
	}
	return true;
}

/* All texts of up to four bytes that stand at the borders of the encoding's ranges: overlong
 * forms, surrogates, past U+10FFFF, cut short. */
static void utf8_at_every_border(void **state)
{
	(void)state;
	static const unsigned char borders[] = {0x00, 0x01, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f,
		0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4,
		0xf5, 0xf8, 0xff};
	const size_t count = sizeof(borders);
	size_t valid = 0;
	for (size_t number = 0; number < count * count * count * count; number++) {
		unsigned char text[4];
		size_t rest = number;
		for (size_t i = 0; i < sizeof(text); i++) {
			text[i] = borders[rest % count];
			rest /= count;
		}
		for (size_t length = 1; length <= sizeof(text); length++) {
			bool expected = reference_is_utf8(text, length);
			struct bytes bytes = {.data = (const char *)text, .length = length};
			if (text_is_utf8(bytes) != expected)
				fail_msg("%02x %02x %02x %02x, %zu bytes", text[0], text[1],
					text[2], text[3], length);
			valid += expected;
			/* The same in the midst of a longer text. */
			char longer[24];
			memset(longer, 'a', sizeof(longer));
			memcpy(longer + number % 16, text, length);
			bytes = (struct bytes){.data = longer, .length = sizeof(longer)};
			assert_int_equal(text_is_utf8(bytes), expected);
		}
	}
	assert_true(valid > 1000);
	assert_true(text_is_utf8((struct bytes){0}));
}

static void utf8_of_every_code_point(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x110001; code++) {
		char text[4];
		struct bytes bytes = {.data = text, .length = encode(code, text)};
		if (text_is_utf8(bytes) != is_scalar(code))
			fail_msg("U+%04X", code);
		if (is_scalar(code))
			assert_int_equal(text_code_points(bytes), 1);
	}
}

static void controls(void **state)
{
	(void)state;
	for (int byte = 0; byte < 256; byte++) {
		char text[] = {'a', (char)byte, 'b'};
		bool expected = byte < 32 || byte == 127;
		assert_int_equal(text_has_control((struct bytes){.data = text, .length = 3}),
			expected);
	}
	assert_false(text_has_control((struct bytes){0}));
}

static void counts_code_points(void **state)
{
	(void)state;
	assert_int_equal(text_code_points((struct bytes){0}), 0);
	assert_int_equal(text_code_points(BYTES_LITERAL("abc")), 3);
	assert_int_equal(text_code_points(BYTES_LITERAL("\u201cZ\u00fcrich\u201d \U0001f600")), 10);
}

static void lowers_ascii_alone(void **state)
{
	(void)state;
	char text[] = "@AZ[`az{ \u00c9";
	text_lower_ascii(text, strlen(text));
	assert_string_equal(text, "@az[`az{ \u00c9");
}

static void folds_case(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *folded;
	} cases[] = {
		{.text = "", .folded = ""},
		{.text = "Ramstein Air Base", .folded = "ramstein air base"},
		{.text = "STRASSE", .folded = "strasse"},
		{.text = "Stra\u00dfe", .folded = "strasse"},
		{.text = "\u041a\u0418\u0407\u0412", .folded = "\u043a\u0438\u0457\u0432"},
		{.text = "\u03a3\u03c3\u03c2", .folded = "\u03c3\u03c3\u03c3"},
		/* Composed and decomposed are one. */
		{.text = "Z\u00dcRICH", .folded = "z\u00fcrich"},
		{.text = "ZU\u0308RICH", .folded = "z\u00fcrich"},
		{.text = "\u212b", .folded = "\u00e5"},
		/* No language of its own: a dotted capital I keeps its dot. */
		{.text = "\u0130", .folded = "i\u0307"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_strbuf_ struct strbuf folded = {0};
		strbuf_append_char(&folded, '>');
		text_fold(&folded, bytes_of(cases[i].text));
		assert_false(folded.failed);
		assert_string_equal(folded.data + 1, cases[i].folded);
	}
}

static void folding_twice_changes_nothing(void **state)
{
	(void)state;
	for (uint32_t code = 1; code < 0x30000; code += code < 0x600 ? 1 : 37) {
		char text[4];
		if (!is_scalar(code))
			continue;
		_cleanup_strbuf_ struct strbuf once = {0}, twice = {0};
		text_fold(&once, (struct bytes){.data = text, .length = encode(code, text)});
		text_fold(&twice, strbuf_bytes(&once));
		assert_true(text_is_utf8(strbuf_bytes(&once)));
		assert_true(bytes_equal(strbuf_bytes(&once), strbuf_bytes(&twice)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slugs),
		cmocka_unit_test(utf8_at_every_border),
		cmocka_unit_test(utf8_of_every_code_point),
		cmocka_unit_test(controls),
		cmocka_unit_test(counts_code_points),
		cmocka_unit_test(lowers_ascii_alone),
		cmocka_unit_test(folds_case),
		cmocka_unit_test(folding_twice_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
