#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "service_setup.h"

static bool print_progress(void *context, size_t records)
{
	(void)context;
	fprintf(stderr, "\r%zu records", records);
	return true;
}

static const char *unfinished;

/* Then the signal does what it does without us. */
static void clean_up(int number)
{
	unlink(unfinished);
	raise(number);
}

static void clean_up_at_signals(const struct service *service)
{
	static const int numbers[] = {SIGHUP, SIGINT, SIGTERM};
	const struct sigaction action = {.sa_handler = clean_up, .sa_flags = (int)SA_RESETHAND};
	unfinished = service_unfinished(service);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct sigaction old;
		/* As nohup has it. */
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &action, NULL);
	}
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
	clean_up_at_signals(service);
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
	unfinished = "";
	service_free(service);
	return status;
}
