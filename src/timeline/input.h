/* A file read once, in a window that is as long as the longest value that is looked at. */
#ifndef UDCG_TIMELINE_INPUT_H
#define UDCG_TIMELINE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>

#include "faults.h"

/* No record may be longer. */
#define INPUT_VALUE_MAX ((size_t)16 << 20)

struct input {
	int file;
	char *window;
	size_t capacity;
	size_t start, end; /* of what was read and not yet taken */
	struct place place; /* of `start` */
	int error; /* errno of a read or an allocation that failed; 0 */
	bool ended;
};

/* What input_value or input_line found. */
enum input_extent {
	EXTENT_WHOLE,
	EXTENT_NONE, /* the file ended before it began */
	EXTENT_CUT, /* the file ended inside it */
	EXTENT_UNBALANCED, /* brackets that do not match, or too many of them */
	EXTENT_TOO_LONG,
	EXTENT_ERROR, /* see `error` */
};

bool input_open(struct input *input, const char *path);
void input_close(struct input *input);

/* The next byte that is not white space, without taking it; -1 at the end or on an error. */
int input_peek(struct input *input);
/* Takes the byte that input_peek gave. */
void input_take(struct input *input);
/* Takes a byte order mark and says whether there was one. */
bool input_take_mark(struct input *input);

/* The next value, from its first byte on: brackets and strings are balanced, nothing else is
 * certain. It stays valid until the next call. Where it is not whole nothing is taken. */
enum input_extent input_value(struct input *input, struct bytes *ret_value);
/* The rest of the line, without its end; a line that is too long is taken and not given. */
enum input_extent input_line(struct input *input, size_t most, struct bytes *ret_line);
/* The same, without taking it. */
enum input_extent input_peek_line(struct input *input, size_t most, struct bytes *ret_line);

#endif
