#include "values.h"

#include <stdlib.h>
#include <string.h>
#include <udcg/api/routes.h>
#include <udcg/base/text.h>

const struct given *parameters_find(const struct parameters *parameters, const char *name)
{
	for (size_t i = 0; i < parameters->count; i++)
		if (strcmp(parameters->items[i].parameter->name, name) == 0)
			return &parameters->items[i];
	return NULL;
}

bool exchange_refuse(struct exchange *exchange, const char *parameter, const char *detail)
{
	const struct given *given = parameters_find(&exchange->parameters, parameter);
	problem_add(&exchange->problem, exchange->arena,
		&(struct problem_error){
			.parameter = parameter,
			.value = given ? given->whole.data : NULL,
			.detail = detail,
		});
	return false;
}

static const char *const *allowed_names(struct exchange *exchange)
{
	size_t count = 0;
	if (exchange->parameters.allowed)
		return exchange->parameters.allowed;
	while (route_parameter(exchange->route, count))
		count++;
	const char **names = arena_take(exchange->arena, (count + 1) * sizeof(*names));
	for (size_t i = 0; names && i < count; i++)
		names[i] = route_parameter(exchange->route, i)->name;
	exchange->parameters.allowed = names;
	return names;
}

static void refuse_unknown(struct exchange *exchange, const struct argument *argument)
{
	struct nearest nearest;
	nearest_start(&nearest, argument->name);
	const char *const *names = allowed_names(exchange);
	for (size_t i = 0; names && names[i]; i++)
		nearest_offer(&nearest, bytes_of(names[i]));
	problem_add(&exchange->problem, exchange->arena,
		&(struct problem_error){
			.parameter = argument->name.data,
			.value = argument->whole.data,
			.detail = !argument->name.length
				? "a parameter has no name; write name=value"
				: names && names[0] ? "there is no parameter of this name here"
						    : "nothing here takes a parameter",
			.allowed = names,
			.suggestion = nearest_best(&nearest),
		});
}

static void refuse_argument(struct exchange *exchange, const struct argument *argument,
	const char *detail, const char *const *allowed)
{
	problem_add(&exchange->problem, exchange->arena,
		&(struct problem_error){
			.parameter = argument->name.data,
			.value = argument->whole.data,
			.detail = detail,
			.allowed = allowed,
		});
}

/* False only when memory fails. */
static bool refuse_count(struct exchange *exchange, const struct argument *argument, size_t most)
{
	const char *const *allowed = range_allowed(exchange, 1, (int64_t)most, " values");
	if (allowed)
		refuse_argument(exchange, argument, "has more values than it takes", allowed);
	return allowed;
}

static int by_text(const void *a, const void *b)
{
	return bytes_compare(((const struct value *)a)->text, ((const struct value *)b)->text);
}

/* Of what is in order, neighbours are alike; of what keeps its own, there are few names. */
static bool has_twice(const struct given *given)
{
	bool own = value_order_counts(given->parameter);
	for (size_t i = 1; i < given->count; i++)
		for (size_t k = own ? 0 : i - 1; k < i; k++)
			if (value_same(given->parameter, &given->values[k], &given->values[i]))
				return true;
	return false;
}

/* Reads one argument's values. False only when memory or the database fails. */
static bool read_values(struct exchange *exchange, const struct argument *argument,
	struct given *given)
{
	const struct parameter *parameter = given->parameter;
	const struct bytes *values = parameter->list ? argument->values : &argument->whole;
	size_t count = parameter->list ? argument->value_count : 1;
	if (parameter->most && count > parameter->most)
		return refuse_count(exchange, argument, parameter->most);
	given->values = arena_take(exchange->arena, count * sizeof(struct value));
	if (!given->values)
		return exchange_no_memory(exchange);
	for (size_t i = 0; i < count && !problem_is_full(&exchange->problem); i++) {
		struct bytes text = values[i];
		struct value value = {0};
		if (!text.length) {
			refuse_argument(exchange, argument,
				count > 1 ? "has an empty value in its list"
					  : "is empty; leave it out instead",
				NULL);
			return true;
		}
		if (parameter->sql_none && bytes_equal_nocase(text, BYTES_LITERAL("none"))) {
			if (given->none)
				refuse_argument(exchange, argument, "names `none` twice", NULL);
			given->none = true;
			continue;
		}
		enum value_status status = value_read(exchange, parameter, text, &value);
		if (status == VALUE_FAILED)
			return false;
		if (status == VALUE_REFUSED)
			continue;
		given->values[given->count++] = value;
	}
	if (!value_order_counts(parameter) && given->count > 1)
		qsort(given->values, given->count, sizeof(struct value), by_text);
	if (has_twice(given))
		refuse_argument(exchange, argument, "names one value twice", NULL);
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct given *)a)->parameter->name,
		((const struct given *)b)->parameter->name);
}

/* The order of filters means nothing. */
static void put_in_order(struct parameters *parameters)
{
	if (parameters->count)
		qsort(parameters->items, parameters->count, sizeof(struct given), by_name);
}

static bool argument_read(struct exchange *exchange, const struct argument *argument)
{
	const struct parameter *parameter = route_find_parameter(exchange->route, argument->name);
	struct parameters *parameters = &exchange->parameters;
	if (!parameter) {
		refuse_unknown(exchange, argument);
		return true;
	}
	if (parameters_find(parameters, parameter->name)) {
		refuse_argument(exchange, argument,
			parameter->list
				? "is given twice; write its values as one list, with commas"
				: "is given twice",
			NULL);
		return true;
	}
	struct given *given = &parameters->items[parameters->count++];
	*given = (struct given){.parameter = parameter, .whole = argument->whole};
	if (argument->fault) {
		refuse_argument(exchange, argument, argument->fault, NULL);
		return true;
	}
	return read_values(exchange, argument, given);
}

static void refuse_missing(struct exchange *exchange)
{
	const struct route *route = exchange->route;
	const struct parameter *parameter;
	for (size_t i = 0; route->resource && (parameter = resource_parameter(route->resource, i));
		i++) {
		if (!parameter->required || parameters_find(&exchange->parameters, parameter->name)
			|| !route_find_parameter(route, bytes_of(parameter->name)))
			continue;
		problem_add(&exchange->problem, exchange->arena,
			&(struct problem_error){
				.parameter = parameter->name,
				.detail = "is missing; there is no answer without it",
			});
	}
}

bool parameters_parse(struct exchange *exchange, const struct target *target)
{
	exchange->parameters.items =
		arena_take(exchange->arena, (target->argument_count + 1) * sizeof(struct given));
	if (!exchange->parameters.items)
		return exchange_no_memory(exchange);
	for (size_t i = 0; i < target->argument_count && !problem_is_full(&exchange->problem); i++)
		if (!argument_read(exchange, &target->arguments[i]))
			return false;
	refuse_missing(exchange);
	if (exchange->problem.no_memory)
		return exchange_no_memory(exchange);
	put_in_order(&exchange->parameters);
	return !exchange->problem.errors;
}

bool parameters_add_record(struct exchange *exchange, const struct parameter *parameter,
	struct bytes id, int64_t row)
{
	struct parameters *parameters = &exchange->parameters;
	struct value *value = arena_take(exchange->arena, sizeof(*value));
	if (!value)
		return exchange_no_memory(exchange);
	*value = (struct value){.text = id, .number = row};
	parameters->items[parameters->count++] =
		(struct given){.parameter = parameter, .values = value, .count = 1};
	return true;
}

static bool is_named(const char *name, const char *const *names)
{
	for (; names && *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

void parameters_write(const struct parameters *parameters, const char *const *without,
	struct strbuf *buffer)
{
	bool first = true;
	for (size_t i = 0; i < parameters->count; i++) {
		const struct given *given = &parameters->items[i];
		if (is_named(given->parameter->name, without))
			continue;
		if (!first)
			strbuf_append_char(buffer, '&');
		first = false;
		strbuf_append_text(buffer, given->parameter->name);
		strbuf_append_char(buffer, '=');
		for (size_t v = 0; v < given->count; v++) {
			if (v)
				strbuf_append_char(buffer, ',');
			target_append_encoded(buffer, given->values[v].text);
		}
		if (given->none)
			strbuf_append_text(buffer, given->count ? ",none" : "none");
	}
}
