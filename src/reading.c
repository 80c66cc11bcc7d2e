#include "reading.h"

#include <stdio.h>
#include <string.h>
#include <udcg/base/build_id.h>
#include <udcg/store/migrations.h>

enum exit_status reading_report(enum timeline_status status, const char *path,
	const struct faults *faults)
{
	switch (status) {
	case TIMELINE_OK:
		return EXIT_DONE;
	case TIMELINE_REFUSED:
		for (size_t i = 0; i < faults->count; i++)
			fprintf(stderr, "%zu: %s: %s\n", faults->items[i].line,
				faults->items[i].pointer, faults->items[i].detail);
		complain("%s: %zu fault%s%s", path, faults->total, faults->total == 1 ? "" : "s",
			faults->total > faults->count ? ", the first of them above" : "");
		return EXIT_REFUSED;
	case TIMELINE_IO:
		complain("%s", faults->system ? faults->system : "the database cannot be read");
		return EXIT_SYSTEM;
	case TIMELINE_CANCELLED: /* by reading_print; main() tells of it */
		return EXIT_SYSTEM;
	case TIMELINE_NO_MEMORY:
	default:
		complain("%s: not enough memory", path);
		return EXIT_SYSTEM;
	}
}

static enum exit_status fail(const char *path, enum store_status status)
{
	complain("%s: %s", path, store_status_text(status));
	return EXIT_SYSTEM;
}

enum exit_status reading_load(const char *path, const char *documents,
	struct database **ret_database, struct timeline_card *ret_card)
{
	struct database *database = NULL;
	enum store_status ready = database_create(NULL, &database);
	if (ready == STORE_OK)
		ready = migrations_apply(database, MIGRATION_TABLES);
	if (ready != STORE_OK) {
		database_free(database);
		return fail(path, ready);
	}
	const struct timeline_options options = {.documents = documents, .build = build_id};
	struct faults faults = {0};
	enum exit_status status =
		reading_report(timeline_load(path, database, &options, ret_card, &faults), path,
			&faults);
	faults_free(&faults);
	if (status == EXIT_DONE)
		*ret_database = database;
	else
		database_free(database);
	return status;
}

bool reading_print(void *context, const void *data, size_t length)
{
	(void)context;
	return fwrite(data, 1, length, stdout) == length;
}
