/* The documents that a timeline cites, where they are at hand: every digest, range, quote and offset
 * against their bytes. */
#ifndef UDCG_TIMELINE_DOCUMENTS_H
#define UDCG_TIMELINE_DOCUMENTS_H

#include <stdint.h>

#include "document.h"
#include "loading.h"

enum timeline_status documents_open(const char *directory, struct faults *faults,
	struct documents **ret_documents) __attribute__((warn_unused_result));
void documents_free(struct documents *documents);
void documents_freep(struct documents **documents);
#define _cleanup_documents_ __attribute__((cleanup(documents_freep)))

/* The document of that name, kept among the last ones; NULL where it cannot be read, and errno says
 * why. Valid until the next call. */
const struct document *documents_get(struct documents *documents, struct bytes file);

/* Faults of the source at hand. Does nothing where no documents are looked at. */
enum timeline_status documents_check_source(struct loading *loading, const struct part *source)
	__attribute__((warn_unused_result));
/* Faults of a citation of the source in row `source`; without documents only against the size that
 * the source gives. */
enum timeline_status documents_check_citation(struct loading *loading, const struct part *citation,
	int64_t source) __attribute__((warn_unused_result));

#endif
