/* integrity_check and foreign_key_check of a database that is being built. */
#ifndef UDCG_STORE_VERIFICATION_H
#define UDCG_STORE_VERIFICATION_H

#include <udcg/store/database.h>

/* All of it, now. */
enum store_status database_verify(struct database *database) __attribute__((warn_unused_result));

/* Table by table, begun while there is still something to add. In a file, pages that belong to no table
 * are not looked at: nobody will write to it again, and take one. */
struct verification;
/* The tables that have rows are settled: from now on they cannot be written, altered or indexed
 * (STORE_ERROR), and a thread verifies them, where the database is in a file; no transaction is open. */
enum store_status verification_start(struct database *database,
	struct verification **ret_verification) __attribute__((warn_unused_result));
/* Waits for the thread and verifies the other tables. The database has the message. */
enum store_status verification_finish(struct verification *verification)
	__attribute__((warn_unused_result));
/* Before the database is freed. Ends what is still being done. */
void verification_free(struct verification *verification);

#endif
