#include "scan.h"

#include <string.h>
#include <udcg/base/json.h>

/* White space, and the comma between two values. */
static void skip_gap(struct scan *scan)
{
	while (scan->at < scan->end
		&& (*scan->at == ' ' || *scan->at == '\n' || *scan->at == '\r' || *scan->at == '\t'
			|| *scan->at == ','))
		scan->at++;
}

/* `at` is the opening quote; gives what is behind the closing one. */
static const char *string_end(const char *at, const char *end)
{
	const char *from = at + 1;
	for (;;) {
		const char *quote = memchr(from, '"', (size_t)(end - from));
		if (!quote)
			return end;
		const char *backslash = quote;
		while (backslash > from && backslash[-1] == '\\')
			backslash--;
		if ((quote - backslash) % 2 == 0)
			return quote + 1;
		from = quote + 1;
	}
}

static const char *container_end(const char *at, const char *end)
{
	size_t depth = 0;
	while (at < end) {
		char c = *at;
		if (c == '"') {
			at = string_end(at, end);
			continue;
		}
		at++;
		if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && --depth == 0)
			break;
	}
	return at;
}

static const char *scalar_end(const char *at, const char *end)
{
	while (at < end && !strchr(",]} \n\r\t", *at))
		at++;
	return at;
}

static struct bytes take_value(struct scan *scan)
{
	const char *start = scan->at;
	if (*start == '"')
		scan->at = string_end(start, scan->end);
	else if (*start == '{' || *start == '[')
		scan->at = container_end(start, scan->end);
	else
		scan->at = scalar_end(start, scan->end);
	return (struct bytes){.data = start, .length = (size_t)(scan->at - start)};
}

struct scan scan_inside(struct bytes value)
{
	if (value.length < 2)
		return (struct scan){0};
	return (struct scan){.at = value.data + 1, .end = value.data + value.length - 1};
}

bool scan_element(struct scan *scan, struct bytes *ret_value)
{
	skip_gap(scan);
	if (scan->at >= scan->end)
		return false;
	*ret_value = take_value(scan);
	return true;
}

bool scan_member(struct scan *scan, struct bytes *ret_key, struct bytes *ret_value)
{
	struct bytes key;
	if (!scan_element(scan, &key) || key.length < 2)
		return false;
	skip_gap(scan);
	if (scan->at < scan->end && *scan->at == ':')
		scan->at++;
	if (!scan_element(scan, ret_value))
		return false;
	*ret_key = (struct bytes){.data = key.data + 1, .length = key.length - 2};
	return true;
}

int64_t scan_integer(struct bytes value)
{
	bool negative = value.length > 0 && value.data[0] == '-';
	int64_t magnitude = 0;
	for (size_t i = negative; i < value.length; i++)
		magnitude = 10 * magnitude + (value.data[i] - '0');
	return negative ? -magnitude : magnitude;
}

struct bytes scan_text(struct bytes value, struct strbuf *decoded)
{
	if (value.length < 2)
		return (struct bytes){0};
	if (!memchr(value.data, '\\', value.length))
		return (struct bytes){.data = value.data + 1, .length = value.length - 2};
	size_t start = decoded->length;
	json_decode_string(decoded, value);
	return (struct bytes){.data = decoded->data + start, .length = decoded->length - start};
}
