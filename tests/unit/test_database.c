#include "store_files.h"

#include <time.h>

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

static void statuses_have_texts(void **state)
{
	(void)state;
	for (enum store_status status = STORE_OK; status <= STORE_ERROR; status++)
		assert_true(strlen(store_status_text(status)) > 3);
	database_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(budgets_end_statements),
		IN_DIRECTORY(statuses_have_texts),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
