#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "database_internal.h"

const char *store_status_text(enum store_status status)
{
	static const char *const texts[] = {
		[STORE_OK] = "done",
		[STORE_NO_MEMORY] = "out of memory",
		[STORE_FULL] = "no space left",
		[STORE_IO] = "cannot be opened, read or written",
		[STORE_CORRUPT] = "not a database of ours, or damaged",
		[STORE_INTERRUPTED] = "took too long",
		[STORE_CONSTRAINT] = "a constraint does not hold",
		[STORE_ERROR] = "internal error",
	};
	return texts[status];
}

static enum store_status status_of(int code)
{
	if (code == SQLITE_IOERR_NOMEM)
		return STORE_NO_MEMORY;
	if (code == SQLITE_IOERR_CORRUPTFS)
		return STORE_CORRUPT;
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return STORE_OK;
	case SQLITE_NOMEM:
		return STORE_NO_MEMORY;
	case SQLITE_FULL:
		return STORE_FULL;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_READONLY:
	case SQLITE_BUSY:
		return STORE_IO;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return STORE_CORRUPT;
	case SQLITE_INTERRUPT:
		return STORE_INTERRUPTED;
	case SQLITE_CONSTRAINT:
		return STORE_CONSTRAINT;
	default:
		return STORE_ERROR;
	}
}

/* Some failures, those at a commit, are noted by the file alone. */
static int system_error(sqlite3 *handle)
{
	int number = sqlite3_system_errno(handle);
	if (number == 0)
		sqlite3_file_control(handle, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
	return number;
}

enum store_status database_result(struct database *database, int code)
{
	enum store_status status = status_of(code);
	if (status == STORE_OK)
		return STORE_OK;
	int number = status == STORE_IO ? system_error(database->handle) : 0;
	const char *system = number ? strerrordesc_np(number) : NULL;
	return database_fail(database, status, "%s%s%s", sqlite3_errmsg(database->handle),
		system ? ": " : "", system ? system : "");
}

enum store_status database_fail(struct database *database, enum store_status status,
	const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(database->message, sizeof(database->message), format, arguments);
	va_end(arguments);
	return status;
}
