/* What the route table names: one file each in src/handlers. */
#ifndef UDCG_HANDLERS_HANDLERS_H
#define UDCG_HANDLERS_HANDLERS_H

#include <udcg/api/resource.h>

extern const struct resource aid_resource;
extern const struct resource aid_totals_resource;
extern const struct resource attendance_resource;
extern const struct resource claims_resource;
extern const struct resource facts_resource;
extern const struct resource meetings_resource;
extern const struct resource participants_resource;
extern const struct resource search_resource;
extern const struct resource sources_resource;
extern const struct resource timeline_resource;

/* What src/pages/index.html may load and run. */
extern const char page_policy[];

bool aid_totals_answer(struct exchange *exchange);
bool calendar_answer(struct exchange *exchange);
bool card_answer(struct exchange *exchange);
bool changes_answer(struct exchange *exchange);
bool contract_answer(struct exchange *exchange);
bool export_json_answer(struct exchange *exchange);
bool export_ndjson_answer(struct exchange *exchange);
bool export_sqlite_answer(struct exchange *exchange);
bool feed_answer(struct exchange *exchange);
bool livez_answer(struct exchange *exchange);
bool metrics_answer(struct exchange *exchange);
bool problem_type_answer(struct exchange *exchange);
bool problem_type_find(struct exchange *exchange);
bool readyz_answer(struct exchange *exchange);
bool robots_answer(struct exchange *exchange);
bool search_answer(struct exchange *exchange);
bool security_answer(struct exchange *exchange);
bool start_answer(struct exchange *exchange);
bool summary_answer(struct exchange *exchange);
bool vocabulary_answer(struct exchange *exchange);

/* What the routes prepare. */
enum store_status totals_prepare(struct database *database);
enum store_status vocabulary_prepare(struct database *database);

#endif
