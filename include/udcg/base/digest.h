/* SHA-256, by nettle. */
#ifndef UDCG_BASE_DIGEST_H
#define UDCG_BASE_DIGEST_H

#include <nettle/sha2.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>

#define DIGEST_HEX_SIZE (2 * SHA256_DIGEST_SIZE + 1)

struct digest {
	struct sha256_ctx context;
};

void digest_start(struct digest *digest);
void digest_update(struct digest *digest, const void *data, size_t length);
/* Lower-case hexadecimal. The digest is ready for a new start afterwards. */
void digest_finish_hex(struct digest *digest, char hex[static DIGEST_HEX_SIZE]);
void digest_hex_of(struct bytes bytes, char hex[static DIGEST_HEX_SIZE]);

#endif
