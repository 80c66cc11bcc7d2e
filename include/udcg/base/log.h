/* One line a happening, to standard error: text for people, JSON lines for machines. Only main,
 * http and the service's reload speak; libraries return errors. */
#ifndef UDCG_BASE_LOG_H
#define UDCG_BASE_LOG_H

#include <stdint.h>
#include <udcg/base/strbuf.h>

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR };
enum log_format { LOG_TEXT, LOG_JSON };

struct log_settings {
	enum log_level level;
	enum log_format format;
};

/* Once, before threads start. */
void log_configure(struct log_settings settings);
bool log_enabled(enum log_level level);

struct log_field {
	const char *name; /* a JSON key: snake_case */
	const char *text; /* the value, or NULL: then `number` is */
	int64_t number;
};

/* `message` is a short fixed text ("listening"); what varies is in the fields. Lines of several
 * threads never mix, and those of up to PIPE_BUF bytes are one write(2) each. Nobody waits for the
 * log's reader: a line that there is no room for is lost, and the next one to be written comes after
 * a line that says how many were. */
void log_event(enum log_level level, const char *message, const struct log_field *fields,
	size_t count);
/* Lines lost so far. */
uint64_t log_lost(void);

#define LOG_FIELDS(...) \
	(const struct log_field[]){__VA_ARGS__}, \
		sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field)

#endif
