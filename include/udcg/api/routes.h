/* Every path that there is: one table. */
#ifndef UDCG_API_ROUTES_H
#define UDCG_API_ROUTES_H

#include <udcg/api/handler.h>

enum route_kind {
	ROUTE_LIST,
	ROUTE_SUBLIST, /* the list of a resource with one parameter fixed by the path */
	ROUTE_ITEM,
	ROUTE_DOCUMENT, /* one object about the dataset */
	ROUTE_STATIC, /* in the one format that its path names */
	ROUTE_PROBE, /* asked by machines; answered without a dataset */
	ROUTE_STREAM, /* events as they happen, without an end */
	ROUTE_KINDS,
};

struct route {
	const char *path; /* {…} stands for one segment */
	enum route_kind kind;
	const struct resource *resource;
	const char *parent; /* sub-list: the parameter that the path gives */
	const char *const *without; /* the resource's parameters that it does not take */
	enum record_kind record; /* what {id} is */
	/* Refuses what the path names and what there is not, where that is no record. */
	bool (*find)(struct exchange *exchange);
	/* NULL for lists, sub-lists and items that are nothing else. */
	bool (*answer)(struct exchange *exchange);
	bool heavy; /* of many records it takes longer than a loop may: never tried there */
	/* Makes what the answers need, once a load, when all rows are there. */
	enum store_status (*prepare)(struct database *database);
	bool answer_always; /* before the first dataset, too */
	const char *content_type; /* NULL: there are several, or application/json */
	const char *file_name; /* what a browser saves it as; NULL: it is shown */
	const char *html_policy; /* what its HTML may load and run; NULL: there is none */
	bool weak; /* equal datasets may give other bytes */
};

extern const struct route routes[];
extern const size_t route_count;

/* The parameters that the route takes; NULL past the last. */
const struct parameter *route_parameter(const struct route *route, size_t number);
const struct parameter *route_find_parameter(const struct route *route, struct bytes name);

/* The media types that it is to be had in, the preferred one first. */
const char *const *route_media_types(const struct route *route);

struct route_match {
	const struct route *route; /* NULL: there is none */
	struct bytes id; /* the segment that stands for {id} */
	const char *suffix; /* ".csv"; "": the path has none */
	enum media media; /* that the suffix names */
};
void route_match(struct bytes path, struct route_match *ret_match);
/* The path nearest to one that does not exist, in memory of the arena; NULL without one. */
const char *route_suggest(struct bytes path, struct arena *arena);

/* Lists and sub-lists. */
bool route_is_list(const struct route *route);
/* Its replies have an entity tag, and may be kept. */
bool route_is_cached(const struct route *route);
const char *route_kind_name(enum route_kind kind);

/* Whether a parameter's vocabulary has the word; else the nearest. */
bool word_find(struct exchange *exchange, const char *vocabulary, struct bytes word,
	bool *ret_known, const char **ret_suggestion) __attribute__((warn_unused_result));

#endif
