/* What records say of each other that no record shows alone: overlaps, which are mutual, and chains
 * that must not lead back to where they began. Kept in the staging's database. */
#ifndef UDCG_TIMELINE_LINKS_H
#define UDCG_TIMELINE_LINKS_H

#include <stdint.h>
#include <udcg/base/strbuf.h>

#include "staging.h"

struct links;

enum timeline_status links_open(struct staging *staging, struct links **ret_links)
	__attribute__((warn_unused_result));
void links_free(struct links *links);
void links_freep(struct links **links);
#define _cleanup_links_ __attribute__((cleanup(links_freep)))

/* The figures with these ids overlap each other. */
enum timeline_status links_add_overlap(struct links *links, struct bytes id, struct bytes other)
	__attribute__((warn_unused_result));
/* The ids of all that overlap the figure, in order, as a JSON list; nothing is appended where there
 * are none. */
enum timeline_status links_append_overlaps(struct links *links, struct bytes id,
	struct strbuf *buffer) __attribute__((warn_unused_result));

/* Row `from` refers to row `to` of its own kind by a field that must not lead back. */
enum timeline_status links_add_step(struct links *links, enum record_kind kind, size_t field,
	int64_t from, int64_t to) __attribute__((warn_unused_result));
/* A fault for each way that leads back, at the record of it that stands first in the file. */
enum timeline_status links_find_cycles(struct links *links, struct fault_log *log)
	__attribute__((warn_unused_result));

#endif
