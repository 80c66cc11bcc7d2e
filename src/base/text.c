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
	return text.length == 0
		|| (!memchr(text.data, '\0', text.length)
			&& !u8_check((const uint8_t *)text.data, text.length));
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

void text_fold(struct strbuf *buffer, struct bytes text)
{
	if (text.length == 0)
		return;
	size_t length = 0;
	uint8_t *folded = u8_casefold((const uint8_t *)text.data, text.length, NULL, UNINORM_NFC,
		NULL, &length);
	if (folded)
		strbuf_append(buffer, folded, length);
	else
		buffer->failed = true;
	free(folded);
}
