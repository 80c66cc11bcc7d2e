#include <stdio.h>

#include "reading.h"

static void print_counts(const char *path, const struct timeline_card *card)
{
	printf("%s:", path);
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++)
		printf(" %s %zu%s", record_list_name(kind), card->counts[kind],
			kind < RECORD_KINDS ? "," : "");
	printf("; version %s\n", card->version);
}

static enum exit_status annotate(const char *path, const char *documents)
{
	struct faults faults = {0};
	enum exit_status status =
		reading_report(timeline_annotate(path, documents, &faults), path, &faults);
	faults_free(&faults);
	return status;
}

enum exit_status check_run(const struct config *config, const char *const *operands)
{
	const char *path = operands[0];
	if (config->write && !config->documents) {
		complain("--write needs --documents DIR, to count in");
		return EXIT_USAGE;
	}
	enum exit_status status = EXIT_DONE;
	if (config->write)
		status = annotate(path, config->documents);
	if (status != EXIT_DONE)
		return status;

	struct database *database = NULL;
	struct timeline_card card = {0};
	status = reading_load(path, config->documents, &database, &card);
	if (status != EXIT_DONE)
		return status;
	print_counts(path, &card);
	timeline_card_free(&card);
	database_free(database);
	return EXIT_DONE;
}
