#include <udcg/base/ical.h>

enum { OCTETS_MAX = 75 };

struct line {
	struct strbuf *buffer;
	size_t octets;
};

/* Appends what must not be torn. */
static void put(struct line *line, struct bytes piece)
{
	if (line->octets + piece.length > OCTETS_MAX) {
		strbuf_append_text(line->buffer, "\r\n ");
		line->octets = 1;
	}
	strbuf_append_bytes(line->buffer, piece);
	line->octets += piece.length;
}

/* The first character of a text that is not empty. */
static struct bytes first_character(struct bytes text)
{
	size_t length = 1;
	while (length < text.length && (text.data[length] & 0xc0) == 0x80)
		length++;
	return (struct bytes){text.data, length};
}

static void put_all(struct line *line, struct bytes text)
{
	while (text.length) {
		struct bytes character = first_character(text);
		put(line, character);
		text = (struct bytes){text.data + character.length, text.length - character.length};
	}
}

/* What stands for a character in TEXT. */
static struct bytes escaped(struct bytes character)
{
	switch (character.data[0]) {
	case '\\':
		return BYTES_LITERAL("\\\\");
	case ';':
		return BYTES_LITERAL("\\;");
	case ',':
		return BYTES_LITERAL("\\,");
	case '\n':
	case '\r':
		return BYTES_LITERAL("\\n");
	case '\t':
		return character;
	default:
		break;
	}
	bool control = (unsigned char)character.data[0] < ' ' || character.data[0] == '\x7f';
	return control ? BYTES_LITERAL("\ufffd") : character;
}

static struct line begin(struct strbuf *buffer, const char *name)
{
	struct line line = {.buffer = buffer};
	put_all(&line, bytes_of(name));
	put(&line, BYTES_LITERAL(":"));
	return line;
}

void ical_append_value(struct strbuf *buffer, const char *name, struct bytes value)
{
	struct line line = begin(buffer, name);
	put_all(&line, value);
	strbuf_append_text(buffer, "\r\n");
}

void ical_append_text(struct strbuf *buffer, const char *name, struct bytes text)
{
	struct line line = begin(buffer, name);
	while (text.length) {
		bool both = text.length > 1 && text.data[0] == '\r' && text.data[1] == '\n';
		struct bytes character = first_character(text);
		put(&line, escaped(character));
		size_t length = both ? 2 : character.length;
		text = (struct bytes){text.data + length, text.length - length};
	}
	strbuf_append_text(buffer, "\r\n");
}
