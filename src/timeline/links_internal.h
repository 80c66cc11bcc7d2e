#ifndef UDCG_TIMELINE_LINKS_INTERNAL_H
#define UDCG_TIMELINE_LINKS_INTERNAL_H

#include <stddef.h>
#include <udcg/store/statement.h>

#include "links.h"

enum link_statement {
	ADD_OVERLAP,
	OVERLAPS,
	ADD_STEP,
	NEXT_START,
	NEXT_STEP,
	VISIT,
	OPEN_VISIT,
	CLOSE_VISIT,
	LINK_STATEMENTS,
};

struct links {
	struct staging *staging;
	struct statement *statements[LINK_STATEMENTS];
	size_t overlaps;
};

#endif
