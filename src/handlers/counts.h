/* How many records of each kind the dataset has. */
#ifndef HANDLERS_COUNTS_H
#define HANDLERS_COUNTS_H

#include <udcg/api/handler.h>

/* "counts":{…} */
bool counts_write(struct exchange *exchange) __attribute__((warn_unused_result));

#endif
