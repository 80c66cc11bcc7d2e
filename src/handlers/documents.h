/* Texts of ours that are part of the program. */
#ifndef HANDLERS_DOCUMENTS_H
#define HANDLERS_DOCUMENTS_H

#include <udcg/base/strbuf.h>

/* Appends the embedded file of that name, which there is. */
void document_write(const char *name, struct strbuf *body);

#endif
