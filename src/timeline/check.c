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

struct bytes json_bytes(const json_t *string)
{
	return (struct bytes){.data = json_string_value(string),
		.length = json_string_length(string)};
}

json_t *object_value(const struct object *object, const char *key)
{
	return object->values[shape_index(object->shape, key)];
}

struct bytes object_text(const struct object *object, const char *key)
{
	return json_bytes(object_value(object, key));
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

const char *check_words(struct check *check, const struct strbuf *words)
{
	check->failed |= words->failed;
	return strbuf_bytes(words).data;
}

/* A fault about a value: shows it, then says what is wrong. */
static void value_fault(struct check *check, const struct path *path, struct bytes text,
	const char *wrong, const char *allowed)
{
	_cleanup_strbuf_ struct strbuf shown = {0};
	fault_show(&shown, text);
	check_fault(check, path, NULL, "%s: %s%s", check_words(check, &shown), wrong, allowed);
}

static void type_fault(struct check *check, const struct path *path, const json_t *value,
	const char *wanted)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "an object",
		[JSON_ARRAY] = "a list",
		[JSON_STRING] = "a text",
		[JSON_INTEGER] = "a number",
		[JSON_REAL] = "a number with a fraction or an exponent",
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null",
	};
	check_fault(check, path, NULL, "is %s: %s is wanted", names[json_typeof(value)], wanted);
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
	const json_t *value)
{
	struct bytes text = json_bytes(value);
	if (choice_find(field->choices, text) != FIELD_NONE)
		return true;
	_cleanup_strbuf_ struct strbuf allowed = {0};
	append_choices(&allowed, field->choices, text);
	value_fault(check, path, text, "not one of ", check_words(check, &allowed));
	return false;
}

static bool check_text(struct check *check, const struct path *path, const json_t *value,
	text_rule *rule)
{
	if (!json_is_string(value)) {
		type_fault(check, path, value, "a text");
		return false;
	}
	struct bytes text = json_bytes(value);
	const char *wrong = rule ? rule(text) : NULL;
	if (wrong)
		value_fault(check, path, text, wrong, "");
	return !wrong;
}

static bool check_integer(struct check *check, const struct field *field, const struct path *path,
	const json_t *value)
{
	if (!json_is_integer(value)) {
		type_fault(check, path, value, "an integer without fraction and exponent");
		return false;
	}
	int64_t number = json_integer_value(value);
	if (number >= field->min && number <= field->max)
		return true;
	check_fault(check, path, NULL, "%lld: not from %lld to %lld", (long long)number,
		(long long)field->min, (long long)field->max);
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
	const struct field *field, const struct path *path, const json_t *value)
{
	struct bytes id = json_bytes(value);
	if (!check_text(check, path, value, rule_id))
		return false;
	if (refers_to_itself(check, object, field, id)) {
		value_fault(check, path, id, "names its own record; name another, or none", "");
		return false;
	}
	return true;
}

static bool check_scalar(struct check *check, const struct object *object,
	const struct field *field, const struct path *path, const json_t *value)
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
		if (!json_is_boolean(value))
			type_fault(check, path, value, "true or false");
		return json_is_boolean(value);
	case FIELD_REFERENCE:
	case FIELD_REFERENCES:
		return check_reference(check, object, field, path, value);
	case FIELD_NAMES:
		return check_text(check, path, value, NULL)
			&& evidence_check_name(check, object->around, path, json_bytes(value));
	case FIELD_OBJECTS:
		break;
	}
	assert(false && "a list of objects is no scalar");
	return false;
}

static void append_scalar(struct strbuf *buffer, const json_t *value)
{
	if (json_is_string(value))
		json_append_bytes(buffer, json_bytes(value));
	else if (json_is_integer(value))
		strbuf_append_integer(buffer, json_integer_value(value));
	else
		strbuf_append_text(buffer, json_is_true(value) ? "true" : "false");
}

static void push_element(struct check *check, size_t start, size_t index, json_t *value)
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
	const struct path *path, json_t *value)
{
	struct strbuf *canonical = check->canonical;
	if (field->type != FIELD_OBJECTS) {
		if (!check_scalar(check, object, field, path, value))
			return false;
		append_scalar(canonical, value);
		return true;
	}
	if (!json_is_object(value)) {
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
	const struct path *path, json_t *list)
{
	struct strbuf *canonical = check->canonical;
	size_t first = check->element_count, total = check->log->faults->total;
	if (!json_is_array(list)) {
		type_fault(check, path, list, "a list");
		return false;
	}
	if (json_array_size(list) > LIST_MAX) {
		check_fault(check, path, NULL, "has %zu entries: at most 10,000 are allowed",
			json_array_size(list));
		return false;
	}
	strbuf_append_char(canonical, '[');
	size_t index;
	json_t *value;
	json_array_foreach(list, index, value)
	{
		const struct path at = {.parent = path, .index = index};
		size_t before = canonical->length;
		if (check->element_count > first)
			strbuf_append_char(canonical, ',');
		size_t start = canonical->length;
		if (check_element(check, object, field, &at, value))
			push_element(check, start, index, value);
		else
			canonical->length = before;
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
	json_t *value = object->values[index];
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
	const char *key)
{
	_cleanup_strbuf_ struct strbuf allowed = {0};
	const char *names[SHAPE_FIELDS_MAX + 1] = {0};
	for (size_t i = 0; i < shape->count; i++)
		names[i] = shape->fields[i].name;
	append_choices(&allowed, names, bytes_of(key));
	check_fault(check, path, key, "is no key of this %s: %s", shape->name,
		check_words(check, &allowed));
}

static bool is_there(const json_t *value)
{
	return value && !json_is_null(value)
		&& !(json_is_array(value) && json_array_size(value) == 0);
}

/* Puts the members where their fields are. */
static void take_members(struct check *check, struct object *object, json_t *value)
{
	const char *key;
	json_t *member;
	json_object_foreach(value, key, member)
	{
		size_t index = shape_find(object->shape, bytes_of(key));
		if (index == FIELD_NONE) {
			unknown_key(check, object->shape, object->path, key);
			continue;
		}
		const struct field *field = &object->shape->fields[index];
		const struct path at = {.parent = object->path, .key = field->name};
		if (json_is_null(member) && field_is_list(field))
			type_fault(check, &at, member, "a list (which may be empty or left out)");
		if (is_there(member)) {
			object->values[index] = member;
			object->present |= UINT64_C(1) << index;
		}
	}
}

void check_object(struct check *check, const struct shape *shape, const struct path *path,
	json_t *value, const struct object *around, struct object *ret_object)
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
