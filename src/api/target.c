#include <string.h>
#include <udcg/api/target.h>
#include <udcg/base/text.h>

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Decodes into memory of the arena. *fault is set where the text is badly written; it is decoded as
 * far as it makes sense, so that an error can show it. */
static struct bytes decode(struct bytes raw, bool plus_is_space, struct arena *arena,
	const char **fault)
{
	char *out = arena_take(arena, raw.length + 1);
	if (!out)
		return (struct bytes){0};
	size_t length = 0;
	for (size_t i = 0; i < raw.length; i++) {
		char c = raw.data[i];
		if (c == '+' && plus_is_space) {
			c = ' ';
		} else if (c == '%') {
			bool room = raw.length - i > 2;
			int high = room ? hex_value(raw.data[i + 1]) : -1;
			int low = room ? hex_value(raw.data[i + 2]) : -1;
			if (high < 0 || low < 0) {
				*fault =
					"has a % that no two hexadecimal digits follow; a percent sign "
					"itself is %25";
			} else {
				c = (char)(high * 16 + low);
				i += 2;
			}
		}
		out[length++] = c;
	}
	struct bytes decoded = {out, length};
	if (text_has_control(decoded)) {
		*fault = "has a control character, which nothing here takes";
		for (size_t i = 0; i < length; i++)
			if ((unsigned char)out[i] < 0x20 || out[i] == 0x7f)
				out[i] = '?';
	}
	if (!text_is_utf8(decoded)) {
		*fault = "is not UTF-8; escape the bytes of UTF-8 text";
		text_make_ascii(out, length);
	}
	return decoded;
}

static size_t count_char(struct bytes text, char c)
{
	size_t count = 0;
	for (size_t i = 0; i < text.length; i++)
		count += text.data[i] == c;
	return count;
}

/* The part of *rest before the next `separator`; *rest moves past it. */
static struct bytes take_until(struct bytes *rest, char separator)
{
	const char *end = rest->length ? memchr(rest->data, separator, rest->length) : NULL;
	struct bytes part = {rest->data, end ? (size_t)(end - rest->data) : rest->length};
	size_t skip = end ? part.length + 1 : part.length;
	*rest = (struct bytes){rest->data + skip, rest->length - skip};
	return part;
}

static bool argument_parse(struct bytes raw, struct arena *arena, struct argument *argument)
{
	const char *equals = raw.length ? memchr(raw.data, '=', raw.length) : NULL;
	struct bytes value = raw;
	struct bytes name = take_until(&value, '=');
	if (!equals)
		argument->fault = "has no value; write name=value";
	argument->name = decode(name, true, arena, &argument->fault);
	argument->whole = decode(value, true, arena, &argument->fault);
	argument->value_count = count_char(value, ',') + 1;
	argument->values = arena_take(arena, argument->value_count * sizeof(struct bytes));
	if (!argument->values || !argument->name.data || !argument->whole.data)
		return false;
	for (size_t i = 0; i < argument->value_count; i++) {
		argument->values[i] =
			decode(take_until(&value, ','), true, arena, &argument->fault);
		if (!argument->values[i].data)
			return false;
	}
	return true;
}

enum target_status target_parse(struct bytes raw, struct arena *arena, struct target *ret_target,
	const char **ret_detail)
{
	struct bytes query = raw;
	struct bytes path = take_until(&query, '?');
	const char *fault = NULL;
	struct target target = {.path = decode(path, false, arena, &fault)};
	if (!target.path.data)
		return TARGET_NO_MEMORY;
	if (fault || !target.path.length || target.path.data[0] != '/') {
		*ret_detail = fault ? fault : "does not begin with a slash";
		return TARGET_BAD;
	}
	if (query.length) {
		target.argument_count = count_char(query, '&') + 1;
		target.arguments =
			arena_take(arena, target.argument_count * sizeof(struct argument));
		if (!target.arguments)
			return TARGET_NO_MEMORY;
	}
	for (size_t i = 0; i < target.argument_count; i++)
		if (!argument_parse(take_until(&query, '&'), arena, &target.arguments[i]))
			return TARGET_NO_MEMORY;
	*ret_target = target;
	return TARGET_OK;
}

void target_append_encoded(struct strbuf *buffer, struct bytes text)
{
	static const char digits[] = "0123456789ABCDEF";
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];
		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
			|| c == '-' || c == '.' || c == '_' || c == '~') {
			strbuf_append_char(buffer, (char)c);
		} else {
			strbuf_append_char(buffer, '%');
			strbuf_append_char(buffer, digits[c >> 4]);
			strbuf_append_char(buffer, digits[c & 15]);
		}
	}
}
