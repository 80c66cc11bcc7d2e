#include <stdio.h>

#include "reading.h"

static enum exit_status print_changes(const char *path, struct database *old, struct database *new)
{
	size_t changes = 0;
	struct faults none = {0};
	return reading_report(timeline_diff(old, new, reading_print, NULL, &changes), path, &none);
}

enum exit_status diff_run(const struct config *config, const char *const *operands)
{
	(void)config;
	struct database *old = NULL, *new = NULL;
	struct timeline_card old_card = {0}, new_card = {0};
	enum exit_status status = reading_load(operands[0], NULL, &old, &old_card);
	if (status == EXIT_DONE)
		status = reading_load(operands[1], NULL, &new, &new_card);
	if (status == EXIT_DONE)
		status = print_changes(operands[1], old, new);
	timeline_card_free(&old_card);
	timeline_card_free(&new_card);
	database_free(old);
	database_free(new);
	return status;
}
