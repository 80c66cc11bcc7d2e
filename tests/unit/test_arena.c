#include "unit.h"

#include <stdlib.h>
#include <udcg/base/arena.h>

static void pieces_are_zeroed_aligned_and_apart(void **state)
{
	(void)state;
	enum { PIECES = 500 };
	struct arena arena = {0};
	struct random random = {.state = 9};
	unsigned char *pieces[PIECES];
	size_t sizes[PIECES];
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < PIECES; i++) {
			sizes[i] = random_below(&random, i % 50 ? 200 : 100000);
			pieces[i] = arena_take(&arena, sizes[i]);
			assert_non_null(pieces[i]);
			assert_int_equal((uintptr_t)pieces[i] % _Alignof(max_align_t), 0);
			for (size_t j = 0; j < sizes[i]; j++)
				assert_int_equal(pieces[i][j], 0);
			memset(pieces[i], (int)(i % 255) + 1, sizes[i]);
		}
		for (size_t i = 0; i < PIECES; i++) {
			for (size_t j = 0; j < sizes[i]; j++)
				assert_int_equal(pieces[i][j], i % 255 + 1);
		}
		arena_reset(&arena);
	}
	arena_free(&arena);
	arena_free(&arena);
}

static void copies_end_with_a_nul(void **state)
{
	(void)state;
	struct arena arena = {0};
	static const struct bytes texts[] = {
		{.data = "", .length = 0},
		{.data = "abc", .length = 3},
		{.data = "a\0b", .length = 3},
	};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct bytes copy = arena_copy(&arena, texts[i]);
		assert_true(bytes_equal(copy, texts[i]));
		assert_ptr_not_equal(copy.data, texts[i].data);
		assert_int_equal(copy.data[copy.length], '\0');
	}
	arena_free(&arena);
}

static void too_much_is_refused(void **state)
{
	(void)state;
	struct arena arena = {0};
	assert_null(arena_take(&arena, SIZE_MAX));
	assert_null(arena_take(&arena, SIZE_MAX - 16));
	assert_non_null(arena_take(&arena, 1));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_are_zeroed_aligned_and_apart),
		cmocka_unit_test(copies_end_with_a_nul),
		cmocka_unit_test(too_much_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
