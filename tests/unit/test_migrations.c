#include "store.h"

#include <udcg/store/migrations.h>

static void assert_version(struct database *database, int expected)
{
	int version = -1;
	assert_int_equal(migrations_version(database, &version), STORE_OK);
	assert_int_equal(version, expected);
}

static int64_t count_tables(struct database *database)
{
	return query_number(database, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'");
}

static void applies_step_by_step(void **state)
{
	assert_true(migrations_latest() >= MIGRATION_TABLES);
	assert_version(*state, 0);
	for (int target = 1; target <= migrations_latest(); target++) {
		if (migrations_apply(*state, target) != STORE_OK)
			fail_msg("step %d: %s", target, database_message(*state));
		assert_version(*state, target);
		assert_true(count_tables(*state) >= 6);
	}
	assert_int_equal(database_verify(*state), STORE_OK);
}

static void applies_what_is_missing(void **state)
{
	int latest = migrations_latest();
	assert_int_equal(migrations_apply(*state, latest), STORE_OK);
	assert_version(*state, latest);
	int64_t tables = count_tables(*state);
	assert_int_equal(migrations_apply(*state, latest), STORE_OK);
	assert_int_equal(migrations_apply(*state, MIGRATION_TABLES), STORE_OK);
	assert_version(*state, latest);
	assert_int_equal(count_tables(*state), tables);
}

static void refuses_a_step_that_is_none(void **state)
{
	assert_int_equal(migrations_apply(*state, migrations_latest() + 1), STORE_ERROR);
	assert_says(*state, "no migration");
	assert_version(*state, 0);
}

static void tells_a_step_that_fails(void **state)
{
	assert_int_equal(database_execute(*state, "CREATE TABLE dataset (other)"), STORE_OK);
	assert_int_equal(migrations_apply(*state, MIGRATION_TABLES), STORE_ERROR);
	assert_says(*state, "dataset");
	/* No transaction is left open. */
	assert_int_equal(database_execute(*state, "BEGIN"), STORE_OK);
}

static void tables_are_strict(void **state)
{
	assert_int_equal(migrations_apply(*state, migrations_latest()), STORE_OK);
	_cleanup_statement_ struct statement *statement = prepare(*state,
		"SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
		" AND NOT strict AND name NOT LIKE 'sqlite!_%' ESCAPE '!'");
	if (step(statement))
		fail_msg("%.*s is not STRICT", (int)statement_text(statement, 0).length,
			statement_text(statement, 0).data);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, create_in_memory, destroy_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(applies_step_by_step),
		TEST(applies_what_is_missing),
		TEST(refuses_a_step_that_is_none),
		TEST(tells_a_step_that_fails),
		TEST(tables_are_strict),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
