/* JSON as RFC 8259 has it, and nothing else. */
#include "unit.h"

#include <stdlib.h>
#include <udcg/base/json.h>

#include "tree.h"

#define TEXT(text) \
	{ \
		.data = (text), .length = sizeof(text) - 1 \
	}

/* Writes a tree back in one way. */
static void append_node(struct strbuf *buffer, const struct node *node)
{
	if (node->key.data) {
		json_append_bytes(buffer, node->key);
		strbuf_append_char(buffer, ':');
	}
	if (node->type == NODE_TEXT)
		json_append_bytes(buffer, node->text);
	else if (node->type == NODE_INTEGER)
		strbuf_append_integer(buffer, node->integer);
	else if (node->type != NODE_OBJECT && node->type != NODE_LIST)
		strbuf_append_bytes(buffer, node->text);
	if (node->type != NODE_OBJECT && node->type != NODE_LIST)
		return;
	bool object = node->type == NODE_OBJECT;
	uint32_t count = 0;
	strbuf_append_char(buffer, object ? '{' : '[');
	NODE_EACH(child, node)
	{
		if (count++ > 0)
			strbuf_append_char(buffer, ',');
		append_node(buffer, child);
	}
	assert_int_equal(count, node->count);
	strbuf_append_char(buffer, object ? '}' : ']');
}

static void right(void **state)
{
	(void)state;
	static const struct {
		struct bytes text;
		const char *back;
	} cases[] = {
		{.text = TEXT("{}"), .back = "{}"},
		{.text = TEXT(" \t\r\n[ ] \n"), .back = "[]"},
		{.text = TEXT("null"), .back = "null"},
		{.text = TEXT("true"), .back = "true"},
		{.text = TEXT("false"), .back = "false"},
		{.text = TEXT("\"\""), .back = "\"\""},
		{.text = TEXT("[1,[2,{\"a\":[3]},4],\"5\"]"),
			.back = "[1,[2,{\"a\":[3]},4],\"5\"]"},
		{.text = TEXT("{ \"a\" : 1 , \"\" : [ ] , \"a\" : { } }"),
			.back = "{\"a\":1,\"\":[],\"a\":{}}"},
		/* Numbers. */
		{.text = TEXT("[0,-0,7,-12,9223372036854775807,-9223372036854775808]"),
			.back = "[0,0,7,-12,9223372036854775807,-9223372036854775808]"},
		{.text = TEXT("[9223372036854775808,-99999999999999999999]"),
			.back = "[9223372036854775807,-9223372036854775808]"},
		{.text = TEXT("[0.5,1.0,1e5,1E+5,-1.25e-10,0e0]"),
			.back = "[0.5,1.0,1e5,1E+5,-1.25e-10,0e0]"},
		/* Texts. */
		{.text = TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
			.back = "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
		{.text = TEXT("\"a\\u0041\\u00e9\\u20AC\\uD83D\\ude00b\""), .back = "\"aAé€😀b\""},
		{.text = TEXT(
			 "\"\\u0001\\u001f\\u007f\\u0080\\u07ff\\u0800\\uffff\\ud800\\udc00\\udbff\\udfff\""),
			.back = "\"\\u0001\\u001f\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\""},
		{.text = TEXT("{\"\\u0061\\n\":\"é\x7f\"}"), .back = "{\"a\\n\":\"é\x7f\"}"},
		{.text = TEXT("[\"\\n\",\"plain\",\"\\t\",\"x\\ny\\nz\"]"),
			.back = "[\"\\n\",\"plain\",\"\\t\",\"x\\ny\\nz\"]"},
	};
	struct tree tree = {0};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct tree_error error;
		_cleanup_strbuf_ struct strbuf back = {0};
		if (!tree_parse(&tree, cases[i].text, &error))
			fail_msg("%s: %s at %zu", cases[i].text.data, error.wrong, error.offset);
		append_node(&back, tree.nodes);
		assert_string_equal(back.data, cases[i].back);
		assert_int_equal(tree.nodes->span, tree.count);
	}
	tree_free(&tree);
}

static void wrong(void **state)
{
	(void)state;
	static const struct {
		struct bytes text;
		size_t offset;
		const char *says;
	} cases[] = {
		{.text = TEXT(""), .offset = 0, .says = "a value is missing"},
		{.text = TEXT("  "), .offset = 2, .says = "a value is missing"},
		{.text = TEXT("nul"), .offset = 0, .says = "a value is missing"},
		{.text = TEXT("nulll"), .offset = 4, .says = "something stands behind"},
		{.text = TEXT("True"), .offset = 0, .says = "a value is missing"},
		{.text = TEXT("NaN"), .offset = 0, .says = "a value is missing"},
		{.text = TEXT("{} {}"), .offset = 3, .says = "something stands behind"},
		{.text = TEXT("1 2"), .offset = 2, .says = "something stands behind"},
		{.text = TEXT("// c\n1"), .offset = 0, .says = "a value is missing"},
		{.text = TEXT("\f1"), .offset = 0, .says = "a value is missing"},
		/* Containers. */
		{.text = TEXT("["), .offset = 1, .says = "a value is missing"},
		{.text = TEXT("]"), .offset = 0, .says = "a value is missing"},
		{.text = TEXT("[1"), .offset = 2, .says = "a comma or ]"},
		{.text = TEXT("[1,]"), .offset = 3, .says = "a value is missing"},
		{.text = TEXT("[,1]"), .offset = 1, .says = "a value is missing"},
		{.text = TEXT("[1 2]"), .offset = 3, .says = "a comma or ]"},
		{.text = TEXT("[1}"), .offset = 2, .says = "a comma or ]"},
		{.text = TEXT("{"), .offset = 1, .says = "a key in quotes"},
		{.text = TEXT("{\"a\":1,}"), .offset = 7, .says = "a key in quotes"},
		{.text = TEXT("{a:1}"), .offset = 1, .says = "a key in quotes"},
		{.text = TEXT("{'a':1}"), .offset = 1, .says = "a key in quotes"},
		{.text = TEXT("{1:1}"), .offset = 1, .says = "a key in quotes"},
		{.text = TEXT("{\"a\" 1}"), .offset = 5, .says = "a colon"},
		{.text = TEXT("{\"a\":}"), .offset = 5, .says = "a value is missing"},
		{.text = TEXT("{\"a\":1 \"b\":2}"), .offset = 7, .says = "a comma or }"},
		/* Numbers. */
		{.text = TEXT("-"), .offset = 1, .says = "no number"},
		{.text = TEXT("+1"), .offset = 0, .says = "a value is missing"},
		{.text = TEXT("01"), .offset = 2, .says = "no number"},
		{.text = TEXT("-01"), .offset = 3, .says = "no number"},
		{.text = TEXT("1."), .offset = 2, .says = "no number"},
		{.text = TEXT(".5"), .offset = 0, .says = "a value is missing"},
		{.text = TEXT("1e"), .offset = 2, .says = "no number"},
		{.text = TEXT("1e+"), .offset = 3, .says = "no number"},
		{.text = TEXT("0x10"), .offset = 1, .says = "something stands behind"},
		/* Texts. */
		{.text = TEXT("\""), .offset = 1, .says = "does not end"},
		{.text = TEXT("\"a"), .offset = 2, .says = "does not end"},
		{.text = TEXT("\"a\\\""), .offset = 4, .says = "does not end"},
		{.text = TEXT("\"a\\"), .offset = 3, .says = "no such escape"},
		{.text = TEXT("\"\\x\""), .offset = 2, .says = "no such escape"},
		{.text = TEXT("\"\\U0041\""), .offset = 2, .says = "no such escape"},
		{.text = TEXT("\"a\tb\""), .offset = 2, .says = "not escaped"},
		{.text = TEXT("\"\\n\nb\""), .offset = 3, .says = "not escaped"},
		{.text = TEXT("\"\\u12\""), .offset = 5, .says = "four hexadecimal"},
		{.text = TEXT("\"\\u12g4\""), .offset = 5, .says = "four hexadecimal"},
		{.text = TEXT("\"\\u0000\""), .offset = 7, .says = "U+0000"},
		{.text = TEXT("\"\\ud800\""), .offset = 7, .says = "surrogate"},
		{.text = TEXT("\"\\ud800x\""), .offset = 7, .says = "surrogate"},
		{.text = TEXT("\"\\ud800\\n\""), .offset = 7, .says = "surrogate"},
		{.text = TEXT("\"\\ud800\\u0041\""), .offset = 13, .says = "surrogate"},
		{.text = TEXT("\"\\ud800\\ud800\""), .offset = 13, .says = "surrogate"},
		{.text = TEXT("\"\\udc00\""), .offset = 7, .says = "surrogate"},
		{.text = TEXT("\"\\udc00\\ud800\""), .offset = 7, .says = "surrogate"},
		/* Bytes. */
		{.text = TEXT("\"\0\""), .offset = 1, .says = "NUL byte"},
		{.text = TEXT("[1]\0"), .offset = 3, .says = "NUL byte"},
		{.text = TEXT("\"\xff\""), .offset = 1, .says = "not valid UTF-8"},
		{.text = TEXT("\"é\xc3\""), .offset = 3, .says = "not valid UTF-8"},
		{.text = TEXT("\"\xc0\x80\""), .offset = 1, .says = "not valid UTF-8"},
		{.text = TEXT("\"\xed\xa0\x80\""), .offset = 1, .says = "not valid UTF-8"},
		{.text = TEXT("\"\xf5\x80\x80\x80\""), .offset = 1, .says = "not valid UTF-8"},
		{.text = TEXT("\"\xe2\x82"), .offset = 1, .says = "not valid UTF-8"},
	};
	struct tree tree = {0};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct tree_error error = {0};
		bool parsed = tree_parse(&tree, cases[i].text, &error);
		if (parsed || !strstr(error.wrong, cases[i].says)
			|| error.offset != cases[i].offset)
			fail_msg("%s: %s at %zu, wanted %s at %zu", cases[i].text.data,
				parsed ? "no fault" : error.wrong, error.offset, cases[i].says,
				cases[i].offset);
	}
	tree_free(&tree);
}

static void depth(void **state)
{
	(void)state;
	struct tree tree = {0};
	for (size_t depth = TREE_DEPTH_MAX - 1; depth <= TREE_DEPTH_MAX + 1; depth++) {
		struct tree_error error = {0};
		_cleanup_strbuf_ struct strbuf text = {0};
		for (size_t i = 0; i < depth; i++)
			strbuf_append_text(&text, i % 2 ? "{\"a\":" : "[");
		strbuf_append_char(&text, '1');
		for (size_t i = depth; i > 0; i--)
			strbuf_append_char(&text, (i - 1) % 2 ? '}' : ']');
		bool parsed = tree_parse(&tree, strbuf_bytes(&text), &error);
		assert_int_equal(parsed, depth <= TREE_DEPTH_MAX);
		if (!parsed)
			assert_non_null(strstr(error.wrong, "too deeply"));
	}
	tree_free(&tree);
}

/* Every text that is cut off, and every one with a byte changed, is told from a right one or read;
 * never past its end. */
static void damaged(void **state)
{
	(void)state;
	static const char text[] =
		"{\"a\":[1,-2.5e+7,\"x\\u00e9\\ud83d\\ude00é\\n\",{\"b\":null}],\"c\":{\"d\":true}}";
	struct random random = {.state = 7};
	struct tree tree = {0};
	struct tree_error error;
	for (size_t length = 0; length < sizeof(text) - 1; length++) {
		char *copy = malloc(length + 1); /* so that valgrind sees its end */
		assert_non_null(copy);
		memcpy(copy, text, length);
		assert_false(
			tree_parse(&tree, (struct bytes){.data = copy, .length = length}, &error));
		free(copy);
	}
	for (int round = 0; round < 20000; round++) {
		char copy[sizeof(text)];
		memcpy(copy, text, sizeof(text));
		copy[random_below(&random, sizeof(text) - 1)] = (char)random_below(&random, 256);
		if (tree_parse(&tree, (struct bytes){.data = copy, .length = sizeof(text) - 1},
			    &error))
			assert_int_equal(tree.nodes->span, tree.count);
		else
			assert_in_range(error.offset, 0, sizeof(text) - 1);
	}
	tree_free(&tree);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(right),
		cmocka_unit_test(wrong),
		cmocka_unit_test(depth),
		cmocka_unit_test(damaged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
