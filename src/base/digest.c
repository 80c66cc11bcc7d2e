#include <udcg/base/digest.h>

void digest_start(struct digest *digest)
{
	sha256_init(&digest->context);
}

void digest_update(struct digest *digest, const void *data, size_t length)
{
	if (length > 0)
		sha256_update(&digest->context, length, data);
}

void digest_finish_hex(struct digest *digest, char hex[static DIGEST_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t sum[SHA256_DIGEST_SIZE];
	sha256_digest(&digest->context, sizeof(sum), sum);
	for (size_t i = 0; i < sizeof(sum); i++) {
		hex[2 * i] = digits[sum[i] >> 4];
		hex[2 * i + 1] = digits[sum[i] & 15];
	}
	hex[DIGEST_HEX_SIZE - 1] = '\0';
}

void digest_hex_of(struct bytes bytes, char hex[static DIGEST_HEX_SIZE])
{
	struct digest digest;
	digest_start(&digest);
	digest_update(&digest, bytes.data, bytes.length);
	digest_finish_hex(&digest, hex);
}
