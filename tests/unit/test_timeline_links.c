/* Chains that lead back, and what several records say of one. */
#include "timeline.h"

static void append_record(struct strbuf *text, const char *kind, const char *id, const char *link)
{
	static const struct {
		const char *kind;
		const char *rest;
	} kinds[] = {
		{.kind = "participant", .rest = "'kind':'group','name':'G'," CITED("'name'")},
		{.kind = "meeting",
			.rest = "'title':'M','kind':'meeting','status':'held'," CITED("'title'")},
		{.kind = "aid",
			.rest = "'kind':'package','amount':1,'currency':'USD','category':'military'," CITED(
				"'amount'")},
		{.kind = "claim",
			.rest = "'type':'event','statement':'C.','negative':false," CITED(
				"'type'")},
	};
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i].kind, kind) != 0)
			continue;
		strbuf_append_format(text, "{\"record\":\"%s\",\"id\":\"%s\",", kind, id);
		append_json(text, link);
		append_json(text, kinds[i].rest);
		append_json(text, "}\n");
	}
}

static void append_start(struct strbuf *text)
{
	append_json(text, "{" HEAD "}\n{'record':'source','id':'s','file':'s.txt'}\n");
}

struct chain {
	const char *kind;
	const char *links[5]; /* of the records a, b, c, … */
	size_t line; /* of the record that is at fault, where the first stands on line 3 */
	const char *pointer; /* NULL where nothing is */
	const char *says;
};

static void chains(void **state)
{
	(void)state;
	static const struct chain cases[] = {
		{.kind = "meeting", .links = {"'part_of':'b',", "'part_of':'c',", ""}},
		{.kind = "meeting",
			.links = {"'part_of':'b',", "'part_of':'a',", ""},
			.line = 3,
			.pointer = "/part_of",
			.says = "over 2 in all (b <- a)"},
		/* The records before the circle are not in it. */
		{.kind = "aid",
			.links = {"'contained_in':'b',", "'contained_in':'c',",
				"'contained_in':'d',", "'contained_in':'c',"},
			.line = 5,
			.pointer = "/contained_in",
			.says = "over 2 in all"},
		{.kind = "claim",
			.links = {"", "'contained_in':'d',", "'contained_in':'b',",
				"'contained_in':'c',"},
			.line = 4,
			.pointer = "/contained_in",
			.says = "over 3 in all"},
		{.kind = "aid",
			.links = {"'supersedes':'b',", "'supersedes':'c',", "'supersedes':'a',"},
			.line = 3,
			.pointer = "/supersedes",
			.says = "over 3 in all"},
		/* Each relation for itself. */
		{.kind = "aid", .links = {"'supersedes':'b',", "'contained_in':'a',"}},
		/* Many ways to one place are no circle. */
		{.kind = "participant",
			.links = {"'members':['b','c'],", "'members':['d'],", "'members':['d'],",
				"'members':['e'],", ""}},
		{.kind = "participant",
			.links = {"'members':['b','c'],", "'members':['d'],",
				"'members':['d','e'],", "", "'members':['a'],"},
			.line = 3,
			.pointer = "/members",
			.says = "over 3 in all"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_strbuf_ struct strbuf text = {0};
		append_start(&text);
		for (size_t j = 0; j < COUNT_OF(cases[i].links) && cases[i].links[j]; j++) {
			const char id[] = {(char)('a' + j), '\0'};
			append_record(&text, cases[i].kind, id, cases[i].links[j]);
		}
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
		if (cases[i].pointer)
			assert_one_fault(&attempt, cases[i].line, cases[i].pointer, cases[i].says);
		else
			assert_loaded(&attempt);
	}
}

/* Records written from the last to the first, in a circle or not. */
static void a_long_chain(void **state)
{
	(void)state;
	enum { LENGTH = 5000 };
	for (int closed = 0; closed < 2; closed++) {
		_cleanup_strbuf_ struct strbuf text = {0};
		append_start(&text);
		for (int i = LENGTH; i > 0; i--) {
			char id[16], link[40] = "";
			snprintf(id, sizeof(id), "m-%d", i);
			if (i < LENGTH || closed)
				snprintf(link, sizeof(link), "'part_of':'m-%d',", i % LENGTH + 1);
			append_record(&text, "meeting", id, link);
		}
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
		if (closed)
			assert_one_fault(&attempt, 3, "/part_of", "over 5000 in all");
		else
			assert_loaded(&attempt);
	}
}

/* What follows from figures that lie in, or correct, each other takes one look at each. */
static void a_long_chain_is_walked_once(void **state)
{
	(void)state;
	enum { LENGTH = 5000 };
	static const char *const links[] = {"'contained_in'", "'conflict_group':'g','supersedes'"};
	static const char *const excluded[] = {"contained", "superseded"};
	for (size_t i = 0; i < COUNT_OF(links); i++) {
		_cleanup_strbuf_ struct strbuf text = {0}, ask = {0};
		append_start(&text);
		for (int j = LENGTH; j > 0; j--) {
			_cleanup_strbuf_ struct strbuf link = {0};
			char id[16];
			snprintf(id, sizeof(id), "a-%d", j);
			if (j < LENGTH)
				strbuf_append_format(&link, "%s:'a-%d',", links[i], j + 1);
			append_record(&text, "aid", id, j < LENGTH ? link.data : "");
		}
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
		assert_loaded(&attempt);
		database_set_budget(attempt.database,
			(struct budget){.work = INT64_C(10000000000)});
		assert_int_equal(migrations_apply(attempt.database, MIGRATION_TABLES + 1),
			STORE_OK);
		strbuf_append_format(&ask, "SELECT count(*) FROM aid WHERE excluded = '%s'",
			excluded[i]);
		assert_int_equal(query_number(attempt.database, ask.data), LENGTH - 1);
	}
}

/* Corrections may lead back to what they lie in: a package that meets nothing but itself is added. */
static void corrections_lead_back(void **state)
{
	(void)state;
	static const struct {
		const char *links[4]; /* of the records a, b, c, … */
		const char *contained;
	} cases[] = {
		{.links = {"'contained_in':'b','supersedes':'b',", ""}, .contained = ""},
		{.links = {"'contained_in':'b',", "", "'contained_in':'a','supersedes':'b',"},
			.contained = "a c"},
		{.links = {"'contained_in':'b',", "'contained_in':'c',", ""}, .contained = "a b"},
		{.links = {"'contained_in':'b',", "'contained_in':'c','conflict_group':'g',",
			 "'conflict_group':'g',", "'contained_in':'a',"},
			.contained = "d"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_strbuf_ struct strbuf text = {0}, ask = {0};
		append_start(&text);
		for (size_t j = 0; j < COUNT_OF(cases[i].links) && cases[i].links[j]; j++) {
			const char id[] = {(char)('a' + j), '\0'};
			append_record(&text, "aid", id, cases[i].links[j]);
		}
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
		assert_loaded(&attempt);
		assert_int_equal(migrations_apply(attempt.database, MIGRATION_TABLES + 1),
			STORE_OK);
		strbuf_append_format(&ask,
			"SELECT coalesce(group_concat(id, ' '), '') = '%s'"
			" FROM (SELECT id FROM aid WHERE excluded = 'contained' ORDER BY id)",
			cases[i].contained);
		assert_int_equal(query_number(attempt.database, ask.data), 1);
	}
}

/* A reading of the last year that is overtaken on a day that is never certain stands at its end. */
static void the_last_year_has_an_end(void **state)
{
	(void)state;
	static const char *const dates[] = {"9999-03-01", "[9999-06-01..]"};
	enum { STEP_STANDING = 5, STANDS_AT_YEARS_END = 3 };
	_cleanup_strbuf_ struct strbuf text = {0};
	append_start(&text);
	for (size_t i = 0; i < COUNT_OF(dates); i++) {
		_cleanup_strbuf_ struct strbuf record = {0};
		strbuf_append_format(&record,
			"{'record':'aid','id':'a-%zu','kind':'cumulative','measure':'m','amount':1,"
			"'currency':'USD','category':'military','date':'%s',%s}\n",
			i, dates[i], CITED("'amount','date'"));
		append_json(&text, record.data);
	}
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
	assert_loaded(&attempt);
	assert_int_equal(migrations_apply(attempt.database, STEP_STANDING), STORE_OK);
	assert_int_equal(query_number(attempt.database,
				 "SELECT reach FROM aid_standing WHERE id = 'a-0'"),
		STANDS_AT_YEARS_END);
}

static void each_circle_is_named(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf text = {0};
	append_start(&text);
	for (int i = 0; i < 10; i++) {
		char id[16], link[40];
		snprintf(id, sizeof(id), "m-%d", i);
		snprintf(link, sizeof(link), "'part_of':'m-%d',", i ^ 1);
		append_record(&text, "meeting", id, link);
	}
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
	assert_int_equal(attempt.faults.total, 5);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(attempt.faults.items[i].line, 3 + 2 * i);
}

/* Groups that all name each other: as many circles as there are pairs, and each is long. */
static void as_many_circles_as_faults_are_shown(void **state)
{
	(void)state;
	enum { GROUPS = 300 };
	_cleanup_strbuf_ struct strbuf text = {0}, all = {0};
	append_start(&text);
	for (int i = 0; i < GROUPS; i++)
		strbuf_append_format(&all, "%s'p-%d'", i ? "," : "", i);
	for (int i = 0; i < GROUPS; i++) {
		char id[16];
		_cleanup_strbuf_ struct strbuf members = {0};
		snprintf(id, sizeof(id), "p-%d", i);
		strbuf_append_format(&members, "'members':[%s],", all.data);
		append_record(&text, "participant", id, members.data);
	}
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
	assert_int_equal(attempt.faults.total, GROUPS + FAULTS_MAX); /* each names itself, too */
}

static void one_correction_a_figure(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf text = {0};
	append_start(&text);
	append_record(&text, "aid", "c", "'supersedes':'a',");
	append_record(&text, "aid", "b", "'supersedes':'a',");
	append_record(&text, "aid", "a", "");
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
	assert_one_fault(&attempt, 4, "/supersedes",
		"\"a\" is superseded by another record already (line 3)");
}

/* What is wrong is not compared with others: one fault, not two. */
static void no_fault_follows_from_another(void **state)
{
	(void)state;
	static const char *const seconds[] = {
		"'donor':'Us',", /* no id at all */
		"'donor':7,",
	};
	for (size_t i = 0; i < COUNT_OF(seconds); i++) {
		_cleanup_strbuf_ struct strbuf document = {0}, record = {0};
		strbuf_append_format(&record,
			"{'id':'x','kind':'cumulative','measure':'total','amount':1,'currency':'USD',"
			"'category':'military',%s%s}",
			seconds[i], CITED("'amount'"));
		append_document(&document, RECORD_AID, record.data);
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&document));
		assert_one_fault(&attempt, RECORD_AID + 2, "/aid/2/donor", "");
	}
}

/* Nor is a right record compared with one that lacks what it must have, whichever comes first. */
static void no_fault_follows_from_what_is_missing(void **state)
{
	(void)state;
	static const struct {
		const char *first, *second;
		const char *pointer;
	} cases[] = {
		{.first = "'measure':'m','currency':'USD',",
			.second = "'kind':'remaining','measure':'m','currency':'USD',",
			.pointer = "/aid/2/kind"},
		{.first = "'kind':'remaining','measure':'m',",
			.second = "'kind':'remaining','measure':'m','currency':'USD',",
			.pointer = "/aid/2/currency"},
		{.first = "'kind':'remaining','measure':'m','currency':'USD',",
			.second = "'kind':'remaining','measure':'m',",
			.pointer = "/aid/3/currency"},
		{.first = "'kind':'package','currency':'USD',",
			.second = "'kind':'package','currency':'usd','supersedes':'x',",
			.pointer = "/aid/3/currency"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_strbuf_ struct strbuf document = {0}, records = {0};
		static const char rest[] = "{'id':'%s','amount':1,'category':'military',%s%s}";
		strbuf_append_format(&records, rest, "x", cases[i].first, CITED("'amount'"));
		strbuf_append_char(&records, ',');
		strbuf_append_format(&records, rest, "y", cases[i].second, CITED("'amount'"));
		append_document(&document, RECORD_AID, records.data);
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&document));
		assert_one_fault(&attempt, RECORD_AID + 2, cases[i].pointer, "");
	}
}

static void the_rest_of_a_faulty_record_is_looked_at(void **state)
{
	(void)state;
	static const char record[] =
		"{'id':'BAD','title':'','kind':'meeting','status':'held','series':'nope',"
		"'conveners':['us','nope']," CITED("'title','series'") "}";
	_cleanup_strbuf_ struct strbuf document = {0};
	append_document(&document, RECORD_MEETING, record);
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&document));
	static const char *const pointers[] = {"/meetings/1/id", "/meetings/1/title",
		"/meetings/1/series", "/meetings/1/conveners/1"};
	assert_int_equal(attempt.faults.total, COUNT_OF(pointers));
	for (size_t i = 0; i < COUNT_OF(pointers); i++)
		assert_string_equal(attempt.faults.items[i].pointer, pointers[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(chains),
		IN_DIRECTORY(a_long_chain),
		IN_DIRECTORY(a_long_chain_is_walked_once),
		IN_DIRECTORY(corrections_lead_back),
		IN_DIRECTORY(the_last_year_has_an_end),
		IN_DIRECTORY(each_circle_is_named),
		IN_DIRECTORY(as_many_circles_as_faults_are_shown),
		IN_DIRECTORY(one_correction_a_figure),
		IN_DIRECTORY(no_fault_follows_from_another),
		IN_DIRECTORY(no_fault_follows_from_what_is_missing),
		IN_DIRECTORY(the_rest_of_a_faulty_record_is_looked_at),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
