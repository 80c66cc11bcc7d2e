/* Written at build time by tools/iso-tables, sorted by code. */
#ifndef BASE_ISO_TABLES_H
#define BASE_ISO_TABLES_H

#include <udcg/base/iso.h>

extern const struct iso_entry iso_countries[];
extern const size_t iso_countries_count;
extern const struct iso_entry iso_currencies[];
extern const size_t iso_currencies_count;

#endif
