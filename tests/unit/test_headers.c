#include "unit.h"

#include <stdlib.h>
#include <udcg/base/headers.h>

static void gives_back_in_order(void **state)
{
	(void)state;
	struct headers headers = {0};
	struct header header = {0};
	assert_false(headers_next(&headers, &header));
	assert_string_equal(headers_find(&headers, "Link"), "");
	headers_add(&headers, "ETag", "\"1\"");
	headers_add(&headers, "Link", "");
	headers_add(&headers, "link", "<b>");
	const struct header expected[] = {{"ETag", "\"1\""}, {"Link", ""}, {"link", "<b>"}};
	for (size_t i = 0; i < COUNT_OF(expected); i++) {
		assert_true(headers_next(&headers, &header));
		assert_string_equal(header.name, expected[i].name);
		assert_string_equal(header.value, expected[i].value);
	}
	assert_false(headers_next(&headers, &header));
	assert_string_equal(headers_find(&headers, "eTAG"), "\"1\"");
	assert_string_equal(headers_find(&headers, "LINK"), "");
	assert_string_equal(headers_find(&headers, "Lin"), "");
	headers_free(&headers);
	assert_int_equal(headers.count, 0);
}

static void takes_long_values(void **state)
{
	(void)state;
	enum { LENGTH = 100000 };
	struct headers headers = {0};
	char *value = calloc(1, LENGTH + 1);
	assert_non_null(value);
	memset(value, 'v', LENGTH);
	headers_add(&headers, "A", value);
	headers_add(&headers, "B", "b");
	assert_string_equal(headers_find(&headers, "A"), value);
	assert_string_equal(headers_find(&headers, "B"), "b");
	headers_free(&headers);
	free(value);
}

static void leaves_out_what_does_not_fit(void **state)
{
	(void)state;
	struct headers headers = {0};
	headers_add(&headers, "A", "a");
	headers.text.failed = true;
	headers_add(&headers, "B", "b");
	assert_int_equal(headers.count, 1);
	assert_string_equal(headers_find(&headers, "A"), "a");
	assert_string_equal(headers_find(&headers, "B"), "");
	headers_free(&headers);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_back_in_order),
		cmocka_unit_test(takes_long_values),
		cmocka_unit_test(leaves_out_what_does_not_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
