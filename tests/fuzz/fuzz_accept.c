/* What is chosen is among what there is, and stays the same where a header says the same otherwise. */
#include <assert.h>
#include <string.h>
#include <udcg/base/strbuf.h>

#include "negotiate.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static const char *const offered[] = {"application/json", "text/csv", "application/x-ndjson",
	"text/html", NULL};

static bool quotes_end(struct bytes text)
{
	bool quoted = false;
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '\\' && quoted)
			i++;
		else if (text.data[i] == '"')
			quoted = !quoted;
	}
	return !quoted;
}

static void change_case(struct strbuf *out, struct bytes text)
{
	for (size_t i = 0; i < text.length; i++) {
		char c = text.data[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		strbuf_append_char(out, letter ? (char)(c ^ 0x20) : c);
	}
}

static void check(struct bytes text)
{
	int media = negotiate_media(text, offered);
	enum coding coding = negotiate_coding(text);
	assert(media >= -1 && media < 4);
	assert(coding <= CODING_NONE);
	/* Each alone is taken where it was chosen, and where it is not, nothing less wanted is. */
	if (media >= 0) {
		const char *const alone[] = {offered[media], NULL};
		assert(negotiate_media(text, alone) == 0);
	} else {
		for (size_t i = 0; offered[i]; i++) {
			const char *const alone[] = {offered[i], NULL};
			assert(negotiate_media(text, alone) == -1);
		}
	}

	_cleanup_strbuf_ struct strbuf other = {0};
	change_case(&other, text);
	assert(negotiate_media(strbuf_bytes(&other), offered) == media);
	assert(negotiate_coding(strbuf_bytes(&other)) == coding);
	if (!text.length || !quotes_end(text))
		return;
	strbuf_clear(&other);
	strbuf_append_text(&other, " x-nothing/of-ours;q=0.3 ,\t");
	strbuf_append_bytes(&other, text);
	strbuf_append_text(&other, " , x-other/y;a=\",\\\"\";q=1 ");
	assert(negotiate_coding(strbuf_bytes(&other)) == coding);
	size_t blank = 0;
	while (blank < text.length && strchr(" \t", text.data[blank]))
		blank++;
	if (blank
		< text.length) /* without a range it accepts everything, with one of others nothing */
		assert(negotiate_media(strbuf_bytes(&other), offered) == media);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct bytes text = {.data = (const char *)data, .length = size};
	if (memchr(data, '\0', size))
		return 0; /* the HTTP layer's business */
	check(text);
	(void)etag_matches("\"0123456789abcdef\"", text);
	assert(!etag_matches("", text));
	return 0;
}
