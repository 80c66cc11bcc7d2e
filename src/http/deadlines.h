/* Time-outs that MHD does not have. It ends a connection that is still for IDLE_SECONDS; but a byte
 * now and then keeps one alive, so here a request must be complete after a while, and a reply must
 * be read at a pace. */
#ifndef HTTP_DEADLINES_H
#define HTTP_DEADLINES_H

#include "worker.h"

enum { IDLE_SECONDS = 30, SWEEP_MILLISECONDS = 1000 };

/* Looks at each connection, once in SWEEP_MILLISECONDS. */
void deadlines_sweep(struct worker *worker);

#endif
