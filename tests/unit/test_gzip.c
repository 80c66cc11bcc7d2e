#include "unit.h"

#include <stdlib.h>
#include <udcg/base/gzip.h>
#include <zlib.h>

enum { TEXT_SIZE = 300000 };

/* What is in a gzip member, and nothing after it. */
static void assert_unzips_to(const struct strbuf *zipped, const char *text, size_t length)
{
	char *unzipped = malloc(TEXT_SIZE);
	assert_non_null(unzipped);
	z_stream zip = {
		.next_in = (unsigned char *)zipped->data,
		.avail_in = (unsigned)zipped->length,
		.next_out = (unsigned char *)unzipped,
		.avail_out = TEXT_SIZE,
	};
	assert_int_equal(inflateInit2(&zip, 15 + 16), Z_OK);
	assert_int_equal(inflate(&zip, Z_FINISH), Z_STREAM_END);
	assert_int_equal(zip.avail_in, 0);
	assert_int_equal(zip.total_out, length);
	assert_memory_equal(unzipped, text, length);
	inflateEnd(&zip);
	free(unzipped);
}

/* Half of it repeats itself, half is noise. */
static char *make_text(struct random *random)
{
	char *text = malloc(TEXT_SIZE);
	assert_non_null(text);
	for (size_t i = 0; i < TEXT_SIZE; i++)
		text[i] = i % 2000 < 1000 ? (char)random_next(random) : 'a';
	return text;
}

static void texts_come_back(void **state)
{
	(void)state;
	static const enum gzip_effort efforts[] = {GZIP_FAST, GZIP_SMALL};
	static const size_t lengths[] = {0, 1, 1000, 16384, TEXT_SIZE};
	struct random random = {.state = 10};
	char *text = make_text(&random);
	for (size_t i = 0; i < COUNT_OF(efforts) * COUNT_OF(lengths); i++) {
		size_t length = lengths[i % COUNT_OF(lengths)];
		_cleanup_strbuf_ struct strbuf zipped = {0};
		_cleanup_gzip_ struct gzip *gzip = gzip_create(efforts[i / COUNT_OF(lengths)]);
		assert_non_null(gzip);
		assert_true(gzip_append(gzip, (struct bytes){.data = text, .length = length}, true,
			&zipped));
		assert_unzips_to(&zipped, text, length);
		assert_true(length < TEXT_SIZE || zipped.length < length * 2 / 3);
	}
	free(text);
}

static void parts_make_one_member(void **state)
{
	(void)state;
	struct random random = {.state = 11};
	char *text = make_text(&random);
	_cleanup_strbuf_ struct strbuf zipped = {0}, again = {0};
	for (int round = 0; round < 2; round++) {
		struct random pieces = {.state = 12};
		struct strbuf *out = round ? &again : &zipped;
		_cleanup_gzip_ struct gzip *gzip = gzip_create(GZIP_FAST);
		assert_non_null(gzip);
		for (size_t at = 0; at < TEXT_SIZE;) {
			size_t length = random_below(&pieces, 40000);
			if (length > TEXT_SIZE - at)
				length = TEXT_SIZE - at;
			struct bytes part = {.data = text + at, .length = length};
			assert_true(gzip_append(gzip, part, false, out));
			at += length;
		}
		assert_true(gzip_append(gzip, (struct bytes){0}, true, out));
	}
	assert_unzips_to(&zipped, text, TEXT_SIZE);
	/* No clock and no name in it. */
	assert_int_equal(zipped.length, again.length);
	assert_memory_equal(zipped.data, again.data, zipped.length);
	static const char no_name_no_time[] = {'\x1f', '\x8b', 8, 0, 0, 0, 0, 0};
	assert_memory_equal(zipped.data, no_name_no_time, sizeof(no_name_no_time));
	free(text);
}

static void shortage_is_told(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf zipped = {0};
	_cleanup_gzip_ struct gzip *gzip = gzip_create(GZIP_SMALL);
	assert_non_null(gzip);
	strbuf_reserve(&zipped, SIZE_MAX);
	assert_false(gzip_append(gzip, BYTES_LITERAL("x"), true, &zipped));
	gzip_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_come_back),
		cmocka_unit_test(parts_make_one_member),
		cmocka_unit_test(shortage_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
