#include "view.h"

#include <udcg/base/json.h>

#include "scan.h"

void view_read(struct view *view, const struct shape *shape, struct bytes json)
{
	struct scan scan = scan_inside(json);
	struct bytes key, value;
	size_t index = 0;
	*view = (struct view){.shape = shape};
	/* Both are in order of the names. */
	while (scan_member(&scan, &key, &value)) {
		while (index < shape->count
			&& !bytes_equal(bytes_of(shape->fields[index].name), key))
			index++;
		if (index == shape->count)
			return;
		view->values[index] = value;
	}
}

struct bytes view_value(const struct view *view, const char *key)
{
	return view->values[shape_index(view->shape, key)];
}

void view_append_with(struct strbuf *buffer, struct bytes json, const char *key, struct bytes value)
{
	struct scan scan = scan_inside(json);
	struct bytes name, old;
	const char *start = json.data, *end = json.data + json.length;
	const char *before = end - 1; /* where the member goes: the closing bracket, … */
	const char *behind = end - 1;
	while (scan_member(&scan, &name, &old)) {
		int order = bytes_compare(name, bytes_of(key));
		if (order < 0)
			continue;
		/* … or the first key that is not smaller. */
		before = name.data - 1;
		behind = order == 0 ? old.data + old.length : before;
		break;
	}
	strbuf_append(buffer, start, (size_t)(before - start));
	bool comma = behind == end - 1 && before == behind && before > start + 1;
	strbuf_append_text(buffer, comma ? ",\"" : "\"");
	strbuf_append_text(buffer, key);
	strbuf_append_text(buffer, "\":");
	strbuf_append_bytes(buffer, value);
	if (behind == before && behind < end - 1)
		strbuf_append_char(buffer, ',');
	strbuf_append(buffer, behind, (size_t)(end - behind));
}

void view_append_line(struct strbuf *buffer, enum record_kind kind, struct bytes json)
{
	_cleanup_strbuf_ struct strbuf name = {0};
	json_append_text(&name, record_kind_name(kind));
	buffer->failed |= name.failed;
	view_append_with(buffer, json, "record", strbuf_bytes(&name));
}
