#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loading.h"
#include "scan.h"
#include "traits.h"

/* The line of `order` that is about the list at `pointer`: its file's indexes, behind a blank. */
static struct bytes find_order(struct bytes order, struct bytes pointer)
{
	const char *at = order.data, *end = order.data + order.length;
	while (at && at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		const char *line_end = stop ? stop : end;
		size_t length = (size_t)(line_end - at);
		if (length > pointer.length && at[pointer.length] == ' '
			&& memcmp(at, pointer.data, pointer.length) == 0)
			return (struct bytes){.data = at + pointer.length,
				.length = length - pointer.length};
		at = line_end + 1;
	}
	return (struct bytes){0};
}

/* The index in the file of entry `index` of the canonical form. */
static size_t index_in_file(struct bytes order, struct bytes pointer, size_t index)
{
	struct bytes indexes = find_order(order, pointer);
	if (!indexes.data)
		return index;
	const char *at = indexes.data, *end = indexes.data + indexes.length;
	for (size_t i = 0; at < end; i++) {
		char *behind = NULL;
		size_t value = (size_t)strtoull(at, &behind, 10);
		if (i == index)
			return value;
		at = behind;
	}
	return index;
}

/* Appends the path as the file has it, behind the record's own, which `pointer` holds. */
static void append_in_file(struct strbuf *pointer, const struct staged *staged,
	const struct path *path)
{
	if (!path)
		return;
	append_in_file(pointer, staged, path->parent);
	struct path step = {.key = path->key, .index = path->index};
	if (!path->key && staged->order.length > 0)
		step.index = index_in_file(staged->order, strbuf_bytes(pointer), path->index);
	path_append(pointer, &step);
}

void loading_fault(struct loading *loading, const struct path *path, const char *format, ...)
{
	struct strbuf pointer = {0};
	const struct staged *staged = loading->staged;
	struct path list, element;
	/* Where an entry stands in the file is looked for among all of the record's. */
	if (!fault_log_keeps(loading->log, staged->place)) {
		fault_log_count(loading->log);
		return;
	}
	if (staged->in_list)
		path_append(&pointer, path_of_record(staged->kind, staged->index, &list, &element));
	append_in_file(&pointer, staged, path);
	char *detail = NULL;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&detail, format, arguments) < 0)
		detail = NULL;
	va_end(arguments);
	fault_log_take(loading->log, staged->place, strbuf_detach(&pointer, NULL), detail);
}

enum timeline_status loading_resolve(struct loading *loading, const struct path *path,
	enum record_kind target, struct bytes value, int64_t *ret_row, int64_t *ret_trait)
{
	struct bytes id = scan_text(value, &loading->texts.decoded);
	enum timeline_status status =
		staging_find(loading->staging, target, id, ret_row, ret_trait);
	if (status == TIMELINE_OK && *ret_row == 0)
		loading_fault(loading, path, "\"%.*s\": there is no %s of that id in the file",
			(int)id.length, id.data, record_kind_name(target));
	return status;
}

static bool is(const struct field *field, const char *name)
{
	return strcmp(field->name, name) == 0;
}

static bool is_participant_kind(int64_t trait, const char *const *names)
{
	const struct shape *shape = record_shape(RECORD_PARTICIPANT);
	const char *const *choices = shape->fields[shape_index(shape, "kind")].choices;
	size_t kind = trait_kind(trait);
	for (size_t i = 0; names[i]; i++) {
		if (kind == choice_find(choices, bytes_of(names[i])))
			return true;
	}
	return false;
}

/* What a reference means must be of the right kind. */
static void check_target(struct loading *loading, const struct part *part, size_t index,
	const struct path *path)
{
	static const char *const series_kinds[] = {"group", "organisation", NULL};
	static const char *const named_kinds[] = {"person", NULL};
	const struct field *field = &part->view.shape->fields[index];
	int64_t trait = part->traits[index];
	if (trait == 0)
		return;
	if (is(field, "series") && !is_participant_kind(trait, series_kinds))
		loading_fault(loading, path,
			"is a person or a country: a series belongs to a group or an organisation");
	if (part->view.shape == loading->attendance.shape && is(field, "participant")
		&& view_value(&part->view, "representative").data
		&& is_participant_kind(trait, named_kinds))
		loading_fault(loading, path,
			"is a person: where there is a representative, who is not named, the "
			"participant is the country or organisation");
	if (is(field, "supersedes") && loading->staged->trait != 0
		&& trait != loading->staged->trait)
		loading_fault(loading, path,
			"is of another kind or currency: a correction has those of the figure that "
			"it corrects");
}

enum timeline_status loading_resolve_part(struct loading *loading, struct part *part)
{
	const struct shape *shape = part->view.shape;
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		if (field->type != FIELD_REFERENCE || !part->view.values[i].data)
			continue;
		const struct path path = {.parent = part->path, .key = field->name};
		enum timeline_status status = loading_resolve(loading, &path, field->target,
			part->view.values[i], &part->rows[i], &part->traits[i]);
		if (status != TIMELINE_OK)
			return status;
		if (part->rows[i] != 0)
			check_target(loading, part, i, &path);
	}
	return TIMELINE_OK;
}
