#include "unit.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <udcg/base/strbuf.h>

static void assert_holds(const struct strbuf *buffer, const char *expected)
{
	assert_false(buffer->failed);
	assert_int_equal(buffer->length, strlen(expected));
	assert_string_equal(buffer->data, expected);
	assert_true(buffer->length < buffer->capacity);
}

static void appends(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf buffer = {0};
	strbuf_append_text(&buffer, "one");
	strbuf_append_char(&buffer, ' ');
	strbuf_append(&buffer, "two three", 3);
	strbuf_append_bytes(&buffer, BYTES_LITERAL(" 3 "));
	strbuf_append_bytes(&buffer, (struct bytes){0});
	strbuf_append_integer(&buffer, -4);
	strbuf_append_format(&buffer, " %s %d", "five", 6);
	strbuf_append_texts(&buffer, " ", "", "sev", "en", NULL);
	strbuf_append_texts(&buffer, NULL);
	assert_holds(&buffer, "one two 3 -4 five 6 seven");

	strbuf_clear(&buffer);
	assert_holds(&buffer, "");
	strbuf_append_text(&buffer, "again");
	assert_holds(&buffer, "again");
}

static void integers(void **state)
{
	(void)state;
	static const int64_t cases[] = {0, 1, -1, 9, 10, -10, INT64_MAX, INT64_MIN,
		9007199254740991};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_strbuf_ struct strbuf buffer = {0};
		char expected[32];
		snprintf(expected, sizeof(expected), "%" PRId64, cases[i]);
		strbuf_append_integer(&buffer, cases[i]);
		assert_holds(&buffer, expected);
	}
}

static void grows_to_any_size(void **state)
{
	(void)state;
	enum { SIZE = 100000 };
	struct random random = {.state = 1};
	char *expected = malloc(SIZE);
	_cleanup_strbuf_ struct strbuf buffer = {0};
	assert_non_null(expected);
	for (size_t i = 0; i < SIZE; i++)
		expected[i] = (char)random_next(&random);
	for (size_t at = 0; at < SIZE;) {
		size_t piece = 1 + random_below(&random, 300);
		if (piece > SIZE - at)
			piece = SIZE - at;
		strbuf_append(&buffer, expected + at, piece);
		at += piece;
		assert_int_equal(buffer.length, at);
		assert_int_equal(buffer.data[at], '\0');
	}
	assert_memory_equal(buffer.data, expected, SIZE);
	free(expected);
}

static void grows_rarely(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf buffer = {0};
	size_t capacity = 0, growths = 0;
	for (size_t i = 0; i < 100000; i++) {
		strbuf_append_char(&buffer, 'x');
		assert_true(buffer.length < buffer.capacity);
		growths += buffer.capacity != capacity;
		capacity = buffer.capacity;
	}
	assert_in_range(growths, 1, 20);

	strbuf_reserve(&buffer, 100000);
	capacity = buffer.capacity;
	for (size_t i = 0; i < 100000; i++)
		strbuf_append_char(&buffer, 'x');
	assert_int_equal(buffer.capacity, capacity);
}

static void long_format(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf buffer = {0};
	strbuf_append_char(&buffer, '<');
	strbuf_append_format(&buffer, "%5000d", 7);
	assert_int_equal(buffer.length, 5001);
	assert_int_equal(buffer.data[5000], '7');
	assert_int_equal(buffer.data[1], ' ');
}

static void failure_lasts_until_cleared(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf buffer = {0};
	strbuf_append_text(&buffer, "kept");
	strbuf_reserve(&buffer, SIZE_MAX);
	assert_true(buffer.failed);
	strbuf_append_text(&buffer, "lost");
	strbuf_append_char(&buffer, 'x');
	strbuf_append_integer(&buffer, 1);
	strbuf_append_format(&buffer, "%d", 2);
	assert_true(buffer.failed);
	assert_string_equal(buffer.data, "kept");

	strbuf_clear(&buffer);
	strbuf_append_text(&buffer, "new");
	assert_holds(&buffer, "new");
}

static void detaches(void **state)
{
	(void)state;
	struct strbuf buffer = {0};
	size_t length = 99;
	char *empty = strbuf_detach(&buffer, &length);
	assert_string_equal(empty, "");
	assert_int_equal(length, 0);
	free(empty);

	strbuf_append_text(&buffer, "mine");
	char *text = strbuf_detach(&buffer, &length);
	assert_string_equal(text, "mine");
	assert_int_equal(length, 4);
	assert_null(buffer.data);
	assert_int_equal(buffer.length, 0);
	free(text);

	strbuf_append_text(&buffer, "gone");
	strbuf_reserve(&buffer, SIZE_MAX);
	assert_null(strbuf_detach(&buffer, &length));
	assert_null(buffer.data);
	assert_false(buffer.failed);
}

static void slices(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf buffer = {0};
	assert_non_null(strbuf_bytes(&buffer).data);
	assert_int_equal(strbuf_bytes(&buffer).length, 0);
	strbuf_append_text(&buffer, "ab");
	assert_true(bytes_equal(strbuf_bytes(&buffer), BYTES_LITERAL("ab")));
	assert_null(bytes_of(NULL).data);
	assert_int_equal(bytes_of("abc").length, 3);
}

static void comparisons(void **state)
{
	(void)state;
	static const struct {
		struct bytes a, b;
		int order;
		bool same_without_case;
	} cases[] = {
		{.a = {0}, .b = {0}, .order = 0, .same_without_case = true},
		{.a = {0}, .b = {.data = "", .length = 0}, .order = 0, .same_without_case = true},
		{.a = {0}, .b = {.data = "a", .length = 1}, .order = -1},
		{.a = {.data = "ab", .length = 2}, .b = {.data = "a", .length = 1}, .order = 1},
		{.a = {.data = "B", .length = 1}, .b = {.data = "a", .length = 1}, .order = -1},
		{.a = {.data = "\xff", .length = 1}, .b = {.data = "a", .length = 1}, .order = 1},
		{.a = {.data = "a\0b", .length = 3},
			.b = {.data = "a\0c", .length = 3},
			.order = -1},
		{.a = {.data = "uA-9", .length = 4},
			.b = {.data = "Ua-9", .length = 4},
			.order = 1,
			.same_without_case = true},
		/* Only letters have case: '[' is '{' without one bit. */
		{.a = {.data = "[", .length = 1}, .b = {.data = "{", .length = 1}, .order = -1},
		{.a = {.data = "@", .length = 1}, .b = {.data = "`", .length = 1}, .order = -1},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		int forth = bytes_compare(cases[i].a, cases[i].b);
		int back = bytes_compare(cases[i].b, cases[i].a);
		assert_int_equal((forth > 0) - (forth < 0), cases[i].order);
		assert_int_equal((back > 0) - (back < 0), -cases[i].order);
		assert_int_equal(bytes_equal(cases[i].a, cases[i].b), cases[i].order == 0);
		assert_int_equal(bytes_equal_nocase(cases[i].a, cases[i].b),
			cases[i].same_without_case);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(appends),
		cmocka_unit_test(integers),
		cmocka_unit_test(grows_to_any_size),
		cmocka_unit_test(grows_rarely),
		cmocka_unit_test(long_format),
		cmocka_unit_test(failure_lasts_until_cleared),
		cmocka_unit_test(detaches),
		cmocka_unit_test(slices),
		cmocka_unit_test(comparisons),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
