/* What a resource declares. From one declaration come the parsing and its error texts, the SQL, the
 * JSON, the CSV header, `udcg describe` and the database's views.
 *
 * Conditions are SQL over the resource's `from`; {} stands for the values that the client gave,
 * which are always bound, so a condition reads `m.kind IN ({})`. */
#ifndef UDCG_API_RESOURCE_H
#define UDCG_API_RESOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/timeline/timeline.h>

enum { SORTS_MAX = 8, KEYS_MAX = 8, INCLUDES_MAX = 8 };

#define AMOUNT_MAX INT64_C(9007199254740991) /* 2^53 - 1: what every JSON reader keeps exact */

/* NULL-terminated lists of names. */
typedef const char *const choices[];

enum value_type {
	VALUE_TEXT,
	VALUE_INTEGER,
	VALUE_BOOLEAN, /* 0 or 1 in SQL */
	VALUE_LINK, /* a path of ours, without the prefix of --public-url */
	VALUE_TEXTS, /* a list of strings: a JSON array in SQL */
};

struct column {
	const char *name;
	const char *sql;
	enum value_type type;
	bool nullable;
	const char *const *choices; /* NULL: any */
};

/* Of a page of any format that leads to the next one. */
enum { PAGE_ROWS_MAX = 1000 };

enum parameter_type {
	PARAMETER_CHOICE, /* one of `choices` */
	PARAMETER_BOOLEAN, /* `choices` narrows it to one of the two */
	PARAMETER_INTEGER, /* from minimum to maximum */
	PARAMETER_DATE, /* YYYY, YYYY-MM, YYYY-MM-DD */
	PARAMETER_YEAR, /* YYYY; a period is bound as its first day */
	PARAMETER_QUARTER, /* YYYY-Qn */
	PARAMETER_MONTH, /* YYYY-MM */
	PARAMETER_COUNTRY, /* ISO 3166 alpha-2 */
	PARAMETER_CURRENCY, /* ISO 4217 */
	PARAMETER_RECORD, /* id of a record of kind `record`; bound as its row */
	PARAMETER_SLUG, /* a word that occurs in `vocabulary` */
	PARAMETER_FOLDED, /* any text, compared without case */
	PARAMETER_QUERY, /* words to search for */
	PARAMETER_SORT,
	PARAMETER_LIMIT,
	PARAMETER_CURSOR,
	PARAMETER_FIELDS,
	PARAMETER_INCLUDE,
};

struct parameter {
	const char *name;
	enum parameter_type type;
	bool list; /* several values, any of them */
	bool required;
	const char *const *choices;
	int64_t minimum, maximum;
	bool ordered; /* the order of a list's values means something */
	size_t most; /* of a list's values; 0: no bound */
	enum record_kind record;
	const char *vocabulary; /* SELECT … AS word, which an index can seek in */
	const char *sql; /* NULL: the resource or the list itself sees to it */
	const char *sql_joint; /* instead of `sql`: part of the resource's `joint` condition */
	const char *sql_none; /* the condition for `none`; NULL: `none` is not taken */
	/* For one value: what takes the place of the resource's `narrow`, the condition being met by
	 * all of its rows; their order by day needs no sort. */
	const char *narrow;
	bool by_day; /* an index has the rows of a value in the order of days */
	const char *summary;
};

/* One column that rows are ordered by. */
struct key {
	const char *sql; /* what is compared */
	const char *cursor; /* what a cursor carries, good in any dataset; NULL: `sql` */
	const char
		*table; /* whose rows `sql` numbers in the order of ids; the cursor carries an id */
};

struct sort {
	const char *name;
	bool nullable; /* nulls are last in both directions; if one key is null, all are */
	struct key keys[3]; /* ends with one without sql */
};

/* Records of another kind, or parts, that a client may ask to have embedded. */
struct include {
	const char *name;
	const struct resource
		*resource; /* whose lines are embedded; NULL: `sql` gives JSON objects */
	const char
		*sql; /* SELECT row (or JSON) … WHERE … :row … ORDER BY …; `:row` is the record's */
};

struct query;
struct exchange;
struct strbuf;

struct resource {
	const char *name; /* in paths, views and `udcg describe` */
	const char *from; /* tables with their aliases; the first one's alias is `alias` */
	const char *narrow; /* as much of `from` as filters and sorts look at; NULL: all of it */
	const char *alias;
	enum record_kind kind; /* of the rows, where they are records; else 0 */
	const char *rendered; /* table that keeps rows ready as JSON; NULL: made when asked for */
	const char *dated; /* alias of the table with date_min, date_max, first_day, last_day and
			    * date_basis; NULL: rows have no date */

	const struct column *columns;
	size_t columns_count;
	const struct parameter *parameters; /* its own, the common ones are added */
	size_t parameters_count;
	const struct parameter *shared; /* further ones that another resource has, too */
	size_t shared_count;
	const char *joint; /* condition whose {} is what the given `sql_joint` say, joined by AND */
	const char *joint_from; /* the tables that they speak of */
	const char *joint_row; /* the resource's row that such a row counts for */
	const struct sort *sorts; /* the first is the default */
	size_t sorts_count;
	const struct key *ties; /* end every order, ascending, never null */
	size_t ties_count;
	const char *tie_order; /* the same order as `ties`, in the table's own terms */
	const struct include *includes;
	size_t includes_count;

	const char *
		cites; /* condition for `source`, {} being rows of source; NULL: no such parameter */
	const char *
		search; /* condition for `q`, {} being an FTS5 expression; NULL: no such parameter */
	bool search_each; /* the condition holds for each word by itself */
	const char *search_column; /* the one column of the index that is searched; NULL: all */
	/* Where this parameter is given, `refine` sees to from and to. */
	const char *window_by_refine;
	bool unpaged; /* takes no limit, cursor, sort, include */

	/* Refuses combinations that no single parameter can know of; may add conditions. */
	bool (*refine)(struct exchange *exchange, struct query *query);
	/* How many rows the request has, where that can be told without counting them; else *ret_known is
	 * false. NULL: never. */
	bool (*total)(struct exchange *exchange, int64_t *ret_total, bool *ret_known);
};

#define LENGTH_OF(array) (sizeof(array) / sizeof((array)[0]))
/* A member of struct resource and its count, from an array of the same name. */
#define ROWS(array) .array = (array), .array##_count = LENGTH_OF(array)

/* The key of tables whose rows stand in the order of ids. */
#define ID_KEY(alias, rows) \
	{ \
		.sql = alias ".row", .cursor = alias ".id", .table = (rows) \
	}

/* Own and common parameters under one numbering; NULL past the last. */
const struct parameter *resource_parameter(const struct resource *resource, size_t number);
const struct parameter *resource_find_parameter(const struct resource *resource, struct bytes name);
const struct column *resource_find_column(const struct resource *resource, struct bytes name);

#endif
