#include <udcg/base/json.h>

#include <string.h>

/* The letter after the backslash; 'u' where there is none of its own, 0 where the byte stands as
 * it is. */
static const char escapes[256] = {
	[0x00] = 'u',
	[0x01] = 'u',
	[0x02] = 'u',
	[0x03] = 'u',
	[0x04] = 'u',
	[0x05] = 'u',
	[0x06] = 'u',
	[0x07] = 'u',
	['\b'] = 'b',
	['\t'] = 't',
	['\n'] = 'n',
	[0x0b] = 'u',
	['\f'] = 'f',
	['\r'] = 'r',
	[0x0e] = 'u',
	[0x0f] = 'u',
	[0x10] = 'u',
	[0x11] = 'u',
	[0x12] = 'u',
	[0x13] = 'u',
	[0x14] = 'u',
	[0x15] = 'u',
	[0x16] = 'u',
	[0x17] = 'u',
	[0x18] = 'u',
	[0x19] = 'u',
	[0x1a] = 'u',
	[0x1b] = 'u',
	[0x1c] = 'u',
	[0x1d] = 'u',
	[0x1e] = 'u',
	[0x1f] = 'u',
	['"'] = '"',
	['\\'] = '\\',
};

static const char hex_digits[] = "0123456789abcdef";

static void append_escape(struct strbuf *buffer, unsigned char byte)
{
	char escape[] = {'\\', escapes[byte], '0', '0', hex_digits[byte >> 4],
		hex_digits[byte & 15]};
	strbuf_append(buffer, escape, escapes[byte] == 'u' ? sizeof(escape) : 2);
}

void json_append_string(struct strbuf *buffer, const char *text, size_t length)
{
	strbuf_reserve(buffer, length + 2);
	strbuf_append_char(buffer, '"');
	size_t start = 0;
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)text[i];
		if (!escapes[byte])
			continue;
		strbuf_append(buffer, text + start, i - start);
		append_escape(buffer, byte);
		start = i + 1;
	}
	if (start < length)
		strbuf_append(buffer, text + start, length - start);
	strbuf_append_char(buffer, '"');
}

void json_append_bytes(struct strbuf *buffer, struct bytes text)
{
	json_append_string(buffer, text.data, text.length);
}

void json_append_text(struct strbuf *buffer, const char *text)
{
	json_append_string(buffer, text, strlen(text));
}

void json_append_text_or_null(struct strbuf *buffer, const char *text)
{
	if (text)
		json_append_text(buffer, text);
	else
		strbuf_append_text(buffer, "null");
}

void json_append_key(struct strbuf *buffer, const char *key)
{
	if (buffer->length > 0 && buffer->data[buffer->length - 1] != '{')
		strbuf_append_char(buffer, ',');
	strbuf_append_char(buffer, '"');
	strbuf_append_text(buffer, key);
	strbuf_append_text(buffer, "\":");
}

static unsigned char hex_value(char digit)
{
	const char *found = digit ? strchr(hex_digits, digit) : NULL;
	return (unsigned char)(found ? found - hex_digits : 0);
}

/* Appends what `escape`, the text after a backslash, stands for and gives its length. */
static size_t append_unescaped(struct strbuf *buffer, struct bytes escape)
{
	if (escape.length == 0)
		return 0;
	if (escape.data[0] == 'u' && escape.length >= 5) {
		strbuf_append_char(buffer,
			(char)(hex_value(escape.data[3]) << 4 | hex_value(escape.data[4])));
		return 5;
	}
	const char *control = memchr(escapes, escape.data[0], ' ');
	strbuf_append_char(buffer, control ? (char)(control - escapes) : escape.data[0]);
	return 1;
}

void json_decode_string(struct strbuf *buffer, struct bytes token)
{
	if (token.length < 2)
		return;
	const char *end = token.data + token.length - 1;
	const char *at = token.data + 1;
	while (at < end) {
		const char *backslash = memchr(at, '\\', (size_t)(end - at));
		const char *stop = backslash ? backslash : end;
		strbuf_append(buffer, at, (size_t)(stop - at));
		at = stop;
		if (backslash) {
			struct bytes escape = {.data = at + 1, .length = (size_t)(end - at - 1)};
			at += 1 + append_unescaped(buffer, escape);
		}
	}
}
