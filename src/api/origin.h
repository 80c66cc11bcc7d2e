/* Which file a database was made of, so that a start can tell whether it still holds. */
#ifndef API_ORIGIN_H
#define API_ORIGIN_H

#include <stdint.h>
#include <udcg/base/digest.h>
#include <udcg/store/database.h>

struct origin {
	int64_t size; /* bytes */
	int64_t inode;
	int64_t modified; /* nanoseconds since 1970 */
	char sha256[DIGEST_HEX_SIZE]; /* of the file; "" where it was not read */
};

/* What the file system says; false with errno when it says nothing. */
bool origin_look(const char *path, struct origin *ret_origin) __attribute__((warn_unused_result));
/* The same with the digest, read through; false also where the file changed meanwhile. */
bool origin_read(const char *path, struct origin *ret_origin) __attribute__((warn_unused_result));
/* Same size, inode and time. */
bool origin_looks_like(const struct origin *a, const struct origin *b);

enum store_status origin_note(struct database *database, const struct origin *origin)
	__attribute__((warn_unused_result));
/* *ret_found is false where a database has none. */
enum store_status origin_recall(struct database *database, struct origin *ret_origin,
	bool *ret_found) __attribute__((warn_unused_result));

#endif
