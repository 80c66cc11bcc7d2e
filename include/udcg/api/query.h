/* SQL composed from what was given: declared text and bound values, nothing else. */
#ifndef UDCG_API_QUERY_H
#define UDCG_API_QUERY_H

#include <udcg/api/handler.h>

enum { BINDINGS_MAX = 64 };

struct binding {
	char name[32];
	enum { BOUND_TEXT, BOUND_INTEGER, BOUND_REAL } type;
	int64_t number;
	double real;
	struct bytes text;
};

/* Records whose possible days meet a window that begins at `from` are of three parts, each with an index
 * of its own: those that begin in it, and ranges that reach into it from within the year before, or from
 * earlier still. So one range of many years does not have all ranges before the window looked at. */
enum window_part { WINDOW_WHOLE, WINDOW_WITHIN, WINDOW_NEAR, WINDOW_FAR };

/* Of days as numbers, YYYYMMDD. The SQL of WINDOW_NEAR and WINDOW_FAR says the same. */
enum { DAYS_A_YEAR = 10000 };

struct query {
	struct arena arena; /* of bound texts: a stream's exchange outlives thousands of queries */
	/* Set before query_compile: */
	enum window_part part;
	bool is_narrow; /* rows are chosen from `narrow` instead of the resource's `from` */
	bool in_order; /* a walk in the order of days soon meets enough rows: no other index is of use */
	/* A cursor bounds the first days from below, or from above: a window's own bound is of no use. */
	bool is_sought_from, is_sought_to;
	/* Set by it: */
	const char *narrow; /* of a parameter; NULL: the resource's */
	struct strbuf
		conditions; /* each in parentheses, joined by AND; empty where there are none */
	struct binding bindings[BINDINGS_MAX];
	size_t binding_count;
	bool failed; /* memory was short */
};

void query_free(struct query *query);
#define _cleanup_query_ __attribute__((cleanup(query_free)))

/* ANDs a condition without values. */
void query_where(struct query *query, const char *sql);
/* ANDs a condition whose {} is one bound value. `name` is unique within the query. */
void query_where_integer(struct query *query, const char *sql, const char *name, int64_t value);
void query_where_text(struct query *query, const char *sql, const char *name, struct bytes value);
void query_bind_integer(struct query *query, const char *name, int64_t value);
void query_bind_real(struct query *query, const char *name, double value);
void query_bind_text(struct query *query, const char *name, struct bytes value);

/* All that the request's parameters ask for. False when the resource refused a combination. */
bool query_compile(struct exchange *exchange, const struct resource *resource, struct query *query)
	__attribute__((warn_unused_result));
/* Whether the request's window is of parts. */
bool query_has_parts(const struct exchange *exchange, const struct resource *resource);

/* " FROM … WHERE …" and nothing before or behind. */
void query_append_rows(const struct query *query, const struct resource *resource,
	struct strbuf *sql);
/* " WHERE …", or nothing. */
void query_append_where(const struct query *query, struct strbuf *sql);
void query_bind_all(const struct query *query, struct statement *statement);

/* Copies `sql` with {} replaced by `with` and @ by `alias`. */
void sql_append_template(struct strbuf *buffer, const char *sql, const char *with,
	const char *alias);

#endif
