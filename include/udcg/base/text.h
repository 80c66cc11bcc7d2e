/* Small questions about text that come up everywhere. */
#ifndef UDCG_BASE_TEXT_H
#define UDCG_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <udcg/base/strbuf.h>

#define SLUG_MAX 100

/* [a-z0-9]+(-[a-z0-9]+)*, at most SLUG_MAX bytes. */
bool text_is_slug(struct bytes text);
/* Well-formed UTF-8 (RFC 3629) without NUL. */
bool text_is_utf8(struct bytes text);
/* Puts a question mark in the place of each byte beyond ASCII. */
void text_make_ascii(char *text, size_t length);
bool text_has_control(struct bytes text); /* U+0000 to U+001F, U+007F */
size_t text_code_points(struct bytes text); /* of valid UTF-8 */
void text_lower_ascii(char *text, size_t length);
/* Appends the Unicode case folding of `text` (valid UTF-8) in NFC: equal where two texts differ in
 * case only. */
void text_fold(struct strbuf *buffer, struct bytes text);

/* Among candidates, the one nearest to `text` by Damerau-Levenshtein distance, without case; NULL
 * when none is near enough to be meant. Feed candidates one by one. */
struct nearest {
	struct bytes text;
	char best[SLUG_MAX + 1]; /* "" where none is near */
	size_t distance;
};
void nearest_start(struct nearest *nearest, struct bytes text);
void nearest_offer(struct nearest *nearest, struct bytes candidate);
/* NULL where nothing offered was near. */
const char *nearest_best(const struct nearest *nearest);

#endif
