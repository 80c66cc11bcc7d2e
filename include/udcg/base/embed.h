/*
 * Files inside the binary. tools/embed writes a table of them, sorted by name, at build time;
 * its generated header declares it, for "migrations":
 *
 *	extern const struct embedded_file migrations_embedded[];
 *	extern const size_t migrations_embedded_count;
 */
#ifndef UDCG_BASE_EMBED_H
#define UDCG_BASE_EMBED_H

#include <stddef.h>

struct embedded_file {
	const char *name; /* without its directory */
	const unsigned char *data; /* a NUL follows the last byte */
	size_t size; /* in bytes, without that NUL */
};

#endif
