#include <udcg/base/edtf.h>

#include <string.h>

static const char not_a_date[] =
	"not a date: YYYY, YYYY-MM or YYYY-MM-DD, each with ?, ~ or % at its end where needed, "
	"a/b, [a..b], [..b] or [a..]";
static const char not_plain[] = "not a date: YYYY, YYYY-MM or YYYY-MM-DD";
static const char year_out_of_range[] = "no such year: 1000 to 9999";
static const char no_such_month[] = "no such month: 01 to 12";
static const char no_such_day[] = "no such day in that month";
static const char qualifier_inside[] =
	"?, ~ and % stand at the end of a single date, not in or after a/b and [a..b]";
static const char no_end_given[] = "a range needs an end: [a..b], [..b] or [a..]";
static const char out_of_order[] = "the range ends before it begins";

static int days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return days[month - 1] + (month == 2 && leap);
}

static bool read_digits(struct bytes text, size_t at, size_t count, int *ret_number)
{
	int number = 0;
	for (size_t i = at; i < at + count; i++) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
		number = 10 * number + (text.data[i] - '0');
	}
	*ret_number = number;
	return true;
}

const char *edtf_parse_plain(struct bytes text, struct edtf *ret_date)
{
	int year = 0, month = 0, day = 0;
	bool has_month = text.length >= 7, has_day = text.length == 10;
	if (text.length != 4 && text.length != 7 && text.length != 10)
		return not_plain;
	if (!read_digits(text, 0, 4, &year)
		|| (has_month && (text.data[4] != '-' || !read_digits(text, 5, 2, &month)))
		|| (has_day && (text.data[7] != '-' || !read_digits(text, 8, 2, &day))))
		return not_plain;

	if (year < 1000)
		return year_out_of_range;
	if (has_month && (month < 1 || month > 12))
		return no_such_month;
	if (has_day && (day < 1 || day > days_in_month(year, month)))
		return no_such_day;

	int last_month = has_month ? month : 12;
	int last_day = has_day ? day : days_in_month(year, last_month);
	*ret_date = (struct edtf){
		.first = 10000 * year + 100 * (has_month ? month : 1) + (has_day ? day : 1),
		.last = 10000 * year + 100 * last_month + last_day,
		.precision = has_day ? EDTF_DAY
			: has_month  ? EDTF_MONTH
				     : EDTF_YEAR,
		.qualifier = EDTF_CERTAIN,
	};
	return NULL;
}

static enum edtf_qualifier qualifier_of(char c)
{
	switch (c) {
	case '?':
		return EDTF_UNCERTAIN;
	case '~':
		return EDTF_APPROXIMATE;
	case '%':
		return EDTF_BOTH;
	default:
		return EDTF_CERTAIN;
	}
}

static bool has_qualifier(struct bytes text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (qualifier_of(text.data[i]) != EDTF_CERTAIN)
			return true;
	}
	return false;
}

/* Either end may be empty where that end is open. */
static const char *parse_range(struct bytes from, struct bytes to, enum edtf_precision precision,
	struct edtf *ret_date)
{
	struct edtf first = {0}, last = {0};
	const char *fault = from.length > 0 ? edtf_parse_plain(from, &first) : NULL;
	if (!fault && to.length > 0)
		fault = edtf_parse_plain(to, &last);
	if (fault)
		return fault == not_plain ? not_a_date : fault;
	bool closed = first.first > 0 && last.last > 0;
	if (closed && first.first > last.last)
		return out_of_order;
	*ret_date = (struct edtf){
		.first = first.first,
		.last = last.last,
		.precision = precision,
		.qualifier = EDTF_CERTAIN,
	};
	return NULL;
}

static const char *parse_span(struct bytes text, const char *slash, struct edtf *ret_date)
{
	struct bytes from = {.data = text.data, .length = (size_t)(slash - text.data)};
	struct bytes to = {.data = slash + 1, .length = text.length - from.length - 1};
	if (has_qualifier(text))
		return qualifier_inside;
	if (from.length == 0 || to.length == 0)
		return not_a_date;
	return parse_range(from, to, EDTF_SPAN, ret_date);
}

static const char *parse_between(struct bytes text, struct edtf *ret_date)
{
	if (has_qualifier(text))
		return qualifier_inside;
	if (text.data[text.length - 1] != ']')
		return not_a_date;
	struct bytes inside = {.data = text.data + 1, .length = text.length - 2};
	const char *dots = memmem(inside.data, inside.length, "..", 2);
	if (!dots)
		return not_a_date;
	if (inside.length == 2)
		return no_end_given;
	struct bytes from = {.data = inside.data, .length = (size_t)(dots - inside.data)};
	struct bytes to = {.data = dots + 2, .length = inside.length - from.length - 2};
	return parse_range(from, to, EDTF_BETWEEN, ret_date);
}

const char *edtf_parse(struct bytes text, struct edtf *ret_date)
{
	if (text.length == 0)
		return not_a_date;
	if (text.data[0] == '[' && text.length > 1)
		return parse_between(text, ret_date);
	const char *slash = memchr(text.data, '/', text.length);
	if (slash)
		return parse_span(text, slash, ret_date);

	enum edtf_qualifier qualifier = qualifier_of(text.data[text.length - 1]);
	text.length -= qualifier != EDTF_CERTAIN;
	const char *fault = edtf_parse_plain(text, ret_date);
	if (fault)
		return fault == not_plain ? not_a_date : fault;
	ret_date->qualifier = qualifier;
	return NULL;
}

const char *edtf_precision_name(enum edtf_precision precision)
{
	static const char *const names[] = {
		[EDTF_DAY] = "day",
		[EDTF_MONTH] = "month",
		[EDTF_YEAR] = "year",
		[EDTF_SPAN] = "span",
		[EDTF_BETWEEN] = "between",
	};
	return names[precision];
}

const char *edtf_qualifier_name(enum edtf_qualifier qualifier)
{
	static const char *const names[] = {
		[EDTF_CERTAIN] = NULL,
		[EDTF_UNCERTAIN] = "uncertain",
		[EDTF_APPROXIMATE] = "approximate",
		[EDTF_BOTH] = "both",
	};
	return names[qualifier];
}
