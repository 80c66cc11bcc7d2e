/* What the fields of a record must be to each other, and to those of other records of the file in
 * whatever order they come. */
#ifndef UDCG_TIMELINE_RECORD_RULES_H
#define UDCG_TIMELINE_RECORD_RULES_H

#include "check.h"
#include "staging.h"

struct ledger;

/* Remembers in the staging's database what later records must agree with. */
enum timeline_status ledger_open(struct staging *staging, struct ledger **ret_ledger)
	__attribute__((warn_unused_result));
void ledger_free(struct ledger *ledger);
void ledger_freep(struct ledger **ledger);
#define _cleanup_ledger_ __attribute__((cleanup(ledger_freep)))

/* Faults of the record; `object` is what check_object made of it. */
enum timeline_status record_rules_check(struct check *check, struct ledger *ledger,
	const struct object *object) __attribute__((warn_unused_result));

/* See traits.h. */
int64_t record_trait(enum record_kind kind, const struct object *object);

#endif
