#include "annotation.h"

#include <errno.h>

#include "load_json.h"
#include "scan.h"

struct annotation {
	struct strbuf *buffer;
	const char *copied; /* where in the record the rest begins that was not appended yet */
	annotation_find *find;
	void *context;
};

/* Where the members of a citation that matter here stand. */
struct citation {
	struct bytes byte_end_key, byte_end;
	const char *before_byte_end; /* where the white space before its key begins */
	struct bytes counts[3]; /* data is NULL where one is not there */
};

static const char *const count_keys[] = {"char_start", "char_end", "paragraph"};

static bool is(struct bytes key, const char *name)
{
	return bytes_equal(key, bytes_of(name));
}

static void copy_until(struct annotation *annotation, const char *end)
{
	strbuf_append(annotation->buffer, annotation->copied, (size_t)(end - annotation->copied));
	annotation->copied = end;
}

static struct citation read_citation(struct bytes text)
{
	struct citation citation = {0};
	struct scan scan = scan_inside(text);
	struct bytes key, value;
	const char *behind = scan.at;
	for (; scan_member(&scan, &key, &value); behind = scan.at) {
		for (size_t i = 0; i < sizeof(count_keys) / sizeof(count_keys[0]); i++) {
			if (is(key, count_keys[i]))
				citation.counts[i] = value;
		}
		if (!is(key, "byte_end"))
			continue;
		citation.byte_end = value;
		citation.byte_end_key = key;
		/* Behind the bracket, or the comma. */
		citation.before_byte_end = behind;
		while (*citation.before_byte_end != '"' && citation.before_byte_end[0] != ',')
			citation.before_byte_end++;
		citation.before_byte_end =
			*citation.before_byte_end == ',' ? citation.before_byte_end + 1 : behind;
	}
	return citation;
}

/* A member of its own behind byte_end, spaced like that one. */
static void append_member(struct strbuf *buffer, const struct citation *citation, const char *key,
	int64_t count)
{
	const char *quote = citation->byte_end_key.data - 1;
	const char *behind_key = citation->byte_end_key.data + citation->byte_end_key.length;
	strbuf_append_char(buffer, ',');
	strbuf_append(buffer, citation->before_byte_end,
		(size_t)(quote - citation->before_byte_end));
	strbuf_append_char(buffer, '"');
	strbuf_append_text(buffer, key);
	strbuf_append(buffer, behind_key, (size_t)(citation->byte_end.data - behind_key));
	strbuf_append_integer(buffer, count);
}

/* Which of the members that are there stands first behind what is copied; -1 for none. */
static int next_count(const struct annotation *annotation, const struct citation *citation,
	const bool wanted[])
{
	int next = -1;
	for (int i = 0; i < 3; i++) {
		const char *at = citation->counts[i].data;
		if (at && wanted[i] && at >= annotation->copied
			&& (next < 0 || at < citation->counts[next].data))
			next = i;
	}
	return next;
}

static void write_counts(struct annotation *annotation, const struct citation *citation,
	const int64_t counts[], const bool wanted[])
{
	const char *end = citation->byte_end.data + citation->byte_end.length;
	bool added = false;
	for (;;) {
		int next = next_count(annotation, citation, wanted);
		if (!added && (next < 0 || citation->counts[next].data > end)) {
			copy_until(annotation, end);
			for (int i = 0; i < 3; i++) {
				if (wanted[i] && !citation->counts[i].data)
					append_member(annotation->buffer, citation, count_keys[i],
						counts[i]);
			}
			added = true;
		}
		if (next < 0)
			return;
		copy_until(annotation, citation->counts[next].data);
		strbuf_append_integer(annotation->buffer, counts[next]);
		annotation->copied += citation->counts[next].length;
	}
}

static enum timeline_status count(struct annotation *annotation, const json_t *values,
	const struct citation *citation)
{
	const json_t *source = json_object_get(values, "source");
	const struct document *document = NULL;
	enum timeline_status status = annotation->find(annotation->context,
		(struct bytes){.data = json_string_value(source),
			.length = json_string_length(source)},
		&document);
	if (status != TIMELINE_OK)
		return status;
	json_int_t start = json_integer_value(json_object_get(values, "byte_start"));
	json_int_t end = json_integer_value(json_object_get(values, "byte_end"));
	if (start < 0 || end < start || (uint64_t)end > document->length) {
		errno = ESTALE;
		return TIMELINE_IO;
	}
	struct document_position position = document_locate(document, (size_t)start, (size_t)end);
	const int64_t counts[] = {position.char_start, position.char_end, position.paragraph};
	const bool wanted[] = {document->is_utf8, document->is_utf8, true};
	write_counts(annotation, citation, counts, wanted);
	return TIMELINE_OK;
}

static enum timeline_status annotate_citation(struct annotation *annotation, struct bytes text)
{
	struct citation citation = read_citation(text);
	/* A key may be written with escapes, but nobody does; it is then left alone. */
	if (!citation.byte_end.data)
		return TIMELINE_OK;
	bool is_short;
	json_t *values = load_json(text, 0, NULL, &is_short);
	enum timeline_status status =
		values ? count(annotation, values, &citation) : TIMELINE_NO_MEMORY;
	json_decref(values);
	return status;
}

/* The citations of an object, and of those in the lists in it. */
static enum timeline_status annotate_object(struct annotation *annotation, struct bytes text)
{
	struct scan members = scan_inside(text);
	struct bytes key, value, element;
	enum timeline_status status = TIMELINE_OK;
	while (status == TIMELINE_OK && scan_member(&members, &key, &value)) {
		bool evidence = is(key, "evidence");
		if (!evidence && !is(key, "attendance") && !is(key, "headcounts"))
			continue;
		struct scan elements = scan_inside(value);
		while (status == TIMELINE_OK && scan_element(&elements, &element))
			status = evidence ? annotate_citation(annotation, element)
					  : annotate_object(annotation, element);
	}
	return status;
}

enum timeline_status annotation_append(struct strbuf *buffer, struct bytes record,
	annotation_find *find, void *context)
{
	struct annotation annotation = {.buffer = buffer,
		.copied = record.data,
		.find = find,
		.context = context};
	enum timeline_status status = annotate_object(&annotation, record);
	copy_until(&annotation, record.data + record.length);
	return status;
}
