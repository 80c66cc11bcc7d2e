#include <udcg/store/migrations.h>

#include <udcg/base/embed.h>

#include "database_internal.h"
#include "migrations_embedded.h"

int migrations_latest(void)
{
	return (int)migrations_embedded_count;
}

enum store_status migrations_version(struct database *database, int *ret_version)
{
	int64_t version = 0;
	enum store_status status =
		database_ask(database, BYTES_LITERAL("PRAGMA user_version"), &version);
	if (status == STORE_OK)
		*ret_version = (int)version;
	return status;
}

static enum store_status apply_step(struct database *database, int step)
{
	_cleanup_strbuf_ struct strbuf sql = {0};
	strbuf_append_format(&sql, "BEGIN;\n%s\n;PRAGMA user_version = %d;COMMIT",
		(const char *)migrations_embedded[step - 1].data, step);
	if (sql.failed)
		return STORE_NO_MEMORY;
	enum store_status status = database_execute(database, sql.data);
	if (status != STORE_OK)
		(void)sqlite3_exec(database->handle, "ROLLBACK", NULL, NULL, NULL);
	return status;
}

enum store_status migrations_apply(struct database *database, int target)
{
	int version = 0;
	if (target > migrations_latest())
		return database_fail(database, STORE_ERROR, "no migration %d", target);
	enum store_status status = migrations_version(database, &version);
	while (status == STORE_OK && version < target) {
		version++;
		status = apply_step(database, version);
	}
	return status;
}
