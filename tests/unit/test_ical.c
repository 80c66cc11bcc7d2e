#include "unit.h"

#include <stdlib.h>
#include <udcg/base/ical.h>
#include <udcg/base/text.h>

static void says_text(void **state)
{
	(void)state;
	static const struct {
		struct bytes text;
		const char *line;
	} cases[] = {
		{.text = {0}, .line = "X:\r\n"},
		{.text = {.data = "plain", .length = 5}, .line = "X:plain\r\n"},
		{.text = {.data = "a;b,c\\d:\"e\"", .length = 11},
			.line = "X:a\\;b\\,c\\\\d:\"e\"\r\n"},
		{.text = {.data = "a\nb\r\nc\rd\n\r", .length = 10},
			.line = "X:a\\nb\\nc\\nd\\n\\n\r\n"},
		{.text = {.data = "a\tb\x01\x7f\x1f", .length = 6},
			.line = "X:a\tb\ufffd\ufffd\ufffd\r\n"},
		{.text = {.data = "\u00e9\u2028\U0001f600", .length = 9},
			.line = "X:\u00e9\u2028\U0001f600\r\n"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_strbuf_ struct strbuf out = {0};
		ical_append_text(&out, "X", cases[i].text);
		assert_string_equal(out.data, cases[i].line);
	}
}

static void values_stay_as_they_are(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf out = {0};
	ical_append_value(&out, "DTSTART;VALUE=DATE", BYTES_LITERAL("20250212"));
	ical_append_value(&out, "URL", BYTES_LITERAL("https://a.example/?a=b;c,d\\"));
	assert_string_equal(out.data,
		"DTSTART;VALUE=DATE:20250212\r\nURL:https://a.example/?a=b;c,d\\\r\n");
}

static void folds_at_75_octets(void **state)
{
	(void)state;
	char text[200];
	memset(text, 'a', sizeof(text));
	_cleanup_strbuf_ struct strbuf out = {0};
	ical_append_text(&out, "X", (struct bytes){text, 73});
	assert_null(strstr(out.data, "\r\n "));
	assert_int_equal(out.length, 75 + 2);
	strbuf_clear(&out);
	ical_append_text(&out, "X", (struct bytes){text, 74});
	assert_int_equal(out.length, 75 + 3 + 1 + 2);
	assert_memory_equal(out.data + 75, "\r\n a\r\n", 6);
	strbuf_clear(&out);
	/* 75 octets, then 1 + 74 each: 200 are 73, 74, 53. */
	ical_append_value(&out, "X", (struct bytes){text, 200});
	assert_memory_equal(out.data + 75, "\r\n a", 4);
	assert_memory_equal(out.data + 75 + 2 + 75, "\r\n a", 4);
	assert_int_equal(out.length, 2 + 200 + 2 * 3 + 2);
}

/* Random text of all kinds of characters, of which some take an escape. */
static void random_text(struct random *random, struct strbuf *text)
{
	static const char *const pieces[] = {"a", " ", ",", ";", "\\", "\n", "\u00e9", "\u20ac",
		"\U0001f600", "\u0301"};
	for (size_t left = random_below(random, 200); left; left--)
		strbuf_append_text(text, pieces[random_below(random, COUNT_OF(pieces))]);
	strbuf_append_text(text, "");
}

/* Takes the folds out, then the escapes. */
static void unfold(struct bytes line, struct strbuf *text)
{
	for (size_t i = 0; i < line.length; i++) {
		if (line.length - i > 2 && memcmp(line.data + i, "\r\n ", 3) == 0) {
			i += 2;
		} else if (line.data[i] == '\\') {
			i++;
			strbuf_append_char(text, line.data[i] == 'n' ? '\n' : line.data[i]);
		} else {
			strbuf_append_char(text, line.data[i]);
		}
	}
}

static void any_text_comes_back(void **state)
{
	(void)state;
	struct random random = {.state = 5};
	for (size_t round = 0; round < 2000; round++) {
		_cleanup_strbuf_ struct strbuf text = {0}, out = {0}, back = {0};
		random_text(&random, &text);
		ical_append_text(&out, "SUMMARY", strbuf_bytes(&text));
		assert_memory_equal(out.data + out.length - 2, "\r\n", 2);
		out.length -= 2;
		for (size_t start = 0; start < out.length;) {
			const char *end = memmem(out.data + start, out.length - start, "\r\n", 2);
			size_t stop = end ? (size_t)(end - out.data) : out.length;
			assert_in_range(stop - start, 1, 75);
			assert_true(text_is_utf8((struct bytes){out.data + start, stop - start}));
			start = stop + 2;
		}
		unfold(strbuf_bytes(&out), &back);
		assert_memory_equal(back.data, "SUMMARY:", 8);
		assert_string_equal(back.data + 8, text.data ? text.data : "");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_text_comes_back),
		cmocka_unit_test(folds_at_75_octets),
		cmocka_unit_test(says_text),
		cmocka_unit_test(values_stay_as_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
