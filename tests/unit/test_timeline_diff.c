/* What changed between two timelines. */
#include "timeline.h"

static struct attempt attempt_document(enum record_kind kind, const char *more)
{
	_cleanup_strbuf_ struct strbuf text = {0};
	append_document(&text, kind, more);
	struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
	assert_loaded(&attempt);
	return attempt;
}

static void assert_diff(struct database *old, struct database *new, size_t changes,
	const char *lines)
{
	_cleanup_strbuf_ struct strbuf out = {0};
	size_t counted = SIZE_MAX;
	assert_int_equal(timeline_diff(old, new, keep, &out, &counted), TIMELINE_OK);
	assert_string_equal(out.data ? out.data : "", lines);
	assert_int_equal(counted, changes);
}

static void records(void **state)
{
	(void)state;
	_cleanup_attempt_ struct attempt one = attempt_document(RECORD_SOURCE,
		"{'id':'a','file':'a'},{'id':'t','file':'t','note':'n','bytes':1},"
		"{'id':'z','file':'z'}");
	_cleanup_attempt_ struct attempt other = attempt_document(RECORD_SOURCE,
		"{'id':'b','file':'b'},{'id':'t','file':'u','note':'n','byline':'x'}");
	_cleanup_attempt_ struct attempt moved = attempt_document(RECORD_CLAIM,
		"{'id':'t','type':'event','statement':'C.','negative':true," CITED("'type'") "}");
	assert_diff(one.database, one.database, 0, "");
	assert_diff(one.database, other.database, 4,
		"- source a\n+ source b\n~ source t: byline, bytes, file\n- source z\n");
	assert_diff(other.database, one.database, 4,
		"+ source a\n- source b\n~ source t: byline, bytes, file\n+ source z\n");
	assert_diff(other.database, moved.database, 3, "- source b\n- source t\n+ claim t\n");
}

static void the_header(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf one = {0}, other = {0};
	append_json(&one, "{" HEAD "}");
	append_json(&other,
		"{'format':'udcg-timeline/1','title':'U','released':'2026-01-01',"
		"'licence':'MIT','sources':[" SOURCES "]}");
	_cleanup_attempt_ struct attempt old = attempt_bytes(strbuf_bytes(&one));
	_cleanup_attempt_ struct attempt new = attempt_bytes(strbuf_bytes(&other));
	assert_diff(old.database, new.database, 2, "~ timeline: title, licence\n+ source s\n");
}

static bool stop(void *context, const void *data, size_t length)
{
	(void)context;
	(void)data;
	(void)length;
	return false;
}

static void a_reader_may_stop(void **state)
{
	(void)state;
	size_t changes;
	_cleanup_attempt_ struct attempt one =
		attempt_document(RECORD_SOURCE, "{'id':'a','file':'a'}");
	_cleanup_attempt_ struct attempt other =
		attempt_document(RECORD_SOURCE, "{'id':'b','file':'b'}");
	assert_int_equal(timeline_diff(one.database, other.database, stop, NULL, &changes),
		TIMELINE_CANCELLED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(records),
		IN_DIRECTORY(the_header),
		IN_DIRECTORY(a_reader_may_stop),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
