/* Time-outs, in place of MHD's. That one counts from the last byte it read or wrote: a byte now and then
 * keeps a connection alive, and a client that reads steadily loses it while the kernel still has
 * megabytes to send. Here a connection may be idle for a while, a request must be complete after a
 * while, and a reply must be read at a pace. */
#ifndef HTTP_DEADLINES_H
#define HTTP_DEADLINES_H

#include "worker.h"

enum { SWEEP_MILLISECONDS = 1000 };

/* Looks at each connection, once in SWEEP_MILLISECONDS. */
void deadlines_sweep(struct worker *worker);

#endif
