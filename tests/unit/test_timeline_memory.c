/* A load in which an allocation fails says so, or is whole; nothing is left behind. */
#include "load_json.h"
#include "timeline.h"

struct counts {
	long left; /* allocations until one fails; negative: none does */
	long made; /* since it was set */
	long alive; /* blocks */
};

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void __libc_free(void *block);

static struct counts counts = {.left = -1};

static bool fails(void)
{
	counts.made++;
	return counts.left >= 0 && counts.left-- == 0;
}

static void *count_block(void *block)
{
	counts.alive += block != NULL;
	return block;
}

void *malloc(size_t size)
{
	return fails() ? NULL : count_block(__libc_malloc(size));
}

void *calloc(size_t count, size_t size)
{
	return fails() ? NULL : count_block(__libc_calloc(count, size));
}

void *realloc(void *block, size_t size)
{
	if (fails())
		return NULL;
	void *moved = __libc_realloc(block, size);
	return block ? moved : count_block(moved);
}

void free(void *block)
{
	counts.alive -= block != NULL;
	__libc_free(block);
}

/* The lines are enough to tell whether a short first line is read as what it is. */
static const char lines[] =
	"{" HEAD "}\n{'record':'source','id':'s','file':'a name that is longer than any buffer of "
	"a parser is at first.txt'}\n";
static const char document[] =
	"{" HEAD ",'sources':[" SOURCES "],'participants':[" PARTICIPANTS "],'meetings':[" MEETINGS
	",{'id':'n','title':'\\u00e9 a title that is longer than what any buffer begins with, so that "
	"it has to grow','kind':'call','status':'held','place':'K\\u00f6ln','series':'g',"
	"'conveners':['us','gb']," CITED(
		"'series','title'") "}],'aid':[" AIDS
				    ",{'id':'b','kind':'package','amount':1,'currency':'EUR','category':'military','overlaps':['a'],"
				    "'items':['x'],'contained_in':'t'," CITED(
					    "'amount'") "}],'claims':[" CLAIMS "]}";

/* The first list of all has an entry that is right before one that is wrong. */
static const char faulty[] =
	"{" HEAD ",'participants':[{'id':'x','kind':'person','name':'X','aliases':['a',1]," CITED(
		"'name'") "}]}";

static size_t faults_found; /* by the last load */

/* What a load allocates, and does with the one that fails. */
static enum timeline_status load(long failing, char version[static DIGEST_HEX_SIZE])
{
	const struct timeline_options options = {.build = "test"};
	struct timeline_card card = {0};
	struct faults faults = {0};
	struct database *database = create(NULL);
	assert_int_equal(migrations_apply(database, MIGRATION_TABLES), STORE_OK);
	counts.left = failing;
	counts.made = 0;
	enum timeline_status status = timeline_load("timeline", database, &options, &card, &faults);
	counts.left = -1;
	faults_found = faults.total;
	if (status == TIMELINE_OK)
		memcpy(version, card.version, DIGEST_HEX_SIZE);
	timeline_card_free(&card);
	faults_free(&faults);
	database_free(database);
	return status;
}

/* valgrind has an allocator of its own. */
static bool is_counting(void)
{
	void *(*volatile take)(size_t) = malloc; /* which the compiler thinks it knows */
	counts.made = 0;
	free(take(1));
	return counts.made > 0;
}

/* Every `step`th of them; `expected` is what the load is without. */
static void fail_allocations(const char *text, enum timeline_status expected, long step)
{
	char right[DIGEST_HEX_SIZE], version[DIGEST_HEX_SIZE];
	_cleanup_strbuf_ struct strbuf json = {0};
	append_json(&json, text);
	write_file("timeline", json.data, json.length);
	assert_int_equal(load(-1, right), expected);
	long total = counts.made, alive = counts.alive, refused = 0;
	for (long failing = 0; failing < total; failing += step) {
		enum timeline_status status = load(failing, version);
		assert_true(status == expected || status == TIMELINE_NO_MEMORY);
		assert_true(expected == TIMELINE_REFUSED || faults_found == 0);
		if (status == TIMELINE_OK)
			assert_string_equal(version, right);
		refused += status == TIMELINE_NO_MEMORY;
		assert_int_equal(counts.alive, alive);
	}
	/* SQLite does without some of its memory; nothing of ours does. */
	assert_true(refused > total / step / 2);
}

static void in_a_document(void **state)
{
	(void)state;
	fail_allocations(document, TIMELINE_OK, 17);
}

static void in_lines(void **state)
{
	(void)state;
	fail_allocations(lines, TIMELINE_OK, 17);
}

static void in_what_is_refused(void **state)
{
	(void)state;
	fail_allocations(faulty, TIMELINE_REFUSED, 1);
}

/* What a meeting takes that so many unknown participants convene. */
static long take_unknown(int count)
{
	char version[DIGEST_HEX_SIZE];
	_cleanup_strbuf_ struct strbuf json = {0};
	append_json(&json,
		"{" HEAD ",'meetings':[{'id':'m','title':'M','kind':'meeting',"
		"'status':'held'," CITED("'title'") ",'conveners':[");
	for (int i = count; i > 0; i--) /* in another order than the canonical one */
		strbuf_append_format(&json, "\"x-%04d\"%s", i, i > 1 ? "," : "]}]}");
	write_file("timeline", json.data, json.length);
	assert_int_equal(load(-1, version), TIMELINE_REFUSED);
	return counts.made;
}

/* Looking up where an entry stands in the file takes as long as the record is: that and the words are
 * spared for faults that nobody will see. */
static void faults_that_are_not_kept_have_no_words(void **state)
{
	(void)state;
	enum { MORE = 1000 };
	long few = take_unknown(2 * FAULTS_MAX);
	long many = take_unknown(2 * FAULTS_MAX + MORE);
	/* Reading an entry takes five, words three more. */
	assert_true((many - few) / MORE < 7);
}

/* 16 and 32 bytes with its quotes: the last one is what makes jansson's buffer grow. */
static void in_a_text(void **state)
{
	const struct bytes text = BYTES_LITERAL(
		"{\"abcdefghijklmn\": [\"abcdefghijklmnopqrstuvwxyz1234\", 1, 12345678901234567]}");
	bool is_short;
	(void)state;
	json_decref(load_json(text, 0, NULL, &is_short)); /* jansson's seed */
	counts.made = 0;
	long alive = counts.alive;
	json_t *value = load_json(text, 0, NULL, &is_short);
	long total = counts.made;
	assert_non_null(value);
	assert_false(is_short);
	json_decref(value);
	assert_int_equal(counts.alive, alive);
	for (long failing = 0; failing < total; failing++) {
		counts.left = failing;
		counts.made = 0;
		value = load_json(text, 0, NULL, &is_short);
		counts.left = -1;
		assert_null(value);
		assert_true(is_short);
		assert_int_equal(counts.made, failing + 1); /* it does not go on */
		assert_int_equal(counts.alive, alive);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(in_a_text),
		IN_DIRECTORY(in_a_document),
		IN_DIRECTORY(in_lines),
		IN_DIRECTORY(in_what_is_refused),
		IN_DIRECTORY(faults_that_are_not_kept_have_no_words),
	};
	if (!is_counting()) {
		puts("1..0 # SKIP allocations are not counted here");
		return 0;
	}
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
