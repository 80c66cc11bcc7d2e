#include <udcg/base/siphash.h>

#include <endian.h>
#include <string.h>
#include <sys/random.h>

bool siphash_key_make(struct siphash_key *ret_key)
{
	return getrandom(ret_key, sizeof(*ret_key), 0) == sizeof(*ret_key);
}

static uint64_t rotate(uint64_t word, unsigned bits)
{
	return word << bits | word >> (64 - bits);
}

static void mix(uint64_t v[static 4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

static void absorb(uint64_t v[static 4], uint64_t word)
{
	v[3] ^= word;
	mix(v);
	v[0] ^= word;
}

uint64_t siphash(const struct siphash_key *key, struct bytes text)
{
	uint64_t v[4] = {
		key->words[0] ^ 0x736f6d6570736575,
		key->words[1] ^ 0x646f72616e646f6d,
		key->words[0] ^ 0x6c7967656e657261,
		key->words[1] ^ 0x7465646279746573,
	};
	size_t whole = text.length / 8 * 8;
	for (size_t at = 0; at < whole; at += 8) {
		uint64_t word;
		memcpy(&word, text.data + at, sizeof(word));
		absorb(v, le64toh(word));
	}
	uint64_t last = (uint64_t)text.length << 56;
	for (size_t at = whole; at < text.length; at++)
		last |= (uint64_t)(unsigned char)text.data[at] << 8 * (at - whole);
	absorb(v, last);
	v[2] ^= 0xff;
	for (int round = 0; round < 3; round++)
		mix(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}
