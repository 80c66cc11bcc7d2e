#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "response.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(if_none_match),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
