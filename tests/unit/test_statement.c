#include "store.h"

#include <stdio.h>

static void assert_refused(struct database *database, struct statement *statement, const char *says)
{
	bool row = true;
	assert_int_equal(statement_step(statement, &row), STORE_ERROR);
	assert_true(row); /* untouched */
	assert_says(database, says);
}

static void refuses_what_is_not_one_statement(void **state)
{
	static const struct {
		struct bytes sql;
		const char *says;
	} cases[] = {
		{.sql = {.data = "", .length = 0}, .says = "not one statement"},
		{.sql = {.data = "-- none", .length = 7}, .says = "not one statement"},
		{.sql = {.data = "SELECT 1; SELECT 2", .length = 18}, .says = "not one statement"},
		{.sql = {.data = "SELECT 1\0", .length = 9}, .says = "not one statement"},
		{.sql = {.data = "SELEC 1", .length = 7}, .says = "syntax error"},
		{.sql = {.data = "SELECT * FROM nowhere", .length = 21}, .says = "no such table"},
		/* A name in double quotes is never taken for a string. */
		{.sql = {.data = "SELECT \"x\"", .length = 10}, .says = "no such column"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct statement *statement = NULL;
		assert_int_equal(statement_prepare(*state, cases[i].sql, &statement), STORE_ERROR);
		assert_null(statement);
		assert_says(*state, cases[i].says);
	}
	/* The slice counts, not what follows it. */
	_cleanup_statement_ struct statement *statement = NULL;
	struct bytes slice = {.data = "SELECT 12", .length = 8};
	assert_int_equal(statement_prepare(*state, slice, &statement), STORE_OK);
	assert_true(step(statement));
	assert_int_equal(statement_integer(statement, 0), 1);
}

static void values_come_back(void **state)
{
	static const int64_t integers[] = {0, 1, -1, INT64_MAX, INT64_MIN};
	static const struct bytes texts[] = {
		{.data = "", .length = 0},
		{.data = "caf\u00e9", .length = 5},
		{.data = "a\0b", .length = 3},
	};
	_cleanup_statement_ struct statement *statement =
		prepare(*state, "SELECT :integer, :text, :blob, :null, :c_text, :no_text");
	assert_int_equal(statement_column_count(statement), 6);
	for (size_t i = 0; i < COUNT_OF(integers) * COUNT_OF(texts); i++) {
		int64_t integer = integers[i % COUNT_OF(integers)];
		struct bytes text = texts[i / COUNT_OF(integers)];
		statement_bind_integer(statement, "integer", integer);
		statement_bind_text(statement, "text", text);
		statement_bind_blob(statement, "blob", text);
		statement_bind_null(statement, "null");
		statement_bind_text_or_null(statement, "c_text", "c");
		statement_bind_text_or_null(statement, "no_text", NULL);
		assert_true(step(statement));
		assert_true(statement_is_integer(statement, 0));
		assert_true(statement_integer(statement, 0) == integer);
		assert_non_null(statement_text(statement, 1).data);
		assert_true(bytes_equal(statement_text(statement, 1), text));
		assert_false(statement_is_null(statement, 1));
		assert_false(statement_is_integer(statement, 1));
		assert_non_null(statement_blob(statement, 2).data);
		assert_true(bytes_equal(statement_blob(statement, 2), text));
		assert_true(statement_is_null(statement, 3));
		assert_null(statement_text(statement, 3).data);
		assert_true(bytes_equal(statement_text(statement, 4), BYTES_LITERAL("c")));
		assert_true(statement_is_null(statement, 5));
		assert_false(step(statement));
		statement_reset(statement);
	}
}

static void text_without_data_is_null(void **state)
{
	_cleanup_statement_ struct statement *statement = prepare(*state, "SELECT :a IS NULL");
	statement_bind_text(statement, "a", (struct bytes){0});
	assert_true(step(statement));
	assert_int_equal(statement_integer(statement, 0), 1);
}

static void a_real_lies_between_integers(void **state)
{
	_cleanup_statement_ struct statement *statement =
		prepare(*state, "SELECT 17 < :place, 18 > :place, 17 = :place OR 18 = :place");
	statement_bind_real(statement, "place", 17.5);
	assert_true(step(statement));
	assert_int_equal(statement_integer(statement, 0), 1);
	assert_int_equal(statement_integer(statement, 1), 1);
	assert_int_equal(statement_integer(statement, 2), 0);
}

static void binds_by_number(void **state)
{
	_cleanup_statement_ struct statement *statement =
		prepare(*state, "SELECT ?1 || ?2, typeof(?3)");
	statement_bind_integer_at(statement, 1, 7);
	statement_bind_text_at(statement, 2, BYTES_LITERAL("x"));
	statement_bind_null_at(statement, 3);
	assert_true(step(statement));
	assert_true(bytes_equal(statement_text(statement, 0), BYTES_LITERAL("7x")));
	assert_true(bytes_equal(statement_text(statement, 1), BYTES_LITERAL("null")));
}

static void unknown_names_are_loud(void **state)
{
	_cleanup_statement_ struct statement *statement = prepare(*state, "SELECT :known");
	statement_bind_integer(statement, "known", 1);
	statement_bind_integer(statement, "knwon", 1);
	assert_refused(*state, statement, ":knwon");

	/* The first fault is the one that is told. */
	statement_reset(statement);
	statement_bind_null(statement, "first");
	statement_bind_text_at(statement, 9, BYTES_LITERAL("x"));
	statement_bind_integer(statement, "known", 1);
	assert_refused(*state, statement, ":first");

	statement_reset(statement);
	char long_name[200];
	memset(long_name, 'n', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	statement_bind_blob(statement, long_name, BYTES_LITERAL("x"));
	assert_refused(*state, statement, ":nnnn");

	statement_reset(statement);
	statement_bind_integer_at(statement, 2, 1);
	assert_refused(*state, statement, "out of range");
	statement_reset(statement);
	statement_bind_integer_at(statement, 0, 1);
	assert_refused(*state, statement, "out of range");

	statement_reset(statement);
	statement_bind_integer(statement, "known", 1);
	assert_true(step(statement));
}

static void missing_binds_are_loud(void **state)
{
	_cleanup_statement_ struct statement *statement =
		prepare(*state, "SELECT :one, :two, :one, ?9");
	assert_refused(*state, statement, ":one");
	statement_bind_integer(statement, "one", 1);
	statement_bind_integer(statement, "one", 2);
	assert_refused(*state, statement, ":two");
	statement_bind_null(statement, "two");
	assert_refused(*state, statement, "was not bound");
	for (int number = 3; number <= 9; number++)
		statement_bind_integer_at(statement, number, number);
	assert_true(step(statement));
	assert_int_equal(statement_integer(statement, 2), 2);

	statement_reset(statement);
	assert_refused(*state, statement, ":one");
}

static void binding_while_rows_are_read_is_loud(void **state)
{
	_cleanup_statement_ struct statement *statement =
		prepare(*state, "SELECT value FROM json_each(:list)");
	statement_bind_text(statement, "list", BYTES_LITERAL("[1,2]"));
	assert_true(step(statement));
	statement_bind_text(statement, "list", BYTES_LITERAL("[3]"));
	bool row = false;
	assert_int_equal(statement_step(statement, &row), STORE_ERROR);
}

static void runs_keep_their_bindings(void **state)
{
	execute(*state, "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER CHECK (b > 0)) STRICT");
	_cleanup_statement_ struct statement *insert =
		prepare(*state, "INSERT INTO t VALUES (:a, :b)");
	assert_int_equal(statement_run(insert), STORE_ERROR);
	statement_bind_integer(insert, "b", 5);
	for (int i = 1; i <= 3; i++) {
		statement_bind_integer(insert, "a", i);
		assert_int_equal(statement_run(insert), STORE_OK);
	}
	assert_int_equal(statement_run(insert), STORE_CONSTRAINT); /* 3 again */
	assert_says(*state, "UNIQUE");
	statement_bind_integer(insert, "a", 4);
	assert_int_equal(statement_run(insert), STORE_OK);

	statement_bind_integer(insert, "b", 0);
	statement_bind_integer(insert, "a", 5);
	assert_int_equal(statement_run(insert), STORE_CONSTRAINT);
	statement_bind_text(insert, "b", BYTES_LITERAL("text"));
	assert_int_equal(statement_run(insert), STORE_CONSTRAINT); /* STRICT */

	assert_int_equal(query_number(*state, "SELECT count(*) FROM t"), 4);
	assert_int_equal(query_number(*state, "SELECT sum(b) FROM t"), 20);
	_cleanup_statement_ struct statement *select = prepare(*state, "SELECT 1");
	assert_int_equal(statement_run(select), STORE_ERROR); /* it has rows */
}

static struct statement *borrow(struct database *database, const char *sql)
{
	struct statement *statement = NULL;
	assert_int_equal(statement_borrow(database, bytes_of(sql), &statement), STORE_OK);
	return statement;
}

static void borrowed_statements_come_back(void **state)
{
	struct statement *first = borrow(*state, "SELECT :a");
	statement_bind_integer(first, "a", 1);
	assert_true(step(first));

	/* The same text while the first is out is another statement. */
	struct statement *second = borrow(*state, "SELECT :a");
	assert_ptr_not_equal(first, second);
	statement_release(second);
	statement_release(first);

	_cleanup_borrowed_ struct statement *other = borrow(*state, "SELECT :b");
	assert_ptr_not_equal(other, first);
	assert_ptr_not_equal(other, second);
	_cleanup_borrowed_ struct statement *again = borrow(*state, "SELECT :a");
	assert_ptr_equal(again, first);
	assert_refused(*state, again, ":a"); /* reset and unbound */
	statement_release(NULL);

	struct statement *bad = NULL;
	assert_int_equal(statement_borrow(*state, BYTES_LITERAL("SELECT"), &bad), STORE_ERROR);
	assert_null(bad);
}

/* Many more texts than are kept: the one in use all the time stays, and every answer is right. */
static void cache_is_bounded(void **state)
{
	struct statement *favourite = borrow(*state, "SELECT 'favourite'");
	statement_release(favourite);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < 1000; i++) {
			char sql[40];
			snprintf(sql, sizeof(sql), "SELECT %d", i);
			struct statement *statement = borrow(*state, sql);
			assert_true(step(statement));
			assert_int_equal(statement_integer(statement, 0), i);
			statement_release(statement);
			struct statement *same = borrow(*state, "SELECT 'favourite'");
			assert_ptr_equal(same, favourite);
			statement_release(same);
		}
	}
	assert_in_range(query_number(*state, "SELECT count(*) FROM sqlite_stmt"), 2, 100);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, create_in_memory, destroy_database)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(refuses_what_is_not_one_statement),
		TEST(values_come_back),
		TEST(text_without_data_is_null),
		TEST(a_real_lies_between_integers),
		TEST(binds_by_number),
		TEST(unknown_names_are_loud),
		TEST(missing_binds_are_loud),
		TEST(binding_while_rows_are_read_is_loud),
		TEST(runs_keep_their_bindings),
		TEST(borrowed_statements_come_back),
		TEST(cache_is_bounded),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
