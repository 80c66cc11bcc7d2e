#include "rules.h"

#include <string.h>
#include <udcg/base/digest.h>
#include <udcg/base/edtf.h>
#include <udcg/base/iso.h>
#include <udcg/base/text.h>

enum { TEXT_MAX = 10000, QUOTE_MAX = 200, URL_MAX = 2000, LANGUAGE_MAX = 100 };

static bool length_between(struct bytes text, size_t most)
{
	/* A code point has at most four bytes: most texts are short enough to need no count. */
	return text.length > 0 && (text.length <= most || text_code_points(text) <= most);
}

const char *rule_text(struct bytes text)
{
	return length_between(text, TEXT_MAX) ? NULL : "not a text of 1 to 10,000 characters";
}

const char *rule_quote(struct bytes text)
{
	return length_between(text, QUOTE_MAX) ? NULL : "not a quote of 1 to 200 characters";
}

static bool is(struct bytes text, const char *word)
{
	return bytes_equal(text, bytes_of(word));
}

const char *rule_id(struct bytes text)
{
	return text_is_slug(text) && !is(text, "none") && !is(text, "totals")
		? NULL
		: "not an id: a-z, 0-9 and single hyphens between them, at most 100 bytes, not "
		  "\"none\" or \"totals\"";
}

const char *rule_slug(struct bytes text)
{
	return text_is_slug(text) && !is(text, "none")
		? NULL
		: "not a slug: a-z, 0-9 and single hyphens between them, at most 100 bytes, not "
		  "\"none\"";
}

const char *rule_file(struct bytes text)
{
	bool plain = length_between(text, TEXT_MAX) && !memchr(text.data, '/', text.length)
		&& !text_has_control(text) && !is(text, ".") && !is(text, "..");
	return plain ? NULL : "not the plain name of a file, without a directory";
}

const char *rule_url(struct bytes text)
{
	static const char allowed[] =
		"not an address that begins with http:// or https://, without "
		"blanks and control characters, at most 2,000 characters";
	static const struct bytes schemes[] = {{.data = "http://", .length = 7},
		{.data = "https://", .length = 8}};
	size_t scheme = 0;
	for (size_t i = 0; i < sizeof(schemes) / sizeof(schemes[0]); i++) {
		struct bytes start = {.data = text.data, .length = schemes[i].length};
		if (text.length > start.length && bytes_equal(start, schemes[i]))
			scheme = start.length;
	}
	if (scheme == 0 || !length_between(text, URL_MAX))
		return allowed;
	bool plain = !memchr(text.data, ' ', text.length) && !text_has_control(text);
	return plain ? NULL : allowed;
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* [a-z]{2,3}(-[A-Za-z0-9]{2,8})* */
static bool is_language(struct bytes text)
{
	size_t i = 0;
	while (i < text.length && is_lower(text.data[i]))
		i++;
	if (i < 2 || i > 3)
		return false;
	while (i < text.length) {
		if (text.data[i] != '-')
			return false;
		size_t start = ++i;
		while (i < text.length
			&& (is_lower(text.data[i]) || is_upper(text.data[i])
				|| is_digit(text.data[i])))
			i++;
		if (i - start < 2 || i - start > 8)
			return false;
	}
	return text.length <= LANGUAGE_MAX;
}

const char *rule_language(struct bytes text)
{
	return is_language(text) ? NULL : "not a language tag like en or pt-BR";
}

const char *rule_sha256(struct bytes text)
{
	size_t i = 0;
	while (i < text.length
		&& (is_digit(text.data[i]) || (text.data[i] >= 'a' && text.data[i] <= 'f')))
		i++;
	return i == text.length && i == DIGEST_HEX_SIZE - 1
		? NULL
		: "not a SHA-256: 64 hexadecimal digits, 0-9 and a-f";
}

const char *rule_country(struct bytes text)
{
	return iso_country_name(text.data, text.length)
		? NULL
		: "not an ISO 3166-1 alpha-2 code like UA, or XK";
}

const char *rule_currency(struct bytes text)
{
	return iso_currency_known(text.data, text.length) ? NULL : "not an ISO 4217 code like USD";
}

const char *rule_date(struct bytes text)
{
	struct edtf date;
	return edtf_parse(text, &date);
}

const char *rule_plain_date(struct bytes text)
{
	struct edtf date;
	return edtf_parse_plain(text, &date);
}

const char *rule_day(struct bytes text)
{
	struct edtf date;
	return !edtf_parse_plain(text, &date) && date.precision == EDTF_DAY
		? NULL
		: "not a day of the calendar, YYYY-MM-DD";
}
