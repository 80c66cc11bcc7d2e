#include "store_files.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>

static void builders_work_as_they_should(void **state)
{
	(void)state;
	static const char *const paths[] = {NULL, "file"};
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct database *database = create(paths[i]);
		assert_int_equal(query_number(database, "PRAGMA foreign_keys"), 1);
		assert_int_equal(query_number(database, "PRAGMA synchronous"), 0);
		assert_int_equal(query_number(database, "PRAGMA trusted_schema"), 0);
		assert_int_equal(query_number(database, "PRAGMA cache_size"), -16384);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(builders_work_as_they_should),
		IN_DIRECTORY(creating_never_touches_a_file),
		IN_DIRECTORY(sizes_are_bounded),
		IN_DIRECTORY(write_errors_are_told),
		IN_DIRECTORY(syncing_wants_no_transaction),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
