#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <udcg/base/iso.h>

static void names_of_countries(void **state)
{
	(void)state;
	static const struct {
		const char *code;
		const char *name;
	} cases[] = {
		{.code = "AD", .name = "Andorra"}, /* the first */
		{.code = "ZW", .name = "Zimbabwe"}, /* the last */
		{.code = "MD", .name = "Moldova"}, /* the common name, not "Moldova, Republic of" */
		{.code = "TR", .name = "T\u00fcrkiye"}, /* not ASCII */
		{.code = "XK", .name = "Kosovo"}, /* user-assigned */
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *name = iso_country_name(cases[i].code, 2);
		assert_non_null(name);
		assert_string_equal(name, cases[i].name);
	}
}

static void unknown_codes(void **state)
{
	(void)state;
	static const struct {
		const char *code;
		size_t length;
	} cases[] = {
		{.code = "ZZ", .length = 2},
		{.code = "ua", .length = 2},
		{.code = "UA", .length = 1},
		{.code = "UA", .length = 0},
		{.code = "UA\0", .length = 3},
		{.code = "UKR", .length = 3},
		{.code = "\xff\xff", .length = 2},
		{.code = "UAUAUAUAUA", .length = 10},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_null(iso_country_name(cases[i].code, cases[i].length));
		assert_false(iso_currency_known(cases[i].code, cases[i].length));
	}
}

static void currencies(void **state)
{
	(void)state;
	assert_true(iso_currency_known("USD", 3));
	assert_string_equal(iso_currency_name("EUR", 3), "Euro");
	assert_true(iso_currency_known("USDX", 3));
	assert_false(iso_currency_known("USD", 2));
	assert_false(iso_currency_known("usd", 3));
	assert_false(iso_currency_known("DEM", 3));
}

static void tables_are_sorted_and_found(void **state)
{
	(void)state;
	assert_in_range(iso_country_count(), 240, 300);
	for (size_t i = 0; i < iso_country_count(); i++) {
		const struct iso_entry *entry = iso_country_at(i);
		assert_ptr_equal(iso_country_name(entry->code, 2), entry->name);
		if (i > 0)
			assert_true(strcmp(iso_country_at(i - 1)->code, entry->code) < 0);
	}
	assert_in_range(iso_currency_count(), 150, 300);
	for (size_t i = 0; i < iso_currency_count(); i++) {
		const struct iso_entry *entry = iso_currency_at(i);
		assert_ptr_equal(iso_currency_name(entry->code, 3), entry->name);
		if (i > 0)
			assert_true(strcmp(iso_currency_at(i - 1)->code, entry->code) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_countries),
		cmocka_unit_test(unknown_codes),
		cmocka_unit_test(currencies),
		cmocka_unit_test(tables_are_sorted_and_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
