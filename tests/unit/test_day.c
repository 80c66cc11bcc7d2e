#include "unit.h"

#include <time.h>
#include <udcg/base/edtf.h>

/* Every day from 1000-01-01 to 9999-12-31, counted by the rules of the calendar. */
static void every_day_follows_the_one_before(void **state)
{
	(void)state;
	static const int month_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int previous = 0, count = 0;
	for (int year = 1000; year <= 9999; year++) {
		bool leap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0);
		for (int month = 1; month <= 12; month++) {
			int days = month_days[month - 1] + (month == 2 && leap);
			for (int number = 1; number <= days; number++) {
				int day = year * 10000 + month * 100 + number;
				if (count > 0 && day_add(previous, 1) != day)
					fail_msg("%d is followed by %d", previous,
						day_add(previous, 1));
				if (count % 17 == 0 && day_add(10000101, count) != day)
					fail_msg("%d days are %d", count, day_add(10000101, count));
				previous = day;
				count++;
			}
		}
	}
	assert_int_equal(previous, 99991231);
	assert_int_equal(day_add(99991231, 1 - count), 10000101);
}

static void texts_come_back(void **state)
{
	(void)state;
	for (int day = 10000101; day; day = day_add(day, 13)) {
		char text[DAY_TEXT_SIZE];
		struct edtf date = {0};
		day_format(day, text);
		assert_null(edtf_parse(bytes_of(text), &date));
		assert_int_equal(date.first, day);
		assert_int_equal(date.last, day);
		assert_int_equal(date.precision, EDTF_DAY);
	}
	char text[DAY_TEXT_SIZE];
	day_format(20250209, text);
	assert_string_equal(text, "2025-02-09");
}

static void steps_of_any_length(void **state)
{
	(void)state;
	struct random random = {.state = 6};
	for (size_t round = 0; round < 100000; round++) {
		int day = day_add(10000101, (int)random_below(&random, 3287182));
		int n = (int)random_below(&random, 4000000) - 2000000;
		struct tm time = {
			.tm_year = day / 10000 - 1900,
			.tm_mon = day / 100 % 100 - 1,
			.tm_mday = day % 100 + n,
		};
		timegm(&time);
		int year = time.tm_year + 1900;
		int expected = year * 10000 + (time.tm_mon + 1) * 100 + time.tm_mday;
		if (year < 1000 || year > 9999)
			expected = 0;
		if (day_add(day, n) != expected)
			fail_msg("%d + %d is %d, not %d", day, n, day_add(day, n), expected);
	}
}

static void nothing_outside_four_digits(void **state)
{
	(void)state;
	static const struct {
		int day, n;
	} cases[] = {
		{.day = 99991231, .n = 1},
		{.day = 10000101, .n = -1},
		{.day = 20250101, .n = INT32_MAX},
		{.day = 20250101, .n = INT32_MIN},
		{.day = 10000101, .n = -400000},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_int_equal(day_add(cases[i].day, cases[i].n), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_follows_the_one_before),
		cmocka_unit_test(texts_come_back),
		cmocka_unit_test(steps_of_any_length),
		cmocka_unit_test(nothing_outside_four_digits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
