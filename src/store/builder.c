#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "database_internal.h"

/* What is built is used whole or thrown away: no journal, and one flush when all is written. The
 * cache is bounded in KiB. */
static const char settings[] = "PRAGMA journal_mode = OFF;"
			       "PRAGMA synchronous = OFF;"
			       "PRAGMA locking_mode = EXCLUSIVE;"
			       "PRAGMA secure_delete = OFF;"
			       "PRAGMA foreign_keys = ON;"
			       "PRAGMA cache_size = -16384;"
			       "PRAGMA application_id = " APPLICATION_ID ";";

/* SQLite's own open flags have none that refuses a file that exists. */
static enum store_status make_file(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (file < 0)
		return errno == ENOSPC || errno == EDQUOT ? STORE_FULL : STORE_IO;
	close(file);
	return STORE_OK;
}

/* Sorts that outgrow the cache go to unlinked files beside the database, where there is room for
 * it: /tmp may be missing or small. Readers sort in memory and never look at this setting, which
 * is one for the whole process. */
static enum store_status sort_beside(struct database *database, const char *path)
{
	const char *slash = strrchr(path, '/');
	int length = slash == path ? 1 : slash ? (int)(slash - path) : 1;
	char *sql =
		sqlite3_mprintf("PRAGMA temp_store_directory = '%.*q'", length, slash ? path : ".");
	if (!sql)
		return STORE_NO_MEMORY;
	enum store_status status = database_execute(database, sql);
	sqlite3_free(sql);
	return status;
}

static enum store_status build_at(const char *path, struct database **ret_database)
{
	_cleanup_strbuf_ struct strbuf uri = {0};
	if (path)
		database_append_uri(&uri, path);
	else
		strbuf_append_text(&uri, ":memory:");
	if (uri.failed)
		return STORE_NO_MEMORY;

	_cleanup_database_ struct database *database = NULL;
	enum store_status status = database_connect(uri.data, SQLITE_OPEN_READWRITE, &database);
	if (status == STORE_OK)
		status = database_execute(database, settings);
	if (status == STORE_OK)
		status = path ? sort_beside(database, path)
			      : database_execute(database, "PRAGMA temp_store = MEMORY");
	if (status == STORE_OK)
		status = database_defend(database);
	if (status != STORE_OK)
		return status;
	*ret_database = database;
	database = NULL;
	return STORE_OK;
}

enum store_status database_create(const char *path, struct database **ret_database)
{
	enum store_status status = path ? make_file(path) : STORE_OK;
	if (status != STORE_OK)
		return status;
	status = build_at(path, ret_database);
	if (status != STORE_OK && path) {
		int kept = errno;
		unlink(path);
		errno = kept;
	}
	return status;
}

enum store_status database_limit_size(struct database *database, size_t bytes)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	int64_t page_size = 0;
	enum store_status status =
		database_ask(database, BYTES_LITERAL("PRAGMA page_size"), &page_size);
	if (status != STORE_OK)
		return status;
	size_t pages = bytes / (size_t)page_size;
	strbuf_append_format(&sql, "PRAGMA max_page_count = %zu", pages > 0 ? pages : 1);
	return sql.failed ? STORE_NO_MEMORY : database_execute(database, sql.data);
}

enum store_status database_sync(struct database *database)
{
	sqlite3_file *file = NULL;
	if (!sqlite3_get_autocommit(database->handle))
		return database_fail(database, STORE_ERROR, "a transaction is open");
	int code = sqlite3_file_control(database->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	/* A database in memory is a file without methods. */
	if (code == SQLITE_OK && file->pMethods)
		code = file->pMethods->xSync(file, SQLITE_SYNC_NORMAL);
	return database_result(database, code);
}
