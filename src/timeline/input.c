#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { READ_SIZE = 256 << 10, DEPTH_MAX = 64 };

bool input_open(struct input *input, const char *path)
{
	*input = (struct input){.place.line = 1};
	input->file = open(path, O_RDONLY | O_CLOEXEC);
	return input->file >= 0;
}

void input_close(struct input *input)
{
	if (input->file >= 0)
		close(input->file);
	free(input->window);
	*input = (struct input){.file = -1};
}

/* Room for READ_SIZE more bytes: moves what is left to the front, or grows. */
static bool make_room(struct input *input)
{
	size_t left = input->end - input->start;
	if (input->capacity - input->end >= READ_SIZE)
		return true;
	if (input->start >= left && input->capacity - left >= READ_SIZE) {
		if (left > 0)
			memcpy(input->window, input->window + input->start, left);
		input->start = 0;
		input->end = left;
		return true;
	}
	size_t capacity = 2 * (left + READ_SIZE);
	char *window = malloc(capacity);
	if (!window) {
		input->error = ENOMEM;
		return false;
	}
	if (left > 0)
		memcpy(window, input->window + input->start, left);
	free(input->window);
	*input = (struct input){.file = input->file,
		.window = window,
		.capacity = capacity,
		.end = left,
		.place = input->place};
	return true;
}

/* Reads more; false at the end or on an error. */
static bool fill(struct input *input)
{
	if (input->ended || input->error || !make_room(input))
		return false;
	ssize_t got;
	do
		got = read(input->file, input->window + input->end, input->capacity - input->end);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		input->error = errno;
	else if (got == 0)
		input->ended = true;
	else
		input->end += (size_t)got;
	return got > 0;
}

static void take(struct input *input, size_t length)
{
	const char *at = input->window + input->start, *end = at + length;
	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		input->place.line++;
		at++;
	}
	input->start += length;
	input->place.offset += length;
}

static bool is_white(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

int input_peek(struct input *input)
{
	for (;;) {
		size_t length = 0, left = input->end - input->start;
		while (length < left && is_white(input->window[input->start + length]))
			length++;
		if (length > 0)
			take(input, length);
		if (input->start < input->end)
			return (unsigned char)input->window[input->start];
		if (!fill(input))
			return -1;
	}
}

void input_take(struct input *input)
{
	take(input, 1);
}

bool input_take_mark(struct input *input)
{
	static const char mark[] = "\xef\xbb\xbf";
	size_t length = sizeof(mark) - 1;
	while (input->end - input->start < length && fill(input))
		;
	if (input->end - input->start < length
		|| memcmp(input->window + input->start, mark, length) != 0)
		return false;
	take(input, length);
	return true;
}

/* Where a value ends, fed with one byte after the other. */
struct balance {
	uint64_t brackets; /* a bit for each that is open, the innermost lowest: 1 is '{' */
	unsigned depth;
	bool in_string, escaped, in_scalar;
};

enum verdict { VERDICT_MORE, VERDICT_LAST, VERDICT_BEHIND, VERDICT_WRONG };

static enum verdict feed_string(struct balance *balance, char c)
{
	if (balance->escaped)
		balance->escaped = false;
	else if (c == '\\')
		balance->escaped = true;
	else if (c == '"')
		balance->in_string = false;
	return balance->in_string || balance->depth > 0 ? VERDICT_MORE : VERDICT_LAST;
}

static enum verdict feed_close(struct balance *balance, char c)
{
	if (balance->depth == 0)
		return balance->in_scalar ? VERDICT_BEHIND : VERDICT_WRONG;
	if ((balance->brackets & 1) != (c == '}'))
		return VERDICT_WRONG;
	balance->brackets >>= 1;
	return --balance->depth > 0 ? VERDICT_MORE : VERDICT_LAST;
}

static enum verdict feed(struct balance *balance, char c)
{
	if (balance->in_string)
		return feed_string(balance, c);
	if (c == '}' || c == ']')
		return feed_close(balance, c);
	if (balance->in_scalar && (c == ',' || c == ':' || is_white(c)))
		return VERDICT_BEHIND;
	if (c == '"') {
		balance->in_string = true;
	} else if (c == '{' || c == '[') {
		if (balance->depth == DEPTH_MAX)
			return VERDICT_WRONG;
		balance->brackets = balance->brackets << 1 | (c == '{');
		balance->depth++;
	} else if (balance->depth == 0) {
		if (c == ',' || c == ':')
			return VERDICT_WRONG;
		balance->in_scalar = true;
	}
	return VERDICT_MORE;
}

static enum input_extent give(struct input *input, size_t length, struct bytes *ret_value)
{
	*ret_value = (struct bytes){.data = input->window + input->start, .length = length};
	take(input, length);
	return EXTENT_WHOLE;
}

enum input_extent input_value(struct input *input, struct bytes *ret_value)
{
	struct balance balance = {0};
	if (input_peek(input) < 0)
		return input->error ? EXTENT_ERROR : EXTENT_NONE;
	for (size_t length = 0;; length++) {
		if (length == INPUT_VALUE_MAX)
			return EXTENT_TOO_LONG;
		if (input->start + length == input->end && !fill(input)) {
			if (balance.in_scalar && !input->error)
				return give(input, length, ret_value);
			return input->error ? EXTENT_ERROR : EXTENT_CUT;
		}
		switch (feed(&balance, input->window[input->start + length])) {
		case VERDICT_MORE:
			break;
		case VERDICT_LAST:
			return give(input, length + 1, ret_value);
		case VERDICT_BEHIND:
			return give(input, length, ret_value);
		case VERDICT_WRONG:
			return EXTENT_UNBALANCED;
		}
	}
}

enum input_extent input_peek_line(struct input *input, size_t most, struct bytes *ret_line)
{
	size_t length = 0;
	for (;;) {
		const char *start = input->window + input->start;
		size_t left = input->end - input->start;
		const char *newline =
			left > length ? memchr(start + length, '\n', left - length) : NULL;
		length = newline ? (size_t)(newline - start) : left;
		if (length > most)
			return EXTENT_TOO_LONG;
		if (newline || !fill(input))
			break;
	}
	if (input->error)
		return EXTENT_ERROR;
	if (length == 0 && input->start == input->end)
		return EXTENT_NONE;
	*ret_line = (struct bytes){.data = input->window + input->start, .length = length};
	return EXTENT_WHOLE;
}

/* Takes all up to the end of the line. */
static void skip_line(struct input *input)
{
	do {
		size_t left = input->end - input->start;
		const char *start = input->window + input->start;
		const char *newline = left > 0 ? memchr(start, '\n', left) : NULL;
		if (left > 0)
			take(input, newline ? (size_t)(newline - start) : left);
		if (newline)
			return;
	} while (fill(input));
}

enum input_extent input_line(struct input *input, size_t most, struct bytes *ret_line)
{
	enum input_extent extent = input_peek_line(input, most, ret_line);
	if (extent == EXTENT_WHOLE)
		take(input, ret_line->length);
	else if (extent == EXTENT_TOO_LONG)
		skip_line(input);
	return extent;
}
