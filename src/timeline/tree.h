/* A JSON text (RFC 8259) as a tree in one array, in the order of the text. Memory is kept from one
 * text to the next, and where it runs out that is said: jansson, which drops bytes of a text then
 * and goes on, and takes six times as long, is why this is here. */
#ifndef UDCG_TIMELINE_TREE_H
#define UDCG_TIMELINE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <udcg/base/strbuf.h>

/* Containers inside one another. */
#define TREE_DEPTH_MAX 64

enum node_type {
	NODE_OBJECT,
	NODE_LIST,
	NODE_TEXT,
	NODE_INTEGER,
	NODE_NUMBER, /* with a fraction or an exponent */
	NODE_TRUE,
	NODE_FALSE,
	NODE_NULL,
};

struct node {
	enum node_type type;
	uint32_t count; /* members or elements */
	uint32_t span; /* nodes from this one up to the next that is not inside it */
	struct bytes key; /* of a member; else data is NULL */
	struct bytes text; /* what a text says; anything else as it stands */
	int64_t integer; /* the nearest there is */
};

struct tree {
	struct node *nodes; /* the first is the root */
	size_t count, capacity;
	struct strbuf decoded; /* texts that have escapes */
};

struct tree_error {
	const char *wrong; /* a static text: "is not valid JSON: …"; NULL where memory is short */
	size_t offset; /* in bytes */
};

/* The text, which must outlive the tree, is one value with nothing but white space around it. A key
 * may be there more than once. */
bool tree_parse(struct tree *tree, struct bytes text, struct tree_error *ret_error)
	__attribute__((warn_unused_result));
void tree_free(struct tree *tree);

/* NULL where there is none. */
const struct node *node_first(const struct node *container);
const struct node *node_next(const struct node *container, const struct node *child);
/* The first member of that key, NULL where there is none or `object` is no object. */
const struct node *node_member(const struct node *object, const char *key);
/* data is NULL for whatever is no text, and for NULL. */
struct bytes node_text(const struct node *node);
bool node_is_boolean(const struct node *node);

#define NODE_EACH(child, container) \
	for (const struct node *child = node_first(container); child; \
		child = node_next(container, child))

#endif
