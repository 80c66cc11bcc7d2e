/* A timeline is refused with its faults, or its export loads again to the same version. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <udcg/store/migrations.h>
#include <udcg/store/statement.h>
#include <udcg/timeline/timeline.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* Filled again and again: to make the tables costs more than to empty them. */
static struct database *database;
static struct strbuf emptying;

static void note_tables(void)
{
	_cleanup_statement_ struct statement *tables = NULL;
	bool row = false;
	if (statement_prepare(database,
		    BYTES_LITERAL("SELECT name FROM sqlite_schema WHERE type = 'table'"), &tables)
		!= STORE_OK)
		abort();
	while (statement_step(tables, &row) == STORE_OK && row) {
		strbuf_append_text(&emptying, "DELETE FROM \"");
		strbuf_append_bytes(&emptying, statement_text(tables, 0));
		strbuf_append_text(&emptying, "\";");
	}
	assert(emptying.length > 0 && !emptying.failed);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	if (store_initialise() != STORE_OK || database_create(NULL, &database) != STORE_OK
		|| migrations_apply(database, MIGRATION_TABLES) != STORE_OK)
		return 1;
	note_tables();
	return 0;
}

static bool write_file(void *file, const void *data, size_t length)
{
	return write(*(int *)file, data, length) == (ssize_t)length;
}

/* Loads into `database`. The card is the caller's to free. */
static bool load(int file, struct timeline_card *ret_card)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	struct faults faults = {0};
	struct timeline_options options = {.build = "fuzz"};
	enum timeline_status status = timeline_load(path, database, &options, ret_card, &faults);
	assert(status == TIMELINE_OK || status == TIMELINE_REFUSED);
	assert((status == TIMELINE_REFUSED) == (faults.total > 0));
	for (size_t i = 0; i < faults.count; i++)
		assert(faults.items[i].pointer && *faults.items[i].detail);
	faults_free(&faults);
	return status == TIMELINE_OK;
}

static void empty(void)
{
	/* A load that was refused may have left its transaction open. */
	(void)database_execute(database, "COMMIT");
	if (database_execute(database, "PRAGMA foreign_keys = OFF") != STORE_OK
		|| database_execute(database, emptying.data) != STORE_OK)
		abort();
}

/* Leaves what it found. */
static void check_export(const char *version, enum timeline_form form)
{
	int file = memfd_create("export", MFD_CLOEXEC);
	assert(timeline_export(database, form, write_file, &file) == TIMELINE_OK);
	struct timeline_card card = {0};
	empty();
	assert(load(file, &card) && strcmp(card.version, version) == 0);
	timeline_card_free(&card);
	close(file);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	int file = memfd_create("timeline", MFD_CLOEXEC);
	if (!write_file(&file, data, size))
		abort();
	struct timeline_card card = {0};
	if (load(file, &card)) {
		check_export(card.version, TIMELINE_DOCUMENT);
		check_export(card.version, TIMELINE_RECORDS);
		timeline_card_free(&card);
	}
	empty();
	close(file);
	return 0;
}
