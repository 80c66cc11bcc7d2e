#include "store_files.h"

#include <fcntl.h>

/* All at once; in memory; with a thread. */
static const struct {
	const char *path;
	bool begun;
} ways[] = {{NULL, false}, {"file", false}, {NULL, true}, {"file", true}};

static enum store_status verify(struct database *database, bool begun)
{
	struct verification *verification = NULL;
	if (!begun)
		return database_verify(database);
	assert_int_equal(verification_start(database, &verification), STORE_OK);
	enum store_status status = verification_finish(verification);
	verification_free(verification);
	return status;
}

static void broken_promises_are_found(void **state)
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
	for (size_t i = 0; i < COUNT_OF(ways) * COUNT_OF(cases); i++) {
		size_t way = i % COUNT_OF(ways), broken = i / COUNT_OF(ways);
		struct database *database = create(ways[way].path);
		fill(database);
		assert_int_equal(verify(database, ways[way].begun), STORE_OK);
		execute(database, cases[broken].sql);
		execute(database, "PRAGMA ignore_check_constraints = OFF");
		assert_int_equal(verify(database, ways[way].begun), STORE_CORRUPT);
		assert_says(database, cases[broken].says);
		database_free(database);
		unlink("file");
	}
}

static void set_b(struct database *database, int table, int b)
{
	char sql[128];
	snprintf(sql, sizeof(sql),
		"PRAGMA ignore_check_constraints = ON; UPDATE \"t %d\" SET b = %d;"
		"PRAGMA ignore_check_constraints = OFF",
		table, b);
	execute(database, sql);
}

/* Those that had no rows at the start come at the finish. */
static void no_table_is_left_out(void **state)
{
	(void)state;
	enum { TABLES = 20, EMPTY = 10 };
	char sql[128];
	for (int broken = -1; broken < TABLES; broken++) {
		struct database *database = create("file");
		struct verification *verification = NULL;
		fill(database);
		for (int i = 0; i < TABLES; i++) {
			snprintf(sql, sizeof(sql),
				"CREATE TABLE \"t %d\" (a UNIQUE, b CHECK (b > 0));"
				"INSERT INTO \"t %d\" SELECT 1, 1 WHERE %d",
				i, i, i < EMPTY);
			execute(database, sql);
		}
		if (broken >= 0)
			set_b(database, broken, 0);
		assert_int_equal(verification_start(database, &verification), STORE_OK);
		for (int i = EMPTY; i < TABLES; i++) {
			snprintf(sql, sizeof(sql), "INSERT INTO \"t %d\" VALUES (1, 1)", i);
			execute(database, sql);
		}
		if (broken >= EMPTY)
			set_b(database, broken, 0);
		assert_int_equal(verification_finish(verification),
			broken < 0 ? STORE_OK : STORE_CORRUPT);
		snprintf(sql, sizeof(sql), "CHECK constraint failed in t %d", broken);
		if (broken >= 0)
			assert_says(database, sql);
		verification_free(verification);
		database_free(database);
		unlink("file");
	}
}

/* On the disk alone, where a page in memory does not hide it. */
static void rows_that_an_index_does_not_have_are_found(void **state)
{
	(void)state;
	struct verification *verification = NULL;
	struct database *database = create("file");
	fill(database);
	execute(database, "CREATE INDEX parent_name ON parent (name)");
	size_t length = 0;
	char *data = read_file("file", &length);
	const char *name = memmem(data, length, "name 500", 8);
	assert_non_null(name);
	int file = open("file", O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(file, "N", 1, name - data), 1);
	close(file);
	free(data);
	assert_int_equal(verification_start(database, &verification), STORE_OK);
	assert_int_equal(verification_finish(verification), STORE_CORRUPT);
	assert_says(database, "row 500 missing from index parent_name");
	verification_free(verification);
	database_free(database);
}

static void what_is_settled_stays(void **state)
{
	(void)state;
	static const char *const refused[] = {
		"INSERT INTO parent VALUES (5000, 'x')",
		"UPDATE parent SET name = 'x'",
		"DELETE FROM child",
		"ALTER TABLE child ADD COLUMN other",
		"CREATE INDEX parent_name ON parent (name)",
		"DROP INDEX child_parent",
		"DROP TABLE child",
	};
	static const char *const allowed[] = {
		"INSERT INTO empty VALUES (1)",
		"CREATE TABLE new AS SELECT * FROM parent",
		"CREATE INDEX new_name ON new (name)",
		"ANALYZE",
	};
	struct verification *verification = NULL;
	struct database *database = create("file");
	fill(database);
	execute(database, "CREATE TABLE empty (a)");
	assert_int_equal(verification_start(database, &verification), STORE_OK);
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		if (database_execute(database, refused[i]) != STORE_ERROR)
			fail_msg("%s: done", refused[i]);
		assert_says(database, "not authorized");
	}
	for (size_t i = 0; i < COUNT_OF(allowed); i++)
		execute(database, allowed[i]);
	assert_int_equal(verification_finish(verification), STORE_OK);
	verification_free(verification);
	execute(database, "DELETE FROM child");
	database_free(database);
}

static void it_ends_when_it_is_not_wanted(void **state)
{
	(void)state;
	for (int i = 0; i < 20; i++) {
		struct verification *verification = NULL;
		struct database *database = create("file");
		fill(database);
		assert_int_equal(verification_start(database, &verification), STORE_OK);
		verification_free(verification);
		database_free(database);
		unlink("file");
	}
	verification_free(NULL);
}

static void it_wants_no_transaction(void **state)
{
	(void)state;
	struct verification *verification = NULL;
	struct database *database = create("file");
	fill(database);
	execute(database, "BEGIN");
	assert_int_equal(verification_start(database, &verification), STORE_ERROR);
	assert_says(database, "transaction");
	assert_null(verification);
	database_free(database);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(broken_promises_are_found),
		IN_DIRECTORY(no_table_is_left_out),
		IN_DIRECTORY(rows_that_an_index_does_not_have_are_found),
		IN_DIRECTORY(what_is_settled_stays),
		IN_DIRECTORY(it_ends_when_it_is_not_wanted),
		IN_DIRECTORY(it_wants_no_transaction),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
