#include "store_files.h"

#include <time.h>

enum { MOMENT = 20000000 /* nanoseconds */ };

static const char endless[] = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1"
			      " FROM n) SELECT count(*) FROM n";

static int64_t nanoseconds(clockid_t clock)
{
	struct timespec time;
	clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void budgets_end_statements(void **state)
{
	(void)state;
	static const char short_one[] = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1"
					" FROM n WHERE i < 10000) SELECT count(*) FROM n";
	make_database("file");
	struct database *database = open_reader("file");
	_cleanup_statement_ struct statement *statement = NULL;
	for (int round = 0; round < 2; round++) {
		bool row = false;
		statement = prepare(database, endless);
		int64_t start = nanoseconds(CLOCK_MONOTONIC);
		database_set_budget(database, (struct budget){.time = MOMENT});
		assert_int_equal(statement_step(statement, &row), STORE_INTERRUPTED);
		assert_in_range(nanoseconds(CLOCK_MONOTONIC) - start, MOMENT, 30000000000);
		statement_free(statement);
		statement = NULL;
		/* Spent: whatever takes more than a moment ends at once. */
		assert_int_equal(database_execute(database, short_one), STORE_INTERRUPTED);
		database_set_budget(database, (struct budget){0});
		assert_int_equal(query_number(database, short_one), 10000);
	}
	database_free(database);
}

/* A thread that waits, for its CPU or for a disk, does no work. */
static void work_is_not_time(void **state)
{
	(void)state;
	static const struct timespec long_wait = {.tv_nsec = 5 * MOMENT};
	static const char steps[] = "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1"
				    " FROM n) SELECT i FROM n WHERE i % 200 = 0";
	make_database("file");
	struct database *database = open_reader("file");
	_cleanup_statement_ struct statement *statement = prepare(database, steps);
	bool row = false;
	database_set_budget(database, (struct budget){.work = MOMENT});
	for (int64_t i = 1; i <= 3; i++) {
		assert_int_equal(statement_step(statement, &row), STORE_OK);
		assert_int_equal(statement_integer(statement, 0), 200 * i);
		nanosleep(&long_wait, NULL);
	}
	int64_t start = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
	enum store_status status = STORE_OK;
	while (status == STORE_OK)
		status = statement_step(statement, &row);
	assert_int_equal(status, STORE_INTERRUPTED);
	assert_in_range(nanoseconds(CLOCK_THREAD_CPUTIME_ID) - start, 0, 10 * MOMENT);
	statement_reset(statement);

	database_set_budget(database, (struct budget){.work = MOMENT, .time = MOMENT});
	assert_int_equal(statement_step(statement, &row), STORE_OK);
	nanosleep(&long_wait, NULL);
	assert_int_equal(statement_step(statement, &row), STORE_INTERRUPTED);
	statement_free(statement);
	statement = NULL;
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
		IN_DIRECTORY(work_is_not_time),
		IN_DIRECTORY(statuses_have_texts),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
