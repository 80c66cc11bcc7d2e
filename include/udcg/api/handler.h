/* What a handler works with: one request against one dataset. A handler returns false when the
 * exchange's problem is to be the reply; it never prints, logs or knows a header. */
#ifndef UDCG_API_HANDLER_H
#define UDCG_API_HANDLER_H

#include <udcg/api/dataset.h>
#include <udcg/api/problem.h>
#include <udcg/api/resource.h>
#include <udcg/api/target.h>
#include <udcg/store/statement.h>

enum media { MEDIA_JSON, MEDIA_CSV, MEDIA_NDJSON, MEDIA_HTML, MEDIA_EVENTS };

struct value {
	struct bytes text; /* canonical: as a link writes it */
	int64_t number; /* integer, boolean, row; a date's first day */
	int64_t last; /* a date's last day */
};

/* A parameter that the request has. */
struct given {
	const struct parameter *parameter;
	struct bytes whole; /* as sent, decoded; data is NULL where the path gave it */
	struct value *values;
	size_t count;
	bool none; /* `none` is one of them (not among `values`) */
};

struct parameters {
	struct given *items; /* by name */
	size_t count;
	const char *const *allowed; /* names; NULL until somebody gives another */
};

/* NULL where the request has none of that name. */
const struct given *parameters_find(const struct parameters *parameters, const char *name);

struct exchange {
	struct service *service;
	const struct dataset *dataset;
	struct database *database;
	const char *prefix; /* path of --public-url, before every link; "" where there is none */
	const char *public_url; /* "" where there is none */
	const struct route *route;
	struct bytes path; /* canonical, without prefix, query and suffix */
	struct bytes id; /* the path's {id} */
	int64_t row; /* of the record that it names; 0 where the route has none */
	enum media media;
	const char *suffix; /* of the path, which names the format: ".csv"; "" without one */
	const struct part_writer *parts; /* the body is too long for one piece: this writes it */
	struct parameters parameters;
	struct arena *arena;
	struct problem problem;
	struct strbuf *body; /* what the reply says */
	enum store_status failure; /* what made the problem internal, for the log */
	struct bytes next; /* link to the next page, for the header; data is NULL without one */
};

/* True for STORE_OK; else sets the problem. */
bool exchange_check(struct exchange *exchange, enum store_status status)
	__attribute__((warn_unused_result));
/* statement_borrow from the exchange's database, statement_step; false with the problem set. */
bool exchange_borrow(struct exchange *exchange, struct bytes sql, struct statement **ret_statement)
	__attribute__((warn_unused_result));
bool exchange_step(struct exchange *exchange, struct statement *statement, bool *ret_row)
	__attribute__((warn_unused_result));
/* For loops: whether there is another row. *good becomes false, and the problem is set, where that
 * cannot be told. */
bool exchange_next(struct exchange *exchange, struct statement *statement, bool *good)
	__attribute__((warn_unused_result));
/* Sets the problem to PROBLEM_INTERNAL for want of memory; returns false. */
bool exchange_no_memory(struct exchange *exchange);
/* There is no record of the path's {id}; names the nearest. Returns false. */
bool exchange_not_found(struct exchange *exchange);
/* What the request names is not there: a sentence without its full stop, and what is near or NULL.
 * Returns false. */
bool exchange_missing(struct exchange *exchange, const char *sentence, const char *suggestion);
/* Adds a fault of one parameter; returns false. */
bool exchange_refuse(struct exchange *exchange, const char *parameter, const char *detail);

/* Why the last load failed; NULL where it did not. */
const char *exchange_load_failure(struct exchange *exchange);

/* ,"dataset":{…}}\n */
void exchange_finish_body(struct exchange *exchange);

/* Reads the arguments of the request into `parameters`; false when any is at fault, all of them
 * named in the problem. */
bool parameters_parse(struct exchange *exchange, const struct target *target)
	__attribute__((warn_unused_result));
/* One value, as the client would have sent it (for sub-lists). */
bool parameters_add_record(struct exchange *exchange, const struct parameter *parameter,
	struct bytes id, int64_t row) __attribute__((warn_unused_result));
/* name=value&… in canonical order, without those named in `without` (NULL-terminated). */
void parameters_write(const struct parameters *parameters, const char *const *without,
	struct strbuf *buffer);

/* The row of a record, or 0. */
bool record_find(struct exchange *exchange, enum record_kind kind, struct bytes id,
	int64_t *ret_row) __attribute__((warn_unused_result));
/* The id nearest to one that does not exist, or NULL. */
bool record_suggest(struct exchange *exchange, enum record_kind kind, struct bytes id,
	const char **ret_suggestion) __attribute__((warn_unused_result));

#endif
