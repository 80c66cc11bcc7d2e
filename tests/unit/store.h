/* What the tests of the store share. */
#ifndef STORE_H
#define STORE_H

#include "unit.h"

#include <udcg/store/statement.h>
#include <udcg/store/verification.h>

static inline int initialise_store(void **state)
{
	(void)state;
	return store_initialise() == STORE_OK ? 0 : -1;
}

static inline int create_in_memory(void **state)
{
	return database_create(NULL, (struct database **)state) == STORE_OK ? 0 : -1;
}

static inline int destroy_database(void **state)
{
	database_free(*state);
	return 0;
}

static inline void execute(struct database *database, const char *sql)
{
	if (database_execute(database, sql) != STORE_OK)
		fail_msg("%s: %s", sql, database_message(database));
}

static inline struct statement *prepare(struct database *database, const char *sql)
{
	struct statement *statement = NULL;
	if (statement_prepare(database, bytes_of(sql), &statement) != STORE_OK)
		fail_msg("%s: %s", sql, database_message(database));
	return statement;
}

static inline bool step(struct statement *statement)
{
	bool row = false;
	assert_int_equal(statement_step(statement, &row), STORE_OK);
	return row;
}

/* The one number that a query gives. */
static inline int64_t query_number(struct database *database, const char *sql)
{
	_cleanup_statement_ struct statement *statement = prepare(database, sql);
	assert_true(step(statement));
	int64_t number = statement_integer(statement, 0);
	assert_false(step(statement));
	return number;
}

static inline void assert_says(struct database *database, const char *text)
{
	if (!strstr(database_message(database), text))
		fail_msg("\"%s\" does not say \"%s\"", database_message(database), text);
}

#endif
