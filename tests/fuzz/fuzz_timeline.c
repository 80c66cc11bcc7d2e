/* A timeline is refused with its faults, or its export loads again to the same version. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <udcg/store/migrations.h>
#include <udcg/timeline/timeline.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return store_initialise() == STORE_OK ? 0 : 1;
}

static bool write_file(void *file, const void *data, size_t length)
{
	return write(*(int *)file, data, length) == (ssize_t)length;
}

/* A loaded database, NULL for a refused file. The card is the caller's to free either way. */
static struct database *load(int file, struct timeline_card *ret_card)
{
	char path[32];
	snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
	struct database *database = NULL;
	if (database_create(NULL, &database) != STORE_OK
		|| migrations_apply(database, MIGRATION_TABLES) != STORE_OK)
		abort();

	struct faults faults = {0};
	struct timeline_options options = {.build = "fuzz"};
	enum timeline_status status = timeline_load(path, database, &options, ret_card, &faults);
	assert(status == TIMELINE_OK || status == TIMELINE_REFUSED);
	assert((status == TIMELINE_REFUSED) == (faults.total > 0));
	for (size_t i = 0; i < faults.count; i++)
		assert(faults.items[i].pointer && *faults.items[i].detail);
	faults_free(&faults);
	if (status != TIMELINE_OK) {
		database_free(database);
		return NULL;
	}
	return database;
}

static void check_export(struct database *database, const char *version, enum timeline_form form)
{
	int file = memfd_create("export", MFD_CLOEXEC);
	enum timeline_status status = timeline_export(database, form, write_file, &file);
	assert(status == TIMELINE_OK);
	struct timeline_card card = {0};
	struct database *again = load(file, &card);
	assert(again && strcmp(card.version, version) == 0);
	timeline_card_free(&card);
	database_free(again);
	close(file);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	int file = memfd_create("timeline", MFD_CLOEXEC);
	if (!write_file(&file, data, size))
		abort();
	struct timeline_card card = {0};
	struct database *database = load(file, &card);
	if (database) {
		check_export(database, card.version, TIMELINE_DOCUMENT);
		check_export(database, card.version, TIMELINE_RECORDS);
		timeline_card_free(&card);
		database_free(database);
	}
	close(file);
	return 0;
}
