/* A database that an earlier start left behind, taken as it is. */
#include "origin.h"
#include "service_internal.h"

#include <stdlib.h>
#include <string.h>
#include <udcg/base/build_id.h>
#include <udcg/store/migrations.h>

static char *copy_column(const struct statement *statement, int column)
{
	struct bytes text = statement_text(statement, column);
	return strndup(text.data ? text.data : "", text.length);
}

/* False where another program build, or none, made the database. */
static bool read_card(struct database *database, struct timeline_card *card)
{
	static const char sql[] =
		"SELECT d.version, d.title, d.released, d.licence, d.build,"
		" (SELECT max(row) FROM source), (SELECT max(row) FROM participant),"
		" (SELECT max(row) FROM meeting), (SELECT max(row) FROM aid),"
		" (SELECT max(row) FROM claim) FROM dataset AS d";
	_cleanup_statement_ struct statement *statement = NULL;
	bool row = false;
	if (statement_prepare(database, BYTES_LITERAL(sql), &statement) != STORE_OK
		|| statement_step(statement, &row) != STORE_OK || !row
		|| !bytes_equal(statement_text(statement, 4), bytes_of(build_id))
		|| statement_text(statement, 0).length != sizeof(card->version) - 1)
		return false;
	memcpy(card->version, statement_text(statement, 0).data, sizeof(card->version) - 1);
	card->title = copy_column(statement, 1);
	card->released = copy_column(statement, 2);
	card->licence = copy_column(statement, 3);
	for (int kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++)
		card->counts[kind] = (size_t)statement_integer(statement, 4 + kind);
	return card->title && card->released && card->licence;
}

/* Whole, of this build, and of the file as it now looks. */
static bool still_holds(const struct service *service, struct database *database)
{
	struct origin now, noted;
	bool found = false;
	int version = 0;
	return migrations_version(database, &version) == STORE_OK && version == migrations_latest()
		&& origin_look(service->timeline, &now)
		&& origin_recall(database, &noted, &found) == STORE_OK && found
		&& origin_looks_like(&now, &noted);
}

struct dataset *dataset_adopt(const struct service *service)
{
	struct database *database = NULL;
	struct dataset *dataset = NULL;
	if (!service->database_path || database_open(service->database_path, &database) != STORE_OK)
		return NULL;
	if (still_holds(service, database))
		dataset = dataset_create();
	if (dataset) {
		dataset->path = strdup(service->database_path);
		if (!dataset->path || !read_card(database, &dataset->card)) {
			dataset_release(dataset);
			dataset = NULL;
		}
	}
	database_free(database);
	return dataset;
}

bool dataset_is_of_file(const struct service *service, const struct dataset *dataset)
{
	struct database *database = NULL;
	struct origin now, noted;
	bool found = false;
	bool same = dataset_open(dataset, &database) == STORE_OK
		&& origin_recall(database, &noted, &found) == STORE_OK && found
		&& origin_read(service->timeline, &now) && strcmp(now.sha256, noted.sha256) == 0;
	database_free(database);
	return same;
}

enum store_status dataset_check(const struct dataset *dataset)
{
	struct database *database = NULL;
	bool sealed = false;
	enum store_status status = dataset_open(dataset, &database);
	if (status == STORE_OK)
		status = database_check_seal(database, &sealed);
	database_free(database);
	return status == STORE_OK && !sealed ? STORE_CORRUPT : status;
}
