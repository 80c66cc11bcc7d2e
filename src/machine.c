#include "machine.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <udcg/base/strbuf.h>

#define CGROUPS "/sys/fs/cgroup"

enum { CPUS_MAX = 1 << 20 };

static unsigned affinity(void)
{
	int count = 0;
	bool small = true; /* the kernel knows of more CPUs than the set has room for */
	for (size_t room = CPU_SETSIZE; small && room <= CPUS_MAX; room *= 2) {
		size_t size = CPU_ALLOC_SIZE(room);
		cpu_set_t *set = CPU_ALLOC(room);
		bool known = set && sched_getaffinity(0, size, set) == 0;
		small = set && !known && errno == EINVAL;
		if (known)
			count = CPU_COUNT_S(size, set);
		CPU_FREE(set);
	}
	return count > 0 ? (unsigned)count : 1;
}

/* "200000 100000" is two CPUs, "max 100000" no bound. */
static unsigned quota_of(const char *cgroup)
{
	_cleanup_strbuf_ struct strbuf path = {0};
	strbuf_append_format(&path, CGROUPS "%s/cpu.max", cgroup);
	FILE *file = path.failed ? NULL : fopen(path.data, "re");
	if (!file)
		return UINT_MAX;
	char line[64] = "";
	bool read = fgets(line, sizeof(line), file);
	fclose(file);
	char *rest = line;
	uintmax_t quota = read ? strtoumax(line, &rest, 10) : 0;
	uintmax_t period = strtoumax(rest, NULL, 10);
	return quota > 0 && period > 0 ? (unsigned)((quota + period - 1) / period) : UINT_MAX;
}

/* Version 2 alone: "0::/a/b". The group's parents bound it, too. */
static unsigned quota(void)
{
	char line[PATH_MAX + 8] = "";
	FILE *file = fopen("/proc/self/cgroup", "re");
	if (!file)
		return UINT_MAX;
	while (fgets(line, sizeof(line), file) && strncmp(line, "0::", 3) != 0)
		line[0] = '\0';
	fclose(file);
	if (line[0] == '\0')
		return UINT_MAX;
	char *cgroup = line + 3;
	cgroup[strcspn(cgroup, "\n")] = '\0';
	unsigned least = quota_of("");
	for (char *slash; (slash = strrchr(cgroup, '/')); *slash = '\0') {
		unsigned here = quota_of(cgroup);
		least = here < least ? here : least;
	}
	return least;
}

unsigned machine_cpus(void)
{
	unsigned cpus = affinity(), bound = quota();
	return cpus < bound ? cpus : bound;
}

size_t machine_open_files(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 0;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	getrlimit(RLIMIT_NOFILE, &limit);
	return limit.rlim_cur == RLIM_INFINITY ? SIZE_MAX : (size_t)limit.rlim_cur;
}
