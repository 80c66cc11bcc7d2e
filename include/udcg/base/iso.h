/*
 * ISO 3166-1 countries and ISO 4217 currencies, as the iso-codes package had them at build time.
 * XK (Kosovo), which ISO 3166-1 leaves to its users, is among the countries.
 *
 * Codes are upper case and looked up by length, so that a NUL inside one makes it unknown.
 * All strings are UTF-8 and static.
 */
#ifndef UDCG_BASE_ISO_H
#define UDCG_BASE_ISO_H

#include <stdbool.h>
#include <stddef.h>

struct iso_entry {
	char code[4];
	const char *name;
};

/* The common English name ("Moldova"), NULL if alpha2 is no country's code. */
const char *iso_country_name(const char *alpha2, size_t length);

/* The English name ("Euro"), NULL if the code is no currency's. */
const char *iso_currency_name(const char *code, size_t length);

bool iso_currency_known(const char *code, size_t length);

/* In the order of the codes; the index must be below the count. */
size_t iso_country_count(void);
const struct iso_entry *iso_country_at(size_t index);
size_t iso_currency_count(void);
const struct iso_entry *iso_currency_at(size_t index);

#endif
