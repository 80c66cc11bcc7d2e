#include "store_files.h"

#include <errno.h>
#include <pthread.h>

static void built_databases_are_read(void **state)
{
	(void)state;
	static const char *const paths[] = {"plain", "./a?mode=memory&b%20#c d'\"e", "caf\u00e9",
		":memory:", "file:x", "\xff\x01"};
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		make_database(paths[i]);
		assert_int_equal(access(paths[i], R_OK), 0);
		struct database *reader = open_reader(paths[i]);
		assert_int_equal(query_number(reader, sum_of_children), SUM_OF_CHILDREN);
		assert_int_equal(database_verify(reader), STORE_OK);
		database_free(reader);
	}
	char *directory = get_current_dir_name();
	_cleanup_strbuf_ struct strbuf absolute = {0};
	strbuf_append_format(&absolute, "/%s/plain", directory);
	free(directory);
	struct database *reader = open_reader(absolute.data);
	assert_int_equal(query_number(reader, sum_of_children), SUM_OF_CHILDREN);
	database_free(reader);
}

static void what_is_no_database_is_refused(void **state)
{
	(void)state;
	struct database *database = NULL;
	struct random random = {.state = 7};
	char noise[5000];
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)random_next(&random);
	write_file("empty", "", 0);
	write_file("byte", "S", 1);
	write_file("text", "{\"format\":\"udcg-timeline/1\"}\n", 29);
	write_file("noise", noise, sizeof(noise));
	memcpy(noise, "SQLite format 3", 16);
	write_file("headed noise", noise, sizeof(noise));
	static const char *const corrupt[] = {"empty", "byte", "text", "noise", "headed noise"};
	for (size_t i = 0; i < COUNT_OF(corrupt); i++)
		assert_int_equal(database_open(corrupt[i], &database), STORE_CORRUPT);

	assert_int_equal(database_open("missing", &database), STORE_IO);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(mkdir("directory", 0700), 0);
	assert_int_equal(database_open("directory", &database), STORE_IO);
	assert_int_equal(database_open("text/below", &database), STORE_IO);
	assert_int_equal(database_open("", &database), STORE_IO);
	assert_null(database);
}

static void other_programs_databases_are_refused(void **state)
{
	(void)state;
	struct database *builder = create("other"), *database = NULL;
	fill(builder);
	execute(builder, "PRAGMA application_id = 1");
	database_free(builder);
	assert_int_equal(database_open("other", &database), STORE_CORRUPT);

	/* One of ours that was never filled. */
	database_free(create("bare"));
	assert_int_equal(database_open("bare", &database), STORE_CORRUPT);
	assert_null(database);
}

static void truncated_files_are_refused(void **state)
{
	(void)state;
	make_database("whole");
	size_t length = 0;
	char *data = read_file("whole", &length);
	assert_true(length > 20000);
	for (size_t part = 0; part < length; part += part % 512 == 511 ? 1 : 511) {
		struct database *database = NULL;
		write_file("part", data, part);
		assert_int_equal(database_open("part", &database), STORE_CORRUPT);
		assert_null(database);
	}
	free(data);
}

/* Flipped bits may go unnoticed, but nothing may crash, hang or read astray. */
static void damaged_files_are_survived(void **state)
{
	(void)state;
	make_database("whole");
	size_t length = 0, refused = 0;
	char *data = read_file("whole", &length);
	struct random random = {.state = 8};
	for (int round = 0; round < 300; round++) {
		size_t places[20];
		char kept[COUNT_OF(places)];
		for (size_t i = 0; i < COUNT_OF(places); i++) {
			places[i] = random_below(&random, i % 4 ? length : 200);
			kept[i] = data[places[i]];
			data[places[i]] = (char)random_next(&random);
		}
		write_file("damaged", data, length);
		for (size_t i = COUNT_OF(places); i > 0; i--)
			data[places[i - 1]] = kept[i - 1];

		struct database *database = NULL;
		struct statement *statement = NULL;
		bool row = true;
		enum store_status status = database_open("damaged", &database);
		if (status == STORE_OK)
			status = statement_prepare(database, bytes_of(sum_of_children), &statement);
		while (status == STORE_OK && row)
			status = statement_step(statement, &row);
		statement_free(statement);
		if (status == STORE_OK)
			status = database_verify(database);
		refused += status == STORE_CORRUPT;
		database_free(database);
	}
	assert_true(refused > 200);
	free(data);
}

static void readers_cannot_write(void **state)
{
	(void)state;
	make_database("file");
	size_t before_length = 0, after_length = 0;
	char *before = read_file("file", &before_length);
	struct database *builder = create(NULL);
	fill(builder);
	struct database_image *image = NULL;
	assert_int_equal(database_image_take(builder, &image), STORE_OK);
	database_free(builder);
	struct database *readers[] = {open_reader("file"), NULL};
	assert_int_equal(database_open_image(image, &readers[1]), STORE_OK);

	static const char *const refused[] = {
		"INSERT INTO parent VALUES (5000, 'x')",
		"UPDATE parent SET name = 'x'",
		"DELETE FROM child",
		"DROP TABLE child",
		"CREATE TABLE t (a)",
		"CREATE TEMP TABLE t (a)",
		"PRAGMA query_only = OFF; DELETE FROM child",
		"PRAGMA writable_schema = ON; DELETE FROM sqlite_schema",
		"PRAGMA user_version = 9",
		"ATTACH 'written' AS other",
		"VACUUM INTO 'written'",
		"SELECT load_extension('libm.so.6')",
		"REINDEX",
	};
	for (size_t i = 0; i < COUNT_OF(readers); i++) {
		for (size_t j = 0; j < COUNT_OF(refused); j++) {
			if (database_execute(readers[i], refused[j]) == STORE_OK)
				fail_msg("%s: done", refused[j]);
			assert_true(strlen(database_message(readers[i])) > 0);
		}
		assert_int_equal(query_number(readers[i], sum_of_children), SUM_OF_CHILDREN);
		database_free(readers[i]);
	}
	database_image_free(image);
	assert_int_equal(access("written", F_OK), -1);
	char *after = read_file("file", &after_length);
	assert_int_equal(after_length, before_length);
	assert_memory_equal(after, before, before_length);
	free(before);
	free(after);
}

/* A reload renames the next database over the one that is being read. */
static void readers_keep_the_file_that_they_opened(void **state)
{
	(void)state;
	make_database("served");
	struct database *old = open_reader("served");
	struct database *builder = create("next");
	fill(builder);
	execute(builder, "DELETE FROM child WHERE parent > 1");
	assert_int_equal(database_sync(builder), STORE_OK);
	database_free(builder);
	assert_int_equal(rename("next", "served"), 0);
	struct database *new = open_reader("served");
	assert_int_equal(query_number(old, sum_of_children), SUM_OF_CHILDREN);
	assert_int_equal(query_number(new, sum_of_children), 1);
	database_free(old);
	database_free(new);
}

/* As large as a resource's SQL may become: 500 columns, 1,000 values, 100 kB. */
static void readers_have_room_for_our_own_sql(void **state)
{
	(void)state;
	make_database("file");
	struct database *database = open_reader("file");
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_text(&sql, "SELECT 0");
	for (int i = 1; i < 500; i++)
		strbuf_append_format(&sql, ", row + %d", i);
	strbuf_append_text(&sql, " FROM parent WHERE row IN (0");
	for (int i = 0; i < 1000; i++)
		strbuf_append_format(&sql, ", :value_%d", i);
	strbuf_append_text(&sql, ") AND name <> '");
	while (sql.length < 100000)
		strbuf_append_char(&sql, 'x');
	strbuf_append_char(&sql, '\'');
	_cleanup_statement_ struct statement *statement = prepare(database, sql.data);
	for (int i = 0; i < 1000; i++) {
		char name[20];
		snprintf(name, sizeof(name), "value_%d", i);
		statement_bind_integer(statement, name, i);
	}
	int rows = 0;
	while (step(statement))
		rows++;
	assert_int_equal(rows, 999);
	statement_free(statement);
	statement = NULL;

	while (sql.length < 200000)
		strbuf_append_char(&sql, ' ');
	assert_int_equal(statement_prepare(database, strbuf_bytes(&sql), &statement), STORE_ERROR);
	database_free(database);
}

/* Whoever else holds locks on the file, a reader asks for none. */
static void readers_never_wait(void **state)
{
	(void)state;
	struct database *builder = create("file");
	fill(builder);
	execute(builder, "BEGIN EXCLUSIVE");
	struct database *reader = open_reader("file");
	assert_int_equal(query_number(reader, sum_of_children), SUM_OF_CHILDREN);
	database_free(reader);
	database_free(builder);
}

static void *read_image(void *context)
{
	struct database *database = NULL;
	if (database_open_image(context, &database) != STORE_OK)
		return NULL;
	bool right = true;
	for (int i = 0; i < 50; i++)
		right = right && query_number(database, sum_of_children) == SUM_OF_CHILDREN;
	database_free(database);
	return right ? context : NULL;
}

static void images_are_shared_by_threads(void **state)
{
	(void)state;
	struct database *builder = create(NULL);
	fill(builder);
	struct database_image *image = NULL;
	assert_int_equal(database_image_take(builder, &image), STORE_OK);
	assert_int_equal(database_image_size(image),
		4096 * query_number(builder, "PRAGMA page_count"));
	assert_memory_equal(database_image_data(image), "SQLite format 3", 16);
	database_free(builder);

	pthread_t threads[3];
	for (size_t i = 0; i < COUNT_OF(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, read_image, image), 0);
	for (size_t i = 0; i < COUNT_OF(threads); i++) {
		void *result = NULL;
		assert_int_equal(pthread_join(threads[i], &result), 0);
		assert_ptr_equal(result, image);
	}
	/* It is a whole database file, too. */
	write_file("exported", database_image_data(image), database_image_size(image));
	struct database *exported = open_reader("exported");
	assert_int_equal(query_number(exported, sum_of_children), SUM_OF_CHILDREN);
	database_free(exported);
	database_image_free(image);
	database_image_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(built_databases_are_read),
		IN_DIRECTORY(what_is_no_database_is_refused),
		IN_DIRECTORY(other_programs_databases_are_refused),
		IN_DIRECTORY(truncated_files_are_refused),
		IN_DIRECTORY(damaged_files_are_survived),
		IN_DIRECTORY(readers_cannot_write),
		IN_DIRECTORY(readers_keep_the_file_that_they_opened),
		IN_DIRECTORY(readers_never_wait),
		IN_DIRECTORY(readers_have_room_for_our_own_sql),
		IN_DIRECTORY(images_are_shared_by_threads),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
