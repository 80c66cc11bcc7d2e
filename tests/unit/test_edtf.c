#include "unit.h"

#include <regex.h>
#include <stdio.h>
#include <time.h>
#include <udcg/base/edtf.h>

static void accepts_the_profile(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int first, last;
		enum edtf_precision precision;
		enum edtf_qualifier qualifier;
	} cases[] = {
		{.text = "2025-02-12", .first = 20250212, .last = 20250212, .precision = EDTF_DAY},
		{.text = "2024-02-29", .first = 20240229, .last = 20240229, .precision = EDTF_DAY},
		{.text = "2000-02-29", .first = 20000229, .last = 20000229, .precision = EDTF_DAY},
		{.text = "2024-02", .first = 20240201, .last = 20240229, .precision = EDTF_MONTH},
		{.text = "1900-02", .first = 19000201, .last = 19000228, .precision = EDTF_MONTH},
		{.text = "2024", .first = 20240101, .last = 20241231, .precision = EDTF_YEAR},
		{.text = "1000", .first = 10000101, .last = 10001231, .precision = EDTF_YEAR},
		{.text = "9999-12-31", .first = 99991231, .last = 99991231, .precision = EDTF_DAY},
		{.text = "2024?",
			.first = 20240101,
			.last = 20241231,
			.precision = EDTF_YEAR,
			.qualifier = EDTF_UNCERTAIN},
		{.text = "2024-04~",
			.first = 20240401,
			.last = 20240430,
			.precision = EDTF_MONTH,
			.qualifier = EDTF_APPROXIMATE},
		{.text = "2024-04-05%",
			.first = 20240405,
			.last = 20240405,
			.precision = EDTF_DAY,
			.qualifier = EDTF_BOTH},
		{.text = "2024-02-01/2024-03",
			.first = 20240201,
			.last = 20240331,
			.precision = EDTF_SPAN},
		{.text = "2024-06/2024-06",
			.first = 20240601,
			.last = 20240630,
			.precision = EDTF_SPAN},
		{.text = "2024-03/2024",
			.first = 20240301,
			.last = 20241231,
			.precision = EDTF_SPAN},
		{.text = "[2024..2024-03]",
			.first = 20240101,
			.last = 20240331,
			.precision = EDTF_BETWEEN},
		{.text = "2024/2024-12",
			.first = 20240101,
			.last = 20241231,
			.precision = EDTF_SPAN},
		{.text = "[2024-02..2024-04]",
			.first = 20240201,
			.last = 20240430,
			.precision = EDTF_BETWEEN},
		{.text = "[2024..2024]",
			.first = 20240101,
			.last = 20241231,
			.precision = EDTF_BETWEEN},
		{.text = "[..2025-02-11]", .first = 0, .last = 20250211, .precision = EDTF_BETWEEN},
		{.text = "[2025-02..]", .first = 20250201, .last = 0, .precision = EDTF_BETWEEN},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct edtf date = {0};
		const char *fault = edtf_parse(bytes_of(cases[i].text), &date);
		if (fault)
			fail_msg("%s: %s", cases[i].text, fault);
		assert_int_equal(date.first, cases[i].first);
		assert_int_equal(date.last, cases[i].last);
		assert_int_equal(date.precision, cases[i].precision);
		assert_int_equal(date.qualifier, cases[i].qualifier);
	}
}

static void refuses_all_else(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *says; /* part of what is said about it */
	} cases[] = {
		{.text = "", .says = "not a date"},
		{.text = "24", .says = "not a date"},
		{.text = "2024-2-1", .says = "not a date"},
		{.text = "2024-02-1", .says = "not a date"},
		{.text = "2024/02/01", .says = "not a date"},
		{.text = "20240201", .says = "not a date"},
		{.text = " 2024", .says = "not a date"},
		{.text = "2024 ", .says = "not a date"},
		{.text = "+2024", .says = "not a date"},
		{.text = "-024", .says = "not a date"},
		{.text = "2024-02-01T10:00", .says = "not a date"},
		{.text = "12024", .says = "not a date"},
		{.text = "0999", .says = "1000 to 9999"},
		{.text = "0000-01-01", .says = "1000 to 9999"},
		{.text = "2024-00", .says = "month"},
		{.text = "2024-13", .says = "month"},
		{.text = "2024-01-00", .says = "day"},
		{.text = "2024-01-32", .says = "day"},
		{.text = "2024-04-31", .says = "day"},
		{.text = "2024-02-30", .says = "day"},
		{.text = "2023-02-29", .says = "day"},
		{.text = "1900-02-29", .says = "day"},
		{.text = "?", .says = "not a date"},
		{.text = "2024??", .says = "not a date"},
		{.text = "?2024", .says = "not a date"},
		{.text = "2024?-01", .says = "not a date"},
		{.text = "2024/", .says = "not a date"},
		{.text = "/2024", .says = "not a date"},
		{.text = "/", .says = "not a date"},
		{.text = "2024/..", .says = "not a date"},
		{.text = "2023/2024/2025", .says = "not a date"},
		{.text = "2024/2023", .says = "ends before it begins"},
		{.text = "2024-03/2024-02-28", .says = "ends before it begins"},
		{.text = "2024-03-02/2024-02", .says = "ends before it begins"},
		{.text = "2024-02-30/2024-03-01", .says = "day"},
		{.text = "2024?/2025", .says = "stand at the end of a single date"},
		{.text = "2024/2025~", .says = "stand at the end of a single date"},
		{.text = "[2024?..2025]", .says = "stand at the end of a single date"},
		{.text = "[2024..2025]%", .says = "stand at the end of a single date"},
		{.text = "[", .says = "not a date"},
		{.text = "]", .says = "not a date"},
		{.text = "[]", .says = "not a date"},
		{.text = "[..]", .says = "needs an end"},
		{.text = "[2024]", .says = "not a date"},
		{.text = "[2024.2025]", .says = "not a date"},
		{.text = "[2024...2025]", .says = "not a date"},
		{.text = "[2024..2025", .says = "not a date"},
		{.text = "2024..2025]", .says = "not a date"},
		{.text = "[2024..2025..2026]", .says = "not a date"},
		{.text = "[2024/2025]", .says = "not a date"},
		{.text = "[2024,2025]", .says = "not a date"},
		{.text = "[2025..2024]", .says = "ends before it begins"},
		{.text = "[2024-13..]", .says = "month"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct edtf date = {.first = 1, .last = 2};
		const char *fault = edtf_parse(bytes_of(cases[i].text), &date);
		if (!fault || !strstr(fault, cases[i].says))
			fail_msg("%s: %s", cases[i].text, fault ? fault : "accepted");
		assert_int_equal(date.first, 1);
		assert_int_equal(date.last, 2);
	}
	struct edtf date = {0};
	assert_non_null(edtf_parse(BYTES_LITERAL("2024\0"), &date));
	assert_non_null(edtf_parse((struct bytes){0}, &date));
}

static void plain_dates_alone(void **state)
{
	(void)state;
	struct edtf date = {0};
	assert_null(edtf_parse_plain(BYTES_LITERAL("2024-05"), &date));
	assert_int_equal(date.first, 20240501);
	assert_int_equal(date.last, 20240531);
	static const char *const refused[] = {"", "2024?", "2024/2025", "[2024..]", "2024-02-30"};
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		const char *fault = edtf_parse_plain(bytes_of(refused[i]), &date);
		assert_non_null(fault);
		assert_null(strchr(fault, '~'));
	}
}

static void names(void **state)
{
	(void)state;
	assert_string_equal(edtf_precision_name(EDTF_DAY), "day");
	assert_string_equal(edtf_precision_name(EDTF_MONTH), "month");
	assert_string_equal(edtf_precision_name(EDTF_YEAR), "year");
	assert_string_equal(edtf_precision_name(EDTF_SPAN), "span");
	assert_string_equal(edtf_precision_name(EDTF_BETWEEN), "between");
	assert_null(edtf_qualifier_name(EDTF_CERTAIN));
	assert_string_equal(edtf_qualifier_name(EDTF_UNCERTAIN), "uncertain");
	assert_string_equal(edtf_qualifier_name(EDTF_APPROXIMATE), "approximate");
	assert_string_equal(edtf_qualifier_name(EDTF_BOTH), "both");
}

enum { TEXT_SIZE = 40 };

struct sample {
	char text[TEXT_SIZE];
	int first, last;
	bool valid;
};

static int day_of(const struct tm *time)
{
	return (time->tm_year + 1900) * 10000 + (time->tm_mon + 1) * 100 + time->tm_mday;
}

/* A plain date, good or bad; what it means is told by the C library's calendar. */
static struct sample plain_sample(struct random *random)
{
	static const int years[] = {0, 999, 1000, 1900, 2000, 2023, 2024, 2025, 9999};
	int year = years[random_below(random, COUNT_OF(years))];
	int month = (int)random_below(random, 14), day = (int)random_below(random, 33);
	size_t length = (size_t[]){4, 7, 10}[random_below(random, 3)];
	struct tm first = {
		.tm_year = year - 1900,
		.tm_mon = length > 4 ? month - 1 : 0,
		.tm_mday = length > 7 ? day : 1,
	};
	struct tm last = first;
	last.tm_year += length == 4;
	last.tm_mon += length == 7;
	last.tm_mday -= length != 10;
	int written = year * 10000 + (first.tm_mon + 1) * 100 + first.tm_mday;
	timegm(&first);
	timegm(&last);
	struct sample sample = {
		.first = day_of(&first),
		.last = day_of(&last),
		.valid = year >= 1000 && day_of(&first) == written,
	};
	snprintf(sample.text, sizeof(sample.text), "%04d-%02d-%02d", year, month, day);
	sample.text[length] = '\0';
	return sample;
}

static struct sample sample_of_any_form(struct random *random)
{
	static const char *const qualifiers[] = {"", "?", "~", "%"};
	struct sample a = plain_sample(random), b = plain_sample(random);
	bool ordered = a.first <= b.last;
	struct sample both = {
		.first = a.first,
		.last = b.last,
		.valid = a.valid && b.valid && ordered,
	};
	switch (random_below(random, 5)) {
	case 0:
		both = a;
		snprintf(both.text, TEXT_SIZE, "%.10s%s", a.text,
			qualifiers[random_below(random, COUNT_OF(qualifiers))]);
		return both;
	case 1:
		snprintf(both.text, TEXT_SIZE, "%.10s/%.10s", a.text, b.text);
		return both;
	case 2:
		snprintf(both.text, TEXT_SIZE, "[%.10s..%.10s]", a.text, b.text);
		return both;
	case 3:
		snprintf(both.text, TEXT_SIZE, "[%.10s..]", a.text);
		both.last = 0;
		both.valid = a.valid;
		return both;
	default:
		snprintf(both.text, TEXT_SIZE, "[..%.10s]", b.text);
		both.first = 0;
		both.valid = b.valid;
		return both;
	}
}

static void bounds_are_those_of_the_calendar(void **state)
{
	(void)state;
	struct random random = {.state = 4};
	size_t accepted = 0;
	for (size_t round = 0; round < 50000; round++) {
		struct sample sample = sample_of_any_form(&random);
		struct edtf date = {0};
		const char *fault = edtf_parse(bytes_of(sample.text), &date);
		if ((fault == NULL) != sample.valid)
			fail_msg("%s: %s", sample.text, fault ? fault : "accepted");
		if (fault)
			continue;
		accepted++;
		if (date.first != sample.first || date.last != sample.last)
			fail_msg("%s: %d to %d", sample.text, date.first, date.last);
	}
	assert_in_range(accepted, 10000, 40000);
}

#define DATE "[1-9][0-9]{3}(-[0-9]{2}(-[0-9]{2})?)?"

static void mutants_keep_the_form(void **state)
{
	(void)state;
	static const char alphabet[] = "0123456789-/[].?~% T\xff";
	regex_t profile;
	assert_int_equal(regcomp(&profile,
				 "^(" DATE "[?~%]?|" DATE "/" DATE "|\\[(" DATE "\\.\\.(" DATE
				 ")?|\\.\\." DATE ")])$",
				 REG_EXTENDED | REG_NOSUB),
		0);
	struct random random = {.state = 5};
	size_t accepted = 0;
	for (size_t round = 0; round < 50000; round++) {
		struct sample sample = sample_of_any_form(&random);
		struct edtf date = {0};
		size_t at = random_below(&random, strlen(sample.text) + 1);
		sample.text[at] = alphabet[random_below(&random, sizeof(alphabet))];
		if (edtf_parse(bytes_of(sample.text), &date))
			continue;
		accepted++;
		if (regexec(&profile, sample.text, 0, NULL, 0) != 0)
			fail_msg("accepted: %s", sample.text);
		assert_true(date.first > 0 || date.last > 0);
		assert_true(date.first == 0 || date.last == 0 || date.first <= date.last);
	}
	assert_true(accepted > 1000);
	regfree(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_the_profile),
		cmocka_unit_test(refuses_all_else),
		cmocka_unit_test(plain_dates_alone),
		cmocka_unit_test(names),
		cmocka_unit_test(bounds_are_those_of_the_calendar),
		cmocka_unit_test(mutants_keep_the_form),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
