/* What a record may hold, said once. Checking, the texts of faults, the canonical form and the rows
 * all come from here. */
#ifndef UDCG_TIMELINE_MODEL_H
#define UDCG_TIMELINE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>
#include <udcg/timeline/timeline.h>

/* No object has more fields, so that sets of them fit into 64 bits. */
#define SHAPE_FIELDS_MAX 32

#define INTEGER_MAX INT64_C(9007199254740991) /* 2^53 - 1 */
#define LIST_MAX 10000

enum field_type {
	FIELD_TEXT, /* a string that `rule` accepts */
	FIELD_ENUM, /* one of `choices` */
	FIELD_INTEGER, /* from `min` to `max` */
	FIELD_BOOLEAN,
	FIELD_REFERENCE, /* the id of a record of kind `target` */
	FIELD_REFERENCES, /* a set of them */
	FIELD_TEXTS, /* a list of texts that keeps its order */
	FIELD_NAMES, /* a set: names of fields of the object around this one */
	FIELD_OBJECTS, /* a set of objects of shape `objects` */
};

/* What a row keeps of a date beside its text. */
enum date_columns {
	DATE_TEXT_ONLY,
	DATE_DAYS, /* NAME_first, NAME_last: the known end stands for an open one */
	DATE_BOUNDS, /* date_min, date_max, date_precision, date_qualifier, first_day, last_day */
};

/* NULL where the text is right, else what is allowed. */
typedef const char *text_rule(struct bytes text);

struct field {
	const char *name;
	enum field_type type;
	bool required;
	bool uncited; /* no citation may support it */
	bool grounded; /* some citation must, and the row keeps its basis as NAME_basis */
	bool acyclic; /* following it never leads back */
	enum date_columns columns;
	enum record_kind target;
	int64_t min, max;
	text_rule *rule;
	const char *const *choices; /* ends with NULL */
	const struct shape *objects;
	const char *table; /* a list's own table */
};

struct shape {
	const char *name; /* as a fault calls it: "meeting", "citation" */
	const char *table; /* one row an object */
	const struct field *fields; /* by name, which is the order of the canonical form */
	size_t count;
	/* Fields that a set of such objects is sorted by, before their canonical bytes; absent ones
	 * last. */
	const char *order[3];
	bool distinct; /* no two objects of a set are equal in `order` */
};

extern const struct shape shape_header;
extern const struct shape shape_evidence;

/* The header's `format`. */
extern const char timeline_format[];

const struct shape *record_shape(enum record_kind kind);
/* 0 where there is none of that name. */
enum record_kind record_kind_of(struct bytes name);
enum record_kind record_kind_of_list(struct bytes name);

#define FIELD_NONE SIZE_MAX
size_t shape_find(const struct shape *shape, struct bytes name);
/* The index of a field that is there. */
size_t shape_index(const struct shape *shape, const char *name);

bool field_is_list(const struct field *field);
/* The index of the choice, FIELD_NONE if it is none. */
size_t choice_find(const char *const *choices, struct bytes text);

#endif
