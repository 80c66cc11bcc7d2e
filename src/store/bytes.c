#include "database_internal.h"

/* Of a file that is being read, as of an image: SQLite's own view of either. */
static enum store_status find_file(struct database *database, sqlite3_file **ret_file)
{
	return database_result(database,
		sqlite3_file_control(database->handle, "main", SQLITE_FCNTL_FILE_POINTER,
			ret_file));
}

enum store_status database_size(struct database *database, int64_t *ret_size)
{
	sqlite3_file *file = NULL;
	sqlite3_int64 size = 0;
	enum store_status status = find_file(database, &file);
	if (status == STORE_OK)
		status = database_result(database, file->pMethods->xFileSize(file, &size));
	if (status == STORE_OK)
		*ret_size = size;
	return status;
}

enum store_status database_read(struct database *database, int64_t offset, void *buffer, int length)
{
	sqlite3_file *file = NULL;
	enum store_status status = find_file(database, &file);
	if (status != STORE_OK)
		return status;
	return database_result(database, file->pMethods->xRead(file, buffer, length, offset));
}
