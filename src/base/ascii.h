#ifndef BASE_ASCII_H
#define BASE_ASCII_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Not tolower: that one asks the locale. */
static inline char ascii_lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Eight bytes at once, for texts in which few of them matter. */
enum { ASCII_WORD = sizeof(uint64_t) };

static inline uint64_t ascii_word(const char *text)
{
	uint64_t word;
	memcpy(&word, text, sizeof(word));
	return word;
}

static inline uint64_t ascii_all(char c)
{
	return (uint64_t)(unsigned char)c * 0x0101010101010101;
}

/* Whether one of the bytes is less than `bound`, which is at most 128: a subtraction borrows from the
 * byte above only where there is such a byte below. */
static inline bool ascii_any_below(uint64_t word, char bound)
{
	return ((word - ascii_all(bound)) & ~word & ascii_all('\x80')) != 0;
}

static inline bool ascii_any_not_ascii(uint64_t word)
{
	return (word & ascii_all('\x80')) != 0;
}

static inline bool ascii_any_is(uint64_t word, char c)
{
	return ascii_any_below(word ^ ascii_all(c), 1);
}

#endif
