#include "tree.h"

#include <stdlib.h>
#include <string.h>
#include <udcg/base/text.h>

struct parser {
	struct tree *tree;
	const char *start, *at, *end;
	size_t depth;
	const char *wrong;
	bool no_memory;
};

static bool fail(struct parser *parser, const char *wrong)
{
	parser->wrong = wrong;
	return false;
}

static void skip_white(struct parser *parser)
{
	while (parser->at < parser->end
		&& (*parser->at == ' ' || *parser->at == '\n' || *parser->at == '\r'
			|| *parser->at == '\t'))
		parser->at++;
}

/* 0 at the end, where no byte of a value is. */
static char peek(const struct parser *parser)
{
	return parser->at < parser->end ? *parser->at : '\0';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Takes the four digits of a \u escape. */
static bool take_hex(struct parser *parser, uint32_t *ret_value)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(peek(parser));
		if (digit < 0)
			return fail(parser, "is not valid JSON: \\u needs four hexadecimal digits");
		value = value << 4 | (uint32_t)digit;
		parser->at++;
	}
	*ret_value = value;
	return true;
}

static void append_code_point(struct strbuf *buffer, uint32_t point)
{
	char bytes[4];
	size_t length = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
	static const unsigned char leads[] = {0, 0, 0xc0, 0xe0, 0xf0};
	for (size_t i = length; i > 1; i--) {
		bytes[i - 1] = (char)(0x80 | (point & 0x3f));
		point >>= 6;
	}
	bytes[0] = (char)(leads[length] | point);
	strbuf_append(buffer, bytes, length);
}

static bool take_code_point(struct parser *parser)
{
	uint32_t point = 0, low = 0;
	if (!take_hex(parser, &point))
		return false;
	if (point == 0)
		return fail(parser, "has U+0000 (\\u0000) in it, which no text may have");
	bool high = point >= 0xd800 && point < 0xdc00;
	if (high) {
		if (parser->end - parser->at < 2 || memcmp(parser->at, "\\u", 2) != 0)
			return fail(parser, "is not valid JSON: half a surrogate pair");
		parser->at += 2;
		if (!take_hex(parser, &low))
			return false;
	}
	if (high != (low >= 0xdc00 && low < 0xe000) || (point >= 0xdc00 && point < 0xe000))
		return fail(parser, "is not valid JSON: half a surrogate pair");
	append_code_point(&parser->tree->decoded,
		high ? 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00) : point);
	return true;
}

/* Takes an escape, behind its backslash. */
static bool take_escape(struct parser *parser)
{
	static const char letters[] = "\"\\/bfnrtu", meant[] = "\"\\/\b\f\n\r\t";
	const char *letter =
		parser->at < parser->end && *parser->at ? strchr(letters, *parser->at) : NULL;
	if (!letter)
		return fail(parser, "is not valid JSON: there is no such escape");
	parser->at++;
	if (*letter == 'u')
		return take_code_point(parser);
	strbuf_append_char(&parser->tree->decoded, meant[letter - letters]);
	return true;
}

/* Takes bytes that stand for themselves. */
static struct bytes take_plain(struct parser *parser)
{
	const char *start = parser->at;
	while (parser->at < parser->end && *parser->at != '"' && *parser->at != '\\'
		&& (unsigned char)*parser->at >= ' ')
		parser->at++;
	return (struct bytes){.data = start, .length = (size_t)(parser->at - start)};
}

/* The rest of a text, from its first escape on; what was before it is `plain`. */
static bool take_escaped(struct parser *parser, struct bytes plain, struct bytes *ret_text)
{
	struct strbuf *decoded = &parser->tree->decoded;
	/* So that it never moves: nothing is longer when it is decoded. */
	if (decoded->length == 0)
		strbuf_reserve(decoded, (size_t)(parser->end - parser->start));
	size_t start = decoded->length;
	strbuf_append_bytes(decoded, plain);
	while (peek(parser) == '\\') {
		parser->at++;
		if (!take_escape(parser))
			return false;
		strbuf_append_bytes(decoded, take_plain(parser));
	}
	if (decoded->failed) {
		parser->no_memory = true;
		return false;
	}
	*ret_text =
		(struct bytes){.data = decoded->data + start, .length = decoded->length - start};
	return true;
}

/* Takes a text, from its opening quote on. */
static bool take_text(struct parser *parser, struct bytes *ret_text)
{
	parser->at++;
	*ret_text = take_plain(parser);
	if (peek(parser) == '\\' && !take_escaped(parser, *ret_text, ret_text))
		return false;
	if (parser->at == parser->end)
		return fail(parser, "is not valid JSON: a text does not end");
	if (*parser->at != '"')
		return fail(parser,
			"is not valid JSON: a control character in a text is not escaped");
	parser->at++;
	return true;
}

static size_t skip_digits(struct parser *parser)
{
	const char *start = parser->at;
	while (peek(parser) >= '0' && peek(parser) <= '9')
		parser->at++;
	return (size_t)(parser->at - start);
}

static bool skip_fraction(struct parser *parser)
{
	bool right = true;
	if (peek(parser) == '.') {
		parser->at++;
		right = skip_digits(parser) > 0;
	}
	if (right && (peek(parser) == 'e' || peek(parser) == 'E')) {
		parser->at++;
		if (peek(parser) == '+' || peek(parser) == '-')
			parser->at++;
		right = skip_digits(parser) > 0;
	}
	return right;
}

static int64_t integer_of(struct bytes text)
{
	bool negative = text.data[0] == '-';
	int64_t value = 0;
	for (size_t i = negative; i < text.length; i++) {
		int digit = text.data[i] - '0';
		if (__builtin_mul_overflow(value, 10, &value)
			|| __builtin_add_overflow(value, negative ? -digit : digit, &value))
			return negative ? INT64_MIN : INT64_MAX;
	}
	return value;
}

static bool take_number(struct parser *parser, struct node *node)
{
	static const char malformed[] = "is not valid JSON: this is no number";
	const char *start = parser->at;
	if (*parser->at == '-')
		parser->at++;
	bool zero = peek(parser) == '0';
	size_t digits = skip_digits(parser);
	if (digits == 0 || (zero && digits > 1))
		return fail(parser, malformed);
	node->type = NODE_INTEGER;
	node->text = (struct bytes){.data = start, .length = (size_t)(parser->at - start)};
	node->integer = integer_of(node->text);
	if (!skip_fraction(parser))
		return fail(parser, malformed);
	size_t length = (size_t)(parser->at - start);
	if (length > node->text.length)
		node->type = NODE_NUMBER;
	node->text.length = length;
	return true;
}

static bool take_word(struct parser *parser, struct node *node)
{
	static const struct {
		const char *word;
		enum node_type type;
	} words[] = {
		{.word = "true", .type = NODE_TRUE},
		{.word = "false", .type = NODE_FALSE},
		{.word = "null", .type = NODE_NULL},
	};
	size_t left = (size_t)(parser->end - parser->at);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t length = strlen(words[i].word);
		if (left < length || memcmp(parser->at, words[i].word, length) != 0)
			continue;
		node->type = words[i].type;
		node->text = (struct bytes){.data = parser->at, .length = length};
		parser->at += length;
		return true;
	}
	return fail(parser, "is not valid JSON: a value is missing");
}

static struct node *push(struct parser *parser)
{
	struct tree *tree = parser->tree;
	if (tree->count == tree->capacity) {
		size_t capacity = tree->capacity ? 2 * tree->capacity : 256;
		struct node *nodes = capacity < UINT32_MAX
			? reallocarray(tree->nodes, capacity, sizeof(*nodes))
			: NULL;
		if (!nodes) {
			parser->no_memory = true;
			return NULL;
		}
		tree->nodes = nodes;
		tree->capacity = capacity;
	}
	tree->nodes[tree->count] = (struct node){.span = 1};
	return &tree->nodes[tree->count++];
}

static bool take_value(struct parser *parser, struct bytes key);

static bool take_member(struct parser *parser)
{
	struct bytes key;
	if (peek(parser) != '"')
		return fail(parser, "is not valid JSON: a key in quotes is missing");
	if (!take_text(parser, &key))
		return false;
	skip_white(parser);
	if (peek(parser) != ':')
		return fail(parser, "is not valid JSON: a colon is missing");
	parser->at++;
	skip_white(parser);
	return take_value(parser, key);
}

/* Takes what is in a container, from its opening bracket on. */
static bool take_inside(struct parser *parser, size_t container)
{
	struct tree *tree = parser->tree;
	bool object = *parser->at++ == '{';
	uint32_t count = 0;
	skip_white(parser);
	while (count > 0 || peek(parser) != (object ? '}' : ']')) {
		if (!(object ? take_member(parser)
			     : take_value(parser, (struct bytes){.data = NULL})))
			return false;
		count++;
		skip_white(parser);
		if (peek(parser) != ',')
			break;
		parser->at++;
		skip_white(parser);
	}
	if (peek(parser) != (object ? '}' : ']'))
		return fail(parser,
			object ? "is not valid JSON: a comma or } is missing"
			       : "is not valid JSON: a comma or ] is missing");
	parser->at++;
	tree->nodes[container].type = object ? NODE_OBJECT : NODE_LIST;
	tree->nodes[container].count = count;
	tree->nodes[container].span = (uint32_t)(tree->count - container);
	return true;
}

static bool take_container(struct parser *parser, size_t container)
{
	if (parser->depth == TREE_DEPTH_MAX)
		return fail(parser, "is nested too deeply");
	parser->depth++;
	bool taken = take_inside(parser, container);
	parser->depth--;
	return taken;
}

static bool take_value(struct parser *parser, struct bytes key)
{
	const char *start = parser->at;
	size_t index = parser->tree->count;
	struct node *node = push(parser);
	if (!node)
		return false;
	node->key = key;
	switch (peek(parser)) {
	case '{':
	case '[':
		if (!take_container(parser, index))
			return false;
		parser->tree->nodes[index].text =
			(struct bytes){.data = start, .length = (size_t)(parser->at - start)};
		return true;
	case '"':
		node->type = NODE_TEXT;
		return take_text(parser, &node->text);
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9':
		return take_number(parser, node);
	default:
		return take_word(parser, node);
	}
}

/* The first byte that is not part of valid UTF-8. */
static size_t find_wrong_byte(struct bytes text)
{
	size_t at = 0;
	while (at < text.length) {
		size_t length = 1;
		while (length <= 4 && length <= text.length - at
			&& !text_is_utf8((struct bytes){.data = text.data + at, .length = length}))
			length++;
		if (length > 4 || length > text.length - at)
			break;
		at += length;
	}
	return at;
}

static bool check_bytes(struct bytes text, struct tree_error *ret_error)
{
	if (text_is_utf8(text))
		return true;
	size_t offset = find_wrong_byte(text);
	*ret_error = (struct tree_error){.wrong = text.data[offset] == '\0'
			? "has a NUL byte; a timeline is UTF-8 text without any"
			: "is not valid UTF-8",
		.offset = offset};
	return false;
}

bool tree_parse(struct tree *tree, struct bytes text, struct tree_error *ret_error)
{
	struct parser parser = {.tree = tree,
		.start = text.data,
		.at = text.data,
		.end = text.data + text.length};
	tree->count = 0;
	strbuf_clear(&tree->decoded);
	if (!check_bytes(text, ret_error))
		return false;
	skip_white(&parser);
	bool taken = take_value(&parser, (struct bytes){.data = NULL});
	if (taken) {
		skip_white(&parser);
		if (parser.at < parser.end)
			taken = fail(&parser,
				"is not valid JSON: something stands behind the value");
	}
	if (!taken)
		*ret_error = (struct tree_error){.wrong = parser.no_memory ? NULL : parser.wrong,
			.offset = (size_t)(parser.at - parser.start)};
	return taken;
}

void tree_free(struct tree *tree)
{
	free(tree->nodes);
	strbuf_free(&tree->decoded);
	*tree = (struct tree){0};
}

const struct node *node_first(const struct node *container)
{
	return container && container->count > 0 ? container + 1 : NULL;
}

const struct node *node_next(const struct node *container, const struct node *child)
{
	const struct node *next = child + child->span;
	return next < container + container->span ? next : NULL;
}

const struct node *node_member(const struct node *object, const char *key)
{
	if (!object || object->type != NODE_OBJECT)
		return NULL;
	NODE_EACH(member, object)
	{
		if (bytes_equal(member->key, bytes_of(key)))
			return member;
	}
	return NULL;
}

struct bytes node_text(const struct node *node)
{
	return node && node->type == NODE_TEXT ? node->text : (struct bytes){0};
}

bool node_is_boolean(const struct node *node)
{
	return node->type == NODE_TRUE || node->type == NODE_FALSE;
}
