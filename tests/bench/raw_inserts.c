/* How long SQLite itself takes for what a load ends in: every row of a loaded database put into a
 * new one by prepared inserts, then the same indexes, then the full text index. Reading the rows is
 * not timed.
 *
 *     raw_inserts LOADED.db NEW.db
 *
 * prints a line "rows 1.23", "indexes 1.23", "search 1.23" each, in seconds. */
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCH = 1000, COLUMNS_MAX = 100, SQL_MAX = 4096 };

/* As a load has them: see src/store/builder.c. */
static const char settings[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
			       "PRAGMA locking_mode = EXCLUSIVE; PRAGMA secure_delete = OFF;"
			       "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON;"
			       "PRAGMA cache_size = -65536;";

struct copy {
	sqlite3 *from, *to;
	double seconds; /* spent in the new database */
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void check(sqlite3 *database, int code)
{
	if (code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE)
		return;
	fprintf(stderr, "raw_inserts: %s\n", sqlite3_errmsg(database));
	exit(EXIT_FAILURE);
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql)
{
	sqlite3_stmt *statement;
	check(database, sqlite3_prepare_v2(database, sql, -1, &statement, NULL));
	return statement;
}

static bool step(sqlite3 *database, sqlite3_stmt *statement)
{
	int code = sqlite3_step(statement);
	check(database, code);
	return code == SQLITE_ROW;
}

static void execute(struct copy *copy, const char *sql)
{
	double start = now();
	check(copy->to, sqlite3_exec(copy->to, sql, NULL, NULL, NULL));
	copy->seconds += now() - start;
}

/* Runs the definitions that the query gives. */
static void execute_all(struct copy *copy, const char *query)
{
	sqlite3_stmt *definitions = prepare(copy->from, query);
	while (step(copy->from, definitions))
		execute(copy, (const char *)sqlite3_column_text(definitions, 0));
	sqlite3_finalize(definitions);
}

static void insert_batch(struct copy *copy, sqlite3_stmt *insert, sqlite3_value *const *values,
	int rows, int columns)
{
	double start = now();
	for (int row = 0; row < rows; row++) {
		for (int column = 0; column < columns; column++)
			check(copy->to,
				sqlite3_bind_value(insert, column + 1,
					values[row * columns + column]));
		step(copy->to, insert);
		check(copy->to, sqlite3_reset(insert));
	}
	copy->seconds += now() - start;
}

static void copy_rows(struct copy *copy, sqlite3_stmt *select, sqlite3_stmt *insert)
{
	static sqlite3_value *values[BATCH * COLUMNS_MAX];
	int columns = sqlite3_column_count(select);
	bool more = true;
	while (more) {
		int rows = 0;
		while (rows < BATCH && (more = step(copy->from, select))) {
			for (int column = 0; column < columns; column++)
				values[rows * columns + column] =
					sqlite3_value_dup(sqlite3_column_value(select, column));
			rows++;
		}
		insert_batch(copy, insert, values, rows, columns);
		for (int i = 0; i < rows * columns; i++)
			sqlite3_value_free(values[i]);
	}
}

static void copy_table(struct copy *copy, const char *table)
{
	char select_sql[SQL_MAX], insert_sql[SQL_MAX], names[SQL_MAX / 2];
	sqlite3_stmt *columns = prepare(copy->from,
		"SELECT group_concat('\"' || name || '\"'), group_concat('?')"
		" FROM pragma_table_xinfo(?1) WHERE hidden = 0");
	check(copy->from, sqlite3_bind_text(columns, 1, table, -1, SQLITE_TRANSIENT));
	step(copy->from, columns);
	snprintf(names, sizeof(names), "%s", (const char *)sqlite3_column_text(columns, 0));
	snprintf(select_sql, sizeof(select_sql), "SELECT %s FROM \"%s\"", names, table);
	snprintf(insert_sql, sizeof(insert_sql), "INSERT INTO \"%s\" (%s) VALUES (%s)", table,
		names, (const char *)sqlite3_column_text(columns, 1));
	sqlite3_finalize(columns);

	sqlite3_stmt *select = prepare(copy->from, select_sql);
	sqlite3_stmt *insert = prepare(copy->to, insert_sql);
	copy_rows(copy, select, insert);
	sqlite3_finalize(select);
	sqlite3_finalize(insert);
}

static void report(struct copy *copy, const char *phase)
{
	printf("%s %.3f\n", phase, copy->seconds);
	copy->seconds = 0;
}

static void copy_all(struct copy *copy)
{
	sqlite3_stmt *tables = prepare(copy->from,
		"SELECT s.name, s.sql FROM sqlite_schema AS s JOIN pragma_table_list AS l"
		" ON l.name = s.name AND l.schema = 'main' AND l.type = 'table'"
		" WHERE s.type = 'table' AND s.name NOT LIKE 'sqlite~_%' ESCAPE '~'");
	execute(copy, settings);
	execute(copy, "BEGIN");
	while (step(copy->from, tables)) {
		execute(copy, (const char *)sqlite3_column_text(tables, 1));
		copy_table(copy, (const char *)sqlite3_column_text(tables, 0));
	}
	sqlite3_finalize(tables);
	execute(copy, "COMMIT");
	report(copy, "rows");

	execute_all(copy, "SELECT sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
	report(copy, "indexes");

	execute_all(copy,
		"SELECT s.sql || '; INSERT INTO \"' || s.name || '\" (\"' || s.name"
		" || '\") VALUES (''rebuild'')' FROM sqlite_schema AS s"
		" JOIN pragma_table_list AS l ON l.name = s.name AND l.schema = 'main'"
		" AND l.type = 'virtual'");
	report(copy, "search");
}

int main(int count, char **arguments)
{
	struct copy copy = {0};
	if (count != 3) {
		fprintf(stderr, "usage: raw_inserts LOADED.db NEW.db\n");
		return EXIT_FAILURE;
	}
	remove(arguments[2]);
	check(copy.from, sqlite3_open_v2(arguments[1], &copy.from, SQLITE_OPEN_READONLY, NULL));
	check(copy.to, sqlite3_open(arguments[2], &copy.to));
	copy_all(&copy);
	check(copy.from, sqlite3_close(copy.from));
	check(copy.to, sqlite3_close(copy.to));
	return EXIT_SUCCESS;
}
