/* One record against the model: says every fault that the record alone shows, and writes what is
 * right in canonical form. */
#ifndef UDCG_TIMELINE_CHECK_H
#define UDCG_TIMELINE_CHECK_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>

#include "faults.h"
#include "model.h"
#include "path.h"

/* An object that is being checked. */
struct object {
	const struct shape *shape;
	const struct path *path;
	const struct object *around; /* the one whose list it is in; NULL for a record */
	json_t *values[SHAPE_FIELDS_MAX]; /* by field: what is there and right, else NULL */
	/* Sets of fields, by index. */
	uint64_t present; /* there, not null and not [], right or wrong */
	uint64_t supported; /* by a citation of its own evidence */
	uint64_t derived; /* by one that is derived */
	uint64_t reasoned; /* by one that is derived and gives its reasoning */
};

/* An element of a set while it is sorted. */
struct element {
	size_t start, length; /* its canonical form in the record's */
	size_t index; /* in the file */
	json_t *value;
};

struct check {
	struct fault_log *log;
	struct place place; /* of the record */
	enum record_kind kind;
	struct strbuf *canonical; /* of the record */
	/* What a pointer into the canonical form needs to be led back to the file: "POINTER I J …\n"
	 * for each set that was not in order, the file's indexes in canonical order. */
	struct strbuf order;
	struct strbuf scratch;
	struct element *elements; /* of the sets that are being sorted, innermost last */
	size_t element_count, element_capacity;
	bool failed; /* out of memory */
};

void check_free(struct check *check);

/* Appends the canonical form of what is right in the object `value` to check->canonical and says
 * what is not. `around` is NULL for a record and the header. */
void check_object(struct check *check, const struct shape *shape, const struct path *path,
	json_t *value, const struct object *around, struct object *ret_object);

/* A fault at `key` of the object; at the object itself for NULL. */
void check_fault(struct check *check, const struct path *path, const char *key, const char *format,
	...) __attribute__((format(printf, 4, 5)));

/* What a buffer says, for a fault; notes that memory was short where it is not all. */
const char *check_words(struct check *check, const struct strbuf *words);

/* A value that is there and right; NULL where not. */
json_t *object_value(const struct object *object, const char *key);
/* Its text; data is NULL where it is not there. */
struct bytes object_text(const struct object *object, const char *key);
bool object_has(const struct object *object, const char *key);

struct bytes json_bytes(const json_t *string);

#endif
