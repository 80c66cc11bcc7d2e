/* The embedded migrations/NNNN-*.sql, applied in order; PRAGMA user_version counts them. */
#ifndef UDCG_STORE_MIGRATIONS_H
#define UDCG_STORE_MIGRATIONS_H

#include <udcg/store/database.h>

/* Step 1 makes the tables that a load fills; the later ones what is computed from the rows, then
 * the indexes. */
enum { MIGRATION_TABLES = 1 };

int migrations_latest(void);
enum store_status migrations_version(struct database *database, int *ret_version)
	__attribute__((warn_unused_result));
/* Applies what is missing up to and including step `target`, each step in a transaction.
 * Where a step fails, a database that is being built is to be thrown away: it has no journal. */
enum store_status migrations_apply(struct database *database, int target)
	__attribute__((warn_unused_result));

#endif
