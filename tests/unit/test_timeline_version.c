/* The version is that of what is said, not of how it is written; an export says it again. */
#include "timeline.h"

#include <jansson.h>

enum { ROUNDS = 60 };

/* A timeline with whatever can be written in more than one way. */
static const char
	full
		[] =
			"{" HEAD ",'sources':[" SOURCES
			",{'id':'r','file':'r.txt','byline':null,'evidence':["
			"{'source':'r','byte_start':3,'byte_end':5,'sha256':'" SHA
			"','basis':'stated','supports':['published']}],'published':'2024'}],"
			"'participants':[" PARTICIPANTS
			",{'id':'h','kind':'group','name':'\\u00e9\\u0007\\t\\\"\\\\/','members':"
			"['us','g','ua','p'],'aliases':['z','a','z'],'titles':[]," CITED(
				"'name','members','aliases'") "}],"
							      "'meetings':[" MEETINGS
							      ",{'id':'n','title':'N \xf0\x9f\x98\x80','kind':'conference',"
							      "'status':'planned','conveners':['us','gb','ua'],'attendance':["
							      "{'participant':'us','role':'chair','status':'invited'," CITED(
								      "'role','status'") "},"
											 "{'participant':'us','role':'speaker','status':'invited','representative':'z'," CITED("'role'") "},"
																							 "{'participant':'us','role':'speaker','status':'invited','representative':'a'," CITED("'role'") "},"
																																			 "{'participant':'gb','role':'speaker','status':'invited','representative':'a'," CITED("'role'") "}],"
																																															 "'headcounts':[{'value':9,'counts':'invited','unit':'people'," CITED(
																																																 "'value'") "},"
																																																	    "{'value':50,'counts':'invited','unit':'countries'," CITED("'value'") "},"
																																																										  "{'value':40,'counts':'invited','unit':'countries'," CITED("'value'") "}],'evidence':["
																																																																			"{'source':'s','byte_start':9,'byte_end':10,'sha256':'" SHA
																																																																			"','basis':'stated','supports':['kind','status','title']},"
																																																																			"{'source':'s','byte_start':10,'byte_end':11,'sha256':'" SHA "','basis':'stated','supports':['kind']},"
																																																																			"{'source':'s','byte_start':10,'byte_end':11,'sha256':'" SHA
																																																																			"','basis':'derived','supports':['title'],'reasoning':'So.','char_start':5},"
																																																																			"{'source':'r','byte_start':90,'byte_end':91,'sha256':'" SHA
																																																																			"','basis':'stated','supports':['status']}]}],"
																																																																			"'aid':[" AIDS
																																																																			",{'id':'b','kind':'package','amount':9007199254740985,'currency':'USD',"
																																																																			"'category':'financial','items':['z','a'],'overlaps':['a','t']," CITED("'amount','overlaps'") "}],"
																																																																														      "'claims':[" CLAIMS
																																																																														      "]}";

static struct attempt attempt_tree(const json_t *document)
{
	char *text = json_dumps(document, 0);
	assert_non_null(text);
	struct attempt attempt = attempt_bytes(bytes_of(text));
	free(text);
	return attempt;
}

static json_t *parse(const char *text)
{
	_cleanup_strbuf_ struct strbuf json = {0};
	append_json(&json, text);
	json_error_t error;
	json_t *tree = json_loadb(json.data, json.length, 0, &error);
	if (!tree)
		fail_msg("%s", error.text);
	return tree;
}

static void shuffle_list(struct random *random, json_t *list)
{
	for (size_t left = json_array_size(list); left > 1; left--) {
		size_t other = random_below(random, left);
		json_t *last = json_incref(json_array_get(list, left - 1));
		json_array_set(list, left - 1, json_array_get(list, other));
		json_array_set_new(list, other, last);
	}
}

static bool keeps_order(const char *key)
{
	return strcmp(key, "aliases") == 0 || strcmp(key, "titles") == 0
		|| strcmp(key, "items") == 0;
}

static void vary(struct random *random, json_t *value);

/* The members in another order; null ones now here, now not. */
static void vary_object(struct random *random, json_t *object)
{
	json_t *keys = json_array(), *copy = json_object();
	const char *key;
	json_t *member;
	json_object_foreach(object, key, member)
	{
		json_array_append_new(keys, json_string(key));
		vary(random, member);
		if (json_is_array(member) && !keeps_order(key))
			shuffle_list(random, member);
	}
	shuffle_list(random, keys);
	size_t i;
	json_t *name;
	json_array_foreach(keys, i, name)
	{
		member = json_object_get(object, json_string_value(name));
		if (!json_is_null(member) || random_below(random, 2) == 0)
			json_object_set(copy, json_string_value(name), member);
	}
	if (json_object_get(object, "id") && random_below(random, 2) == 0)
		json_object_set_new(copy, "note", json_null());
	json_object_clear(object);
	json_object_update(object, copy);
	json_decref(copy);
	json_decref(keys);
}

static void vary(struct random *random, json_t *value)
{
	size_t i;
	json_t *element;
	json_array_foreach(value, i, element) vary(random, element);
	if (json_is_object(value))
		vary_object(random, value);
}

static char *version_of(const struct attempt *attempt)
{
	assert_loaded(attempt);
	return strdup(attempt->card.version);
}

/* The record form of a tree, its records mixed. */
static struct attempt attempt_mixed(struct random *random, const json_t *document)
{
	json_t *records = json_array();
	_cleanup_strbuf_ struct strbuf text = {0};
	append_json(&text, "{" HEAD "}\n");
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++) {
		size_t i;
		json_t *record;
		json_array_foreach(json_object_get(document, list_names[kind]), i, record)
		{
			json_t *line = json_copy(record);
			json_object_set_new(line, "record", json_string(record_kind_name(kind)));
			json_array_append_new(records, line);
		}
	}
	shuffle_list(random, records);
	size_t i;
	json_t *record;
	json_array_foreach(records, i, record)
	{
		char *line = json_dumps(record, random_below(random, 2) ? JSON_COMPACT : 0);
		strbuf_append_text(&text, line);
		strbuf_append_text(&text, random_below(random, 4) ? "\n" : "\r\n\n");
		free(line);
	}
	json_decref(records);
	return attempt_bytes(strbuf_bytes(&text));
}

static void order_does_not_count(void **state)
{
	(void)state;
	struct random random = {.state = 42};
	json_t *document = parse(full);
	_cleanup_attempt_ struct attempt first = attempt_tree(document);
	char *version = version_of(&first);
	for (int round = 0; round < ROUNDS; round++) {
		vary(&random, document);
		_cleanup_attempt_ struct attempt tree = attempt_tree(document);
		_cleanup_attempt_ struct attempt mixed = attempt_mixed(&random, document);
		assert_loaded(&tree);
		assert_loaded(&mixed);
		assert_string_equal(tree.card.version, version);
		assert_string_equal(mixed.card.version, version);
	}
	free(version);
	json_decref(document);
}

static void content_counts(void **state)
{
	(void)state;
	static const struct {
		const char *from, *to;
	} changes[] = {
		{.from = "'title':'T'", .to = "'title':'U'"},
		{.from = "CC0-1.0", .to = "CC0-1.1"},
		{.from = "2026-01-01", .to = "2026-01-02"},
		{.from = "['z','a','z']", .to = "['a','z','z']"},
		{.from = "['z','a']", .to = "['a','z']"},
		{.from = "['us','gb','ua']", .to = "['us','gb']"},
		{.from = "'value':50", .to = "'value':51"},
		{.from = "'char_start':5", .to = "'char_start':6"},
		{.from = ",'char_start':5", .to = ""},
		{.from = "'negative':false", .to = "'negative':true"},
		{.from = "'overlaps':['a','t']", .to = "'overlaps':['a']"},
		{.from = "\\u0007", .to = "\\u0008"},
	};
	_cleanup_strbuf_ struct strbuf json = {0};
	append_json(&json, full);
	_cleanup_attempt_ struct attempt first = attempt_bytes(strbuf_bytes(&json));
	assert_loaded(&first);
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		_cleanup_strbuf_ struct strbuf changed = {0};
		const char *at = strstr(full, changes[i].from);
		assert_non_null(at);
		strbuf_append(&changed, full, (size_t)(at - full));
		strbuf_append_text(&changed, changes[i].to);
		strbuf_append_text(&changed, at + strlen(changes[i].from));
		for (size_t j = 0; j < changed.length; j++) {
			if (changed.data[j] == '\'')
				changed.data[j] = '"';
		}
		_cleanup_attempt_ struct attempt other = attempt_bytes(strbuf_bytes(&changed));
		assert_loaded(&other);
		assert_string_not_equal(other.card.version, first.card.version);
	}
}

/* Whichever side wrote it. */
static void overlaps_are_mutual(void **state)
{
	(void)state;
	static const char *const sides[][2] = {
		{"'overlaps':['y'],", ""},
		{"", "'overlaps':['x'],"},
		{"'overlaps':['y'],", "'overlaps':['x'],"},
	};
	char version[DIGEST_HEX_SIZE] = "";
	for (size_t i = 0; i < COUNT_OF(sides); i++) {
		_cleanup_strbuf_ struct strbuf pair = {0}, document = {0};
		for (int side = 0; side < 2; side++)
			strbuf_append_format(&pair,
				"%s{'id':'%s','kind':'package','amount':1,'currency':'EUR',"
				"'category':'military',%s%s}",
				side > 0 ? "," : "", side > 0 ? "y" : "x", sides[i][side],
				CITED("'amount'"));
		append_document(&document, RECORD_AID, pair.data);
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&document));
		assert_loaded(&attempt);
		assert_int_equal(query_number(attempt.database, "SELECT count(*) FROM aid_overlap"),
			2);
		assert_int_equal(
			query_number(attempt.database,
				"SELECT count(*) FROM record WHERE json LIKE '%\"overlaps\":%'"),
			2);
		if (i > 0)
			assert_string_equal(attempt.card.version, version);
		memcpy(version, attempt.card.version, sizeof(version));
	}
}

/* A list that an export would make too long is refused, wherever its entries were written. */
static void overlaps_are_bounded(void **state)
{
	(void)state;
	enum { MOST = 10000 };
	for (int more = 0; more < 2; more++) {
		_cleanup_strbuf_ struct strbuf text = {0};
		append_json(&text, "{" HEAD "}\n{'record':'source','id':'s','file':'f'}\n");
		for (int i = 0; i <= MOST + more; i++) {
			_cleanup_strbuf_ struct strbuf record = {0};
			strbuf_append_format(&record,
				"{'record':'aid','id':'a-%d','kind':'package','amount':1,"
				"'currency':'EUR','category':'military',%s%s}\n",
				i, i > 0 ? "'overlaps':['a-0']," : "", CITED("'amount'"));
			append_json(&text, record.data);
		}
		_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&text));
		if (more)
			assert_one_fault(&attempt, 3, "/overlaps", "has 10001 entries");
		else
			assert_loaded(&attempt);
	}
}

/* Two texts of 10,000 characters, each escaped as a pair of surrogates. */
static void the_longest_header_loads_again(void **state)
{
	(void)state;
	static const char *const keys[] = {"'title':'", "','licence':'"};
	_cleanup_strbuf_ struct strbuf text = {0}, out = {0};
	append_json(&text, "{'format':'udcg-timeline/1','released':'2026-01-01',");
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		append_json(&text, keys[i]);
		for (int j = 0; j < 10000; j++)
			strbuf_append_text(&text, "\\ud83d\\ude00");
	}
	append_json(&text, "'}\n{'record':'source','id':'s','file':'f'}\n");
	_cleanup_attempt_ struct attempt first = attempt_bytes(strbuf_bytes(&text));
	assert_loaded(&first);
	assert_int_equal(timeline_export(first.database, TIMELINE_RECORDS, keep, &out),
		TIMELINE_OK);
	_cleanup_attempt_ struct attempt second = attempt_bytes(strbuf_bytes(&out));
	assert_loaded(&second);
	assert_string_equal(second.card.version, first.card.version);
}

/* A record of so many bytes, in canonical form but for the order of its keys. */
static void append_long_record(struct strbuf *text, size_t length)
{
	size_t start = text->length;
	append_json(text, "{'id':'x','kind':'person','name':'X'," CITED("'name'") ",'aliases':['");
	while (text->length < start + length - 3) {
		size_t left = start + length - 3 - text->length;
		for (size_t i = 0; i < 9000 && i < left; i++)
			strbuf_append_char(text, 'x');
		if (left > 9000 + 10)
			append_json(text, "','");
	}
	append_json(text, "']}");
	assert_int_equal(text->length, start + length);
}

/* What is short enough as it is written may be too long for a line of its own. */
static void the_longest_record_loads_again(void **state)
{
	(void)state;
	enum { MOST = 16 << 20, KEY = sizeof("\"record\":\"participant\",") - 1 };
	static const struct {
		size_t length;
		const char *says; /* NULL where it is right */
	} cases[] = {
		{.length = MOST - KEY},
		{.length = MOST - KEY + 1, .says = "16 MiB as a line"},
		{.length = MOST, .says = "16 MiB as a line"},
		{.length = MOST + 1, .says = "16 MiB; the rest"},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		_cleanup_strbuf_ struct strbuf text = {0}, out = {0};
		append_json(&text, "{" HEAD ",'sources':[" SOURCES "],\n'participants':[");
		append_long_record(&text, cases[i].length);
		append_json(&text, "]}");
		_cleanup_attempt_ struct attempt first = attempt_bytes(strbuf_bytes(&text));
		if (cases[i].says) {
			assert_one_fault(&first, 2, "/participants/0", cases[i].says);
			continue;
		}
		assert_loaded(&first);
		assert_int_equal(timeline_export(first.database, TIMELINE_RECORDS, keep, &out),
			TIMELINE_OK);
		_cleanup_attempt_ struct attempt second = attempt_bytes(strbuf_bytes(&out));
		assert_loaded(&second);
	}
}

static void exports_load_again(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf json = {0};
	append_json(&json, full);
	_cleanup_attempt_ struct attempt first = attempt_bytes(strbuf_bytes(&json));
	assert_loaded(&first);
	static const enum timeline_form forms[] = {TIMELINE_DOCUMENT, TIMELINE_RECORDS};
	for (size_t i = 0; i < COUNT_OF(forms); i++) {
		_cleanup_strbuf_ struct strbuf out = {0}, again = {0};
		assert_int_equal(timeline_export(first.database, forms[i], keep, &out),
			TIMELINE_OK);
		_cleanup_attempt_ struct attempt second = attempt_bytes(strbuf_bytes(&out));
		assert_loaded(&second);
		assert_string_equal(second.card.version, first.card.version);
		assert_string_equal(second.card.title, first.card.title);
		assert_int_equal(timeline_export(second.database, forms[i], keep, &again),
			TIMELINE_OK);
		assert_true(bytes_equal(strbuf_bytes(&out), strbuf_bytes(&again)));
		if (forms[i] != TIMELINE_RECORDS)
			continue;
		char hex[DIGEST_HEX_SIZE];
		digest_hex_of(strbuf_bytes(&out), hex);
		assert_string_equal(hex, first.card.version);
	}
}

static void an_empty_timeline_is_one(void **state)
{
	(void)state;
	_cleanup_strbuf_ struct strbuf json = {0}, out = {0};
	append_json(&json, "{" HEAD "}");
	_cleanup_attempt_ struct attempt first = attempt_bytes(strbuf_bytes(&json));
	assert_loaded(&first);
	assert_int_equal(timeline_export(first.database, TIMELINE_DOCUMENT, keep, &out),
		TIMELINE_OK);
	_cleanup_attempt_ struct attempt second = attempt_bytes(strbuf_bytes(&out));
	assert_loaded(&second);
	assert_string_equal(second.card.version, first.card.version);
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
	_cleanup_strbuf_ struct strbuf json = {0};
	append_json(&json, full);
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(&json));
	assert_int_equal(timeline_export(attempt.database, TIMELINE_RECORDS, stop, NULL),
		TIMELINE_CANCELLED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(order_does_not_count),
		IN_DIRECTORY(content_counts),
		IN_DIRECTORY(overlaps_are_mutual),
		IN_DIRECTORY(overlaps_are_bounded),
		IN_DIRECTORY(the_longest_header_loads_again),
		IN_DIRECTORY(the_longest_record_loads_again),
		IN_DIRECTORY(exports_load_again),
		IN_DIRECTORY(an_empty_timeline_is_one),
		IN_DIRECTORY(a_reader_may_stop),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
