#include "store_files.h"

/* All bytes of a database, read in pieces of `most`. */
static char *read_database(struct database *database, int most, int64_t *ret_size)
{
	assert_int_equal(database_size(database, ret_size), STORE_OK);
	char *data = malloc((size_t)*ret_size);
	assert_non_null(data);
	for (int64_t done = 0; done < *ret_size;) {
		int64_t left = *ret_size - done;
		int length = left < most ? (int)left : most;
		assert_int_equal(database_read(database, done, data + done, length), STORE_OK);
		done += length;
	}
	return data;
}

static void expect_bytes(struct database *database, const char *data, size_t length)
{
	static const int pieces[] = {1000, 4096, 1 << 20};
	for (size_t i = 0; i < COUNT_OF(pieces); i++) {
		int64_t size = 0;
		char *read = read_database(database, pieces[i], &size);
		assert_int_equal(size, length);
		assert_memory_equal(read, data, length);
		free(read);
	}
}

static void a_file_s_bytes_are_the_file_s(void **state)
{
	(void)state;
	size_t length = 0;
	make_database("a");
	char *data = read_file("a", &length);
	struct database *reader = open_reader("a");
	expect_bytes(reader, data, length);
	/* Also while it is in use, and after another took its place. */
	_cleanup_statement_ struct statement *statement =
		prepare(reader, "SELECT row FROM child ORDER BY row");
	assert_true(step(statement));
	assert_int_equal(rename("a", "b"), 0);
	write_file("a", "other", 5);
	expect_bytes(reader, data, length);
	assert_true(step(statement));
	statement_free(statement);
	statement = NULL;
	database_free(reader);
	free(data);
}

static void an_image_s_bytes_are_a_database(void **state)
{
	(void)state;
	struct database *builder = create(NULL), *reader = NULL;
	struct database_image *image = NULL;
	fill(builder);
	assert_int_equal(database_image_take(builder, &image), STORE_OK);
	database_free(builder);
	assert_int_equal(database_open_image(image, &reader), STORE_OK);
	expect_bytes(reader, database_image_data(image), database_image_size(image));
	write_file("copy", database_image_data(image), database_image_size(image));
	database_free(reader);
	database_image_free(image);
	reader = open_reader("copy");
	assert_int_equal(query_number(reader, sum_of_children), SUM_OF_CHILDREN);
	assert_int_equal(database_verify(reader), STORE_OK);
	database_free(reader);
}

static void past_the_end_there_is_nothing(void **state)
{
	(void)state;
	char data[10];
	int64_t size = 0;
	make_database("a");
	struct database *reader = open_reader("a");
	assert_int_equal(database_size(reader, &size), STORE_OK);
	assert_int_equal(database_read(reader, size - 5, data, sizeof(data)), STORE_IO);
	assert_int_equal(database_read(reader, size, data, sizeof(data)), STORE_IO);
	database_free(reader);
}

static void released_pages_are_read_anew(void **state)
{
	(void)state;
	make_database("a");
	struct database *reader = open_reader("a");
	_cleanup_statement_ struct statement *statement =
		prepare(reader, "SELECT row FROM child ORDER BY row");
	for (int64_t row = 1; row <= 1000; row++) {
		assert_true(step(statement));
		assert_int_equal(statement_integer(statement, 0), row);
		if (row % 100 == 0)
			database_release_memory(reader);
	}
	statement_free(statement);
	statement = NULL;
	assert_int_equal(query_number(reader, sum_of_children), SUM_OF_CHILDREN);
	database_free(reader);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(a_file_s_bytes_are_the_file_s),
		IN_DIRECTORY(an_image_s_bytes_are_a_database),
		IN_DIRECTORY(past_the_end_there_is_nothing),
		IN_DIRECTORY(released_pages_are_read_anew),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
