#include <udcg/api/search.h>

#include <string.h>
#include <udcg/base/text.h>
#include <unictype.h>
#include <unistr.h>

/* What FTS5's tokenizer unicode61 takes for part of a word. */
static size_t count_word_characters(struct bytes text)
{
	const uint8_t *at = (const uint8_t *)text.data;
	size_t left = text.length, count = 0;
	while (left) {
		ucs4_t point;
		int length = u8_mbtouc(&point, at, left);
		if (uc_is_general_category_withtable(point,
			    UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N | UC_CATEGORY_MASK_Co))
			count++;
		at += length;
		left -= (size_t)length;
	}
	return count;
}

static bool is_space(char c)
{
	return c == ' ';
}

bool search_term_next(struct bytes *rest, struct search_term *ret_term, const char **ret_fault)
{
	const char *at = rest->data, *end = rest->data + rest->length;
	while (at < end && is_space(*at))
		at++;
	*ret_fault = NULL;
	if (at == end)
		return false;
	struct search_term term = {.phrase = *at == '"'};
	const char *start = term.phrase ? at + 1 : at;
	const char *stop = start;
	while (stop < end && *stop != '"' && (term.phrase || !is_space(*stop)))
		stop++;
	term.text = (struct bytes){start, (size_t)(stop - start)};
	if (term.phrase && stop == end)
		*ret_fault = "has a quote that is not closed";
	else if (text_code_points(term.text) < 2)
		*ret_fault = "has a word of less than two characters";
	else if (count_word_characters(term.text) == 0)
		*ret_fault = "has a word without a letter or digit";
	stop += term.phrase && stop < end;
	*rest = (struct bytes){stop, (size_t)(end - stop)};
	*ret_term = term;
	return true;
}

void search_term_write(const struct search_term *term, struct strbuf *expression)
{
	strbuf_append_char(expression, '"');
	strbuf_append_bytes(expression, term->text);
	/* What stands behind the one letter of "5%" ends it; and one letter has no prefix index. */
	bool whole = term->phrase || count_word_characters(term->text) < 2;
	strbuf_append_text(expression, whole ? "\"" : "\"*");
}

void search_terms_write(struct bytes q, struct strbuf *expression)
{
	struct search_term term;
	const char *fault;
	for (bool first = true; search_term_next(&q, &term, &fault); first = false) {
		if (!first)
			strbuf_append_text(expression, " AND ");
		search_term_write(&term, expression);
	}
}
