#include <udcg/store/statement.h>

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "database_internal.h"
#include "memory.h"

enum { NAME_SIZE = 64 };

struct statement {
	sqlite3_stmt *handle;
	struct database *database;
	size_t sql_length;
	enum store_status fault; /* of a bind; noted in the database's message */
	int parameters;
	int unbound; /* how many of them have no value since the last reset */
	bool bound[]; /* by number, from 1 */
};

enum store_status statement_prepare(struct database *database, struct bytes sql,
	struct statement **ret_statement)
{
	const char *rest = NULL;
	sqlite3_stmt *handle = NULL;
	if (sql.length > INT_MAX)
		return database_fail(database, STORE_ERROR, "SQL is too long");
	int code = sqlite3_prepare_v2(database->handle, sql.data, (int)sql.length, &handle, &rest);
	if (code != SQLITE_OK)
		return database_result(database, code);
	if (!handle || rest != sql.data + sql.length) {
		sqlite3_finalize(handle);
		return database_fail(database, STORE_ERROR, "not one statement: %.*s",
			(int)sql.length, sql.data);
	}

	int parameters = sqlite3_bind_parameter_count(handle);
	struct statement *statement =
		calloc(1, sizeof(*statement) + sizeof(bool) * ((size_t)parameters + 1));
	if (!statement) {
		sqlite3_finalize(handle);
		return STORE_NO_MEMORY;
	}
	statement->handle = handle;
	statement->database = database;
	statement->sql_length = sql.length;
	statement->parameters = parameters;
	statement->unbound = parameters;
	*ret_statement = statement;
	return STORE_OK;
}

void statement_free(struct statement *statement)
{
	if (!statement)
		return;
	sqlite3_finalize(statement->handle);
	free(statement);
}

static bool has_text(const struct statement *statement, struct bytes sql)
{
	return statement->sql_length == sql.length
		&& memcmp(sqlite3_sql(statement->handle), sql.data, sql.length) == 0;
}

enum store_status statement_borrow(struct database *database, struct bytes sql,
	struct statement **ret_statement)
{
	for (size_t i = 0; i < database->idle_count; i++) {
		struct statement *statement = database->idle[i];
		if (!has_text(statement, sql))
			continue;
		database->idle_count--;
		memmove(&database->idle[i], &database->idle[i + 1],
			(database->idle_count - i) * sizeof(database->idle[0]));
		*ret_statement = statement;
		return STORE_OK;
	}
	return statement_prepare(database, sql, ret_statement);
}

void statement_release(struct statement *statement)
{
	if (!statement)
		return;
	statement_reset(statement);
	struct database *database = statement->database;
	if (database->idle_count == IDLE_STATEMENTS_MAX)
		statement_free(database->idle[--database->idle_count]);
	memmove(&database->idle[1], &database->idle[0],
		database->idle_count * sizeof(database->idle[0]));
	database->idle[0] = statement;
	database->idle_count++;
}

/* The number of a parameter; 0, which nothing can be bound to, where there is none of that name. */
static int find_parameter(struct statement *statement, const char *name)
{
	char key[NAME_SIZE] = ":";
	size_t length = strlen(name);
	int number = 0;
	if (length + 2 <= sizeof(key)) {
		memcpy(key + 1, name, length + 1);
		number = sqlite3_bind_parameter_index(statement->handle, key);
	}
	if (number == 0 && statement->fault == STORE_OK)
		statement->fault = database_fail(statement->database, STORE_ERROR,
			"no parameter :%s in %s", name, sqlite3_sql(statement->handle));
	return number;
}

static void note_bound(struct statement *statement, int number, int code)
{
	if (code != SQLITE_OK) {
		if (statement->fault == STORE_OK)
			statement->fault = database_result(statement->database, code);
	} else if (!statement->bound[number]) {
		statement->bound[number] = true;
		statement->unbound--;
	}
}

void statement_bind_text(struct statement *statement, const char *name, struct bytes text)
{
	statement_bind_text_at(statement, find_parameter(statement, name), text);
}

void statement_bind_text_or_null(struct statement *statement, const char *name, const char *text)
{
	statement_bind_text(statement, name, bytes_of(text));
}

void statement_bind_blob(struct statement *statement, const char *name, struct bytes blob)
{
	int number = find_parameter(statement, name);
	note_bound(statement, number,
		sqlite3_bind_blob64(statement->handle, number, blob.data, blob.length,
			SQLITE_STATIC));
}

void statement_bind_integer(struct statement *statement, const char *name, int64_t value)
{
	statement_bind_integer_at(statement, find_parameter(statement, name), value);
}

void statement_bind_real(struct statement *statement, const char *name, double value)
{
	int number = find_parameter(statement, name);
	note_bound(statement, number, sqlite3_bind_double(statement->handle, number, value));
}

void statement_bind_null(struct statement *statement, const char *name)
{
	statement_bind_null_at(statement, find_parameter(statement, name));
}

void statement_bind_text_at(struct statement *statement, int number, struct bytes text)
{
	note_bound(statement, number,
		sqlite3_bind_text64(statement->handle, number, text.data, text.length,
			SQLITE_STATIC, SQLITE_UTF8));
}

void statement_bind_integer_at(struct statement *statement, int number, int64_t value)
{
	note_bound(statement, number, sqlite3_bind_int64(statement->handle, number, value));
}

void statement_bind_null_at(struct statement *statement, int number)
{
	note_bound(statement, number, sqlite3_bind_null(statement->handle, number));
}

static enum store_status check_bindings(struct statement *statement)
{
	if (statement->fault != STORE_OK || statement->unbound == 0)
		return statement->fault;
	int number = 1;
	while (statement->bound[number])
		number++;
	const char *name = sqlite3_bind_parameter_name(statement->handle, number);
	return database_fail(statement->database, STORE_ERROR,
		"parameter %d (%s) was not bound in %s", number, name ? name : "?",
		sqlite3_sql(statement->handle));
}

enum store_status statement_step(struct statement *statement, bool *ret_row)
{
	enum store_status status = check_bindings(statement);
	if (status != STORE_OK)
		return status;
	memory_forget();
	int code = sqlite3_step(statement->handle);
	status = database_result(statement->database, code);
	if (status == STORE_OK && memory_was_short())
		status = database_fail(statement->database, STORE_NO_MEMORY, "out of memory");
	if (status == STORE_OK)
		*ret_row = code == SQLITE_ROW;
	return status;
}

enum store_status statement_run(struct statement *statement)
{
	bool row = false;
	enum store_status status = statement_step(statement, &row);
	if (status == STORE_OK && row)
		status = database_fail(statement->database, STORE_ERROR, "rows from %s",
			sqlite3_sql(statement->handle));
	/* Tells again how the last step went. */
	(void)sqlite3_reset(statement->handle);
	statement->fault = STORE_OK;
	return status;
}

void statement_reset(struct statement *statement)
{
	(void)sqlite3_reset(statement->handle);
	memset(statement->bound, 0, sizeof(bool) * ((size_t)statement->parameters + 1));
	statement->unbound = statement->parameters;
	statement->fault = STORE_OK;
}

int statement_column_count(const struct statement *statement)
{
	return sqlite3_column_count(statement->handle);
}

bool statement_is_null(const struct statement *statement, int column)
{
	return sqlite3_column_type(statement->handle, column) == SQLITE_NULL;
}

bool statement_is_integer(const struct statement *statement, int column)
{
	return sqlite3_column_type(statement->handle, column) == SQLITE_INTEGER;
}

int64_t statement_integer(const struct statement *statement, int column)
{
	return sqlite3_column_int64(statement->handle, column);
}

struct bytes statement_text(const struct statement *statement, int column)
{
	return statement_blob(statement, column);
}

struct bytes statement_blob(const struct statement *statement, int column)
{
	/* Gives text, too, and unlike sqlite3_column_text needs no memory to end it with a NUL.
	 * An empty value comes as NULL. */
	const void *data = sqlite3_column_blob(statement->handle, column);
	if (!data && statement_is_null(statement, column))
		return (struct bytes){0};
	return (struct bytes){
		.data = data ? data : "",
		.length = (size_t)sqlite3_column_bytes(statement->handle, column),
	};
}

void statement_freep(struct statement **statement)
{
	statement_free(*statement);
}

void statement_releasep(struct statement **statement)
{
	statement_release(*statement);
}
