/* What a string must look like: each gives NULL where it does, else what is allowed. */
#ifndef UDCG_TIMELINE_RULES_H
#define UDCG_TIMELINE_RULES_H

#include <udcg/base/strbuf.h>

const char *rule_text(struct bytes text);
const char *rule_quote(struct bytes text);
const char *rule_id(struct bytes text);
const char *rule_slug(struct bytes text);
const char *rule_file(struct bytes text);
const char *rule_url(struct bytes text);
const char *rule_language(struct bytes text);
const char *rule_sha256(struct bytes text);
const char *rule_country(struct bytes text);
const char *rule_currency(struct bytes text);
const char *rule_date(struct bytes text);
const char *rule_plain_date(struct bytes text);
const char *rule_day(struct bytes text);

#endif
