/* What every unit test starts from: cmocka and the headers that it wants before itself. */
#ifndef UNIT_H
#define UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* xorshift64: the same numbers in every run. Start it with anything but 0. */
struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	random->state ^= random->state << 13;
	random->state ^= random->state >> 7;
	random->state ^= random->state << 17;
	return random->state;
}

static inline size_t random_below(struct random *random, size_t bound)
{
	return (size_t)(random_next(random) >> 16) % bound;
}

#endif
