#include <udcg/base/iso.h>

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "iso_tables.h"

static int compare_codes(const void *code, const void *entry)
{
	return strcmp(code, ((const struct iso_entry *)entry)->code);
}

static const char *find_name(const struct iso_entry *table, size_t count, const char *code,
	size_t length)
{
	char key[sizeof(table->code)] = "";
	if (length >= sizeof(key) || memchr(code, '\0', length))
		return NULL;
	memcpy(key, code, length);
	const struct iso_entry *entry = bsearch(key, table, count, sizeof(*table), compare_codes);
	return entry ? entry->name : NULL;
}

const char *iso_country_name(const char *alpha2, size_t length)
{
	return find_name(iso_countries, iso_countries_count, alpha2, length);
}

const char *iso_currency_name(const char *code, size_t length)
{
	return find_name(iso_currencies, iso_currencies_count, code, length);
}

bool iso_currency_known(const char *code, size_t length)
{
	return iso_currency_name(code, length) != NULL;
}

size_t iso_country_count(void)
{
	return iso_countries_count;
}

const struct iso_entry *iso_country_at(size_t index)
{
	assert(index < iso_countries_count);
	return &iso_countries[index];
}

size_t iso_currency_count(void)
{
	return iso_currencies_count;
}

const struct iso_entry *iso_currency_at(size_t index)
{
	assert(index < iso_currencies_count);
	return &iso_currencies[index];
}
