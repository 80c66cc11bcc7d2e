#ifndef SANDBOX_SYSTEM_CALLS_H
#define SANDBOX_SYSTEM_CALLS_H

#include <stdbool.h>

/* By seccomp: any but those that serving, loading and ending need, which tools/system-call-filter
 * lists, fail with EPERM. */
bool sandbox_restrict_system_calls(void);

#endif
