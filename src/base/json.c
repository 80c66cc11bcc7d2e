#include <udcg/base/json.h>

#include <string.h>

#include "ascii.h"

/* Control characters that have a short escape: the letter after the backslash. */
static const char letters[' '] = {
	['\b'] = 'b',
	['\t'] = 't',
	['\n'] = 'n',
	['\f'] = 'f',
	['\r'] = 'r',
};

static const char hex_digits[] = "0123456789abcdef";

static bool needs_escape(char c)
{
	return (unsigned char)c < ' ' || c == '"' || c == '\\';
}

/* How many bytes there are before the first that needs an escape. */
static size_t plain_length(const char *text, size_t length)
{
	size_t at = 0;
	for (; length - at >= ASCII_WORD; at += ASCII_WORD) {
		uint64_t word = ascii_word(text + at);
		if (ascii_any_below(word, ' ') || ascii_any_is(word, '"')
			|| ascii_any_is(word, '\\'))
			break;
	}
	while (at < length && !needs_escape(text[at]))
		at++;
	return at;
}

static void append_escape(struct strbuf *buffer, char c)
{
	strbuf_append_char(buffer, '\\');
	if ((unsigned char)c >= ' ')
		strbuf_append_char(buffer, c);
	else if (letters[(unsigned char)c])
		strbuf_append_char(buffer, letters[(unsigned char)c]);
	else
		strbuf_append(buffer,
			(char[]){'u', '0', '0', hex_digits[c >> 4], hex_digits[c & 15]}, 5);
}

void json_append_string(struct strbuf *buffer, const char *text, size_t length)
{
	strbuf_reserve(buffer, length + 2);
	strbuf_append_char(buffer, '"');
	for (size_t at = 0; at < length;) {
		size_t plain = plain_length(text + at, length - at);
		strbuf_append(buffer, text + at, plain);
		at += plain;
		if (at < length)
			append_escape(buffer, text[at++]);
	}
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

void json_append_bytes_or_null(struct strbuf *buffer, struct bytes text)
{
	if (text.data)
		json_append_bytes(buffer, text);
	else
		strbuf_append_text(buffer, "null");
}

void json_append_text_or_null(struct strbuf *buffer, const char *text)
{
	json_append_bytes_or_null(buffer, bytes_of(text));
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
	const char *control = memchr(letters, escape.data[0], sizeof(letters));
	strbuf_append_char(buffer, control ? (char)(control - letters) : escape.data[0]);
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
