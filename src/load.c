#include <stdio.h>
#include <unistd.h>

#include "service_setup.h"

static bool print_progress(void *context, size_t records)
{
	(void)context;
	fprintf(stderr, "\r%zu records", records);
	return true;
}

enum exit_status load_run(const struct config *config, const char *const *operands)
{
	if (!config->database) {
		complain("load needs --db FILE, to build");
		return EXIT_USAGE;
	}
	struct config wanted = *config;
	wanted.timeline = operands[0];
	bool terminal = isatty(STDERR_FILENO);
	const struct load_progress progress = {.call = terminal ? print_progress : NULL};
	struct service *service = NULL;
	enum exit_status status = service_setup(&wanted, progress, &service);
	if (status != EXIT_DONE)
		return status;
	_cleanup_strbuf_ struct strbuf reason = {0};
	status = service_exit_status(service_load(service, &reason));
	if (terminal)
		fputs("\r\033[K", stderr); /* clears the line */
	if (status == EXIT_DONE) {
		struct dataset_facts facts;
		service_facts(service, &facts);
		printf("%s: version %s\n", config->database, facts.version);
	} else {
		fprintf(stderr, "%s\n", words_of(&reason));
		complain("%s: not loaded", operands[0]);
	}
	service_free(service);
	return status;
}
