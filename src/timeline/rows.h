/* The rows that records become. The statements are made from the model: a table has a column for
 * each scalar field of its shape, under the same name. */
#ifndef UDCG_TIMELINE_ROWS_H
#define UDCG_TIMELINE_ROWS_H

#include <stdint.h>
#include <udcg/base/edtf.h>
#include <udcg/store/database.h>
#include <udcg/store/statement.h>

#include "model.h"
#include "view.h"

/* Sets of fields by index, of one object. */
struct bases {
	uint64_t supported; /* by some citation */
	uint64_t derived; /* by one that is derived */
};

/* A table whose rows are objects of one shape. */
struct table {
	const struct shape *shape;
	int leading; /* columns before those of the fields, for the caller to bind */
	struct statement *insert;
};

/* Texts that are bound to a row until it is written. */
struct row_texts {
	char date_min[DAY_TEXT_SIZE], date_max[DAY_TEXT_SIZE];
	struct strbuf decoded;
};

/* `leading` names the columns before those of the fields, `count` of them. */
enum store_status table_prepare(struct database *database, const struct shape *shape,
	const char *leading, int count, struct table *ret_table)
	__attribute__((warn_unused_result));
void table_free(struct table *table);

/* Binds all but the leading columns. `rows` holds the rows that the object's references mean, by
 * field. */
void table_bind(struct table *table, const struct view *view, const int64_t *rows,
	const struct bases *bases, struct row_texts *texts);

#endif
