#include <udcg/base/text.h>

#include <stdlib.h>
#include <string.h>
#include <unicase.h>
#include <uninorm.h>
#include <unistr.h>

#include "ascii.h"

bool text_is_slug(struct bytes text)
{
	if (text.length == 0 || text.length > SLUG_MAX)
		return false;
	char previous = '-';
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];
		bool word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (!word && (c != '-' || previous == '-'))
			return false;
		previous = c;
	}
	return previous != '-';
}

bool text_is_utf8(struct bytes text)
{
	for (size_t at = 0; at < text.length;) {
		size_t rest = text.length - at;
		if (rest >= ASCII_WORD) {
			uint64_t word = ascii_word(text.data + at);
			if (!ascii_any_not_ascii(word) && !ascii_any_is(word, '\0')) {
				at += ASCII_WORD;
				continue;
			}
		}
		ucs4_t code = 0;
		int used = u8_mbtoucr(&code, (const uint8_t *)text.data + at, rest);
		if (used < 1 || code == 0)
			return false;
		at += (size_t)used;
	}
	return true;
}

bool text_has_control(struct bytes text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte < 0x20 || byte == 0x7f)
			return true;
	}
	return false;
}

size_t text_code_points(struct bytes text)
{
	size_t count = 0;
	for (size_t i = 0; i < text.length; i++)
		count += ((unsigned char)text.data[i] & 0xc0) != 0x80;
	return count;
}

void text_lower_ascii(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		text[i] = ascii_lower(text[i]);
}

static bool is_ascii(struct bytes text)
{
	size_t at = 0;
	while (at < text.length && (unsigned char)text.data[at] < 0x80)
		at++;
	return at == text.length;
}

void text_make_ascii(char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)text[i] >= 0x80)
			text[i] = '?';
}

void text_fold(struct strbuf *buffer, struct bytes text)
{
	if (is_ascii(text)) {
		size_t start = buffer->length;
		strbuf_append_bytes(buffer, text);
		if (!buffer->failed)
			text_lower_ascii(buffer->data + start, text.length);
		return;
	}
	size_t length = 0;
	uint8_t *folded = u8_casefold((const uint8_t *)text.data, text.length, NULL, UNINORM_NFC,
		NULL, &length);
	if (folded)
		strbuf_append(buffer, folded, length);
	else
		buffer->failed = true;
	free(folded);
}
