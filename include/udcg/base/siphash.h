/* SipHash-1-3 (Aumasson, Bernstein): a hash of what strangers send, that they cannot make collide. */
#ifndef UDCG_BASE_SIPHASH_H
#define UDCG_BASE_SIPHASH_H

#include <stdbool.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>

struct siphash_key {
	uint64_t words[2];
};

/* Of random bytes; false where the system has none to give. */
bool siphash_key_make(struct siphash_key *ret_key) __attribute__((warn_unused_result));
uint64_t siphash(const struct siphash_key *key, struct bytes text);

#endif
