/* What citations must do for the object that they stand in. */
#ifndef UDCG_TIMELINE_EVIDENCE_H
#define UDCG_TIMELINE_EVIDENCE_H

#include "check.h"

/* Whether a citation of `object` may support the field `name`. */
bool evidence_check_name(struct check *check, const struct object *object, const struct path *path,
	struct bytes name);

/* Adds what the citation supports to the object, and looks at its ranges. */
void evidence_note(struct check *check, struct object *object, const struct object *citation);

/* Citations of one range must not support the same field; the elements from `first` on are the
 * sorted ones of `object`. */
void evidence_check_repeats(struct check *check, const struct object *object,
	const struct path *path, size_t first);

/* Fields that need a citation, or a reasoning, and have none. */
void evidence_check_fields(struct check *check, const struct object *object);

#endif
