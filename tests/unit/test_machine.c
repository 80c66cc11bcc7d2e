#include "unit.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "machine.h"

static size_t needed; /* bytes of a mask with all CPUs of the machine */

/* In the C library's place. */
int sched_getaffinity(pid_t process, size_t size, cpu_set_t *set)
{
	assert_int_equal(process, 0);
	if (size < needed) {
		errno = EINVAL;
		return -1;
	}
	memset(set, 0, size);
	CPU_SET_S(0, size, set);
	CPU_SET_S(needed * 8 - 1, size, set);
	return 0;
}

/* The quota of a group may bound it further, to no less than one. */
static void large_machines(void **state)
{
	(void)state;
	needed = 128;
	unsigned cpus = machine_cpus();
	assert_in_range(cpus, 1, 2);
	for (needed = 256; needed <= 4096; needed *= 2)
		assert_int_equal(machine_cpus(), cpus);
	needed = (size_t)1 << 30;
	assert_int_equal(machine_cpus(), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(large_machines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
