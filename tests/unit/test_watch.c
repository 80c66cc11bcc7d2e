#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <poll.h>

#include <cmocka.h>

#include <udcg/base/strbuf.h>

#include "watch.h"

enum { A_MOMENT = 1000, PATH_SIZE = 256 };

struct fixture {
	char directory[PATH_SIZE];
	char file[2 * PATH_SIZE], other[2 * PATH_SIZE];
};

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	const char *base = getenv("TMPDIR");
	snprintf(fixture->directory, PATH_SIZE, "%s/udcg-watch-XXXXXX", base ? base : "/tmp");
	if (!mkdtemp(fixture->directory))
		return -1;
	snprintf(fixture->file, sizeof(fixture->file), "%s/timeline.json", fixture->directory);
	snprintf(fixture->other, sizeof(fixture->other), "%s/other", fixture->directory);
	write_file(fixture->file, "one");
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	unlink(fixture->file);
	unlink(fixture->other);
	rmdir(fixture->directory);
	free(fixture);
	return 0;
}

/* Within a moment. */
static bool notices(struct watch *watch)
{
	for (int left = A_MOMENT; left > 0;) {
		int wait = watch_wait(watch);
		wait = wait < 0 || wait > left ? left : wait;
		struct pollfd waiting = {.fd = watch_fd(watch), .events = POLLIN};
		int ready = poll(&waiting, 1, wait);
		left -= ready > 0 ? 1 : wait > 0 ? wait : 1;
		if (watch_poll(watch))
			return true;
	}
	return false;
}

static void a_file_written_anew(void **state)
{
	struct fixture *fixture = *state;
	struct watch *watch = watch_create(fixture->file);
	assert_non_null(watch);
	assert_false(watch_poll(watch));
	assert_int_equal(watch_wait(watch), -1);
	write_file(fixture->file, "two!");
	assert_true(notices(watch));
	assert_false(notices(watch));
	watch_free(watch);
}

static void a_file_renamed_over_it(void **state)
{
	struct fixture *fixture = *state;
	struct watch *watch = watch_create(fixture->file);
	write_file(fixture->other, "one");
	assert_false(notices(watch)); /* not yet: it is another file's */
	assert_int_equal(rename(fixture->other, fixture->file), 0);
	assert_true(notices(watch));
	watch_free(watch);
}

/* As Kubernetes does with a ConfigMap: the directory that a link leads through is swapped. */
static void a_link_swapped(void **state)
{
	struct fixture *fixture = *state;
	char old[2 * PATH_SIZE], new[2 * PATH_SIZE], data[2 * PATH_SIZE], temporary[2 * PATH_SIZE];
	char old_file[3 * PATH_SIZE], new_file[3 * PATH_SIZE];
	snprintf(old, sizeof(old), "%s/..1", fixture->directory);
	snprintf(new, sizeof(new), "%s/..2", fixture->directory);
	snprintf(data, sizeof(data), "%s/..data", fixture->directory);
	snprintf(temporary, sizeof(temporary), "%s/..tmp", fixture->directory);
	snprintf(old_file, sizeof(old_file), "%s/timeline.json", old);
	snprintf(new_file, sizeof(new_file), "%s/timeline.json", new);
	assert_true(mkdir(old, 0700) == 0 && mkdir(new, 0700) == 0);
	write_file(old_file, "one");
	write_file(new_file, "two");
	unlink(fixture->file);
	assert_int_equal(symlink("..1", data), 0);
	assert_int_equal(symlink("..data/timeline.json", fixture->file), 0);

	struct watch *watch = watch_create(fixture->file);
	assert_int_equal(symlink("..2", temporary), 0);
	assert_int_equal(rename(temporary, data), 0);
	assert_true(notices(watch));
	watch_free(watch);

	unlink(old_file);
	unlink(new_file);
	unlink(data);
	rmdir(old);
	rmdir(new);
}

static void a_file_that_is_gone_is_no_news(void **state)
{
	struct fixture *fixture = *state;
	struct watch *watch = watch_create(fixture->file);
	unlink(fixture->file);
	assert_false(notices(watch));
	write_file(fixture->file, "two");
	assert_true(notices(watch));
	watch_free(watch);
}

static void a_link_in_place_of_a_file_that_is_gone(void **state)
{
	struct fixture *fixture = *state;
	struct watch *watch = watch_create(fixture->file);
	write_file(fixture->other, "two");
	unlink(fixture->file);
	assert_false(notices(watch));
	assert_int_equal(symlink("other", fixture->file), 0);
	assert_true(notices(watch));
	unlink(fixture->file);
	assert_false(notices(watch));
	assert_int_equal(link(fixture->other, fixture->file), 0);
	assert_true(notices(watch));
	watch_free(watch);
}

static void a_file_that_is_being_written_is_no_news(void **state)
{
	struct fixture *fixture = *state;
	struct watch *watch = watch_create(fixture->file);
	unlink(fixture->file);
	assert_false(notices(watch));
	FILE *file = fopen(fixture->file, "we");
	assert_true(fputs("two", file) >= 0 && fflush(file) == 0);
	assert_false(notices(watch));
	fclose(file);
	assert_true(notices(watch));
	watch_free(watch);
}

static void a_directory_that_does_not_exist(void **state)
{
	(void)state;
	assert_null(watch_create("/nonexistent/timeline.json"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_file_written_anew, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_renamed_over_it, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_link_swapped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_is_gone_is_no_news, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_file_that_is_being_written_is_no_news, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(a_link_in_place_of_a_file_that_is_gone, set_up,
			tear_down),
		cmocka_unit_test(a_directory_that_does_not_exist),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
