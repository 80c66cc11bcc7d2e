/* A date is refused with a reason, or has bounds that are days of the calendar, in order. */
#include <assert.h>
#include <string.h>

#include <udcg/base/edtf.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static void check_day(int day)
{
	char text[DAY_TEXT_SIZE];
	day_format(day, text);
	struct edtf again = {0};
	const char *fault = edtf_parse_plain(bytes_of(text), &again);
	assert(!fault && again.precision == EDTF_DAY && again.first == day && again.last == day);
	if (day < 99991231)
		assert(day_add(day, 1) > day && day_add(day_add(day, 1), -1) == day);
}

static void check_date(struct edtf date)
{
	assert(date.first || date.last);
	assert(!date.first || !date.last || date.first <= date.last);
	if (date.precision == EDTF_DAY)
		assert(date.first && date.first == date.last);
	else if (date.precision != EDTF_BETWEEN)
		assert(date.first && date.last);
	if (date.first)
		check_day(date.first);
	if (date.last)
		check_day(date.last);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct bytes text = {.data = (const char *)data, .length = size};
	struct edtf date = {0};
	const char *fault = edtf_parse(text, &date);
	if (fault)
		assert(*fault);
	else
		check_date(date);

	/* What a parameter takes is a date of the same meaning. */
	struct edtf plain = {0};
	if (!edtf_parse_plain(text, &plain)) {
		assert(!fault && date.qualifier == EDTF_CERTAIN && plain.precision <= EDTF_YEAR);
		assert(plain.first == date.first && plain.last == date.last);
		assert(plain.precision == date.precision);
	}
	return 0;
}
