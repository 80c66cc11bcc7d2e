/* The whole contract as JSON: `udcg describe`. */
#ifndef UDCG_API_DESCRIBE_H
#define UDCG_API_DESCRIBE_H

#include <stddef.h>
#include <udcg/base/strbuf.h>

enum { OPTION_VARIABLE_SIZE = 40 };

/* An option of the command line, as those who list options need it. */
struct option_description {
	const char *name; /* "listen": given as --listen */
	char variable[OPTION_VARIABLE_SIZE]; /* "UDCG_LISTEN" */
	const char *argument; /* "HOST:PORT"; NULL for a switch */
	const char *initial; /* what it is where nobody says: a value, or words; NULL: nothing */
	const char *const *commands; /* those that take it, NULL-terminated */
	const char *summary;
};

struct command_description {
	const char *name;
	const char *const *operands; /* "FILE"; "[URL]" for one that may be left out; to NULL */
	const char *summary;
};

struct command_line {
	const struct command_description *commands;
	size_t command_count;
	const struct option_description *options;
	size_t option_count;
};

/* Routes, parameters, fields, errors and the command line; a final newline. */
void describe_write(struct strbuf *json, const struct command_line *line);

#endif
