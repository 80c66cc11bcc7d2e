#include <udcg/store/verification.h>

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "database_internal.h"

enum { STEPS_BETWEEN_LOOKS = 1000 };

struct verification {
	struct database *database;
	struct database *beside; /* the thread's; NULL where there is none */
	struct strbuf settled; /* names of tables, each ended by a NUL */
	pthread_t thread;
	bool started;
	atomic_bool unwanted;
	enum store_status status; /* the thread's */
};

static const char sql_tables[] =
	"SELECT tbl_name FROM sqlite_schema WHERE rootpage > 0 GROUP BY tbl_name";
static const char sql_faults[] =
	"SELECT 'integrity_check: ' || integrity_check FROM pragma_integrity_check(:table)"
	" WHERE integrity_check <> 'ok' UNION ALL"
	" SELECT 'foreign_key_check: ' || \"table\" FROM pragma_foreign_key_check(:table)";

/* One whose data is NULL stands for all tables. */
static enum store_status verify_table(struct database *database, struct bytes table)
{
	_cleanup_borrowed_ struct statement *faults = NULL;
	bool row = false;
	enum store_status status = statement_borrow(database, BYTES_LITERAL(sql_faults), &faults);
	if (status != STORE_OK)
		return status;
	statement_bind_text(faults, "table", table);
	status = statement_step(faults, &row);
	if (status != STORE_OK || !row)
		return status;
	struct bytes fault = statement_text(faults, 0);
	return database_fail(database, STORE_CORRUPT, "%.*s", (int)fault.length, fault.data);
}

/* The one that follows `name` (NULL: the first); NULL behind the last. */
static const char *next_name(const struct strbuf *names, const char *name)
{
	const char *next = name ? name + strlen(name) + 1 : names->data;
	return next && next < names->data + names->length ? next : NULL;
}

static bool is_settled(const struct verification *verification, struct bytes table)
{
	const char *name = NULL;
	while ((name = next_name(&verification->settled, name)))
		if (bytes_equal(bytes_of(name), table))
			return true;
	return false;
}

static enum store_status verify_others(const struct verification *verification)
{
	_cleanup_statement_ struct statement *tables = NULL;
	struct database *database = verification->database;
	bool row = true;
	enum store_status status = statement_prepare(database, BYTES_LITERAL(sql_tables), &tables);
	while (status == STORE_OK) {
		status = statement_step(tables, &row);
		if (status != STORE_OK || !row)
			break;
		struct bytes table = statement_text(tables, 0);
		if (!is_settled(verification, table))
			status = verify_table(database, table);
	}
	return status == STORE_OK ? verify_table(database, BYTES_LITERAL("sqlite_schema")) : status;
}

enum store_status database_verify(struct database *database)
{
	return verify_table(database, (struct bytes){0});
}

static void *verify_settled(void *context)
{
	struct verification *verification = context;
	const char *name = NULL;
	while (verification->status == STORE_OK && (name = next_name(&verification->settled, name)))
		verification->status = verify_table(verification->beside, bytes_of(name));
	return NULL;
}

static enum store_status has_rows(struct database *database, struct bytes table, int64_t *ret_any)
{
	char *sql = sqlite3_mprintf("SELECT EXISTS (SELECT 1 FROM \"%.*w\")", (int)table.length,
		table.data);
	if (!sql)
		return STORE_NO_MEMORY;
	enum store_status status = database_ask(database, bytes_of(sql), ret_any);
	sqlite3_free(sql);
	return status;
}

static enum store_status settle_tables(struct verification *verification)
{
	_cleanup_statement_ struct statement *tables = NULL;
	enum store_status status =
		statement_prepare(verification->database, BYTES_LITERAL(sql_tables), &tables);
	while (status == STORE_OK) {
		int64_t any = 0;
		bool row = false;
		status = statement_step(tables, &row);
		if (status != STORE_OK || !row)
			break;
		struct bytes table = statement_text(tables, 0);
		status = has_rows(verification->database, table, &any);
		if (!any)
			continue;
		strbuf_append_bytes(&verification->settled, table);
		strbuf_append_char(&verification->settled, '\0');
	}
	return status == STORE_OK && verification->settled.failed ? STORE_NO_MEMORY : status;
}

/* SQLite asks when it prepares a statement. Where a table's name stands depends on what is to be done. */
static int keep_settled(void *context, int action, const char *first, const char *second,
	const char *schema, const char *trigger)
{
	(void)schema;
	(void)trigger;
	const char *table = NULL;
	if (action == SQLITE_INSERT || action == SQLITE_UPDATE || action == SQLITE_DELETE
		|| action == SQLITE_DROP_TABLE)
		table = first;
	else if (action == SQLITE_ALTER_TABLE || action == SQLITE_CREATE_INDEX
		|| action == SQLITE_DROP_INDEX)
		table = second;
	return table && is_settled(context, bytes_of(table)) ? SQLITE_DENY : SQLITE_OK;
}

static int is_unwanted(void *context)
{
	const struct verification *verification = context;
	return atomic_load(&verification->unwanted);
}

/* Another handle on the file. It could write: SQLite forgets the CHECKs of what it opens read-only. All
 * is read in one transaction, so that nothing of what is added meanwhile is looked at. */
static enum store_status open_beside(struct verification *verification, const char *path)
{
	_cleanup_strbuf_ struct strbuf uri = {0};
	struct database **beside = &verification->beside;
	database_append_uri(&uri, path);
	strbuf_append_text(&uri, "?nolock=1");
	enum store_status status = uri.failed
		? STORE_NO_MEMORY
		: database_connect(uri.data, SQLITE_OPEN_READWRITE, beside);
	if (status == STORE_OK)
		status = database_execute(*beside,
			"PRAGMA query_only = ON; PRAGMA cache_size = -16384;"
			"BEGIN; SELECT count(*) FROM sqlite_schema");
	if (status == STORE_OK)
		sqlite3_progress_handler((*beside)->handle, STEPS_BETWEEN_LOOKS, is_unwanted,
			verification);
	return status;
}

/* The message of a failure belongs into the handle that the caller has. */
static enum store_status tell(struct verification *verification, enum store_status status)
{
	if (status == STORE_OK || !verification->beside)
		return status;
	return database_fail(verification->database, status, "%s",
		database_message(verification->beside));
}

static enum store_status start(struct verification *verification, const char *path)
{
	enum store_status status = settle_tables(verification);
	if (status != STORE_OK)
		return status;
	status = tell(verification, open_beside(verification, path));
	if (status != STORE_OK)
		return status;
	status = database_result(verification->database,
		sqlite3_set_authorizer(verification->database->handle, keep_settled, verification));
	if (status == STORE_OK)
		verification->started =
			pthread_create(&verification->thread, NULL, verify_settled, verification)
			== 0;
	return status;
}

enum store_status verification_start(struct database *database,
	struct verification **ret_verification)
{
	const char *path = sqlite3_db_filename(database->handle, "main");
	if (!sqlite3_get_autocommit(database->handle))
		return database_fail(database, STORE_ERROR, "a transaction is open");
	struct verification *verification = calloc(1, sizeof(*verification));
	if (!verification)
		return STORE_NO_MEMORY;
	verification->database = database;
	enum store_status status = path && *path ? start(verification, path) : STORE_OK;
	if (status == STORE_OK)
		*ret_verification = verification;
	else
		verification_free(verification);
	return status;
}

static void join(struct verification *verification)
{
	if (verification->started)
		pthread_join(verification->thread, NULL);
	verification->started = false;
}

enum store_status verification_finish(struct verification *verification)
{
	bool shared = verification->started;
	join(verification);
	enum store_status status = tell(verification, verification->status);
	if (status != STORE_OK)
		return status;
	return shared ? verify_others(verification) : database_verify(verification->database);
}

void verification_free(struct verification *verification)
{
	if (!verification)
		return;
	atomic_store(&verification->unwanted, true);
	join(verification);
	(void)sqlite3_set_authorizer(verification->database->handle, NULL, NULL);
	database_free(verification->beside);
	strbuf_free(&verification->settled);
	free(verification);
}
