#include "sets.h"

#include <stdlib.h>
#include <string.h>

struct sorting {
	const char *canonical;
	const struct shape *shape;
};

static int compare_values(const json_t *a, const json_t *b)
{
	bool has_a = a && !json_is_null(a), has_b = b && !json_is_null(b);
	if (!has_a || !has_b)
		return has_b - has_a;
	/* Where one is wrong, too, it is an order. */
	if (json_typeof(a) != json_typeof(b))
		return json_typeof(a) < json_typeof(b) ? -1 : 1;
	if (json_is_string(a))
		return bytes_compare(json_bytes(a), json_bytes(b));
	json_int_t left = json_integer_value(a), right = json_integer_value(b);
	return (left > right) - (left < right);
}

static int compare_keys(const struct shape *shape, const struct element *a, const struct element *b)
{
	int order = 0;
	for (size_t i = 0;
		order == 0 && i < sizeof(shape->order) / sizeof(shape->order[0]) && shape->order[i];
		i++)
		order = compare_values(json_object_get(a->value, shape->order[i]),
			json_object_get(b->value, shape->order[i]));
	return order;
}

static int compare(const void *left, const void *right, void *context)
{
	const struct sorting *sorting = context;
	const struct element *a = left, *b = right;
	int order = sorting->shape ? compare_keys(sorting->shape, a, b) : 0;
	if (order != 0)
		return order;
	return bytes_compare((struct bytes){.data = sorting->canonical + a->start,
				     .length = a->length},
		(struct bytes){.data = sorting->canonical + b->start, .length = b->length});
}

/* Notes which element of the file is where in the canonical form. */
static void note_order(struct check *check, const struct path *path, size_t first)
{
	path_append(&check->order, path);
	for (size_t i = first; i < check->element_count; i++) {
		strbuf_append_char(&check->order, ' ');
		strbuf_append_integer(&check->order, (int64_t)check->elements[i].index);
	}
	strbuf_append_char(&check->order, '\n');
}

/* Writes the canonical forms again in the order of the elements. */
static void rewrite(struct check *check, size_t first, size_t start)
{
	struct strbuf *canonical = check->canonical, *scratch = &check->scratch;
	strbuf_clear(scratch);
	for (size_t i = first; i < check->element_count; i++) {
		struct element *element = &check->elements[i];
		if (i > first)
			strbuf_append_char(scratch, ',');
		size_t at = start + scratch->length;
		strbuf_append(scratch, canonical->data + element->start, element->length);
		element->start = at;
	}
	if (scratch->failed)
		check->failed = true;
	else
		memcpy(canonical->data + start, scratch->data, scratch->length);
}

/* Equal elements, which stand side by side by now. Citations have a rule of their own. */
static void find_repeats(struct check *check, const struct shape *shape, const struct path *path,
	size_t first)
{
	struct sorting sorting = {.canonical = check->canonical->data, .shape = shape};
	for (size_t i = first + 1; i < check->element_count; i++) {
		const struct element *one = &check->elements[i - 1], *other = &check->elements[i];
		bool distinct = shape && shape->distinct;
		if (distinct ? compare_keys(shape, one, other) : compare(one, other, &sorting))
			continue;
		size_t late = one->index > other->index ? one->index : other->index;
		size_t early = one->index + other->index - late;
		const struct path at = {.parent = path, .index = late};
		if (distinct)
			check_fault(check, &at, NULL,
				"has the %s and %s of entry %zu: at most one of them may be there",
				shape->order[0], shape->order[1], early);
		else
			check_fault(check, &at, NULL, "repeats entry %zu: write it once", early);
	}
}

void set_sort(struct check *check, const struct shape *shape, const struct path *path, size_t first)
{
	struct sorting sorting = {.canonical = check->canonical->data, .shape = shape};
	size_t count = check->element_count - first;
	if (count < 2 || check->canonical->failed)
		return;
	struct element *elements = check->elements + first;
	size_t start = elements[0].start, sorted = 1;
	while (sorted < count && compare(&elements[sorted - 1], &elements[sorted], &sorting) <= 0)
		sorted++;
	if (sorted < count) {
		qsort_r(elements, count, sizeof(*elements), compare, &sorting);
		note_order(check, path, first);
		rewrite(check, first, start);
	}
	if (shape != &shape_evidence)
		find_repeats(check, shape, path, first);
}
