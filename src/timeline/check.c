#include "check.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/base/json.h>
#include <udcg/base/text.h>

#include "evidence.h"
#include "rules.h"
#include "sets.h"

void check_free(struct check *check)
{
	strbuf_free(&check->order);
	strbuf_free(&check->scratch);
	free(check->elements);
	check->elements = NULL;
}

const struct node *object_value(const struct object *object, const char *key)
{
	return object->values[shape_index(object->shape, key)];
}

struct bytes object_text(const struct object *object, const char *key)
{
	return node_text(object_value(object, key));
}

bool object_has(const struct object *object, const char *key)
{
	return object->present & (UINT64_C(1) << shape_index(object->shape, key));
}

void check_fault(struct check *check, const struct path *path, const char *key, const char *format,
	...)
{
	struct strbuf pointer = {0};
	const struct path end = {.parent = path, .key = key};
	path_append(&pointer, key ? &end : path);
	char *detail = NULL;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&detail, format, arguments) < 0)
		detail = NULL;
	va_end(arguments);
	fault_log_take(check->log, check->place, strbuf_detach(&pointer, NULL), detail);
}

/* A fault about a value: shows it, then says what is wrong. */
static void value_fault(struct check *check, const struct path *path, struct bytes text,
	const char *wrong, const char *allowed)
{
	_cleanup_strbuf_ struct strbuf shown = {0};
	fault_show(&shown, text);
	check_fault(check, path, NULL, "%s: %s%s", shown.failed ? "" : shown.data, wrong, allowed);
}

static void type_fault(struct check *check, const struct path *path, const struct node *value,
	const char *wanted)
{
	static const char *const names[] = {
		[NODE_OBJECT] = "an object",
		[NODE_LIST] = "a list",
		[NODE_TEXT] = "a text",
		[NODE_INTEGER] = "a number",
		[NODE_NUMBER] = "a number with a fraction or an exponent",
		[NODE_TRUE] = "true",
		[NODE_FALSE] = "false",
		[NODE_NULL] = "null",
	};
	check_fault(check, path, NULL, "is %s: %s is wanted", names[value->type], wanted);
}

/* "a, b, c" and the nearest to `text`. */
static void append_choices(struct strbuf *buffer, const char *const *choices, struct bytes text)
{
	struct nearest nearest;
	nearest_start(&nearest, text);
	for (size_t i = 0; choices[i]; i++) {
		strbuf_append_format(buffer, "%s%s", i > 0 ? ", " : "", choices[i]);
		nearest_offer(&nearest, bytes_of(choices[i]));
	}
	const char *best = nearest_best(&nearest);
	if (best)
		strbuf_append_format(buffer, "; \"%s\" is near", best);
}

static bool check_choice(struct check *check, const struct field *field, const struct path *path,
	const struct node *value)
{
	struct bytes text = node_text(value);
	if (choice_find(field->choices, text) != FIELD_NONE)
		return true;
	_cleanup_strbuf_ struct strbuf allowed = {0};
	append_choices(&allowed, field->choices, text);
	value_fault(check, path, text, "not one of ", allowed.failed ? "" : allowed.data);
	return false;
}

static bool check_text(struct check *check, const struct path *path, const struct node *value,
	text_rule *rule)
{
	if (value->type != NODE_TEXT) {
		type_fault(check, path, value, "a text");
		return false;
	}
	struct bytes text = node_text(value);
	const char *wrong = rule ? rule(text) : NULL;
	if (wrong)
		value_fault(check, path, text, wrong, "");
	return !wrong;
}

static bool check_integer(struct check *check, const struct field *field, const struct path *path,
	const struct node *value)
{
	if (value->type != NODE_INTEGER) {
		type_fault(check, path, value, "an integer without fraction and exponent");
		return false;
	}
	if (value->integer >= field->min && value->integer <= field->max)
		return true;
	check_fault(check, path, NULL, "%.*s: not from %lld to %lld", (int)value->text.length,
		value->text.data, (long long)field->min, (long long)field->max);
	return false;
}

/* No record refers to itself, but a source's evidence may stand in that source. */
static bool refers_to_itself(const struct check *check, const struct object *object,
	const struct field *field, struct bytes id)
{
	return !object->around && field->target == check->kind
		&& bytes_equal(object_text(object, "id"), id);
}

static bool check_reference(struct check *check, const struct object *object,
	const struct field *field, const struct path *path, const struct node *value)
{
	struct bytes id = node_text(value);
	if (!check_text(check, path, value, rule_id))
		return false;
	if (refers_to_itself(check, object, field, id)) {
		value_fault(check, path, id, "names its own record; name another, or none", "");
		return false;
	}
	return true;
}

static bool check_scalar(struct check *check, const struct object *object,
	const struct field *field, const struct path *path, const struct node *value)
{
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_TEXTS:
		return check_text(check, path, value, field->rule);
	case FIELD_ENUM:
		return check_text(check, path, value, NULL)
			&& check_choice(check, field, path, value);
	case FIELD_INTEGER:
		return check_integer(check, field, path, value);
	case FIELD_BOOLEAN:
		if (!node_is_boolean(value))
			type_fault(check, path, value, "true or false");
		return node_is_boolean(value);
	case FIELD_REFERENCE:
	case FIELD_REFERENCES:
		return check_reference(check, object, field, path, value);
	case FIELD_NAMES:
		return check_text(check, path, value, NULL)
			&& evidence_check_name(check, object->around, path, node_text(value));
	case FIELD_OBJECTS:
		break;
	}
	assert(false && "a list of objects is no scalar");
	return false;
}

static void append_scalar(struct strbuf *buffer, const struct node *value)
{
	if (value->type == NODE_TEXT)
		json_append_bytes(buffer, value->text);
	else if (value->type == NODE_INTEGER)
		strbuf_append_integer(buffer, value->integer);
	else
		strbuf_append_bytes(buffer, value->text);
}

static void push_element(struct check *check, size_t start, size_t index, const struct node *value)
{
	if (check->element_count == check->element_capacity) {
		size_t capacity = check->element_capacity ? 2 * check->element_capacity : 64;
		struct element *elements =
			reallocarray(check->elements, capacity, sizeof(*elements));
		if (!elements) {
			check->failed = true;
			return;
		}
		check->elements = elements;
		check->element_capacity = capacity;
	}
	check->elements[check->element_count++] = (struct element){.start = start,
		.length = check->canonical->length - start,
		.index = index,
		.value = value};
}

/* Writes an element of a list behind the others; false where it is wrong as a whole. */
static bool check_element(struct check *check, struct object *object, const struct field *field,
	const struct path *path, const struct node *value)
{
	struct strbuf *canonical = check->canonical;
	if (field->type != FIELD_OBJECTS) {
		if (!check_scalar(check, object, field, path, value))
			return false;
		append_scalar(canonical, value);
		return true;
	}
	if (value->type != NODE_OBJECT) {
		type_fault(check, path, value, "an object");
		return false;
	}
	struct object element;
	check_object(check, field->objects, path, value, object, &element);
	if (field->objects == &shape_evidence)
		evidence_note(check, object, &element);
	return true;
}

/* Writes what is right of a list; whether all of it is. */
static bool check_list(struct check *check, struct object *object, const struct field *field,
	const struct path *path, const struct node *list)
{
	struct strbuf *canonical = check->canonical;
	size_t first = check->element_count, total = check->log->faults->total;
	if (list->type != NODE_LIST) {
		type_fault(check, path, list, "a list");
		return false;
	}
	if (list->count > LIST_MAX) {
		check_fault(check, path, NULL, "has %u entries: at most 10,000 are allowed",
			list->count);
		return false;
	}
	strbuf_append_char(canonical, '[');
	size_t index = 0;
	NODE_EACH(value, list)
	{
		const struct path at = {.parent = path, .index = index};
		if (check->element_count > first)
			strbuf_append_char(canonical, ',');
		size_t start = canonical->length;
		if (check_element(check, object, field, &at, value))
			push_element(check, start, index, value);
		else
			canonical->length = check->element_count > first ? start - 1 : start;
		index++;
	}
	if (field->type != FIELD_TEXTS)
		set_sort(check, field->objects, path, first);
	if (field->objects == &shape_evidence)
		evidence_check_repeats(check, object, path, first);
	strbuf_append_char(canonical, ']');
	check->element_count = first;
	return check->log->faults->total == total;
}

/* Writes the member that a field is; nothing where it is wrong. */
static void check_field(struct check *check, struct object *object, size_t index,
	const struct path *path)
{
	const struct field *field = &object->shape->fields[index];
	struct strbuf *canonical = check->canonical;
	const struct node *value = object->values[index];
	size_t before = canonical->length;
	json_append_key(canonical, field->name);
	size_t start = canonical->length;
	bool right;
	if (field_is_list(field)) {
		right = check_list(check, object, field, path, value);
	} else {
		right = check_scalar(check, object, field, path, value);
		if (right)
			append_scalar(canonical, value);
	}
	/* Nothing of a scalar that is wrong, an empty list where all entries are. */
	if (canonical->length == start || (field_is_list(field) && canonical->length == start + 2))
		canonical->length = before;
	if (!right)
		object->values[index] = NULL;
}

static void unknown_key(struct check *check, const struct shape *shape, const struct path *path,
	struct bytes key)
{
	_cleanup_strbuf_ struct strbuf allowed = {0}, name = {0};
	const char *names[SHAPE_FIELDS_MAX + 1] = {0};
	for (size_t i = 0; i < shape->count; i++)
		names[i] = shape->fields[i].name;
	append_choices(&allowed, names, key);
	strbuf_append_bytes(&name, key);
	strbuf_append_char(&name, '\0');
	if (allowed.failed || name.failed)
		check->failed = true;
	else
		check_fault(check, path, name.data, "is no key of this %s: %s", shape->name,
			allowed.data);
}

static const char twice[] = "is there twice: write it once";

static bool is_there(const struct node *value)
{
	return value->type != NODE_NULL && !(value->type == NODE_LIST && value->count == 0);
}

static void take_member(struct check *check, struct object *object, const struct node *member,
	uint64_t *seen)
{
	size_t index = shape_find(object->shape, member->key);
	if (index == FIELD_NONE) {
		unknown_key(check, object->shape, object->path, member->key);
		return;
	}
	const struct field *field = &object->shape->fields[index];
	const struct path at = {.parent = object->path, .key = field->name};
	uint64_t bit = UINT64_C(1) << index;
	if (*seen & bit)
		check_fault(check, &at, NULL, "%s", twice);
	else if (member->type == NODE_NULL && field_is_list(field))
		type_fault(check, &at, member, "a list (which may be empty or left out)");
	else if (is_there(member)) {
		object->values[index] = member;
		object->present |= bit;
	}
	*seen |= bit;
}

/* Puts the members where their fields are. */
static void take_members(struct check *check, struct object *object, const struct node *value)
{
	uint64_t seen = 0;
	size_t tags = 0;
	NODE_EACH(member, value)
	{
		bool tag = !object->around && check->tag
			&& bytes_equal(member->key, bytes_of(check->tag));
		if (!tag)
			take_member(check, object, member, &seen);
		else if (++tags > 1)
			check_fault(check, object->path, check->tag, "%s", twice);
	}
}

void check_object(struct check *check, const struct shape *shape, const struct path *path,
	const struct node *value, const struct object *around, struct object *ret_object)
{
	*ret_object = (struct object){.shape = shape, .path = path, .around = around};
	take_members(check, ret_object, value);
	strbuf_append_char(check->canonical, '{');
	for (size_t i = 0; i < shape->count; i++) {
		const struct field *field = &shape->fields[i];
		const struct path at = {.parent = path, .key = field->name};
		if (ret_object->values[i])
			check_field(check, ret_object, i, &at);
		else if (field->required)
			check_fault(check, &at, NULL, "is missing%s",
				field_is_list(field) ? ": at least one entry is needed" : "");
	}
	strbuf_append_char(check->canonical, '}');
	evidence_check_fields(check, ret_object);
	check->failed |= check->canonical->failed || check->scratch.failed || check->order.failed;
}
