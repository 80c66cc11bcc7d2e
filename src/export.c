#include <stdio.h>
#include <stdlib.h>

#include "reading.h"
#include "shipped.h"

static enum exit_status open_database(const char *path, struct database **ret_database)
{
	struct database *database = NULL;
	bool sealed; /* an exported one is not */
	enum store_status status = database_open(path, &database);
	if (status == STORE_OK)
		status = database_check_seal(database, &sealed);
	if (status == STORE_OK) {
		*ret_database = database;
		return EXIT_DONE;
	}
	database_free(database);
	complain("%s: %s", path, store_status_text(status));
	return EXIT_SYSTEM;
}

static enum exit_status open_timeline(const char *path, struct database **ret_database)
{
	char *timeline = NULL;
	struct timeline_card card = {0};
	enum exit_status status = timeline_path(path, &timeline);
	if (status == EXIT_DONE)
		status = reading_load(timeline, NULL, ret_database, &card);
	timeline_card_free(&card);
	free(timeline);
	return status;
}

/* An argument goes before the other option's variable, which is there for `serve`. */
static bool from_database(const struct config *config, bool *ret_from_database)
{
	bool database = config->database;
	if (database && config->timeline) {
		database = config_is_argument(config, "db");
		if (database == config_is_argument(config, "timeline")) {
			complain("export takes --timeline or --db, not both%s",
				database ? "" : " (from UDCG_TIMELINE and UDCG_DB)");
			return false;
		}
	}
	*ret_from_database = database;
	return true;
}

enum exit_status export_run(const struct config *config, const char *const *operands)
{
	(void)operands;
	bool stored;
	if (!from_database(config, &stored))
		return EXIT_USAGE;
	struct database *database = NULL;
	enum exit_status status = stored ? open_database(config->database, &database)
					 : open_timeline(config->timeline, &database);
	if (status != EXIT_DONE)
		return status;
	enum timeline_form form =
		config->export_format == EXPORT_NDJSON ? TIMELINE_RECORDS : TIMELINE_DOCUMENT;
	struct faults none = {0};
	status = reading_report(timeline_export(database, form, reading_print, NULL), "export",
		&none);
	database_free(database);
	return status;
}
