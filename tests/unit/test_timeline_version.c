/* The version is that of what is said, not of how it is written; an export says it again. */
#include "timeline.h"

#include "tree.h"

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

static struct tree parse(const char *text)
{
	/* The tree refers to its text. */
	static struct strbuf json;
	struct tree tree = {0};
	struct tree_error error;
	strbuf_free(&json);
	append_json(&json, text);
	if (!tree_parse(&tree, strbuf_bytes(&json), &error))
		fail_msg("%s at %zu", error.wrong, error.offset);
	return tree;
}

static void append_space(struct random *random, struct strbuf *buffer, bool one_line)
{
	static const char *const spaces[] = {"", "", "", " ", "\t", "\r ", " \n", "\n\n\t"};
	strbuf_append_text(buffer, spaces[random_below(random, one_line ? 6 : COUNT_OF(spaces))]);
}

/* Some letters as escapes. */
static void append_text(struct random *random, struct strbuf *buffer, struct bytes text)
{
	strbuf_append_char(buffer, '"');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.data[i];
		bool ascii = c < 0x80;
		if (ascii && (c < ' ' || c == '"' || c == '\\' || random_below(random, 20) == 0))
			strbuf_append_format(buffer,
				random_below(random, 2) ? "\\u%04x" : "\\u%04X", (unsigned)c);
		else
			strbuf_append_char(buffer, (char)c);
	}
	strbuf_append_char(buffer, '"');
}

static bool keeps_order(struct bytes key)
{
	return bytes_equal(key, BYTES_LITERAL("aliases"))
		|| bytes_equal(key, BYTES_LITERAL("titles"))
		|| bytes_equal(key, BYTES_LITERAL("items"));
}

enum { CHILDREN_MAX = 40 };

static size_t list_children(struct random *random, const struct node *container,
	const struct node *children[static CHILDREN_MAX])
{
	size_t count = 0;
	NODE_EACH(child, container)
	{
		assert_true(count < CHILDREN_MAX);
		children[count++] = child;
	}
	for (size_t left = count; left > 1 && !keeps_order(container->key); left--) {
		size_t other = random_below(random, left);
		const struct node *last = children[left - 1];
		children[left - 1] = children[other];
		children[other] = last;
	}
	return count;
}

/* Members and sets in another order; null ones here and there. */
static void append_varied(struct random *random, struct strbuf *buffer, const struct node *node,
	const char *record, bool one_line)
{
	const struct node *children[CHILDREN_MAX];
	if (node->type == NODE_TEXT) {
		append_text(random, buffer, node->text);
		return;
	}
	if (node->type != NODE_OBJECT && node->type != NODE_LIST) {
		strbuf_append_bytes(buffer, node->text);
		return;
	}
	bool object = node->type == NODE_OBJECT;
	size_t count = list_children(random, node, children);
	strbuf_append_char(buffer, object ? '{' : '[');
	if (record)
		strbuf_append_format(buffer, "\"record\":\"%s\",", record);
	if (node_member(node, "id") && random_below(random, 2))
		strbuf_append_text(buffer, "\"note\":null,");
	for (size_t i = 0; i < count; i++) {
		append_space(random, buffer, one_line);
		if (i > 0)
			strbuf_append_char(buffer, ',');
		append_space(random, buffer, one_line);
		if (object) {
			append_text(random, buffer, children[i]->key);
			append_space(random, buffer, one_line);
			strbuf_append_char(buffer, ':');
		}
		append_varied(random, buffer, children[i], NULL, one_line);
	}
	strbuf_append_char(buffer, object ? '}' : ']');
}

/* The record form of a document, its records mixed. */
static void append_lines(struct random *random, struct strbuf *buffer, const struct node *document)
{
	struct {
		const struct node *node;
		const char *record;
	} records[100];
	size_t count = 0;
	append_json(buffer, "{" HEAD "}\n");
	for (enum record_kind kind = RECORD_SOURCE; kind <= RECORD_KINDS; kind++) {
		NODE_EACH(record, node_member(document, list_names[kind]))
		{
			assert_true(count < COUNT_OF(records));
			records[count].node = record;
			records[count++].record = record_kind_name(kind);
		}
	}
	while (count > 0) {
		size_t next = random_below(random, count);
		append_varied(random, buffer, records[next].node, records[next].record, true);
		strbuf_append_text(buffer, random_below(random, 4) ? "\n" : "\r\n\n");
		records[next] = records[--count];
	}
}

static void assert_version(const struct strbuf *text, const char *version)
{
	_cleanup_attempt_ struct attempt attempt = attempt_bytes(strbuf_bytes(text));
	if (attempt.status != TIMELINE_OK || strcmp(attempt.card.version, version) != 0)
		print_error("%s\n", text->data);
	assert_loaded(&attempt);
	assert_string_equal(attempt.card.version, version);
}

static void order_does_not_count(void **state)
{
	(void)state;
	struct random random = {.state = 42};
	struct tree tree = parse(full);
	_cleanup_attempt_ struct attempt first = attempt_bytes(tree.nodes->text);
	assert_loaded(&first);
	for (int round = 0; round < ROUNDS; round++) {
		_cleanup_strbuf_ struct strbuf document = {0}, lines = {0};
		append_varied(&random, &document, tree.nodes, NULL, false);
		assert_version(&document, first.card.version);
		append_lines(&random, &lines, tree.nodes);
		assert_version(&lines, first.card.version);
	}
	tree_free(&tree);
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
		IN_DIRECTORY(exports_load_again),
		IN_DIRECTORY(an_empty_timeline_is_one),
		IN_DIRECTORY(a_reader_may_stop),
	};
	return cmocka_run_group_tests(tests, initialise_store, NULL);
}
