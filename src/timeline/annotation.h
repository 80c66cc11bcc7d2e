/* The text of a record with char_start, char_end and paragraph of its citations counted anew; all
 * else stays as it is written. */
#ifndef UDCG_TIMELINE_ANNOTATION_H
#define UDCG_TIMELINE_ANNOTATION_H

#include <udcg/base/strbuf.h>
#include <udcg/timeline/timeline.h>

#include "document.h"

/* The document behind a source's id. */
typedef enum timeline_status annotation_find(void *context, struct bytes source,
	const struct document **ret_document);

/* Appends the record, which is right. ESTALE with TIMELINE_IO where a citation is not within its
 * document: one of them is not what was checked. */
enum timeline_status annotation_append(struct strbuf *buffer, struct bytes record,
	annotation_find *find, void *context) __attribute__((warn_unused_result));

#endif
