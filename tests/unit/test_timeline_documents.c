/* Citations against the documents at hand. */
#include "timeline.h"

/* Paragraph 1 is "Über", 2 is "naïve words" behind a blank line. */
#define DOCUMENT \
	"\xc3\x9c" \
	"ber\n \t\r\n  na\xc3\xaf" \
	"ve words\n"

static void write_documents(void)
{
	assert_int_equal(mkdir("documents", 0755), 0);
	write_file("documents/d.txt", DOCUMENT, sizeof(DOCUMENT) - 1);
	write_file("documents/latin.txt", "caf\xe9 noir", 9);
	write_file("secret.txt", "secret", 6);
	assert_int_equal(mkdir("documents/folder", 0755), 0);
	assert_int_equal(mkfifo("documents/pipe", 0644), 0);
}

/* A source and a participant that cites it. */
struct citing {
	const char *source; /* its fields behind the id */
	int start, end;
	const char *bytes; /* what the digest is of; NULL for what is there */
	const char *more; /* of the citation */
};

static void append_citing(struct strbuf *text, const struct citing *citing)
{
	char hex[DIGEST_HEX_SIZE];
	struct bytes cited = bytes_of(citing->bytes);
	if (!cited.data)
		cited = (struct bytes){.data = &DOCUMENT[citing->start],
			.length = (size_t)(citing->end - citing->start)};
	digest_hex_of(cited, hex);
	append_json(text, "{" HEAD ",'sources':[{'id':'d',");
	append_json(text, citing->source);
	append_json(text,
		"}],'participants':[{'id':'p','kind':'person','name':'P','evidence':[{'source':'d',");
	strbuf_append_format(text, "\"byte_start\":%d,\"byte_end\":%d,\"sha256\":\"%s\",",
		citing->start, citing->end, hex);
	append_json(text, citing->more);
	append_json(text, "'basis':'stated','supports':['name']}]}]}");
}

static struct attempt attempt_citing(const struct citing *citing)
{
	const struct timeline_options options = {.build = "test", .documents = "documents"};
	_cleanup_strbuf_ struct strbuf text = {0};
	append_citing(&text, citing);
	write_file("timeline", text.data, text.length);
	return attempt_file("timeline", &options);
}

static void right(void **state)
{
	(void)state;
	static const struct citing cases[] = {
		{.source = "'file':'d.txt'", .start = 0, .end = 5, .more = ""},
		{.source = "'file':'d.txt','bytes':25", .start = 0, .end = 25, .more = ""},
		{.source = "'file':'d.txt'",
			.start = 0,
			.end = 5,
			.more = "'char_start':0,'char_end':4,'paragraph':1,'quote':'Über',"},
		{.source = "'file':'d.txt'",
			.start = 12,
			.end = 18,
			.more = "'char_start':11,'char_end':16,'paragraph':2,'quote':'aïv',"},
		/* Its first words count, not the blanks before them. */
		{.source = "'file':'d.txt'", .start = 5, .end = 18, .more = "'paragraph':2,"},
		{.source = "'file':'d.txt'", .start = 6, .end = 8, .more = "'paragraph':1,"},
		/* Bytes of a file that is not UTF-8. */
		{.source = "'file':'latin.txt'",
			.start = 0,
			.end = 4,
			.bytes = "caf\xe9",
			.more = "'paragraph':1,"},
	};
	write_documents();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_attempt_ struct attempt attempt = attempt_citing(&cases[i]);
		assert_loaded(&attempt);
	}
}

static void wrong(void **state)
{
	(void)state;
	static const struct {
		struct citing citing;
		const char *pointer;
		const char *says;
	} cases[] = {
		{.citing = {.source = "'file':'e.txt'", .start = 0, .end = 5, .more = ""},
			.pointer = "/sources/0/file",
			.says = "No such file"},
		{.citing = {.source = "'file':'folder'", .start = 0, .end = 5, .more = ""},
			.pointer = "/sources/0/file",
			.says = "cannot be read"},
		{.citing = {.source = "'file':'pipe'", .start = 0, .end = 5, .more = ""},
			.pointer = "/sources/0/file",
			.says = "cannot be read"},
		{.citing = {.source = "'file':'../secret.txt'", .start = 0, .end = 5, .more = ""},
			.pointer = "/sources/0/file",
			.says = "plain name"},
		{.citing = {.source = "'file':'d.txt','bytes':24",
			 .start = 0,
			 .end = 5,
			 .more = ""},
			.pointer = "/sources/0/bytes",
			.says = "24: the file has 25 bytes"},
		{.citing = {.source = "'file':'d.txt','sha256':'" SHA "'",
			 .start = 0,
			 .end = 5,
			 .more = ""},
			.pointer = "/sources/0/sha256",
			.says = "is not the SHA-256 of the file: "},
		{.citing = {.source = "'file':'d.txt'",
			 .start = 0,
			 .end = 26,
			 .bytes = "x",
			 .more = ""},
			.pointer = "/participants/0/evidence/0/byte_end",
			.says = "26: the source ends after 25 bytes"},
		{.citing = {.source = "'file':'d.txt'",
			 .start = 0,
			 .end = 5,
			 .bytes = "x",
			 .more = ""},
			.pointer = "/participants/0/evidence/0/sha256",
			.says = "is not the SHA-256 of these bytes: "},
		{.citing = {.source = "'file':'d.txt'", .start = 1, .end = 5, .more = ""},
			.pointer = "/participants/0/evidence/0/byte_start",
			.says = "1: is inside a character"},
		{.citing = {.source = "'file':'d.txt'", .start = 0, .end = 1, .more = ""},
			.pointer = "/participants/0/evidence/0/byte_end",
			.says = "1: is inside a character"},
		{.citing = {.source = "'file':'d.txt'",
			 .start = 0,
			 .end = 5,
			 .more = "'quote':'ber n',"},
			.pointer = "/participants/0/evidence/0/quote",
			.says = "letter by letter"},
		{.citing = {.source = "'file':'d.txt'",
			 .start = 12,
			 .end = 18,
			 .more = "'char_start':12,"},
			.pointer = "/participants/0/evidence/0/char_start",
			.says = "12: it is 11 in the document"},
		{.citing = {.source = "'file':'d.txt'",
			 .start = 12,
			 .end = 18,
			 .more = "'char_end':18,"},
			.pointer = "/participants/0/evidence/0/char_end",
			.says = "18: it is 16"},
		{.citing = {.source = "'file':'latin.txt'",
			 .start = 0,
			 .end = 4,
			 .bytes = "caf\xe9",
			 .more = "'char_end':4,"},
			.pointer = "/participants/0/evidence/0/char_end",
			.says = "is not UTF-8"},
		{.citing = {.source = "'file':'d.txt'",
			 .start = 12,
			 .end = 18,
			 .more = "'paragraph':3,"},
			.pointer = "/participants/0/evidence/0/paragraph",
			.says = "3: it is 2"},
	};
	write_documents();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_attempt_ struct attempt attempt = attempt_citing(&cases[i].citing);
		assert_one_fault(&attempt, 1, cases[i].pointer, cases[i].says);
	}
}

static void no_directory(void **state)
{
	(void)state;
	static const struct citing citing = {.source = "'file':'d.txt'", .end = 5, .more = ""};
	_cleanup_attempt_ struct attempt attempt = attempt_citing(&citing);
	assert_int_equal(attempt.status, TIMELINE_IO);
	assert_non_null(strstr(attempt.faults.system, "documents: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(right),
		IN_DIRECTORY(wrong),
		IN_DIRECTORY(no_directory),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
