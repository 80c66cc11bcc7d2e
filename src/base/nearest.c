#include <udcg/base/text.h>

#include <string.h>

#include "ascii.h"

/* A third of the letters wrong, and it is another word. */
enum { LETTERS_PER_ERROR = 3 };

void nearest_start(struct nearest *nearest, struct bytes text)
{
	*nearest = (struct nearest){.text = text, .distance = SIZE_MAX};
}

static unsigned smallest(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`, no letter
 * touched twice; `most` where there are no fewer. */
static size_t distance(struct bytes a, struct bytes b, size_t most)
{
	/* The last three rows of the matrix of the distances between prefixes. */
	unsigned rows[3][SLUG_MAX + 1];
	for (size_t j = 0; j <= b.length; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a.length; i++) {
		unsigned *row = rows[i % 3];
		const unsigned *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];
		unsigned least = row[0] = (unsigned)i;
		for (size_t j = 1; j <= b.length; j++) {
			char from = ascii_lower(a.data[i - 1]), to = ascii_lower(b.data[j - 1]);
			row[j] = smallest(above[j - 1] + (from != to),
				1 + smallest(above[j], row[j - 1]));
			if (i > 1 && j > 1 && from == ascii_lower(b.data[j - 2])
				&& to == ascii_lower(a.data[i - 2]))
				row[j] = smallest(row[j], two_above[j - 2] + 1);
			least = smallest(least, row[j]);
		}
		/* No row below has less: a swap costs one, and looks at one that has at most one less. */
		if (least >= most)
			return most;
	}
	return rows[a.length % 3][b.length];
}

void nearest_offer(struct nearest *nearest, struct bytes candidate)
{
	struct bytes text = nearest->text;
	if (text.length > SLUG_MAX || candidate.length == 0 || candidate.length > SLUG_MAX)
		return;
	size_t longer = text.length > candidate.length ? text.length : candidate.length;
	size_t shorter = text.length + candidate.length - longer;
	size_t most = longer / LETTERS_PER_ERROR + 1;
	if (most > nearest->distance)
		most = nearest->distance;
	if (longer - shorter >= most)
		return;
	size_t found = distance(text, candidate, most);
	if (found >= most)
		return;
	nearest->distance = found;
	memcpy(nearest->best, candidate.data, candidate.length);
	nearest->best[candidate.length] = '\0';
}

const char *nearest_best(const struct nearest *nearest)
{
	return nearest->best[0] ? nearest->best : NULL;
}
