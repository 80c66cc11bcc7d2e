/* Every kind of fault that one record can show, alone in an otherwise right timeline. */
#include "timeline.h"

struct fault_case {
	enum record_kind kind;
	const char *record; /* put behind the base's records of its kind */
	const char *pointer; /* in the record */
	const char *says; /* what is wrong or allowed */
};

#define PARTICIPANT(more) "{'id':'x','kind':'person','name':'X'," more "}"
#define MEETING(more) "{'id':'x','title':'X','kind':'meeting','status':'held'," more "}"
#define PACKAGE(more) \
	"{'id':'x','kind':'package','amount':1,'currency':'USD','category':'military'," more "}"
#define TOTAL(more) \
	"{'id':'x','kind':'cumulative','measure':'total','amount':9,'category':'military'," more "}"
#define CLAIM(more) "{'id':'x','type':'count','statement':'X.','negative':false," more "}"
#define ENTRY(more) "{'role':'chair','status':'attended'," more "}"
#define T100 \
	"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffgggggggggghhhhhhhhhhiiiiiiiiiijjjjjjjjjj"

#define FAULT(kind_of, text, where, what) \
	{ \
		.kind = kind_of, .record = text, .pointer = where, .says = what \
	}

static const struct fault_case cases[] = {
	/* What it is made of. */
	FAULT(RECORD_SOURCE, "5", "", "is not an object"),
	FAULT(RECORD_SOURCE, "[]", "", "is not an object"),
	FAULT(RECORD_SOURCE, "{'id':'x'}", "/file", "is missing"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':null}", "/file", "is missing"),
	FAULT(RECORD_SOURCE, "{'file':'x.txt'}", "/id", "is missing"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','sise':1}", "/sise",
		"is no key of this source: byline, bytes, evidence"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','publishd':null}", "/publishd",
		"\"published\" is near"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','a/b~c':1}", "/a~1b~0c", "is no key"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','file':'y'}", "", "has a key twice"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':7}", "/file", "is a number: a text is wanted"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':''}", "/file", "not the plain name of a file"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','evidence':{}}", "/evidence",
		"is an object: a list"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','evidence':null}", "/evidence",
		"is null: a list"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','evidence':[1]}", "/evidence/0",
		"is a number: an object"),
	FAULT(RECORD_PARTICIPANT, PARTICIPANT("'evidence':[]"), "/evidence", "at least one"),
	FAULT(RECORD_PARTICIPANT, PARTICIPANT("'note':'n'"), "/evidence", "is missing"),
	FAULT(RECORD_PARTICIPANT, PARTICIPANT("'aliases':['a',''], " CITED("'name'")), "/aliases/1",
		"\"\": not a text of 1 to 10,000"),
	FAULT(RECORD_PARTICIPANT, PARTICIPANT("'aliases':null, " CITED("'name'")), "/aliases",
		"is null"),
	/* Texts of a form. */
	FAULT(RECORD_SOURCE, "{'id':'X','file':'x'}", "/id", "\"X\": not an id: a-z"),
	FAULT(RECORD_SOURCE, "{'id':'none','file':'x'}", "/id", "not an id"),
	FAULT(RECORD_SOURCE, "{'id':'totals','file':'x'}", "/id", "not \"none\" or \"totals\""),
	FAULT(RECORD_SOURCE, "{'id':'" T100 "k','file':'x'}", "/id",
		"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd\"…"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'../x'}", "/file", "plain name"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'..'}", "/file", "plain name"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'a\\tb'}", "/file", "\"a\\tb\": not the plain name"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','language':'EN'}", "/language", "language tag"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','language':'en-'}", "/language", "language tag"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','url':'ftp://x'}", "/url", "begins with http"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','url':'http://'}", "/url", "begins with http"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','url':'http://a b'}", "/url", "without blanks"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','url':'http://a\x7f'}", "/url",
		"control characters"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','sha256':'ABC'}", "/sha256", "64 hexadecimal"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','published':'2024-02-30'}", "/published",
		"\"2024-02-30\": no such day"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','published':'2025/2024'}", "/published",
		"ends before"),
	FAULT(RECORD_SOURCE,
		"{'id':'x','file':'x','header_date':'2024?','header_date_trusted':true}",
		"/header_date", "YYYY-MM-DD"),
	FAULT(RECORD_MEETING, MEETING("'country':'ZZ'," CITED("'title'")), "/country",
		"ISO 3166-1"),
	FAULT(RECORD_AID,
		"{'id':'x','kind':'package','amount':1,'currency':'XXZ','category':'military'," CITED(
			"'amount'") "}",
		"/currency", "ISO 4217"),
	FAULT(RECORD_AID, PACKAGE("'mechanism':'none'," CITED("'amount'")), "/mechanism",
		"not a slug"),
	FAULT(RECORD_MEETING, MEETING("'format':'on-line'," CITED("'title'")), "/format",
		"not one of in_person, virtual, hybrid"),
	FAULT(RECORD_MEETING, MEETING("'format':'virtua'," CITED("'title'")), "/format",
		"\"virtual\" is near"),
	FAULT(RECORD_MEETING, MEETING("'format':true," CITED("'title'")), "/format",
		"is true: a text"),
	/* Numbers and booleans. */
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','bytes':0}", "/bytes",
		"0: not from 1 to 9007199254740991"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','bytes':9007199254740992}", "/bytes",
		"not from"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','bytes':99999999999999999999}", "",
		"number that is too big"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','bytes':5.0}", "/bytes",
		"a fraction or an exponent"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','bytes':5e0}", "/bytes",
		"a fraction or an exponent"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','bytes':'5'}", "/bytes",
		"is a text: an integer"),
	FAULT(RECORD_CLAIM, CLAIM("'value':-9007199254740992," CITED("'type'")), "/value",
		"not from"),
	FAULT(RECORD_CLAIM,
		"{'id':'x','type':'count','statement':'X.','negative':0," CITED("'type'") "}",
		"/negative", "true or false"),
	FAULT(RECORD_CLAIM, "{'id':'x','type':'count','statement':'X.'," CITED("'type'") "}",
		"/negative", "is missing"),
	/* What fields are to each other. */
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','header_date':'2024'}", "/header_date_trusted",
		"is needed beside header_date"),
	FAULT(RECORD_SOURCE, "{'id':'x','file':'x','header_date_trusted':false}",
		"/header_date_trusted", "without a header_date"),
	FAULT(RECORD_PARTICIPANT, "{'id':'fr','kind':'country','name':'F'," CITED("'name'") "}",
		"/country", "a country has its"),
	FAULT(RECORD_PARTICIPANT,
		"{'id':'france','kind':'country','country':'FR','name':'F'," CITED("'name'") "}",
		"/id", "its code in lower case"),
	FAULT(RECORD_PARTICIPANT, PARTICIPANT("'members':['us']," CITED("'name'")), "/members",
		"only a group has members: this is of kind person"),
	FAULT(RECORD_AID, PACKAGE("'measure':'m'," CITED("'amount'")), "/measure", "leave it out"),
	FAULT(RECORD_AID,
		"{'id':'x','kind':'remaining','amount':1,'currency':'USD','category':'military'," CITED(
			"'amount'") "}",
		"/measure", "a remaining figure names the measure"),
	/* Lists. */
	FAULT(RECORD_MEETING, MEETING("'conveners':['us','gb','us']," CITED("'title'")),
		"/conveners/2", "repeats entry 0"),
	FAULT(RECORD_MEETING,
		MEETING("'attendance':[" ENTRY("'participant':'us'," CITED("'role'")) "," ENTRY("'participant':'gb'," CITED(
			"'role'")) "," ENTRY("'participant':'us','mode':'remote'," CITED("'mode'")) "]," CITED("'title'")),
		"/attendance/2", "has the participant and representative of entry 0"),
	FAULT(RECORD_MEETING,
		MEETING("'headcounts':[{'value':1,'counts':'attended','unit':'people'," CITED(
			"'value'") "},{'value':1,'counts':'attended','unit':'people'," CITED("'value'") "}]," CITED("'title'")),
		"/headcounts/1", "repeats entry 0"),
	FAULT(RECORD_MEETING,
		MEETING("'attendance':[" ENTRY("'participant':'us'") "]," CITED("'title'")),
		"/attendance/0/evidence", "is missing"),
	FAULT(RECORD_MEETING,
		MEETING("'attendance':[" ENTRY(
			"'participant':'us','note':'n'," CITED("'role'")) "]," CITED("'title'")),
		"/attendance/0/note", "is no key of this attendance entry"),
	/* Citations. */
	FAULT(RECORD_MEETING, MEETING(CITED("'titel'")), "/evidence/0/supports/0",
		"\"title\" is near"),
	FAULT(RECORD_MEETING, MEETING(CITED("'note'")), "/evidence/0/supports/0",
		"no citation of this meeting supports that, but conveners, country"),
	FAULT(RECORD_MEETING, MEETING(CITED("'venue'")), "/evidence/0/supports/0",
		"\"venue\" is null, empty or left out"),
	FAULT(RECORD_MEETING, MEETING("'conveners':[]," CITED("'conveners'")),
		"/evidence/0/supports/0", "cite what the meeting says"),
	FAULT(RECORD_MEETING, MEETING(CITED("'title','title'")), "/evidence/0/supports/1",
		"repeats entry 0"),
	FAULT(RECORD_MEETING, MEETING(CITED("")), "/evidence/0/supports", "at least one"),
	FAULT(RECORD_MEETING, MEETING("'date':'2024'," CITED("'title'")), "/date",
		"is supported by no citation"),
	FAULT(RECORD_MEETING, MEETING("'series':'g'," CITED("'title'")), "/series",
		"is supported by no citation"),
	FAULT(RECORD_CLAIM, CLAIM("'meeting':'m'," CITED("'type'")), "/meeting",
		"is supported by no citation"),
	FAULT(RECORD_MEETING,
		MEETING("'evidence':[" CITATION("'supports':['title']") "," CITATION(
			"'supports':['kind']") "," CITATION("'supports':['status','title']") "]"),
		"/evidence/2", "support \"title\" there already"),
	FAULT(RECORD_MEETING,
		MEETING("'evidence':[{'source':'s','byte_start':0,'byte_end':5,'sha256':'" SHA
			"','basis':'derived','supports':['title','kind']},"
			"{'source':'s','byte_start':0,'byte_end':9,'sha256':'" SHA
			"','basis':'derived','supports':['kind'],'reasoning':'So.'}]"),
		"/evidence", "how \"title\" is derived"),
	FAULT(RECORD_MEETING,
		MEETING("'evidence':[{'source':'s','byte_start':5,'byte_end':5,'sha256':'" SHA
			"','basis':'stated','supports':['title']}]"),
		"/evidence/0/byte_end", "not behind byte_start, which is 5"),
	FAULT(RECORD_MEETING,
		MEETING("'evidence':[{'source':'s','byte_start':5,'byte_end':101,'sha256':'" SHA
			"','basis':'stated','supports':['title']}]"),
		"/evidence/0/byte_end", "101: the source ends after 100 bytes"),
	FAULT(RECORD_MEETING,
		MEETING("'evidence':[" CITATION(
			"'supports':['title'],'char_start':4,'char_end':3") "]"),
		"/evidence/0/char_end", "not behind char_start"),
	/* Other records. */
	FAULT(RECORD_SOURCE, "{'id':'s','file':'x'}", "/id", "has that id already"),
	FAULT(RECORD_MEETING, MEETING("'part_of':'nope'," CITED("'title'")), "/part_of",
		"\"nope\": there is no meeting of that id"),
	FAULT(RECORD_MEETING, MEETING("'conveners':['us','a-nope']," CITED("'title'")),
		"/conveners/1", "there is no participant"),
	FAULT(RECORD_MEETING,
		MEETING("'attendance':[" ENTRY("'participant':'us'," CITED("'role'")) "," ENTRY(
			"'participant':'a-nope'," CITED("'role'")) "]," CITED("'title'")),
		"/attendance/1/participant", "there is no participant"),
	FAULT(RECORD_MEETING,
		MEETING("'evidence':[" CITATION(
			"'supports':['title']") ","
						"{'source':'a-nope','byte_start':0,'byte_end':5,'sha256':'" SHA
						"','basis':'stated','supports':['kind']}]"),
		"/evidence/1/source", "there is no source"),
	FAULT(RECORD_AID, PACKAGE("'overlaps':['t','a-nope']," CITED("'amount'")), "/overlaps/1",
		"there is no aid"),
	FAULT(RECORD_MEETING, MEETING("'part_of':'x'," CITED("'title'")), "/part_of",
		"names its own record"),
	FAULT(RECORD_AID, PACKAGE("'overlaps':['x']," CITED("'amount'")), "/overlaps/0",
		"names its own record"),
	FAULT(RECORD_MEETING, MEETING("'series':'us'," CITED("'series'")), "/series",
		"a series belongs to a group or an organisation"),
	FAULT(RECORD_MEETING,
		MEETING("'attendance':[" ENTRY(
			"'participant':'p','representative':'minister'," CITED(
				"'role'")) "]," CITED("'title'")),
		"/attendance/0/participant", "is a person"),
	FAULT(RECORD_MEETING,
		"{'id':'x','title':'X','kind':'call','status':'held','attendance':[" ENTRY("'participant':'p'," CITED("'role'")) "," ENTRY(
			"'participant':'us'," CITED(
				"'role'")) "," ENTRY("'participant':'ua'," CITED("'role'")) "," ENTRY("'participant':'gb'," CITED("'role'")) "]," CITED("'title'") "}",
		"/attendance", "a call has two sides"),
	FAULT(RECORD_AID, PACKAGE("'supersedes':'t'," CITED("'amount'")), "/supersedes",
		"another kind or currency"),
	FAULT(RECORD_AID,
		"{'id':'x','kind':'package','amount':1,'currency':'EUR','category':'military',"
		"'supersedes':'a'," CITED("'amount'") "}",
		"/supersedes", "another kind or currency"),
	FAULT(RECORD_AID, TOTAL("'currency':'EUR','donor':'us'," CITED("'amount'")), "/currency",
		"EUR: another figure of the measure \"total\" (line"),
	FAULT(RECORD_AID, TOTAL("'currency':'USD'," CITED("'amount'")), "/donor",
		"null: another figure"),
	FAULT(RECORD_AID,
		TOTAL("'currency':'USD','donor':'us','recipient':'ua'," CITED("'amount'")),
		"/recipient", "has null"),
	FAULT(RECORD_AID,
		"{'id':'x','kind':'package','amount':9007199254740987,'currency':'USD','category':'military'," CITED(
			"'amount'") "}",
		"/amount", "past 9007199254740991"),
};

/* Citations of one range are found whatever is wrong with one between them. */
static void repeats_beside_a_wrong_citation(void **state)
{
	(void)state;
	static const char record[] =
		MEETING("'evidence':[{'source':'s','byte_start':0,'byte_end':5,'sha256':'" SHA
			"','basis':'derived','reasoning':'So.','supports':['title']},"
			"{'source':'s','byte_start':'0','byte_end':5,'sha256':'" SHA
			"','basis':'derived','reasoning':'So.','supports':['title']},"
			"{'source':'s','byte_start':0,'byte_end':5,'sha256':'" SHA
			"','basis':'stated','supports':['kind','title']}]");
	_cleanup_strbuf_ struct strbuf document = {0};
	append_document(&document, RECORD_MEETING, record);
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&document));
	assert_int_equal(attempt.faults.total, 2);
	assert_string_equal(attempt.faults.items[0].pointer, "/meetings/1/evidence/1/byte_start");
	assert_string_equal(attempt.faults.items[1].pointer, "/meetings/1/evidence/2");
	assert_non_null(strstr(attempt.faults.items[1].detail, "repeats entry 0"));
}

static void assert_record_fault(const struct fault_case *fault)
{
	_cleanup_strbuf_ struct strbuf document = {0}, pointer = {0};
	append_document(&document, fault->kind, fault->record);
	strbuf_append_format(&pointer, "/%s/%d%s", list_names[fault->kind],
		base_counts[fault->kind], fault->pointer);
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&document));
	assert_one_fault(&attempt, (size_t)fault->kind + 2, pointer.data, fault->says);
}

static void each_fault_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_record_fault(&cases[i]);
}

/* A right record beside each kind of wrong one, so that the cases above are wrong for one reason. */
static void what_is_right_is_taken(void **state)
{
	(void)state;
	static const struct {
		enum record_kind kind;
		const char *record;
	} right[] = {
		{.kind = RECORD_SOURCE,
			.record =
				"{'id':'x','file':'x','header_date':'2024-01','header_date_trusted':false,"
				"'language':'pt-BR','url':'https://x','published':'[2024-01-01..]',"
				"'evidence':[{'source':'x','byte_start':0,'byte_end':5,'sha256':'" SHA
				"','basis':'stated','supports':['published','url']}]}"},
		{.kind = RECORD_PARTICIPANT,
			.record = "{'id':'xk','kind':'country','country':'XK','name':'K'," CITED(
				"'country'") "}"},
		{.kind = RECORD_PARTICIPANT,
			.record = PARTICIPANT(
				"'aliases':['a','a'],'members':[],'country':null," CITED(
					"'name','aliases'"))},
		{.kind = RECORD_MEETING,
			.record = "{'id':'x','title':'X','kind':'call','status':'held','attendance':[" ENTRY("'participant':'p'," CITED("'role'")) "," ENTRY("'participant':'us'," CITED("'role'")) "," ENTRY(
				"'participant':'us','representative':'minister'," CITED(
					"'role'")) "," ENTRY("'participant':'ua'," CITED("'role'")) ","
												    "{'participant':'gb','role':'participant','status':'declined'," CITED(
													    "'role'") "}]," CITED("'title'") "}"},
		{.kind = RECORD_MEETING,
			.record = MEETING("'series':'g','date':'2024-02-29?','part_of':'m'," CITED(
				"'series','date','part_of'"))},
		{.kind = RECORD_AID,
			.record =
				PACKAGE("'supersedes':'a','contained_in':'t','overlaps':['t','a'],"
					"'measure':null," CITED("'amount','overlaps'"))},
		{.kind = RECORD_AID,
			.record =
				"{'id':'x','kind':'package','amount':9007199254740986,'currency':'USD',"
				"'category':'military'," CITED("'amount'") "}"},
		{.kind = RECORD_AID,
			.record = TOTAL("'currency':'USD','donor':'us'," CITED("'amount'"))},
		{.kind = RECORD_CLAIM,
			.record = CLAIM(
				"'value':-9007199254740991,'contained_in':'c','aid':'a'," CITED(
					"'value','negative'"))},
	};
	for (size_t i = 0; i < COUNT_OF(right); i++) {
		_cleanup_strbuf_ struct strbuf document = {0};
		append_document(&document, right[i].kind, right[i].record);
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&document));
		assert_loaded(&attempt);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(each_fault_is_named),
		IN_DIRECTORY(repeats_beside_a_wrong_citation),
		IN_DIRECTORY(what_is_right_is_taken),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
