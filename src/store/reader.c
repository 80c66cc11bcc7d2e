#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "database_internal.h"

struct database_image {
	unsigned char *data; /* SQLite's */
	size_t size;
};

/* Room for what our own declarations compose, and no more. Lengths in bytes. */
static const struct {
	int limit;
	int value;
} limits[] = {
	{.limit = SQLITE_LIMIT_ATTACHED, .value = 0},
	{.limit = SQLITE_LIMIT_COLUMN, .value = 500},
	{.limit = SQLITE_LIMIT_COMPOUND_SELECT, .value = 50},
	{.limit = SQLITE_LIMIT_EXPR_DEPTH, .value = 200},
	{.limit = SQLITE_LIMIT_LENGTH, .value = 64 << 20},
	{.limit = SQLITE_LIMIT_LIKE_PATTERN_LENGTH, .value = 16 << 10},
	{.limit = SQLITE_LIMIT_SQL_LENGTH, .value = 128 << 10},
	{.limit = SQLITE_LIMIT_TRIGGER_DEPTH, .value = 1},
	{.limit = SQLITE_LIMIT_VARIABLE_NUMBER, .value = 2000},
	{.limit = SQLITE_LIMIT_WORKER_THREADS, .value = 0},
};

static enum store_status harden(struct database *database)
{
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
		sqlite3_limit(database->handle, limits[i].limit, limits[i].value);
	enum store_status status = database_result(database,
		sqlite3_db_config(database->handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL));
	if (status == STORE_OK)
		status = database_execute(database,
			"PRAGMA query_only = ON; PRAGMA temp_store = MEMORY");
	return status == STORE_OK ? database_defend(database) : status;
}

/* The first look at the pages: until here SQLite has only opened the file. */
static enum store_status recognise(struct database *database)
{
	int64_t ours = 0;
	enum store_status status = database_ask(database,
		BYTES_LITERAL("SELECT application_id = " APPLICATION_ID
			      " AND (SELECT count(*) FROM sqlite_schema) > 0"
			      " FROM pragma_application_id"),
		&ours);
	if (status == STORE_OK && !ours)
		return database_fail(database, STORE_CORRUPT, "another program's database");
	return status;
}

/* SQLite itself takes what is missing of the last page for zeros. */
static enum store_status check_size(struct database *database)
{
	int64_t size = 0, actual = 0;
	enum store_status status = database_ask(database,
		BYTES_LITERAL("SELECT page_count * page_size"
			      " FROM pragma_page_count, pragma_page_size"),
		&size);
	if (status == STORE_OK)
		status = database_size(database, &actual);
	if (status != STORE_OK)
		return status;
	if (actual != size)
		return database_fail(database, STORE_CORRUPT, "%lld bytes, not %lld",
			(long long)actual, (long long)size);
	return STORE_OK;
}

enum store_status database_open(const char *path, struct database **ret_database)
{
	_cleanup_strbuf_ struct strbuf uri = {0};
	database_append_uri(&uri, path);
	/* No locks and no looks for a journal: a database in use is replaced, never changed. */
	strbuf_append_text(&uri, "?immutable=1");
	if (uri.failed)
		return STORE_NO_MEMORY;

	_cleanup_database_ struct database *database = NULL;
	enum store_status status = database_connect(uri.data, SQLITE_OPEN_READONLY, &database);
	if (status == STORE_OK)
		status = harden(database);
	if (status == STORE_OK)
		status = database_execute(database,
			"PRAGMA mmap_size = 0; PRAGMA cell_size_check = ON;"
			"PRAGMA cache_size = -8192");
	if (status == STORE_OK)
		status = recognise(database);
	if (status == STORE_OK)
		status = check_size(database);
	if (status != STORE_OK)
		return status;
	*ret_database = database;
	database = NULL;
	return STORE_OK;
}

enum store_status database_image_take(struct database *database, struct database_image **ret_image)
{
	struct database_image *image = calloc(1, sizeof(*image));
	if (!image)
		return STORE_NO_MEMORY;
	sqlite3_int64 size = 0;
	image->data = sqlite3_serialize(database->handle, "main", &size, 0);
	if (!image->data) {
		free(image);
		return database_fail(database, STORE_NO_MEMORY, "no memory for %lld bytes",
			(long long)size);
	}
	image->size = (size_t)size;
	*ret_image = image;
	return STORE_OK;
}

size_t database_image_size(const struct database_image *image)
{
	return image->size;
}

const void *database_image_data(const struct database_image *image)
{
	return image->data;
}

void database_image_free(struct database_image *image)
{
	if (!image)
		return;
	sqlite3_free(image->data);
	free(image);
}

enum store_status database_open_image(struct database_image *image, struct database **ret_database)
{
	_cleanup_database_ struct database *database = NULL;
	enum store_status status = database_connect(":memory:", SQLITE_OPEN_READWRITE, &database);
	if (status != STORE_OK)
		return status;
	sqlite3_int64 size = (sqlite3_int64)image->size;
	/* It has no other reason to fail, whatever code it gives. */
	if (sqlite3_deserialize(database->handle, "main", image->data, size, size,
		    SQLITE_DESERIALIZE_READONLY)
		!= SQLITE_OK)
		return STORE_NO_MEMORY;
	status = harden(database);
	/* Pages are used where they lie in the image instead of being copied into a cache. */
	if (status == STORE_OK)
		status = database_execute(database, "PRAGMA mmap_size = 2147418112");
	if (status == STORE_OK)
		status = recognise(database);
	if (status != STORE_OK)
		return status;
	*ret_database = database;
	database = NULL;
	return STORE_OK;
}
