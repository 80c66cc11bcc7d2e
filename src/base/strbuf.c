#include <udcg/base/strbuf.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ascii.h"

enum { CAPACITY_MIN = 64 };

struct bytes bytes_of(const char *text)
{
	return (struct bytes){.data = text, .length = text ? strlen(text) : 0};
}

bool bytes_equal(struct bytes a, struct bytes b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool bytes_equal_nocase(struct bytes a, struct bytes b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++) {
		if (ascii_lower(a.data[i]) != ascii_lower(b.data[i]))
			return false;
	}
	return true;
}

int bytes_compare(struct bytes a, struct bytes b)
{
	size_t common = a.length < b.length ? a.length : b.length;
	int order = common > 0 ? memcmp(a.data, b.data, common) : 0;
	return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

void strbuf_free(struct strbuf *buffer)
{
	if (!buffer)
		return;
	free(buffer->data);
	*buffer = (struct strbuf){0};
}

void strbuf_clear(struct strbuf *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
	if (buffer->data)
		buffer->data[0] = '\0';
}

void strbuf_reserve(struct strbuf *buffer, size_t more)
{
	if (buffer->failed || (buffer->data && more < buffer->capacity - buffer->length))
		return;

	if (more > PTRDIFF_MAX - 1 - buffer->length) {
		buffer->failed = true;
		return;
	}
	size_t needed = buffer->length + more + 1;
	size_t doubled = buffer->capacity > PTRDIFF_MAX / 2 ? PTRDIFF_MAX : 2 * buffer->capacity;
	size_t capacity = needed > doubled ? needed : doubled;
	if (capacity < CAPACITY_MIN)
		capacity = CAPACITY_MIN;

	char *data = realloc(buffer->data, capacity);
	if (!data) {
		buffer->failed = true;
		return;
	}
	data[buffer->length] = '\0';
	buffer->data = data;
	buffer->capacity = capacity;
}

void strbuf_append(struct strbuf *buffer, const void *data, size_t length)
{
	strbuf_reserve(buffer, length);
	if (buffer->failed || length == 0)
		return;
	memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void strbuf_append_text(struct strbuf *buffer, const char *text)
{
	strbuf_append(buffer, text, strlen(text));
}

void strbuf_append_texts(struct strbuf *buffer, ...)
{
	va_list texts;
	va_start(texts, buffer);
	for (const char *text; (text = va_arg(texts, const char *));)
		strbuf_append_text(buffer, text);
	va_end(texts);
}

void strbuf_append_bytes(struct strbuf *buffer, struct bytes bytes)
{
	strbuf_append(buffer, bytes.data, bytes.length);
}

void strbuf_append_strbuf(struct strbuf *buffer, const struct strbuf *other)
{
	strbuf_append(buffer, other->data, other->length);
	buffer->failed |= other->failed;
}

void strbuf_append_char(struct strbuf *buffer, char c)
{
	strbuf_reserve(buffer, 1);
	if (buffer->failed)
		return;
	buffer->data[buffer->length++] = c;
	buffer->data[buffer->length] = '\0';
}

void strbuf_append_integer(struct strbuf *buffer, int64_t value)
{
	char digits[20]; /* -9223372036854775808 */
	size_t start = sizeof(digits);
	uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
	do {
		digits[--start] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest > 0);
	if (value < 0)
		digits[--start] = '-';
	strbuf_append(buffer, digits + start, sizeof(digits) - start);
}

void strbuf_append_format(struct strbuf *buffer, const char *format, ...)
{
	va_list measured, written;
	va_start(measured, format);
	va_copy(written, measured);
	int length = vsnprintf(NULL, 0, format, measured);
	va_end(measured);
	if (length < 0)
		buffer->failed = true;
	else
		strbuf_reserve(buffer, (size_t)length);
	if (!buffer->failed) {
		vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, written);
		buffer->length += (size_t)length;
	}
	va_end(written);
}

struct bytes strbuf_bytes(const struct strbuf *buffer)
{
	return (struct bytes){.data = buffer->data ? buffer->data : "", .length = buffer->length};
}

char *strbuf_detach(struct strbuf *buffer, size_t *ret_length)
{
	strbuf_reserve(buffer, 0);
	if (buffer->failed) {
		strbuf_free(buffer);
		return NULL;
	}
	char *data = buffer->data;
	if (ret_length)
		*ret_length = buffer->length;
	*buffer = (struct strbuf){0};
	return data;
}
