/* What this program offers, as JSON, from the declarations themselves. */
#ifndef UDCG_API_DESCRIBE_H
#define UDCG_API_DESCRIBE_H

#include <udcg/base/strbuf.h>

/* An option of the command line, as the option table has it. */
struct option_description {
	const char *name; /* without dashes */
	const char *variable; /* UDCG_… */
	const char *argument; /* what its value is called; NULL for a switch */
	const char *default_value; /* NULL: none */
	const char *const *commands; /* NULL-terminated: who takes it */
	const char *summary;
};

void describe_write(struct strbuf *json, const struct option_description *options, size_t count);

#endif
