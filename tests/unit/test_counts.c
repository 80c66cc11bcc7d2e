#include "unit.h"

#include <malloc.h>
#include <stdio.h>
#include <udcg/api/dataset.h>

enum { LETTERS = 10, CODES = LETTERS * LETTERS, KEY_SIZE = 64 };

static struct bytes key_of(char key[static KEY_SIZE], const char *filter, int code)
{
	int length = snprintf(key, KEY_SIZE, "%s%c%c", filter, 'a' + code / LETTERS,
		'a' + code % LETTERS);
	return (struct bytes){key, (size_t)length};
}

/* A dashboard asks for each value of a filter in turn: keys that differ in their last letters. */
static void neighbouring_filters(void **state)
{
	(void)state;
	static const char *const filters[] = {"aid?donor=", "meetings?convener="};
	struct dataset *dataset = dataset_create();
	assert_non_null(dataset);
	char key[KEY_SIZE];
	int64_t count;
	for (int i = 0; i < (int)COUNT_OF(filters); i++)
		for (int code = 0; code < CODES; code++)
			count_remember(dataset->counts, key_of(key, filters[i], code),
				CODES * i + code);
	for (int i = 0; i < (int)COUNT_OF(filters); i++) {
		for (int code = 0; code < CODES; code++) {
			if (!count_recall(dataset->counts, key_of(key, filters[i], code), &count))
				fail_msg("%s is forgotten", key);
			assert_int_equal(count, CODES * i + code);
		}
	}
	assert_false(count_recall(dataset->counts, BYTES_LITERAL("aid?"), &count));
	dataset_release(dataset);
}

/* More filters than there is room for: some are counted again, and none is mistaken for another. */
static void more_than_there_is_room(void **state)
{
	(void)state;
	struct dataset *dataset = dataset_create();
	assert_non_null(dataset);
	char filter[KEY_SIZE / 2], key[KEY_SIZE];
	int64_t count;
	int known = 0, asked = 200 * CODES;
	for (int number = 0; number < asked; number++) {
		snprintf(filter, sizeof(filter), "aid?source=report-%d-", number / CODES);
		count_remember(dataset->counts, key_of(key, filter, number % CODES), number);
	}
	for (int number = 0; number < asked; number++) {
		snprintf(filter, sizeof(filter), "aid?source=report-%d-", number / CODES);
		if (!count_recall(dataset->counts, key_of(key, filter, number % CODES), &count))
			continue;
		assert_int_equal(count, number);
		known++;
	}
	assert_true(known > 20 * CODES && known < asked);
	dataset_release(dataset);
}

/* What keeps a filter of any length is bounded. */
static void long_filters(void **state)
{
	(void)state;
	struct dataset *dataset = dataset_create();
	assert_non_null(dataset);
	enum { LONG = 8000, FILTERS = 2000 };
	static char filter[LONG];
	memset(filter, 'a', LONG);
	int64_t count;
	size_t before = mallinfo2().uordblks;
	for (int number = 0; number < FILTERS; number++) {
		snprintf(filter + LONG - KEY_SIZE, KEY_SIZE, "%0*d", KEY_SIZE - 1, number);
		count_remember(dataset->counts, (struct bytes){filter, LONG}, number);
		assert_true(count_recall(dataset->counts, (struct bytes){filter, LONG}, &count));
		assert_int_equal(count, number);
	}
	size_t after = mallinfo2().uordblks;
	assert_true(after < before + FILTERS * LONG / 10);
	dataset_release(dataset);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(neighbouring_filters),
		cmocka_unit_test(more_than_there_is_room),
		cmocka_unit_test(long_filters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
