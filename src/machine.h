/* What the machine lets this process have. */
#ifndef MACHINE_H
#define MACHINE_H

#include <stddef.h>

/* CPUs of the affinity mask, bounded by the cgroups' quotas, rounded up; at least 1. */
unsigned machine_cpus(void);

/* Raises the soft limit of open files to the hard one, and returns it. */
size_t machine_open_files(void);

#endif
