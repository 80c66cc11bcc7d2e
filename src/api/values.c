#include "values.h"

#include <string.h>
#include <udcg/api/routes.h>
#include <udcg/api/search.h>
#include <udcg/base/edtf.h>
#include <udcg/base/iso.h>
#include <udcg/base/text.h>

static enum value_status refuse(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, const char *detail, const char *const *allowed, const char *suggestion)
{
	problem_add(&exchange->problem, exchange->arena,
		&(struct problem_error){
			.parameter = parameter->name,
			.value = text.data,
			.detail = detail,
			.allowed = allowed,
			.suggestion = suggestion,
		});
	return VALUE_REFUSED;
}

/* Memory is the arena's, so that a value outlives the request's own bytes. */
static bool copy_changed(struct exchange *exchange, struct bytes text, bool upper,
	struct bytes *ret_copy)
{
	struct bytes copy = arena_copy(exchange->arena, text);
	if (!copy.data)
		return exchange_no_memory(exchange);
	char *data = (char *)(uintptr_t)copy.data;
	for (size_t i = 0; i < copy.length; i++) {
		if (upper && data[i] >= 'a' && data[i] <= 'z')
			data[i] = (char)(data[i] - 'a' + 'A');
		else if (!upper && data[i] >= 'A' && data[i] <= 'Z')
			data[i] = (char)(data[i] - 'A' + 'a');
	}
	*ret_copy = copy;
	return true;
}

static enum value_status read_choice(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *value)
{
	static choices booleans = {"true", "false", NULL};
	const char *const *allowed = parameter->choices ? parameter->choices : booleans;
	struct nearest nearest;
	nearest_start(&nearest, text);
	for (size_t i = 0; allowed[i]; i++) {
		struct bytes choice = bytes_of(allowed[i]);
		if (bytes_equal_nocase(text, choice)) {
			value->text = choice;
			value->number = parameter->type == PARAMETER_BOOLEAN
				? strcmp(allowed[i], "true") == 0
				: (int64_t)i;
			return VALUE_READ;
		}
		nearest_offer(&nearest, choice);
	}
	return refuse(exchange, parameter, text, "is none of the values there are", allowed,
		nearest_best(&nearest));
}

/* Digits only, so that one number has one spelling save leading zeros, which are refused. */
static bool read_digits(struct bytes text, int64_t *ret_number)
{
	int64_t number = 0;
	if (!text.length || text.length > 16 || (text.data[0] == '0' && text.length > 1))
		return false;
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		number = number * 10 + (text.data[i] - '0');
	}
	*ret_number = number;
	return true;
}

const char *const *range_allowed(struct exchange *exchange, int64_t least, int64_t most,
	const char *unit)
{
	_cleanup_strbuf_ struct strbuf range = {0};
	strbuf_append_format(&range, "%lld…%lld%s", (long long)least, (long long)most, unit);
	const char **allowed = arena_take(exchange->arena, 2 * sizeof(*allowed));
	if (!range.failed && allowed)
		allowed[0] = arena_copy(exchange->arena, strbuf_bytes(&range)).data;
	if (!range.failed && allowed && allowed[0])
		return allowed;
	exchange_no_memory(exchange);
	return NULL;
}

static enum value_status read_integer(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *value)
{
	int64_t maximum = parameter->maximum;
	if (parameter->type == PARAMETER_LIMIT && exchange->media != MEDIA_JSON)
		maximum = AMOUNT_MAX;
	value->text = text;
	if (read_digits(text, &value->number) && value->number >= parameter->minimum
		&& value->number <= maximum)
		return VALUE_READ;
	const char *const *allowed = range_allowed(exchange, parameter->minimum, maximum, "");
	if (!allowed)
		return VALUE_FAILED;
	return refuse(exchange, parameter, text, "is not a whole number in its range", allowed,
		NULL);
}

static enum value_status read_date(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *value)
{
	static choices any = {"YYYY", "YYYY-MM", "YYYY-MM-DD", NULL};
	static choices year = {"YYYY", NULL};
	static choices month = {"YYYY-MM", NULL};
	struct edtf date = {0};
	const char *fault = edtf_parse_plain(text, &date);
	const char *const *allowed = any;
	if (parameter->type == PARAMETER_YEAR) {
		allowed = year;
		if (fault || date.precision != EDTF_YEAR)
			fault = "is not a year from 1000 to 9999";
	} else if (parameter->type == PARAMETER_MONTH) {
		allowed = month;
		if (fault || date.precision != EDTF_MONTH)
			fault = "is not a month, like 2024-06";
	}
	if (fault)
		return refuse(exchange, parameter, text, fault, allowed, NULL);
	*value = (struct value){
		.text = text,
		.number = date.first,
		.last = date.last,
	};
	return VALUE_READ;
}

static enum value_status read_quarter(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *value)
{
	static choices form = {"YYYY-Qn", NULL};
	if (!copy_changed(exchange, text, true, &value->text))
		return VALUE_FAILED;
	const char *at = value->text.data;
	bool good = text.length == 7 && at[0] >= '1' && at[0] <= '9' && at[4] == '-' && at[5] == 'Q'
		&& at[6] >= '1' && at[6] <= '4';
	for (int i = 1; good && i < 4; i++)
		good = at[i] >= '0' && at[i] <= '9';
	if (!good)
		return refuse(exchange, parameter, text, "is not a quarter, like 2024-Q2", form,
			NULL);
	int year = (at[0] - '0') * 1000 + (at[1] - '0') * 100 + (at[2] - '0') * 10 + (at[3] - '0');
	int month = (at[6] - '0') * 3;
	value->number = year * 10000 + (month - 2) * 100 + 1;
	value->last = year * 10000 + month * 100 + (month == 6 || month == 9 ? 30 : 31);
	return VALUE_READ;
}

static enum value_status read_country(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *value)
{
	static choices form = {"ISO 3166 alpha-2 codes", NULL};
	if (!copy_changed(exchange, text, true, &value->text))
		return VALUE_FAILED;
	if (iso_country_name(value->text.data, value->text.length))
		return VALUE_READ;
	const char *suggestion = NULL;
	for (size_t i = 0; i < iso_country_count() && !suggestion; i++)
		if (bytes_equal_nocase(bytes_of(iso_country_at(i)->name), text))
			suggestion = iso_country_at(i)->code;
	return refuse(exchange, parameter, text, "is not the code of a country", form, suggestion);
}

static enum value_status read_currency(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *value)
{
	static choices form = {"ISO 4217 codes", NULL};
	if (!copy_changed(exchange, text, true, &value->text))
		return VALUE_FAILED;
	if (iso_currency_known(value->text.data, value->text.length))
		return VALUE_READ;
	return refuse(exchange, parameter, text, "is not the code of a currency", form, NULL);
}

static enum value_status read_record(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *value)
{
	if (!copy_changed(exchange, text, false, &value->text))
		return VALUE_FAILED;
	if (!record_find(exchange, parameter->record, value->text, &value->number))
		return VALUE_FAILED;
	if (value->number)
		return VALUE_READ;
	const char *suggestion;
	if (!record_suggest(exchange, parameter->record, value->text, &suggestion))
		return VALUE_FAILED;
	_cleanup_strbuf_ struct strbuf detail = {0};
	strbuf_append_format(&detail, "is no id of kind %s in this timeline",
		record_kind_name(parameter->record));
	if (detail.failed) {
		exchange_no_memory(exchange);
		return VALUE_FAILED;
	}
	return refuse(exchange, parameter, text, detail.data, NULL, suggestion);
}

static enum value_status read_slug(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *value)
{
	if (!copy_changed(exchange, text, false, &value->text))
		return VALUE_FAILED;
	bool known;
	const char *suggestion;
	if (!word_find(exchange, parameter->vocabulary, value->text, &known, &suggestion))
		return VALUE_FAILED;
	if (known)
		return VALUE_READ;
	return refuse(exchange, parameter, text, "does not occur in this timeline", NULL,
		suggestion);
}

static enum value_status read_folded(struct exchange *exchange, struct bytes text,
	struct value *value)
{
	_cleanup_strbuf_ struct strbuf folded = {0};
	text_fold(&folded, text);
	value->text = folded.failed ? (struct bytes){0}
				    : arena_copy(exchange->arena, strbuf_bytes(&folded));
	if (value->text.data)
		return VALUE_READ;
	exchange_no_memory(exchange);
	return VALUE_FAILED;
}

static enum value_status read_query(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *value)
{
	static choices form = {"words of two characters or more", "\"phrases in quotes\"", NULL};
	struct search_term term;
	struct bytes rest = text;
	const char *fault = NULL;
	size_t count = 0;
	while (!fault && search_term_next(&rest, &term, &fault))
		count++;
	if (!fault && !count)
		fault = "has no word";
	if (!fault && count > 32)
		fault = "has more than 32 words";
	value->text = text;
	return fault ? refuse(exchange, parameter, text, fault, form, NULL) : VALUE_READ;
}

/* Names that the resource gives, `name_at` telling them; a sort may begin with a minus. */
typedef const char *name_at(const struct resource *resource, size_t number);

static const char *sort_name(const struct resource *resource, size_t number)
{
	return number < resource->sorts_count ? resource->sorts[number].name : NULL;
}

static const char *field_name(const struct resource *resource, size_t number)
{
	return number < resource->columns_count ? resource->columns[number].name : NULL;
}

static const char *include_name(const struct resource *resource, size_t number)
{
	return number < resource->includes_count ? resource->includes[number].name : NULL;
}

static enum value_status read_name(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, name_at *name, struct value *value)
{
	const struct resource *resource = exchange->route->resource;
	bool descending = parameter->type == PARAMETER_SORT && text.length && text.data[0] == '-';
	struct bytes bare = {text.data + descending, text.length - descending};
	struct nearest nearest;
	nearest_start(&nearest, bare);
	size_t count = 0;
	for (; name(resource, count); count++) {
		struct bytes known = bytes_of(name(resource, count));
		if (bytes_equal_nocase(bare, known)) {
			value->number = (int64_t)count;
			value->last = descending;
			return copy_changed(exchange, text, false, &value->text) ? VALUE_READ
										 : VALUE_FAILED;
		}
		nearest_offer(&nearest, known);
	}
	const char **allowed = arena_take(exchange->arena, (count + 1) * sizeof(*allowed));
	for (size_t i = 0; allowed && i < count; i++)
		allowed[i] = name(resource, i);
	return refuse(exchange, parameter, text, "is none of the names there are", allowed,
		nearest_best(&nearest));
}

enum value_status value_read(struct exchange *exchange, const struct parameter *parameter,
	struct bytes text, struct value *ret_value)
{
	switch (parameter->type) {
	case PARAMETER_CHOICE:
	case PARAMETER_BOOLEAN:
		return read_choice(exchange, parameter, text, ret_value);
	case PARAMETER_INTEGER:
	case PARAMETER_LIMIT:
		return read_integer(exchange, parameter, text, ret_value);
	case PARAMETER_DATE:
	case PARAMETER_YEAR:
	case PARAMETER_MONTH:
		return read_date(exchange, parameter, text, ret_value);
	case PARAMETER_QUARTER:
		return read_quarter(exchange, parameter, text, ret_value);
	case PARAMETER_COUNTRY:
		return read_country(exchange, parameter, text, ret_value);
	case PARAMETER_CURRENCY:
		return read_currency(exchange, parameter, text, ret_value);
	case PARAMETER_RECORD:
		return read_record(exchange, parameter, text, ret_value);
	case PARAMETER_SLUG:
		return read_slug(exchange, parameter, text, ret_value);
	case PARAMETER_FOLDED:
		return read_folded(exchange, text, ret_value);
	case PARAMETER_QUERY:
		return read_query(exchange, parameter, text, ret_value);
	case PARAMETER_SORT:
		return read_name(exchange, parameter, text, sort_name, ret_value);
	case PARAMETER_FIELDS:
		return read_name(exchange, parameter, text, field_name, ret_value);
	case PARAMETER_INCLUDE:
		if (exchange->media == MEDIA_CSV)
			return refuse(exchange, parameter, text,
				"cannot be written as CSV; ask for JSON or NDJSON", NULL, NULL);
		return read_name(exchange, parameter, text, include_name, ret_value);
	case PARAMETER_CURSOR:
		ret_value->text = text;
		return VALUE_READ;
	}
	return VALUE_FAILED;
}

bool value_same(const struct parameter *parameter, const struct value *a, const struct value *b)
{
	return parameter->type == PARAMETER_SORT ? a->number == b->number
						 : bytes_equal(a->text, b->text);
}

bool value_order_counts(const struct parameter *parameter)
{
	return parameter->type == PARAMETER_SORT || parameter->type == PARAMETER_FIELDS
		|| parameter->type == PARAMETER_INCLUDE || parameter->ordered;
}
