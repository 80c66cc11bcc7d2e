#include "unit.h"

#include <udcg/base/text.h>

static void suggests_what_was_meant(void **state)
{
	(void)state;
	static const char *const names[] = {"from", "to", "dates", "date_basis", "currency",
		"donor", "donor_member", "min_amount", "mechanism", "is"};
	static const struct {
		const char *text;
		const char *best; /* NULL: none is near */
	} cases[] = {
		{.text = "form", .best = "from"}, /* two neighbours swapped */
		{.text = "fron", .best = "from"}, /* one letter for another */
		{.text = "curency", .best = "currency"}, /* one is missing */
		{.text = "ddonor", .best = "donor"}, /* one too many */
		{.text = "DONOR", .best = "donor"},
		{.text = "Min-Amont", .best = "min_amount"},
		{.text = "mecahnisms", .best = "mechanism"},
		{.text = "date", .best = "dates"},
		{.text = "si"}, /* short words are not guessed */
		{.text = "zz"},
		{.text = ""},
		{.text = "colour"},
		{.text = "frxx"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct nearest nearest;
		nearest_start(&nearest, bytes_of(cases[i].text));
		for (size_t j = 0; j < COUNT_OF(names); j++)
			nearest_offer(&nearest, bytes_of(names[j]));
		if (cases[i].best)
			assert_string_equal(nearest_best(&nearest), cases[i].best);
		else
			assert_null(nearest_best(&nearest));
	}
}

static void the_first_of_equals_stays(void **state)
{
	(void)state;
	struct nearest nearest;
	nearest_start(&nearest, BYTES_LITERAL("year"));
	nearest_offer(&nearest, BYTES_LITERAL("bear"));
	nearest_offer(&nearest, BYTES_LITERAL("near"));
	assert_string_equal(nearest_best(&nearest), "bear");
	assert_int_equal(nearest.distance, 1);
	nearest_offer(&nearest, BYTES_LITERAL("YEAR"));
	assert_string_equal(nearest_best(&nearest), "YEAR");
	assert_int_equal(nearest.distance, 0);
}

static void too_long_is_never_near(void **state)
{
	(void)state;
	char text[SLUG_MAX + 1];
	memset(text, 'a', sizeof(text));
	struct bytes longest = {.data = text, .length = SLUG_MAX};
	struct bytes too_long = {.data = text, .length = SLUG_MAX + 1};
	struct nearest nearest;

	nearest_start(&nearest, too_long);
	nearest_offer(&nearest, longest);
	assert_null(nearest_best(&nearest));
	nearest_start(&nearest, longest);
	nearest_offer(&nearest, too_long);
	nearest_offer(&nearest, (struct bytes){0});
	assert_null(nearest_best(&nearest));
	nearest_offer(&nearest, longest);
	assert_int_equal(strlen(nearest_best(&nearest)), SLUG_MAX);
}

/* Any word of four letters or more is found again after one slip. */
static void one_slip_is_forgiven(void **state)
{
	(void)state;
	struct random random = {.state = 3};
	for (size_t round = 0; round < 5000; round++) {
		char word[40], slip[41];
		size_t length = 4 + random_below(&random, sizeof(word) - 5);
		for (size_t i = 0; i < length; i++)
			word[i] = (char)('a' + random_below(&random, 26));
		word[length] = '\0';
		size_t at = random_below(&random, length - 1);
		size_t slip_length = length;
		memcpy(slip, word, length);
		switch (random_below(&random, 4)) {
		case 0:
			slip[at] = '_';
			break;
		case 1:
			slip[at] = word[at + 1];
			slip[at + 1] = word[at];
			break;
		case 2:
			memmove(slip + at, word + at + 1, length - at - 1);
			slip_length--;
			break;
		default:
			memmove(slip + at + 1, word + at, length - at);
			slip[at] = '_';
			slip_length++;
			break;
		}
		struct nearest nearest;
		nearest_start(&nearest, (struct bytes){.data = slip, .length = slip_length});
		nearest_offer(&nearest, BYTES_LITERAL("____"));
		nearest_offer(&nearest, (struct bytes){.data = word, .length = length});
		assert_string_equal(nearest_best(&nearest), word);
		assert_true(nearest.distance <= 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(suggests_what_was_meant),
		cmocka_unit_test(the_first_of_equals_stays),
		cmocka_unit_test(too_long_is_never_near),
		cmocka_unit_test(one_slip_is_forgiven),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
