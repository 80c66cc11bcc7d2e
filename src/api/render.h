/* Makes of loaded rows what the API serves: rows ready as JSON, and views for whoever reads the
 * database with a tool of their own. */
#ifndef API_RENDER_H
#define API_RENDER_H

#include <udcg/store/database.h>

/* After all migrations. */
enum store_status dataset_render(struct database *database) __attribute__((warn_unused_result));

#endif
