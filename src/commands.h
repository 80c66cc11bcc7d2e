/* What the program does: a function a command. */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "config.h"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_REFUSED = 1, /* the input, or the probe failed */
	EXIT_USAGE = 2,
	EXIT_SYSTEM = 3, /* disk, port, memory */
};

enum { OPERANDS_MAX = 2 };

struct command {
	const char *name;
	unsigned bit; /* of COMMAND_* */
	const char *operands[OPERANDS_MAX + 1]; /* "FILE"; "[URL]" for one that may be left out */
	const char *summary;
	/* `operands` has OPERANDS_MAX entries, NULL where none was given. */
	enum exit_status (*run)(const struct config *config, const char *const *operands);
};

extern const struct command commands[]; /* by name */
extern const size_t command_count;

enum exit_status check_run(const struct config *config, const char *const *operands);
enum exit_status describe_run(const struct config *config, const char *const *operands);
enum exit_status diff_run(const struct config *config, const char *const *operands);
enum exit_status export_run(const struct config *config, const char *const *operands);
enum exit_status load_run(const struct config *config, const char *const *operands);
enum exit_status probe_run(const struct config *config, const char *const *operands);
enum exit_status serve_run(const struct config *config, const char *const *operands);

/* What a buffer says; "not enough memory" where there was none to say it. */
const char *words_of(const struct strbuf *text);

/* "udcg: …" on standard error. */
void complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
