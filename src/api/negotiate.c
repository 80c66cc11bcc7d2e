#include "negotiate.h"

#include <string.h>

enum { QUALITY_NONE = -1, QUALITY_FULL = 1000 };

static struct bytes trim(struct bytes text)
{
	while (text.length && (text.data[0] == ' ' || text.data[0] == '\t'))
		text = (struct bytes){text.data + 1, text.length - 1};
	while (text.length
		&& (text.data[text.length - 1] == ' ' || text.data[text.length - 1] == '\t'))
		text.length--;
	return text;
}

/* The next part before `separator`, quoted strings kept whole; false at the end. */
static bool next_part(struct bytes *rest, char separator, struct bytes *ret_part)
{
	if (!rest->data)
		return false;
	bool quoted = false;
	size_t i = 0;
	for (; i < rest->length && (quoted || rest->data[i] != separator); i++) {
		if (rest->data[i] == '\\' && quoted && i + 1 < rest->length)
			i++;
		else if (rest->data[i] == '"')
			quoted = !quoted;
	}
	*ret_part = trim((struct bytes){rest->data, i});
	*rest = i < rest->length ? (struct bytes){rest->data + i + 1, rest->length - i - 1}
				 : (struct bytes){0};
	return true;
}

/* "0.5" in thousandths, further digits cut off; a malformed weight counts as none given. */
static int read_quality(struct bytes text)
{
	if (!text.length || (text.data[0] != '0' && text.data[0] != '1')
		|| (text.length > 1 && text.data[1] != '.'))
		return QUALITY_FULL;
	int quality = (text.data[0] - '0') * 1000;
	for (size_t i = 2, weight = 100; i < text.length; i++, weight /= 10) {
		if (text.data[i] < '0' || text.data[i] > '9')
			return QUALITY_FULL;
		quality += (text.data[i] - '0') * (int)weight;
	}
	return quality > QUALITY_FULL ? QUALITY_FULL : quality;
}

/* Takes "name;parameter;q=0.5" apart. */
static struct bytes read_element(struct bytes element, int *ret_quality)
{
	struct bytes name = {0}, parameter;
	*ret_quality = QUALITY_FULL;
	next_part(&element, ';', &name);
	while (next_part(&element, ';', &parameter))
		if (parameter.length > 2 && (parameter.data[0] | 0x20) == 'q'
			&& parameter.data[1] == '=')
			*ret_quality = read_quality(
				trim((struct bytes){parameter.data + 2, parameter.length - 2}));
	return name;
}

/* 3 the type itself, 2 type/anything, 1 anything, 0 another. */
static int fit(struct bytes range, struct bytes media)
{
	if (bytes_equal_nocase(range, media))
		return 3;
	if (bytes_equal(range, BYTES_LITERAL("*/*")))
		return 1;
	const char *slash = memchr(media.data, '/', media.length);
	size_t major = (size_t)(slash - media.data) + 1;
	if (range.length == major + 1 && range.data[major] == '*'
		&& bytes_equal_nocase((struct bytes){range.data, major},
			(struct bytes){media.data, major}))
		return 2;
	return 0;
}

static int media_quality(struct bytes accept, struct bytes media)
{
	int best_fit = 0, quality = QUALITY_NONE;
	struct bytes element;
	while (next_part(&accept, ',', &element)) {
		int element_quality;
		struct bytes range = read_element(element, &element_quality);
		int element_fit = range.length ? fit(range, media) : 0;
		if (element_fit > best_fit) {
			best_fit = element_fit;
			quality = element_quality;
		}
	}
	return quality;
}

int negotiate_media(struct bytes accept, const char *const *offered)
{
	if (!trim(accept).length)
		return 0;
	int best = -1, best_quality = 0;
	for (int i = 0; offered[i]; i++) {
		int quality = media_quality(accept, bytes_of(offered[i]));
		if (quality > best_quality) {
			best = i;
			best_quality = quality;
		}
	}
	return best;
}

enum coding negotiate_coding(struct bytes accept_encoding)
{
	int gzip = QUALITY_NONE, identity = QUALITY_NONE, any = QUALITY_NONE;
	struct bytes element;
	while (next_part(&accept_encoding, ',', &element)) {
		int quality;
		struct bytes name = read_element(element, &quality);
		if (bytes_equal_nocase(name, BYTES_LITERAL("gzip"))
			|| bytes_equal_nocase(name, BYTES_LITERAL("x-gzip")))
			gzip = quality;
		else if (bytes_equal_nocase(name, BYTES_LITERAL("identity")))
			identity = quality;
		else if (bytes_equal(name, BYTES_LITERAL("*")))
			any = quality;
	}
	if (gzip == QUALITY_NONE)
		gzip = any == QUALITY_NONE ? 0 : any;
	bool identity_refused = identity == 0 || (identity == QUALITY_NONE && any == 0);
	if (identity_refused)
		return gzip > 0 ? CODING_GZIP_ONLY : CODING_NONE;
	return gzip > 0 && gzip >= identity ? CODING_GZIP : CODING_IDENTITY;
}

bool etag_matches(const char *etag, struct bytes if_none_match)
{
	if (etag[0] == '\0' || !if_none_match.data)
		return false;
	if (bytes_equal(if_none_match, BYTES_LITERAL("*")))
		return true;
	struct bytes own = bytes_of(strncmp(etag, "W/", 2) == 0 ? etag + 2 : etag);
	const char *at = if_none_match.data, *end = at + if_none_match.length;
	while (at < end) {
		if (strchr(" \t,", *at)) {
			at++;
			continue;
		}
		if (end - at > 2 && at[0] == 'W' && at[1] == '/')
			at += 2;
		const char *close = *at == '"' ? memchr(at + 1, '"', (size_t)(end - at) - 1) : NULL;
		if (!close)
			return false; /* not a list of entity tags */
		struct bytes tag = {.data = at, .length = (size_t)(close + 1 - at)};
		if (bytes_equal(tag, own))
			return true;
		at = close + 1;
	}
	return false;
}
