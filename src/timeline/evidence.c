#include "evidence.h"

#include <udcg/base/text.h>

bool evidence_check_name(struct check *check, const struct object *object, const struct path *path,
	struct bytes name)
{
	const struct shape *shape = object->shape;
	size_t index = shape_find(shape, name);
	if (index != FIELD_NONE && !shape->fields[index].uncited) {
		if (object->present & (UINT64_C(1) << index))
			return true;
		check_fault(check, path, NULL,
			"\"%s\" is null, empty or left out here: cite what the %s says",
			shape->fields[index].name, shape->name);
		return false;
	}

	_cleanup_strbuf_ struct strbuf detail = {0};
	struct nearest nearest;
	nearest_start(&nearest, name);
	fault_show(&detail, name);
	strbuf_append_format(&detail, ": no citation of this %s supports that, but ", shape->name);
	for (size_t i = 0, listed = 0; i < shape->count; i++) {
		if (shape->fields[i].uncited)
			continue;
		strbuf_append_format(&detail, "%s%s", listed++ > 0 ? ", " : "",
			shape->fields[i].name);
		nearest_offer(&nearest, bytes_of(shape->fields[i].name));
	}
	const char *best = nearest_best(&nearest);
	if (best)
		strbuf_append_format(&detail, "; \"%s\" is near", best);
	check_fault(check, path, NULL, "%s", check_words(check, &detail));
	return false;
}

static uint64_t supported_by(const struct object *object, const json_t *supports)
{
	uint64_t fields = 0;
	size_t i;
	json_t *name;
	json_array_foreach(supports, i, name)
	{
		size_t index = shape_find(object->shape, json_bytes(name));
		if (index != FIELD_NONE)
			fields |= UINT64_C(1) << index;
	}
	return fields;
}

static void check_range(struct check *check, const struct object *citation, const char *start_key,
	const char *end_key)
{
	const json_t *start = object_value(citation, start_key),
		     *end = object_value(citation, end_key);
	if (start && end && json_integer_value(end) <= json_integer_value(start))
		check_fault(check, citation->path, end_key, "%lld: not behind %s, which is %lld",
			(long long)json_integer_value(end), start_key,
			(long long)json_integer_value(start));
}

void evidence_note(struct check *check, struct object *object, const struct object *citation)
{
	check_range(check, citation, "byte_start", "byte_end");
	check_range(check, citation, "char_start", "char_end");
	uint64_t fields = supported_by(object, object_value(citation, "supports"));
	object->supported |= fields;
	if (bytes_equal(object_text(citation, "basis"), BYTES_LITERAL("derived"))) {
		object->derived |= fields;
		if (object_has(citation, "reasoning"))
			object->reasoned |= fields;
	}
}

static bool same_range(const json_t *a, const json_t *b)
{
	for (size_t i = 0; i < sizeof(shape_evidence.order) / sizeof(shape_evidence.order[0]);
		i++) {
		const char *key = shape_evidence.order[i];
		const json_t *one = json_object_get(a, key);
		if (!one || !json_equal(one, json_object_get(b, key)))
			return false;
	}
	return true;
}

/* Two citations of one range support the same field, which is a fault at the later one. */
static void add_repeat(struct check *check, const struct path *path, const struct element *one,
	const struct element *other, const char *field)
{
	size_t late = one->index > other->index ? one->index : other->index;
	const struct path at = {.parent = path, .index = late};
	check_fault(check, &at, NULL,
		"repeats entry %zu: the same bytes support \"%s\" there already",
		one->index + other->index - late, field);
}

void evidence_check_repeats(struct check *check, const struct object *object,
	const struct path *path, size_t first)
{
	const struct shape *shape = object->shape;
	uint64_t seen = 0; /* fields that citations of the range at hand support */
	size_t last[SHAPE_FIELDS_MAX]; /* of the citations that support it, for those */
	for (size_t i = first; i < check->element_count; i++) {
		const struct element *elements = check->elements;
		if (i > first && !same_range(elements[i - 1].value, elements[i].value))
			seen = 0;
		uint64_t fields =
			supported_by(object, json_object_get(elements[i].value, "supports"));
		size_t nearest = first, repeated = FIELD_NONE;
		for (size_t field = 0; field < shape->count; field++) {
			uint64_t bit = UINT64_C(1) << field;
			if ((fields & seen & bit)
				&& (repeated == FIELD_NONE || last[field] > nearest)) {
				nearest = last[field];
				repeated = field;
			}
			if (fields & bit)
				last[field] = i;
		}
		seen |= fields;
		if (repeated != FIELD_NONE)
			add_repeat(check, path, &elements[nearest], &elements[i],
				shape->fields[repeated].name);
	}
}

void evidence_check_fields(struct check *check, const struct object *object)
{
	const struct shape *shape = object->shape;
	size_t evidence = shape_find(shape, BYTES_LITERAL("evidence"));
	if (evidence == FIELD_NONE)
		return;
	/* Where a citation is wrong it is not known what the others must do. */
	if ((object->present & (UINT64_C(1) << evidence)) && !object->values[evidence])
		return;
	for (size_t i = 0; i < shape->count; i++) {
		uint64_t bit = UINT64_C(1) << i;
		if (shape->fields[i].grounded && (object->present & ~object->supported & bit))
			check_fault(check, object->path, shape->fields[i].name,
				"is supported by no citation: name it in `supports` of one, or "
				"leave it out");
		if (object->derived & ~object->reasoned & bit)
			check_fault(check, object->path, "evidence",
				"does not say how \"%s\" is derived: a derived citation of it "
				"needs `reasoning`",
				shape->fields[i].name);
	}
}
