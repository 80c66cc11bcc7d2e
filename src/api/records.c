/* Looks up what a client names: ids, and words of a vocabulary. */
#include <stdio.h>
#include <udcg/api/routes.h>
#include <udcg/base/text.h>

bool exchange_check(struct exchange *exchange, enum store_status status)
{
	if (status == STORE_OK)
		return true;
	if (status == STORE_INTERRUPTED)
		problem_set(&exchange->problem, PROBLEM_TIMEOUT, NULL);
	else
		problem_set(&exchange->problem, PROBLEM_INTERNAL, NULL);
	exchange->failure = status;
	return false;
}

bool exchange_borrow(struct exchange *exchange, struct bytes sql, struct statement **ret_statement)
{
	return exchange_check(exchange, statement_borrow(exchange->database, sql, ret_statement));
}

bool exchange_step(struct exchange *exchange, struct statement *statement, bool *ret_row)
{
	return exchange_check(exchange, statement_step(statement, ret_row));
}

bool exchange_next(struct exchange *exchange, struct statement *statement, bool *good)
{
	bool row = false;
	*good = exchange_step(exchange, statement, &row);
	return row;
}

bool exchange_no_memory(struct exchange *exchange)
{
	return exchange_check(exchange, STORE_NO_MEMORY);
}

bool record_find(struct exchange *exchange, enum record_kind kind, struct bytes id,
	int64_t *ret_row)
{
	char sql[64];
	snprintf(sql, sizeof(sql), "SELECT row FROM %s WHERE id = :id", record_kind_name(kind));
	_cleanup_borrowed_ struct statement *statement = NULL;
	bool found = false;
	if (!exchange_borrow(exchange, bytes_of(sql), &statement))
		return false;
	statement_bind_text(statement, "id", id);
	if (!exchange_step(exchange, statement, &found))
		return false;
	*ret_row = found ? statement_integer(statement, 0) : 0;
	return true;
}

/* Offers up to some hundred neighbours of `word`, which in a timeline of common size is all. */
static bool offer_neighbours(struct exchange *exchange, const char *vocabulary, bool after,
	struct bytes word, struct nearest *nearest)
{
	char sql[256];
	snprintf(sql, sizeof(sql),
		"SELECT DISTINCT word FROM (%s) WHERE word %s :word ORDER BY word %s LIMIT 300",
		vocabulary, after ? ">=" : "<", after ? "" : "DESC");
	_cleanup_borrowed_ struct statement *statement = NULL;
	if (!exchange_borrow(exchange, bytes_of(sql), &statement))
		return false;
	statement_bind_text(statement, "word", word);
	bool good = true;
	while (exchange_next(exchange, statement, &good))
		nearest_offer(nearest, statement_text(statement, 0));
	return good;
}

static bool suggest(struct exchange *exchange, const char *vocabulary, struct bytes word,
	const char **ret_suggestion)
{
	struct nearest nearest;
	nearest_start(&nearest, word);
	if (!offer_neighbours(exchange, vocabulary, true, word, &nearest)
		|| !offer_neighbours(exchange, vocabulary, false, word, &nearest))
		return false;
	const char *best = nearest_best(&nearest);
	*ret_suggestion = best ? arena_copy(exchange->arena, bytes_of(best)).data : NULL;
	return true;
}

bool record_suggest(struct exchange *exchange, enum record_kind kind, struct bytes id,
	const char **ret_suggestion)
{
	char vocabulary[64];
	snprintf(vocabulary, sizeof(vocabulary), "SELECT id AS word FROM %s",
		record_kind_name(kind));
	return suggest(exchange, vocabulary, id, ret_suggestion);
}

bool word_find(struct exchange *exchange, const char *vocabulary, struct bytes word,
	bool *ret_known, const char **ret_suggestion)
{
	char sql[192];
	snprintf(sql, sizeof(sql), "SELECT 1 FROM (%s) WHERE word = :word LIMIT 1", vocabulary);
	_cleanup_borrowed_ struct statement *statement = NULL;
	if (!exchange_borrow(exchange, bytes_of(sql), &statement))
		return false;
	statement_bind_text(statement, "word", word);
	if (!exchange_step(exchange, statement, ret_known))
		return false;
	*ret_suggestion = NULL;
	return *ret_known || suggest(exchange, vocabulary, word, ret_suggestion);
}

bool exchange_missing(struct exchange *exchange, const char *sentence, const char *suggestion)
{
	_cleanup_strbuf_ struct strbuf detail = {0};
	strbuf_append_text(&detail, sentence);
	if (suggestion)
		strbuf_append_format(&detail, "; the nearest is %s", suggestion);
	strbuf_append_char(&detail, '.');
	const char *copy =
		detail.failed ? NULL : arena_copy(exchange->arena, strbuf_bytes(&detail)).data;
	if (!copy)
		return exchange_no_memory(exchange);
	problem_set(&exchange->problem, PROBLEM_NOT_FOUND, copy);
	return false;
}

bool exchange_not_found(struct exchange *exchange)
{
	enum record_kind kind = exchange->route->record;
	const char *suggestion;
	char sentence[64];
	if (!record_suggest(exchange, kind, exchange->id, &suggestion))
		return false;
	snprintf(sentence, sizeof(sentence), "There is no %s with this id", record_kind_name(kind));
	return exchange_missing(exchange, sentence, suggestion);
}
