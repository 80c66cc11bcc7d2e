/* Whole files: all of their faults in order, and the rows of a right one. */
#include "timeline.h"

/* Ten faults of ten kinds, some seen at once, some only when all records are known. */
static const struct {
	enum record_kind kind;
	const char *record;
	const char *pointer;
	const char *says;
} ten[] = {
	{.kind = RECORD_AID,
		.record = "'id':'a1','kind':'package','amount':0,'currency':'USD',"
			  "'category':'military'," CITED("'amount'"),
		.pointer = "/amount",
		.says = "not from 1"},
	{.kind = RECORD_MEETING,
		.record =
			"'id':'m1','title':'M','kind':'meeting','status':'held','part_of':'m9'," CITED(
				"'title'"),
		.pointer = "/part_of",
		.says = "no meeting"},
	{.kind = RECORD_SOURCE,
		.record = "'id':'s','file':'s.txt','published':'2024-13'",
		.pointer = "/published",
		.says = "no such month"},
	{.kind = RECORD_CLAIM,
		.record = "'id':'c1','type':'guess','statement':'C.','negative':false," CITED(
			"'type'"),
		.pointer = "/type",
		.says = "not one of"},
	{.kind = RECORD_PARTICIPANT,
		.record = "'id':'p1','kind':'person','name':'P','born':'1970'," CITED("'name'"),
		.pointer = "/born",
		.says = "is no key"},
	{.kind = RECORD_PARTICIPANT,
		.record = "'id':'g1','kind':'group','name':'G','members':['g2']," CITED("'name'"),
		.pointer = "/members",
		.says = "leads back"},
	{.kind = RECORD_PARTICIPANT,
		.record = "'id':'g2','kind':'group','name':'G','members':['g1']," CITED("'name'"),
		.pointer = NULL},
	{.kind = RECORD_CLAIM,
		.record = "'id':'c1','type':'event','statement':'C.','negative':false," CITED(
			"'type'"),
		.pointer = "/id",
		.says = "has that id already"},
	{.kind = RECORD_MEETING,
		.record =
			"'id':'m2','title':'M','kind':'meeting','status':'held','date':'2024'," CITED(
				"'title'"),
		.pointer = "/date",
		.says = "supported by no citation"},
	{.kind = RECORD_AID,
		.record = "'id':'a2','kind':'package','amount':1,'currency':'ABC',"
			  "'category':'military'," CITED("'amount'"),
		.pointer = "/currency",
		.says = "ISO 4217"},
	{.kind = RECORD_CLAIM,
		.record = "'id':'c2','type':'event','negative':false," CITED("'type'"),
		.pointer = "/statement",
		.says = "is missing"},
};

static void assert_ten(const struct attempt *attempt, const size_t lines[],
	const char *const places[])
{
	const struct faults *faults = &attempt->faults;
	size_t seen = 0;
	print_faults(faults);
	assert_int_equal(attempt->status, TIMELINE_REFUSED);
	assert_int_equal(faults->total, 10);
	assert_int_equal(faults->count, 10);
	for (size_t i = 0; i < COUNT_OF(ten); i++) {
		if (!ten[i].pointer)
			continue;
		const struct fault *fault = &faults->items[seen++];
		assert_int_equal(fault->line, lines[i]);
		assert_true(strncmp(fault->pointer, places[i], strlen(places[i])) == 0);
		assert_string_equal(fault->pointer + strlen(places[i]), ten[i].pointer);
		assert_non_null(strstr(fault->detail, ten[i].says));
	}
}

static void ten_faults_as_records(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf text = {0};
	size_t lines[COUNT_OF(ten)];
	const char *places[COUNT_OF(ten)];
	append_json(&text, "{" HEAD "}\n");
	for (size_t i = 0; i < COUNT_OF(ten); i++) {
		strbuf_append_format(&text, "{\"record\":\"%s\",", record_kind_name(ten[i].kind));
		append_json(&text, ten[i].record);
		append_json(&text, "}\n");
		lines[i] = i + 2;
		places[i] = "";
	}
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
	assert_ten(&attempt, lines, places);
}

/* The lists of a document are in whatever order; here that of the cases, as far as it can be. */
static void ten_faults_as_document(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf text = {0};
	size_t lines[COUNT_OF(ten)], line = 1, shown = 0;
	char places[COUNT_OF(ten)][40];
	append_json(&text, "{" HEAD);
	struct {
		size_t line;
		const char *pointer;
		char place[40];
	} wanted[COUNT_OF(ten)];
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++) {
		int index = 0;
		strbuf_append_format(&text, ",\n\"%s\":[", list_names[kind]);
		line++;
		for (size_t i = 0; i < COUNT_OF(ten); i++) {
			if (ten[i].kind != kind)
				continue;
			append_json(&text, index > 0 ? ",\n{" : "\n{");
			append_json(&text, ten[i].record);
			append_json(&text, "}");
			lines[i] = ++line;
			snprintf(places[i], sizeof(places[i]), "/%s/%d%s", list_names[kind],
				index++, ten[i].pointer ? ten[i].pointer : "");
			if (!ten[i].pointer)
				continue;
			wanted[shown].line = lines[i];
			memcpy(wanted[shown++].place, places[i], sizeof(places[i]));
		}
		append_json(&text, "]");
	}
	append_json(&text, "}");
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
	assert_int_equal(attempt.faults.total, 10);
	for (size_t i = 0; i < shown; i++) {
		assert_int_equal(attempt.faults.items[i].line, wanted[i].line);
		assert_string_equal(attempt.faults.items[i].pointer, wanted[i].place);
	}
}

/* Of many faults the first are kept, also where they were found last. */
static void many_faults(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf text = {0};
	append_json(&text, "{" HEAD "}\n");
	for (int i = 0; i < 300; i++) {
		/* Two in three are found when all is read. */
		strbuf_append_format(&text,
			"{\"record\":\"source\",\"id\":\"s-%d\",\"file\":\"%s\",\"evidence\":["
			"{\"source\":\"nope-%d\",\"byte_start\":0,\"byte_end\":1,\"basis\":"
			"\"stated\",\"supports\":[\"url\"],\"sha256\":\"" SHA "\"}],"
			"\"url\":\"http://x\"}\n",
			999 - i, i % 3 == 0 ? "a/b" : "ab", i);
	}
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
	assert_int_equal(attempt.status, TIMELINE_REFUSED);
	assert_int_equal(attempt.faults.total, 400);
	assert_int_equal(attempt.faults.count, FAULTS_MAX);
	for (size_t i = 0; i < FAULTS_MAX; i++) {
		/* Of every three records: two faults, one, one. */
		size_t record = i / 4 * 3 + (i % 4 > 0 ? i % 4 - 1 : 0);
		const struct fault *fault = &attempt.faults.items[i];
		assert_int_equal(fault->line, record + 2);
		assert_string_equal(fault->pointer, i % 4 == 0 ? "/file" : "/evidence/0/source");
	}
}

static const char rows_record[] =
	"{'id':'x','title':'X \\\"q\\\" \\u00e9','kind':'conference','status':'held','series':'g',"
	"'date':'[2024-06..2024-07-15]','place':'STRASSE','venue':'Straße','conveners':['us','gb'],"
	"'attendance':["
	"{'participant':'us','role':'chair','status':'attended','evidence':["
	"{'source':'s','byte_start':50,'byte_end':60,'sha256':'" SHA
	"','basis':'derived','supports':['role','status'],'reasoning':'So.'}]},"
	"{'participant':'us','role':'speaker','status':'attended','representative':'B'," CITED(
		"'role'") "},"
			  "{'participant':'us','role':'speaker','status':'attended','representative':'A'," CITED(
				  "'role'") "},"
					    "{'participant':'gb','role':'speaker','status':'attended'," CITED(
						    "'role'") "}],"
							      "'headcounts':[{'value':50,'counts':'attended','unit':'people'," CITED(
								      "'value'") "}],"
										 "'evidence':["
										 "{'source':'s','byte_start':9,'byte_end':10,'sha256':'" SHA
										 "','basis':'derived','supports':['date'],'reasoning':'So.','char_start':8,'paragraph':2},"
										 "{'source':'s','byte_start':9,'byte_end':11,'sha256':'" SHA
										 "','basis':'stated','supports':['series','date'],'quote':'q'}]}";

static void assert_text(struct database *database, const char *sql, const char *wanted)
{
	_cleanup_strbuf_ struct strbuf rows = {0};
	_cleanup_statement_ struct statement *statement = prepare(database, sql);
	while (step(statement)) {
		for (int i = 0; i < statement_column_count(statement); i++) {
			strbuf_append_text(&rows, i > 0 ? "|" : rows.length > 0 ? " " : "");
			if (statement_is_integer(statement, i))
				strbuf_append_integer(&rows, statement_integer(statement, i));
			else
				strbuf_append_bytes(&rows, statement_text(statement, i));
		}
	}
	assert_false(rows.failed);
	if (strcmp(rows.data ? rows.data : "", wanted) != 0)
		fail_msg("%s: %s", sql, rows.data);
}

static void rows(void **state)
{
	(void)state;
	static const struct {
		const char *sql;
		const char *rows;
	} cases[] = {
		{.sql = "SELECT row, id FROM participant", .rows = "1|g 2|gb 3|p 4|ua 5|us"},
		{.sql = "SELECT row, title, kind, series, series_basis, date, date_min, date_max,"
			" date_precision, date_qualifier, date_basis, first_day, last_day"
			" FROM meeting WHERE id = 'x'",
			.rows = "2|X \"q\" é|conference|1|stated|[2024-06..2024-07-15]|2024-06-01|"
				"2024-07-15|between||derived|20240601|20240715"},
		{.sql = "SELECT date, date_min, date_precision, date_basis, first_day FROM meeting"
			" WHERE id = 'm'",
			.rows = "||unknown||"},
		{.sql = "SELECT folded, meeting FROM meeting_place", .rows = "strasse|2"},
		{.sql = "SELECT meeting, participant FROM meeting_convener", .rows = "2|2 2|5"},
		{.sql = "SELECT \"group\", member FROM group_member", .rows = "1|2 1|5"},
		{.sql = "SELECT row, meeting, position, participant, role, representative"
			" FROM attendance ORDER BY row",
			.rows = "1|1|0|5|chair| 2|2|0|2|speaker| 3|2|1|5|speaker|A 4|2|2|5|speaker|B"
				" 5|2|3|5|chair|"},
		{.sql = "SELECT meeting, position, value, counts FROM headcount",
			.rows = "2|0|50|attended"},
		{.sql = "SELECT path, basis, char_start, char_end, paragraph, quote FROM citation"
			" WHERE kind = 3 AND record = 2 AND path = '' ORDER BY row",
			.rows = "|derived|8||2| |stated||||q"},
		{.sql = "SELECT byte_start, field FROM fact WHERE id = 'x'",
			.rows = "0|/attendance/0/role 0|/attendance/1/role 0|/attendance/2/role"
				" 0|/headcounts/0/value 9|/date 9|/date 9|/series 50|/attendance/3/role"
				" 50|/attendance/3/status"},
		{.sql = "SELECT kind, record, source FROM record_source WHERE kind = 3",
			.rows = "3|1|1 3|2|1"},
		{.sql = "SELECT row, kind, id FROM record WHERE kind > 2",
			.rows = "7|3|m 8|3|x 9|4|a 10|4|t 11|5|c"},
		{.sql = "SELECT title, released, licence, build FROM dataset",
			.rows = "T|2026-01-01|CC0-1.0|test"},
	};
	_cleanup_strbuf_ struct strbuf text = {0};
	append_document(&text, RECORD_MEETING, rows_record);
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
	assert_loaded(&attempt);
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_text(attempt.database, cases[i].sql, cases[i].rows);
	assert_int_equal(attempt.card.counts[RECORD_MEETING], 2);
	assert_int_equal(database_verify(attempt.database), STORE_OK);
	assert_int_equal(migrations_apply(attempt.database, migrations_latest()), STORE_OK);
}

static void kept_aside(void **state)
{
	(void)state;
	const struct timeline_options aside = {.staging_path = "staging", .build = "test"};
	_cleanup_strbuf_ struct strbuf text = {0};
	append_document(&text, RECORD_MEETING, rows_record);
	_cleanup_attempt_ struct attempt in_memory = attempt_bytes(strbuf_bytes(&text));
	write_file("staging", "left by a process that was killed", 10);
	_cleanup_attempt_ struct attempt in_file = attempt_file("timeline", &aside);
	assert_loaded(&in_memory);
	assert_loaded(&in_file);
	assert_string_equal(in_memory.card.version, in_file.card.version);
	assert_int_equal(access("staging", F_OK), -1);

	const struct timeline_options nowhere = {.staging_path = "no/such/place", .build = "test"};
	_cleanup_attempt_ struct attempt failed = attempt_file("timeline", &nowhere);
	assert_int_equal(failed.status, TIMELINE_IO);
	assert_non_null(failed.faults.system);
}

struct progress {
	size_t calls, last, most;
};

static bool count_progress(void *context, size_t records)
{
	struct progress *progress = context;
	assert_true(records > progress->last);
	progress->calls++;
	progress->last = records;
	return records < progress->most;
}

static void progress(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf text = {0};
	append_json(&text, "{" HEAD "}\n");
	for (int i = 0; i < 10000; i++)
		strbuf_append_format(&text,
			"{\"record\":\"source\",\"id\":\"s-%d\",\"file\":\"f\"}\n", i);
	write_file("timeline", text.data, text.length);
	struct progress progress = {.most = SIZE_MAX};
	struct timeline_options options = {.build = "test",
		.progress = count_progress,
		.progress_context = &progress};
	_cleanup_attempt_ struct attempt whole = attempt_file("timeline", &options);
	assert_loaded(&whole);
	assert_true(progress.calls >= 4);
	for (size_t most = 1; most < 16000; most += 7000) {
		progress = (struct progress){.most = most};
		_cleanup_attempt_ struct attempt attempt = attempt_file("timeline", &options);
		assert_int_equal(attempt.status, TIMELINE_CANCELLED);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(ten_faults_as_records),
		IN_DIRECTORY(ten_faults_as_document),
		IN_DIRECTORY(many_faults),
		IN_DIRECTORY(rows),
		IN_DIRECTORY(kept_aside),
		IN_DIRECTORY(progress),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
