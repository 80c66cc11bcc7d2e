#include <udcg/store/database.h>

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "database_internal.h"
#include "memory.h"

enum { STEPS_BETWEEN_BUDGET_CHECKS = 1000 };

enum store_status store_initialise(void)
{
	/* Counting memory takes a lock at each allocation. */
	if (sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) != SQLITE_OK)
		return STORE_ERROR;
	if (memory_watch() != STORE_OK)
		return STORE_ERROR;
	return sqlite3_initialize() == SQLITE_OK ? STORE_OK : STORE_NO_MEMORY;
}

void database_append_uri(struct strbuf *uri, const char *path)
{
	/* A relative path is told from names like ":memory:". */
	strbuf_append_text(uri, path[0] == '/' ? "file:" : "file:./");
	for (const char *at = path; *at; at++)
		strbuf_append_format(uri, "%%%02x", (unsigned char)*at);
}

enum store_status database_connect(const char *uri, int flags, struct database **ret_database)
{
	static const struct {
		int option;
		int value;
	} options[] = {
		{.option = SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, .value = 0},
		{.option = SQLITE_DBCONFIG_TRUSTED_SCHEMA, .value = 0},
		/* Else a column's name with a mistake in it is a string. */
		{.option = SQLITE_DBCONFIG_DQS_DDL, .value = 0},
		{.option = SQLITE_DBCONFIG_DQS_DML, .value = 0},
	};
	_cleanup_database_ struct database *database = calloc(1, sizeof(*database));
	if (!database)
		return STORE_NO_MEMORY;

	flags |= SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
	int code = sqlite3_open_v2(uri, &database->handle, flags, NULL);
	if (!database->handle)
		return STORE_NO_MEMORY;
	for (size_t i = 0; code == SQLITE_OK && i < sizeof(options) / sizeof(options[0]); i++)
		code = sqlite3_db_config(database->handle, options[i].option, options[i].value,
			NULL);
	if (code == SQLITE_OK)
		code = hit_score_register(database->handle);
	if (code != SQLITE_OK) {
		errno = sqlite3_system_errno(database->handle);
		return database_result(database, code);
	}
	*ret_database = database;
	database = NULL;
	return STORE_OK;
}

enum store_status database_defend(struct database *database)
{
	return database_result(database,
		sqlite3_db_config(database->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL));
}

void database_free(struct database *database)
{
	if (!database)
		return;
	int kept = errno;
	for (size_t i = 0; i < database->idle_count; i++)
		statement_free(database->idle[i]);
	int code = sqlite3_close(database->handle);
	assert(code == SQLITE_OK); /* else a statement was not given back */
	free(database);
	errno = kept;
}

void database_release_memory(struct database *database)
{
	sqlite3_db_release_memory(database->handle);
}

void database_freep(struct database **database)
{
	database_free(*database);
}

const char *database_message(const struct database *database)
{
	return database->message;
}

enum store_status database_execute(struct database *database, const char *sql)
{
	return database_result(database, sqlite3_exec(database->handle, sql, NULL, NULL, NULL));
}

enum store_status database_ask(struct database *database, struct bytes sql, int64_t *ret_number)
{
	_cleanup_statement_ struct statement *statement = NULL;
	bool row = false;
	enum store_status status = statement_prepare(database, sql, &statement);
	if (status == STORE_OK)
		status = statement_step(statement, &row);
	if (status == STORE_OK)
		*ret_number = statement_integer(statement, 0);
	return status;
}

static int64_t read_clock(clockid_t clock)
{
	struct timespec time = {0};
	clock_gettime(clock, &time);
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* The thread's clock takes a system call. So it is read here alone: what ends before the first check
 * never pays for it, and is not worth counting. */
static bool is_work_done(struct database *database)
{
	if (!database->budget.work)
		return false;
	int64_t spent = read_clock(CLOCK_THREAD_CPUTIME_ID);
	if (!database->work_end)
		database->work_end = spent + database->budget.work;
	return spent >= database->work_end;
}

static bool is_time_up(const struct database *database)
{
	return database->budget.time && read_clock(CLOCK_MONOTONIC) >= database->time_end;
}

static int is_budget_spent(void *context)
{
	struct database *database = context;
	return is_time_up(database) || is_work_done(database);
}

void database_set_budget(struct database *database, struct budget budget)
{
	database->budget = budget;
	database->time_end = budget.time ? read_clock(CLOCK_MONOTONIC) + budget.time : 0;
	database->work_end = 0;
	if (budget.time || budget.work)
		sqlite3_progress_handler(database->handle, STEPS_BETWEEN_BUDGET_CHECKS,
			is_budget_spent, database);
	else
		sqlite3_progress_handler(database->handle, 0, NULL, NULL);
}
