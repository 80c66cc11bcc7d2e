#include "path.h"

#include "model.h"

static void append_escaped(struct strbuf *buffer, const char *key)
{
	for (; *key != '\0'; key++) {
		if (*key == '~')
			strbuf_append_text(buffer, "~0");
		else if (*key == '/')
			strbuf_append_text(buffer, "~1");
		else
			strbuf_append_char(buffer, *key);
	}
}

void path_append(struct strbuf *buffer, const struct path *path)
{
	if (!path)
		return;
	path_append(buffer, path->parent);
	strbuf_append_char(buffer, '/');
	if (path->key)
		append_escaped(buffer, path->key);
	else
		strbuf_append_integer(buffer, (int64_t)path->index);
}

const struct path *path_of_record(enum record_kind kind, size_t index, struct path *ret_list,
	struct path *ret_element)
{
	*ret_list = (struct path){.key = record_list_name(kind)};
	*ret_element = (struct path){.parent = ret_list, .index = index};
	return ret_element;
}
