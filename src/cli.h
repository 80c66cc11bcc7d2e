/* From the arguments to a command and its configuration. */
#ifndef CLI_H
#define CLI_H

#include "commands.h"

enum cli_wish {
	CLI_RUN,
	CLI_HELP, /* `command` is NULL: of the program */
	CLI_VERSION,
	CLI_WRONG, /* `fault` says how */
};

struct cli {
	enum cli_wish wish;
	const struct command *command;
	struct config config;
	const char *operands[OPERANDS_MAX];
	struct strbuf fault;
};

/* Environment, then arguments: the nearer to the user wins. */
void cli_parse(struct cli *cli, int count, char *const *arguments);
void cli_free(struct cli *cli);

/* `command` NULL: of the whole program. */
void cli_append_help(struct strbuf *text, const struct command *command);

#endif
