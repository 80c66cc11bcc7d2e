/* SipHash-1-3 (Aumasson, Bernstein): a hash of what strangers send, that they cannot make collide. */
#ifndef HTTP_SIPHASH_H
#define HTTP_SIPHASH_H

#include <stdint.h>
#include <udcg/base/strbuf.h>

struct siphash_key {
	uint64_t words[2];
};

uint64_t siphash(const struct siphash_key *key, struct bytes text);

#endif
