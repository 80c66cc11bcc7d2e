/* The counts that are written into a file's citations, where nothing else may change. */
#include "timeline.h"

#define DOCUMENT \
	"\xc3\x9c" \
	"ber\n\nna\xc3\xaf" \
	"ve words\n"
#define FIRST "'sha256':'{first}','supports':['name'],'basis':'stated'}"
#define SECOND "'sha256':'{second}','supports':['name'],'basis':'stated'}"

/* The two cited spans. */
static const struct bytes first = {.data = DOCUMENT, .length = 5};
static const struct bytes second = {.data = &DOCUMENT[7], .length = 6};

static void append_with_digests(struct strbuf *buffer, const char *text)
{
	static const char marks[][9] = {"{first}", "{second}"};
	char digests[2][DIGEST_HEX_SIZE];
	digest_hex_of(first, digests[0]);
	digest_hex_of(second, digests[1]);
	while (*text) {
		size_t which = 0;
		while (which < 2 && strncmp(text, marks[which], strlen(marks[which])) != 0)
			which++;
		if (which < 2) {
			strbuf_append_text(buffer, digests[which]);
			text += strlen(marks[which]);
		} else {
			strbuf_append_char(buffer, *text == '\'' ? '"' : *text);
			text++;
		}
	}
	assert_false(buffer->failed);
}

static void assert_file(const struct strbuf *wanted)
{
	size_t length;
	char *data = read_file("timeline", &length);
	struct bytes bytes = {.data = data, .length = length};
	if (!bytes_equal(bytes, strbuf_bytes(wanted)))
		fail_msg("%.*s\ninstead of\n%s", (int)length, data, wanted->data);
	free(data);
}

static enum timeline_status annotate(struct faults *faults)
{
	enum timeline_status status = timeline_annotate("timeline", "documents", faults);
	print_faults(faults);
	return status;
}

static void write_documents(void)
{
	assert_int_equal(mkdir("documents", 0755), 0);
	write_file("documents/d.txt", DOCUMENT, sizeof(DOCUMENT) - 1);
	write_file("documents/latin.txt", "caf\xe9 noir", 9);
}

struct layout {
	const char *start, *end; /* around the citation */
};

static void assert_annotated(const struct layout *layout, const char *before, const char *after)
{
	_cleanup_strbuf_ struct strbuf text = {0}, wanted = {0};
	struct faults faults;
	append_with_digests(&text, layout->start);
	append_with_digests(&wanted, layout->start);
	append_with_digests(&text, before);
	append_with_digests(&wanted, after);
	append_with_digests(&text, layout->end);
	append_with_digests(&wanted, layout->end);
	write_file("timeline", text.data, text.length);
	assert_int_equal(annotate(&faults), TIMELINE_OK);
	assert_file(&wanted);
	/* Nothing is left to do. */
	assert_int_equal(annotate(&faults), TIMELINE_OK);
	assert_file(&wanted);
}

static const struct {
	const char *before, *after;
} citations[] = {
	/* Put in behind byte_end, spaced as that is. */
	{.before = "{'byte_start':0,'byte_end':5,'source':'d'," FIRST,
		.after = "{'byte_start':0,'byte_end':5,'char_start':0,'char_end':4,'paragraph':1,"
			 "'source':'d'," FIRST},
	{.before = "{ 'byte_end' : 13 ,\t'byte_start': 7, 'source':'d'," SECOND,
		.after = "{ 'byte_end' : 13, 'char_start' : 6, 'char_end' : 11, 'paragraph' : 2 ,"
			 "\t'byte_start': 7, 'source':'d'," SECOND},
	/* Written anew, before and behind. */
	{.before = "{'paragraph':null,'byte_end':13,'char_end':9,'byte_start':7,'char_start':1,"
		   "'source':'d'," SECOND,
		.after = "{'paragraph':2,'byte_end':13,'char_end':11,'byte_start':7,'char_start':6,"
			 "'source':'d'," SECOND},
	{.before = "{'char_end':9, 'source':'d', 'byte_start':7, 'byte_end':13," SECOND,
		.after = "{'char_end':11, 'source':'d', 'byte_start':7, 'byte_end':13,"
			 " 'char_start':6, 'paragraph':2," SECOND},
};

#define HELD "'id':'m','title':'M','kind':'meeting','status':'held','evidence':[" CITATION_M "]"
#define CITATION_M \
	"{'source':'d','byte_start':0,'byte_end':5,'char_start':0,'char_end':4,'paragraph':1," \
	"'sha256':'{first}','supports':['title'],'basis':'stated'}"

static void counts_are_written(void **state)
{
	(void)state;
	static const struct layout layouts[] = {
		{.start = " {" HEAD
			  ",\n 'sources' : [ {'id':'d','file':'d.txt'} ] ,'participants':[\n"
			  "{'id':'p','kind':'person','name':'byte_end','evidence':[",
			.end = "]}] ,\n\n'aid':[]} \n\n"},
		{.start = "{" HEAD
			  "}\n\n{'record':'participant','id':'p','kind':'person','name':'P',"
			  "'evidence':[",
			.end = "]}\r\n\n{'record':'source','id':'d','file':'d.txt'}"},
	};
	write_documents();
	for (size_t i = 0; i < COUNT_OF(layouts); i++) {
		for (size_t j = 0; j < COUNT_OF(citations); j++)
			assert_annotated(&layouts[i], citations[j].before, citations[j].after);
	}
}

static void inner_citations_too(void **state)
{
	(void)state;
	static const struct layout layout =
		{.start = "{" HEAD
			  ",'sources':[{'id':'d','file':'d.txt'}],'participants':[{'id':'p',"
			  "'kind':'person','name':'P','evidence':[{'source':'d','byte_start':0,"
			  "'byte_end':5,'char_start':0,'char_end':4,'paragraph':1," FIRST "]}],"
			  "'meetings':[{" HELD ",",
			.end = "}]}"};
	static const struct {
		const char *before, *after;
	} cases[] = {
		{.before = "'attendance':[{'participant':'p','role':'chair','status':'attended',"
			   "'evidence':[{'source':'d','byte_start':7,'byte_end':13,'sha256':"
			   "'{second}','supports':['role'],'basis':'stated'}]}]",
			.after =
				"'attendance':[{'participant':'p','role':'chair','status':"
				"'attended','evidence':[{'source':'d','byte_start':7,'byte_end':13,"
				"'char_start':6,'char_end':11,'paragraph':2,'sha256':'{second}',"
				"'supports':['role'],'basis':'stated'}]}]"},
		{.before = "'headcounts':[{'value':1,'counts':'attended','unit':'people',"
			   "'evidence':[{'source':'d','byte_start':7,'byte_end':13,'paragraph':9,"
			   "'sha256':'{second}','supports':['value'],'basis':'stated'}]}]",
			.after = "'headcounts':[{'value':1,'counts':'attended','unit':'people',"
				 "'evidence':[{'source':'d','byte_start':7,'byte_end':13,"
				 "'char_start':6,'char_end':11,'paragraph':2,'sha256':'{second}',"
				 "'supports':['value'],'basis':'stated'}]}]"},
	};
	write_documents();
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_annotated(&layout, cases[i].before, cases[i].after);
}

static void a_refused_file_stays_as_it_is(void **state)
{
	(void)state;
	static const char text[] =
		"{" HEAD ",'sources':[{'id':'d','file':'d.txt'}],'participants':[{'id':'p',"
		"'kind':'person','name':'P','evidence':[{'source':'d','byte_start':0,"
		"'byte_end':6," FIRST "]}]}";
	struct faults faults;
	_cleanup_strbuf_ struct strbuf json = {0};
	write_documents();
	append_with_digests(&json, text);
	write_file("timeline", json.data, json.length);
	assert_int_equal(annotate(&faults), TIMELINE_REFUSED);
	assert_int_equal(faults.total, 1);
	assert_string_equal(faults.items[0].pointer, "/participants/0/evidence/0/sha256");
	faults_free(&faults);
	assert_file(&json);
	assert_int_equal(timeline_annotate("missing", "documents", &faults), TIMELINE_IO);
	faults_free(&faults);
}

/* A link stays one, permissions stay, characters that cannot be counted are not. */
static void links_and_permissions(void **state)
{
	(void)state;
	char hex[DIGEST_HEX_SIZE];
	_cleanup_strbuf_ struct strbuf json = {0};
	struct faults faults;
	struct stat status;
	size_t length;
	digest_hex_of(BYTES_LITERAL("caf\xe9"), hex);
	write_documents();
	append_json(&json,
		"{" HEAD ",'sources':[{'id':'d','file':'latin.txt'}],'participants':["
		"{'id':'p','kind':'person','name':'P','evidence':[{'source':'d',"
		"'byte_start':0,'byte_end':4,'supports':['name'],'basis':'stated',"
		"'sha256':'");
	append_json(&json, hex);
	append_json(&json, "'}]}]}");
	write_file("real", json.data, json.length);
	assert_int_equal(chmod("real", 0640), 0);
	assert_int_equal(symlink("real", "timeline"), 0);
	assert_int_equal(annotate(&faults), TIMELINE_OK);
	assert_int_equal(lstat("timeline", &status), 0);
	assert_true(S_ISLNK(status.st_mode));
	assert_int_equal(stat("timeline", &status), 0);
	assert_int_equal(status.st_mode & 07777, 0640);
	char *data = read_file("real", &length);
	static const char written[] = "\"byte_end\":4,\"paragraph\":1,\"supports\"";
	assert_non_null(memmem(data, length, written, sizeof(written) - 1));
	free(data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(counts_are_written),
		IN_DIRECTORY(inner_citations_too),
		IN_DIRECTORY(a_refused_file_stays_as_it_is),
		IN_DIRECTORY(links_and_permissions),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
