/* The table `fact` is in the order of documents, records come in another: so citations wait in the
 * staging's database, and facts are written when all are known. */
#ifndef UDCG_TIMELINE_FACTS_H
#define UDCG_TIMELINE_FACTS_H

#include <stdint.h>

#include "loading.h"

struct facts;

enum timeline_status facts_open(struct staging *staging, struct facts **ret_facts)
	__attribute__((warn_unused_result));
void facts_free(struct facts *facts);

struct cited {
	int64_t source; /* row */
	int64_t byte_start, byte_end;
	enum record_kind kind;
	struct bytes id; /* of the record */
	struct bytes path; /* of the object in it that the citation stands in */
	const struct shape *shape; /* of that object */
	uint64_t fields; /* of it that the citation supports, by index */
	int64_t citation; /* row */
};

enum timeline_status facts_add(struct facts *facts, const struct cited *cited)
	__attribute__((warn_unused_result));
/* Writes all of them. */
enum timeline_status facts_write(struct facts *facts, struct loading *loading)
	__attribute__((warn_unused_result));

#endif
