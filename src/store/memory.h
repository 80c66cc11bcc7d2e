/* SQLite goes on after some allocations that failed, and where the work is FTS5's the result may
 * lack something then. So it is noted, for this thread, that one failed. */
#ifndef STORE_MEMORY_H
#define STORE_MEMORY_H

#include <stdbool.h>
#include <udcg/store/database.h>

/* Before SQLite's first allocation. */
enum store_status memory_watch(void) __attribute__((warn_unused_result));

/* Forgets what failed until now. */
void memory_forget(void);
bool memory_was_short(void);

#endif
