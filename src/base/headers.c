#include <udcg/base/headers.h>

#include <string.h>
#include <strings.h>

enum { USUAL_SIZE = 1024 }; /* bytes: so that the fields of most replies take one allocation */

void headers_add(struct headers *headers, const char *name, const char *value)
{
	struct strbuf *text = &headers->text;
	size_t name_size = strlen(name) + 1, value_size = strlen(value) + 1;
	size_t needed = name_size + value_size;
	strbuf_reserve(text, text->data || needed > USUAL_SIZE ? needed : USUAL_SIZE);
	if (text->failed)
		return;
	strbuf_append(text, name, name_size);
	strbuf_append(text, value, value_size);
	headers->count++;
}

bool headers_next(const struct headers *headers, struct header *header)
{
	if (headers->count == 0)
		return false;
	const char *at =
		header->value ? header->value + strlen(header->value) + 1 : headers->text.data;
	if (at == headers->text.data + headers->text.length)
		return false;
	*header = (struct header){.name = at, .value = at + strlen(at) + 1};
	return true;
}

const char *headers_find(const struct headers *headers, const char *name)
{
	struct header header = {0};
	while (headers_next(headers, &header)) {
		if (strcasecmp(header.name, name) == 0)
			return header.value;
	}
	return "";
}

void headers_free(struct headers *headers)
{
	strbuf_free(&headers->text);
	headers->count = 0;
}
