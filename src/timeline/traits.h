/* What those who refer to a record must know of it, in one number. Of a participant and of aid: which
 * of its `kind`s it is of, and a code of up to three letters (country, currency). Of a source: how
 * many bytes it has. 0 where it is not known. */
#ifndef UDCG_TIMELINE_TRAITS_H
#define UDCG_TIMELINE_TRAITS_H

#include <stdint.h>
#include <udcg/base/strbuf.h>

/* The kind counts from 0, in the order of the model. */
static inline int64_t trait_of(size_t kind, struct bytes code)
{
	int64_t trait = 0;
	for (size_t i = 0; i < code.length && i < 3; i++)
		trait = trait << 8 | (unsigned char)code.data[i];
	return trait << 8 | (int64_t)(kind + 1);
}

static inline size_t trait_kind(int64_t trait)
{
	return (size_t)(trait & 0xff) - 1;
}

/* 0 where there is none. */
static inline int64_t trait_code(int64_t trait)
{
	return trait >> 8;
}

#endif
