/* The members of an object in canonical form, by field, as they stand in its text. */
#ifndef UDCG_TIMELINE_VIEW_H
#define UDCG_TIMELINE_VIEW_H

#include <udcg/base/strbuf.h>
#include <udcg/timeline/timeline.h>

#include "model.h"

struct view {
	const struct shape *shape;
	struct bytes values[SHAPE_FIELDS_MAX]; /* data is NULL where the member is not there */
};

void view_read(struct view *view, const struct shape *shape, struct bytes json);
struct bytes view_value(const struct view *view, const char *key);

/* Appends the record with the key "record" among the others: a line of the record form. */
void view_append_line(struct strbuf *buffer, enum record_kind kind, struct bytes json);

/* Appends the record with the member `key`, whose value is JSON, put in or in the place of the one
 * that is there. */
void view_append_with(struct strbuf *buffer, struct bytes json, const char *key,
	struct bytes value);

#endif
