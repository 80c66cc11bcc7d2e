#include <udcg/api/resource.h>

#include <string.h>
#include <udcg/base/strbuf.h>

static choices dates_choices = {"possible", "certain", NULL};
static choices basis_choices = {"stated", "derived", NULL};

static const struct parameter dated_parameters[] = {
	{
		.name = "from",
		.type = PARAMETER_DATE,
		.summary = "On or after this day, month or year",
	},
	{
		.name = "to",
		.type = PARAMETER_DATE,
		.summary = "On or before this day, month or year",
	},
	{
		.name = "dates",
		.type = PARAMETER_CHOICE,
		.choices = dates_choices,
		.summary =
			"Whether from and to take what may lie in the window or what surely does",
	},
	{
		.name = "undated",
		.type = PARAMETER_BOOLEAN,
		.summary =
			"Only records without any known bound of their date, or only those with one",
	},
	{
		.name = "date_basis",
		.type = PARAMETER_CHOICE,
		.list = true,
		.choices = basis_choices,
		.sql = "@.date_basis IN ({})",
		.sql_none = "@.date_basis IS NULL",
		.summary = "Whether the words state the date or it was derived",
	},
};

/* Which of them a resource takes is asked of it in takes_common. */
static const struct parameter common_parameters[] = {
	{
		.name = "source",
		.type = PARAMETER_RECORD,
		.list = true,
		.record = RECORD_SOURCE,
		.summary = "Cited sources",
	},
	{
		.name = "q",
		.type = PARAMETER_QUERY,
		.summary = "Words to search for, each a prefix; quotes for a phrase",
	},
	{
		.name = "sort",
		.type = PARAMETER_SORT,
		.list = true,
		.summary = "Order, a minus for descending",
	},
	{
		.name = "limit",
		.type = PARAMETER_LIMIT,
		.minimum = 1,
		.maximum = PAGE_ROWS_MAX,
		.summary = "Records per page",
	},
	{
		.name = "cursor",
		.type = PARAMETER_CURSOR,
		.summary = "Where the page begins, from the page before",
	},
	{
		.name = "fields",
		.type = PARAMETER_FIELDS,
		.list = true,
		.summary = "Only these fields, in this order",
	},
	{
		.name = "include",
		.type = PARAMETER_INCLUDE,
		.list = true,
		.summary = "Embedded lists",
	},
};

static bool takes_common(const struct resource *resource, const struct parameter *parameter)
{
	switch (parameter->type) {
	case PARAMETER_RECORD:
		return resource->cites;
	case PARAMETER_QUERY:
		return resource->search;
	case PARAMETER_SORT:
		return !resource->unpaged && resource->sorts_count;
	case PARAMETER_LIMIT:
	case PARAMETER_CURSOR:
		return !resource->unpaged;
	case PARAMETER_FIELDS:
		return true;
	case PARAMETER_INCLUDE:
		return resource->includes_count;
	case PARAMETER_CHOICE:
	case PARAMETER_BOOLEAN:
	case PARAMETER_INTEGER:
	case PARAMETER_DATE:
	case PARAMETER_YEAR:
	case PARAMETER_QUARTER:
	case PARAMETER_MONTH:
	case PARAMETER_COUNTRY:
	case PARAMETER_CURRENCY:
	case PARAMETER_SLUG:
	case PARAMETER_FOLDED:
		break;
	}
	return false;
}

const struct parameter *resource_parameter(const struct resource *resource, size_t number)
{
	if (number < resource->parameters_count)
		return &resource->parameters[number];
	number -= resource->parameters_count;
	if (number < resource->shared_count)
		return &resource->shared[number];
	number -= resource->shared_count;
	if (resource->dated) {
		if (number < LENGTH_OF(dated_parameters))
			return &dated_parameters[number];
		number -= LENGTH_OF(dated_parameters);
	}
	for (size_t i = 0; i < LENGTH_OF(common_parameters); i++)
		if (takes_common(resource, &common_parameters[i]) && number-- == 0)
			return &common_parameters[i];
	return NULL;
}

const struct parameter *resource_find_parameter(const struct resource *resource, struct bytes name)
{
	const struct parameter *parameter;
	for (size_t i = 0; (parameter = resource_parameter(resource, i)); i++)
		if (bytes_equal(bytes_of(parameter->name), name))
			return parameter;
	return NULL;
}

const struct column *resource_find_column(const struct resource *resource, struct bytes name)
{
	for (size_t i = 0; i < resource->columns_count; i++)
		if (bytes_equal(bytes_of(resource->columns[i].name), name))
			return &resource->columns[i];
	return NULL;
}
