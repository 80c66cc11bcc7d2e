/* What the program can be told: one table, from which come the flags, the UDCG_* variables, --help
 * and `udcg describe`. */
#ifndef CONFIG_H
#define CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/api/describe.h>
#include <udcg/base/strbuf.h>

enum {
	COMMAND_CHECK = 1 << 0,
	COMMAND_DESCRIBE = 1 << 1,
	COMMAND_DIFF = 1 << 2,
	COMMAND_EXPORT = 1 << 3,
	COMMAND_LOAD = 1 << 4,
	COMMAND_PROBE = 1 << 5,
	COMMAND_SERVE = 1 << 6,
};

enum export_format { EXPORT_JSON, EXPORT_NDJSON };

/* Texts are borrowed from the arguments and the environment. */
struct config {
	const char *timeline; /* NULL: the shipped one */
	const char *database; /* NULL: in memory */
	const char *listen;
	const char *admin_listen; /* NULL: none */
	const char *public_url; /* "" where there is none */
	const char *documents; /* NULL: none */
	int64_t workers; /* 0: as many as there are CPUs */
	int64_t query_threads; /* 0: the same, but two at least */
	int64_t max_connections;
	int64_t cache_size, memory_db_max; /* bytes */
	int64_t max_age; /* seconds */
	int64_t query_budget, drain_delay; /* nanoseconds */
	int64_t log_level, log_format, export_format; /* of the enums of these names */
	bool watch, write, no_sandbox;
	uint64_t arguments; /* bit N: config_options[N] was on the command line */
};

enum option_kind {
	OPTION_SWITCH, /* bool */
	OPTION_TEXT, /* const char * */
	OPTION_NUMBER, /* the others: int64_t */
	OPTION_SIZE, /* bytes: 64M, 64MiB, 1048576 */
	OPTION_DURATION, /* nanoseconds: 1s, 500ms, 2m; without a unit seconds */
	OPTION_CHOICE, /* place in `choices` */
};

struct option {
	const char *name; /* and UDCG_NAME, with _ for - */
	enum option_kind kind;
	unsigned commands; /* of COMMAND_* */
	size_t offset; /* in struct config */
	const char *argument;
	const char *initial; /* parsed like any other value; NULL: the field stays zero */
	const char *computed; /* says what NULL comes to */
	int64_t minimum, maximum; /* in the field's unit */
	const char *const *choices; /* NULL-terminated */
	const char *summary;
};

extern const struct option config_options[]; /* by name */
extern const size_t config_option_count;

void config_start(struct config *config);
const struct option *config_find(struct bytes name);
/* False, and `fault` says what would be right, where `text` is no value of that option. */
bool config_set(struct config *config, const struct option *option, const char *text,
	struct strbuf *fault) __attribute__((warn_unused_result));
/* Takes those options of the commands that the environment has. */
bool config_read_environment(struct config *config, unsigned commands, struct strbuf *fault)
	__attribute__((warn_unused_result));

/* Of an option that was on the command line. */
void config_note_argument(struct config *config, const struct option *option);
bool config_is_argument(const struct config *config, const char *name);

void config_variable(const struct option *option, char variable[static OPTION_VARIABLE_SIZE]);
/* "default: 1s", or "" where nothing is worth saying. */
void config_append_initial(const struct option *option, struct strbuf *text);

#endif
