#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Every test works in an empty directory of its own; the state is its name. */
static int enter_directory(void **state)
{
	char *name = strdup("test_database_XXXXXX");
	*state = name;
	return name && mkdtemp(name) && chdir(name) == 0 ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

static int leave_directory(void **state)
{
	char *name = *state;
	int failed = chdir("..") != 0 || nftw(name, remove_entry, 8, FTW_DEPTH | FTW_PHYS) != 0;
	free(name);
	return failed ? -1 : 0;
}

static struct database *create(const char *path)
{
	struct database *database = NULL;
	enum store_status status = database_create(path, &database);
	if (status != STORE_OK)
		fail_msg("%s: %s", path, store_status_text(status));
	return database;
}

static struct database *open_reader(const char *path)
{
	struct database *database = NULL;
	enum store_status status = database_open(path, &database);
	if (status != STORE_OK)
		fail_msg("%s: %s", path, store_status_text(status));
	return database;
}

/* A parent and a child table, and 1,000 rows in each. */
static void fill(struct database *database)
{
	execute(database,
		"CREATE TABLE parent (row INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;"
		"CREATE TABLE child (row INTEGER PRIMARY KEY,"
		" parent INTEGER NOT NULL REFERENCES parent) STRICT;"
		"WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
		" INSERT INTO parent SELECT i, 'name ' || i FROM n;"
		"INSERT INTO child SELECT row, 1001 - row FROM parent;"
		"CREATE INDEX child_parent ON child (parent)");
}

static const char sum_of_children[] =
	"SELECT sum(parent) FROM child JOIN parent ON parent.row = child.parent";
enum { SUM_OF_CHILDREN = 500500 };

static void make_database(const char *path)
{
	struct database *database = create(path);
	fill(database);
	assert_int_equal(database_sync(database), STORE_OK);
	database_free(database);
}

static void write_file(const char *path, const void *data, size_t length)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static char *read_file(const char *path, size_t *ret_length)
{
	struct stat status;
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &status), 0);
	size_t length = (size_t)status.st_size;
	char *data = malloc(length);
	assert_non_null(data);
	assert_int_equal(fread(data, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	*ret_length = length;
	return data;
}

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

static void builders_work_as_they_should(void **state)
{
	(void)state;
	static const char *const paths[] = {NULL, "file"};
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct database *database = create(paths[i]);
		assert_int_equal(query_number(database, "PRAGMA foreign_keys"), 1);
		assert_int_equal(query_number(database, "PRAGMA synchronous"), 0);
		assert_int_equal(query_number(database, "PRAGMA trusted_schema"), 0);
		assert_int_equal(query_number(database, "PRAGMA cache_size"), -65536);
		assert_int_equal(query_number(database,
					 "SELECT journal_mode = 'off' FROM pragma_journal_mode"),
			1);
		fill(database);
		assert_int_equal(database_execute(database,
					 "INSERT INTO child VALUES (2000, 2000)"),
			STORE_CONSTRAINT);
		assert_says(database, "FOREIGN KEY");
		assert_int_equal(database_execute(database,
					 "PRAGMA writable_schema = ON;"
					 "DELETE FROM sqlite_schema"),
			STORE_ERROR);
		database_free(database);
	}
}

static void creating_never_touches_a_file(void **state)
{
	(void)state;
	struct database *database = NULL;
	write_file("taken", "mine", 4);
	assert_int_equal(database_create("taken", &database), STORE_IO);
	assert_int_equal(errno, EEXIST);
	size_t length = 0;
	char *data = read_file("taken", &length);
	assert_int_equal(length, 4);
	assert_memory_equal(data, "mine", 4);
	free(data);

	assert_int_equal(database_create("no/such/directory", &database), STORE_IO);
	assert_int_equal(errno, ENOENT);
	assert_null(database);
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

static int64_t nanoseconds(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void budgets_end_statements(void **state)
{
	(void)state;
	static const char endless[] = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1"
				      " FROM n) SELECT count(*) FROM n";
	static const char short_one[] = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1"
					" FROM n WHERE i < 10000) SELECT count(*) FROM n";
	make_database("file");
	struct database *database = open_reader("file");
	_cleanup_statement_ struct statement *statement = NULL;
	for (int round = 0; round < 2; round++) {
		bool row = false;
		statement = prepare(database, endless);
		int64_t start = nanoseconds();
		database_set_budget(database, 20000000);
		assert_int_equal(statement_step(statement, &row), STORE_INTERRUPTED);
		assert_in_range(nanoseconds() - start, 20000000, 2000000000);
		statement_free(statement);
		statement = NULL;
		/* Spent: whatever takes more than a moment ends at once. */
		assert_int_equal(database_execute(database, short_one), STORE_INTERRUPTED);
		database_set_budget(database, 0);
		assert_int_equal(query_number(database, short_one), 10000);
	}
	database_free(database);
}

static void sizes_are_bounded(void **state)
{
	(void)state;
	static const char *const paths[] = {NULL, "file"};
	static const char grow[] =
		"WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		" INSERT INTO t SELECT hex(zeroblob(1000)) FROM n";
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct database *database = create(paths[i]);
		execute(database, "CREATE TABLE t (a TEXT) STRICT");
		assert_int_equal(database_limit_size(database, 3 << 19), STORE_OK);
		execute(database, grow);
		assert_int_equal(database_execute(database, grow), STORE_FULL);
		database_free(database);
	}
}

/* A write that the system refuses. */
static void write_errors_are_told(void **state)
{
	(void)state;
	struct database *database = create("file");
	struct rlimit kept, limit;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &kept), 0);
	limit = kept;
	limit.rlim_cur = 16384;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	enum store_status status = database_execute(database,
		"CREATE TABLE t (a TEXT) STRICT;"
		"WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
		" INSERT INTO t SELECT hex(zeroblob(1000)) FROM n");
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &kept), 0);
	assert_int_equal(status, STORE_IO);
	assert_says(database, strerror(EFBIG));
	database_free(database);
}

static void syncing_wants_no_transaction(void **state)
{
	(void)state;
	static const char *const paths[] = {NULL, "file"};
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct database *database = create(paths[i]);
		execute(database, "BEGIN; CREATE TABLE t (a)");
		assert_int_equal(database_sync(database), STORE_ERROR);
		assert_says(database, "transaction");
		execute(database, "COMMIT");
		assert_int_equal(database_sync(database), STORE_OK);
		database_free(database);
	}
}

static void verifying_finds_broken_promises(void **state)
{
	(void)state;
	static const struct {
		const char *sql;
		const char *says;
	} cases[] = {
		{.sql = "PRAGMA foreign_keys = OFF; DELETE FROM parent WHERE row = 7",
			.says = "foreign_key_check: child"},
		{.sql = "PRAGMA ignore_check_constraints = ON; CREATE TABLE t (a CHECK (a > 0));"
			"INSERT INTO t VALUES (0)",
			.says = "CHECK constraint failed in t"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct database *database = create(NULL);
		fill(database);
		assert_int_equal(database_verify(database), STORE_OK);
		execute(database, cases[i].sql);
		execute(database, "PRAGMA ignore_check_constraints = OFF");
		assert_int_equal(database_verify(database), STORE_CORRUPT);
		assert_says(database, cases[i].says);
		database_free(database);
	}
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

static void statuses_have_texts(void **state)
{
	(void)state;
	for (enum store_status status = STORE_OK; status <= STORE_ERROR; status++)
		assert_true(strlen(store_status_text(status)) > 3);
	database_free(NULL);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, enter_directory, leave_directory)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(built_databases_are_read),
		TEST(builders_work_as_they_should),
		TEST(creating_never_touches_a_file),
		TEST(what_is_no_database_is_refused),
		TEST(other_programs_databases_are_refused),
		TEST(truncated_files_are_refused),
		TEST(damaged_files_are_survived),
		TEST(readers_cannot_write),
		TEST(readers_keep_the_file_that_they_opened),
		TEST(images_are_shared_by_threads),
		TEST(budgets_end_statements),
		TEST(sizes_are_bounded),
		TEST(write_errors_are_told),
		TEST(syncing_wants_no_transaction),
		TEST(verifying_finds_broken_promises),
		TEST(readers_have_room_for_our_own_sql),
		TEST(statuses_have_texts),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
