/* What a file may look like, and what is said of one that does not. */
#include "timeline.h"

#define SOURCE(id) "{'id':'" id "','file':'" id "'}"
#define LINE(id) "{'record':'source','id':'" id "','file':'" id "'}\n"
#define TEXT(text) \
	{ \
		.data = (text), .length = sizeof(text) - 1 \
	}
#define BIG (17 << 20)

static struct attempt attempt_json(struct bytes text)
{
	_cleanup_strbuf_ struct strbuf json = {0};
	for (size_t i = 0; i < text.length; i++)
		strbuf_append_char(&json, text.data[i] == '\'' ? '"' : text.data[i]);
	assert_false(json.failed);
	return attempt_bytes(strbuf_bytes(&json));
}

static void accepted(void **state)
{
	(void)state;
	static const struct {
		struct bytes text;
		size_t sources;
	} cases[] = {
		{.text = TEXT("{" HEAD "}"), .sources = 0},
		{.text = TEXT("\r\n\t {" HEAD "} \r\n\n"), .sources = 0},
		{.text = TEXT("{" HEAD ",'sources':[]}"), .sources = 0},
		{.text = TEXT("{" HEAD ",'sources':[" SOURCE("a") "]}"), .sources = 1},
		/* Keys in any order, white space wherever it may be. */
		{.text = TEXT("{'sources' : [ " SOURCE("a") " , " SOURCE("b") " ] ,\n" HEAD "}"),
			.sources = 2},
		{.text = TEXT("{'aid':[],'sources':[" SOURCE("a") "],'claims':[ ],\n" HEAD
								  ",'meetings':[]}"),
			.sources = 1},
		{.text = TEXT("{'sources':[{'file':'x]}\\\"\\\\','id':'a'}],\n" HEAD "}"),
			.sources = 1},
		{.text = TEXT("{'\\u0074itle':'T','format':'udcg-timeline/1','licence':'L',"
			      "'released':'2026-01-01','sources':[" SOURCE("a") "]}"),
			.sources = 1},
		/* Record form. */
		{.text = TEXT("{" HEAD "}\n" LINE("a")), .sources = 1},
		{.text = TEXT("\n{" HEAD "}\r\n\r\n" LINE("b") " \t\n" LINE("a") "\n"),
			.sources = 2},
		{.text = TEXT("{" HEAD "}\n{'id':'a','record':'source','file':'f'}"), .sources = 1},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_attempt_ struct attempt attempt = attempt_json(cases[i].text);
		assert_loaded(&attempt);
		assert_int_equal(attempt.card.counts[RECORD_SOURCE], cases[i].sources);
	}
}

static void refused(void **state)
{
	(void)state;
	static const struct {
		struct bytes text;
		size_t line;
		const char *pointer;
		const char *says;
	} cases[] = {
		/* No timeline at all. */
		{.text = TEXT(""), .line = 1, .pointer = "", .says = "is empty"},
		{.text = TEXT(" \n\n "), .line = 3, .pointer = "", .says = "is empty"},
		{.text = TEXT("[]"), .line = 1, .pointer = "", .says = "begins with {"},
		{.text = TEXT("\n\nnull"), .line = 3, .pointer = "", .says = "begins with {"},
		{.text = TEXT("\0"), .line = 1, .pointer = "", .says = "begins with {"},
		{.text = TEXT("\xff\xfe{\0"), .line = 1, .pointer = "", .says = "UTF-8"},
		{.text = TEXT("\xef\xbb\xbf{" HEAD "}"),
			.line = 1,
			.pointer = "",
			.says = "byte order mark"},
		/* The header. */
		{.text = TEXT("{" HEAD ",'titel':'T'}"),
			.line = 1,
			.pointer = "/titel",
			.says = "\"title\" is near"},
		{.text = TEXT("{" HEAD ",'source':[]}"),
			.line = 1,
			.pointer = "/source",
			.says = "\"sources\" is near"},
		{.text = TEXT("{'sources':[],\n'source':[],\n" HEAD "}"),
			.line = 2,
			.pointer = "/source",
			.says = "\"sources\" is near"},
		{.text = TEXT("{'sources':[],\n" HEAD ",\n'title':'U'}"),
			.line = 3,
			.pointer = "/title",
			.says = "is there twice"},
		{.text = TEXT("{" HEAD ",'title':'U'}\n" LINE("a")),
			.line = 1,
			.pointer = "",
			.says = "has a key twice"},
		{.text = TEXT("{'title':'T','released':'2026-01-01','licence':'L'}"),
			.line = 1,
			.pointer = "/format",
			.says = "is missing"},
		{.text = TEXT("{'format':'udcg-timeline/2','title':'T','released':'2026-01-01',"
			      "'licence':'L'}"),
			.line = 1,
			.pointer = "/format",
			.says = "\"udcg-timeline/1\" is near"},
		{.text = TEXT("{'format':'udcg-timeline/1','title':'T','released':'2026-02-29',"
			      "'licence':'L'}"),
			.line = 1,
			.pointer = "/released",
			.says = "not a day of the calendar"},
		{.text = TEXT("{'format':'udcg-timeline/1','title':'T','released':'2026-02',"
			      "'licence':'L','sources':[]}"),
			.line = 1,
			.pointer = "/released",
			.says = "YYYY-MM-DD"},
		{.text = TEXT("{'sources':[],'title':'\\u0000','format':'udcg-timeline/1'}"),
			.line = 1,
			.pointer = "/title",
			.says = "U+0000"},
		{.text = TEXT("{" HEAD ",'sources':null}"),
			.line = 1,
			.pointer = "/sources",
			.says = "not a list of records"},
		{.text = TEXT("{'sources':[],\n'sources':[],\n" HEAD "}"),
			.line = 2,
			.pointer = "/sources",
			.says = "is there twice"},
		{.text = TEXT(LINE("a") LINE("b")),
			.line = 1,
			.pointer = "",
			.says = "the first line is the header"},
		/* What is behind the end. */
		{.text = TEXT("{" HEAD ",'sources':[]}\n}"),
			.line = 2,
			.pointer = "",
			.says = "something behind its end"},
		{.text = TEXT("{" HEAD ",'sources':[]}\n" LINE("a")),
			.line = 2,
			.pointer = "",
			.says = "something behind its end"},
		/* Cut off, at every kind of place. */
		{.text = TEXT("{"), .line = 1, .pointer = "", .says = "a key in quotes"},
		{.text = TEXT("{'sources'"), .line = 1, .pointer = "/sources", .says = "a colon"},
		{.text = TEXT("{'sources':"),
			.line = 1,
			.pointer = "/sources",
			.says = "the file ends before it"},
		{.text = TEXT("{'sources':[\n"),
			.line = 2,
			.pointer = "/sources/0",
			.says = "the file ends before it"},
		{.text = TEXT("{'sources':[\n" SOURCE("a")),
			.line = 2,
			.pointer = "/sources",
			.says = "the file ends inside it"},
		{.text = TEXT("{'sources':[" SOURCE("a") ",\n{'id':'b"),
			.line = 2,
			.pointer = "/sources/1",
			.says = "the file ends inside it"},
		{.text = TEXT("{'sources':[]\n"),
			.line = 2,
			.pointer = "",
			.says = "the file ends inside it"},
		{.text = TEXT("{'sources':[],'title':'T"),
			.line = 1,
			.pointer = "/title",
			.says = "the file ends inside it"},
		{.text = TEXT("{'sources"),
			.line = 1,
			.pointer = "",
			.says = "the file ends inside it"},
		/* Brackets and commas. */
		{.text = TEXT("{'sources':[" SOURCE("a") ",]," HEAD "}"),
			.line = 1,
			.pointer = "/sources/1",
			.says = "brackets do not match"},
		{.text = TEXT("{'sources':[" SOURCE("a") " " SOURCE("b") "]," HEAD "}"),
			.line = 1,
			.pointer = "/sources",
			.says = "a comma"},
		{.text = TEXT("{'sources':[{'id':[}],\n" HEAD "}"),
			.line = 1,
			.pointer = "/sources/0",
			.says = "brackets do not match"},
		{.text = TEXT("{'sources':[],}"),
			.line = 1,
			.pointer = "",
			.says = "a key in quotes"},
		{.text = TEXT("{'sources':[] 'aid':[]," HEAD "}"),
			.line = 1,
			.pointer = "",
			.says = "a comma"},
		{.text = TEXT("{'sources':[],title:'T'," HEAD "}"),
			.line = 1,
			.pointer = "",
			.says = "a key in quotes"},
		/* Records: the others are still read. */
		{.text = TEXT("{" HEAD ",'sources':[\n{'id' 'a'},\n" SOURCE("b") "]}"),
			.line = 2,
			.pointer = "/sources/0",
			.says = "is not valid JSON (line 2, column"},
		{.text = TEXT("{" HEAD ",'sources':[" SOURCE("a") ",\nnul]}"),
			.line = 2,
			.pointer = "/sources/1",
			.says = "is not valid JSON"},
		{.text = TEXT("{" HEAD ",'sources':[" SOURCE("a") ",\n7]}"),
			.line = 2,
			.pointer = "/sources/1",
			.says = "is not an object"},
		{.text = TEXT("{" HEAD ",'sources':[\n{'id':'a',\n'file':'\xff'}]}"),
			.line = 2,
			.pointer = "/sources/0",
			.says = "is not valid UTF-8 (line 3"},
		{.text = TEXT("{" HEAD ",'sources':[{'id':'a','file':'\0'}]}"),
			.line = 1,
			.pointer = "/sources/0",
			.says = "NUL byte"},
		{.text = TEXT("{" HEAD ",'sources':[{'id':'a','\\u0000':'b'}]}"),
			.line = 1,
			.pointer = "/sources/0",
			.says = "U+0000"},
		{.text = TEXT("{" HEAD "}\n" LINE("a") "{'record':'source'\n" LINE("b")),
			.line = 3,
			.pointer = "",
			.says = "is not valid JSON (line 3"},
		{.text = TEXT("{" HEAD "}\n" LINE("a") "]\n" LINE("b")),
			.line = 3,
			.pointer = "",
			.says = "is not valid JSON"},
		{.text = TEXT("{" HEAD "}\n" LINE("a") "[]\n" LINE("b")),
			.line = 3,
			.pointer = "",
			.says = "is not an object"},
		{.text = TEXT("{" HEAD "}\n{'id':'a','file':'f'}\n"),
			.line = 2,
			.pointer = "/record",
			.says = "is missing: source, participant"},
		{.text = TEXT("{" HEAD "}\n{'record':'sourse','id':'a'}\n"),
			.line = 2,
			.pointer = "/record",
			.says = "\"source\" is near"},
		{.text = TEXT("{" HEAD "}\n{'record':5,'id':'a'}\n"),
			.line = 2,
			.pointer = "/record",
			.says = "is no kind of record"},
		{.text = TEXT("{" HEAD ",'sources':[{'record':'source','id':'a','file':'f'}]}"),
			.line = 1,
			.pointer = "/sources/0/record",
			.says = "is no key"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_attempt_ struct attempt attempt = attempt_json(cases[i].text);
		assert_one_fault(&attempt, cases[i].line, cases[i].pointer, cases[i].says);
	}
}

/* A value that never ends does not fill the memory. */
static void too_long(void **state)
{
	(void)state;
	static const char *const starts[] = {
		"{" HEAD ",'sources':[\n{'id':'a','file':'",
		"{" HEAD ",'sources':[\n[[[[",
		"{" HEAD "}\n{'record':'source','id':'a','file':'",
	};
	for (size_t i = 0; i < COUNT_OF(starts); i++) {
		_cleanup_strbuf_ struct strbuf text = {0};
		append_json(&text, starts[i]);
		strbuf_reserve(&text, BIG);
		assert_false(text.failed);
		memset(text.data + text.length, i == 1 ? ' ' : 'x', BIG);
		text.length += BIG;
		append_json(&text, "\n{'record':'source','id':'b','file':'f'}");
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
		assert_one_fault(&attempt, 2, i == 2 ? "" : "/sources/0", "longer than 16 MiB");
	}
}

/* Nesting is bounded, in a record and around it. */
static void too_deep(void **state)
{
	(void)state;
	for (int depth = 60; depth < 70; depth++) {
		_cleanup_strbuf_ struct strbuf text = {0};
		append_json(&text, "{" HEAD ",'sources':[{'id':'a','file':'f','evidence':");
		for (int i = 0; i < depth; i++)
			strbuf_append_char(&text, '[');
		for (int i = 0; i < depth; i++)
			strbuf_append_char(&text, ']');
		append_json(&text, "}]}");
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
		bool told_apart = depth < 64; /* the record itself is one more */
		assert_one_fault(&attempt, 1, told_apart ? "/sources/0/evidence/0" : "/sources/0",
			told_apart ? "is a list: an object" : "brackets do not match");
	}
}

static void what_cannot_be_read(void **state)
{
	(void)state;
	const struct timeline_options options = {.build = "test"};
	static const struct {
		const char *path;
		const char *says;
	} cases[] = {
		{.path = "missing", .says = "missing: No such file"},
		{.path = ".", .says = ".: Is a directory"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_attempt_ struct attempt attempt = attempt_file(cases[i].path, &options);
		assert_int_equal(attempt.status, TIMELINE_IO);
		assert_non_null(strstr(attempt.faults.system, cases[i].says));
		assert_int_equal(attempt.faults.total, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(accepted),
		IN_DIRECTORY(refused),
		IN_DIRECTORY(too_long),
		IN_DIRECTORY(too_deep),
		IN_DIRECTORY(what_cannot_be_read),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
