/* What can go wrong, as RFC 9457 problems: one list of them. */
#ifndef UDCG_API_PROBLEM_H
#define UDCG_API_PROBLEM_H

#include <udcg/base/arena.h>

enum problem_type {
	PROBLEM_INVALID_PARAMETER,
	PROBLEM_INVALID_CURSOR,
	PROBLEM_BAD_REQUEST,
	PROBLEM_NOT_FOUND,
	PROBLEM_METHOD_NOT_ALLOWED,
	PROBLEM_NOT_ACCEPTABLE,
	PROBLEM_URI_TOO_LONG,
	PROBLEM_NOT_IMPLEMENTED,
	PROBLEM_NOT_READY,
	PROBLEM_OVERLOADED,
	PROBLEM_TIMEOUT,
	PROBLEM_INTERNAL,
	PROBLEM_TYPES,
};

struct problem_kind {
	const char *slug;
	unsigned status;
	const char *title;
	const char *explanation; /* what /problems/{slug} says */
};

extern const struct problem_kind problem_kinds[PROBLEM_TYPES];

/* What one parameter (or header) has wrong. */
struct problem_error {
	const char *parameter;
	const char *value; /* as sent, decoded; NULL where there is none to show */
	const char *detail;
	const char *const *allowed; /* NULL-terminated; NULL: too many to list */
	const char *suggestion; /* or NULL */
	struct problem_error *next;
};

/* More help nobody, and a short target can have thousands. */
enum { PROBLEM_ERRORS_MAX = 50 };

struct problem {
	enum problem_type type;
	const char *detail;
	struct problem_error *errors, **last_error;
	size_t error_count; /* the first PROBLEM_ERRORS_MAX are kept */
	bool no_memory; /* an error could not be kept */
};

void problem_start(struct problem *problem);
/* Everything but `allowed` is copied into the arena. Sets the type to PROBLEM_INVALID_PARAMETER. */
void problem_add(struct problem *problem, struct arena *arena, const struct problem_error *error);
bool problem_is_full(const struct problem *problem);
/* The problem's one line, where no parameter is at fault: the errors so far are not what it is about. */
void problem_set(struct problem *problem, enum problem_type type, const char *detail);
/* The body, with its final newline. */
void problem_write(const struct problem *problem, struct strbuf *body);

#endif
