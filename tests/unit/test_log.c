#include "unit.h"

#include <fcntl.h>
#include <stdio.h>
#include <udcg/base/log.h>
#include <unistd.h>

enum { LINE_SIZE = 2048 };

/* A pipe in packet mode in the place of standard error: what one write wrote is what one read
 * reads. */
static void capture(enum log_level level, const char *message, const struct log_field *fields,
	size_t count, char line[static LINE_SIZE])
{
	int ends[2];
	assert_int_equal(pipe2(ends, O_DIRECT | O_NONBLOCK | O_CLOEXEC), 0);
	int kept = dup(STDERR_FILENO);
	assert_true(kept >= 0);
	dup2(ends[1], STDERR_FILENO);
	log_event(level, message, fields, count);
	dup2(kept, STDERR_FILENO);
	ssize_t length = read(ends[0], line, LINE_SIZE - 1);
	char more;
	ssize_t second = read(ends[0], &more, 1);
	close(kept);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(second, -1);
	line[length > 0 ? length : 0] = '\0';
}

/* The time and what follows it. */
static const char *after_time(const char *line, const char *prefix)
{
	int year, month, day, hour, minute, second, millisecond, length = 0;
	assert_memory_equal(line, prefix, strlen(prefix));
	line += strlen(prefix);
	assert_int_equal(sscanf(line, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ%n", &year, &month, &day, &hour,
				 &minute, &second, &millisecond, &length),
		7);
	assert_int_equal(length, strlen("2026-11-22T10:11:12.345Z"));
	assert_in_range(year, 2024, 9999);
	assert_in_range(month, 1, 12);
	return line + length;
}

#define HAPPENING \
	LOG_FIELDS({.name = "path", .text = "/v1/aid?q=a \"b\""}, \
		{.name = "status", .number = -200}, {.name = "plain", .text = "caf\u00e9"}, \
		{.name = "empty", .text = ""})

static void text_lines(void **state)
{
	(void)state;
	char line[LINE_SIZE];
	log_configure((struct log_settings){.level = LOG_DEBUG, .format = LOG_TEXT});
	capture(LOG_WARNING, "request refused", HAPPENING, line);
	assert_string_equal(after_time(line, ""),
		" warning request refused path=\"/v1/aid?q=a \\\"b\\\"\" status=-200 "
		"plain=caf\u00e9 empty=\"\"\n");
	capture(LOG_INFO, "listening", NULL, 0, line);
	assert_string_equal(after_time(line, ""), " info    listening\n");
}

static void json_lines(void **state)
{
	(void)state;
	char line[LINE_SIZE];
	log_configure((struct log_settings){.level = LOG_DEBUG, .format = LOG_JSON});
	capture(LOG_ERROR, "request failed", HAPPENING, line);
	assert_string_equal(after_time(line, "{\"time\":\""),
		"\",\"level\":\"error\",\"message\":\"request failed\","
		"\"path\":\"/v1/aid?q=a \\\"b\\\"\",\"status\":-200,\"plain\":\"caf\u00e9\","
		"\"empty\":\"\"}\n");
}

/* A client's bytes can neither begin a line of their own nor steer a terminal. */
static void hostile_values(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *logged;
	} cases[] = {
		{.text = "a\nb\r\x1b[2J", .logged = "\"a\\nb\\r\\u001b[2J\""},
		{.text = "a=b", .logged = "\"a=b\""},
		{.text = "\x7f", .logged = "\ufffd"},
		{.text = "\xc2\x9bK", .logged = "\ufffdK"},
		{.text = "\xff\xc3", .logged = "\ufffd\ufffd"},
		{.text = "\xed\xa0\x80", .logged = "\ufffd\ufffd\ufffd"},
		{.text = "\u00a0\u2019", .logged = "\u00a0\u2019"},
	};
	log_configure((struct log_settings){.level = LOG_DEBUG, .format = LOG_TEXT});
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char line[LINE_SIZE], expected[LINE_SIZE];
		capture(LOG_INFO, "m", LOG_FIELDS({.name = "v", .text = cases[i].text}), line);
		snprintf(expected, sizeof(expected), " info    m v=%s\n", cases[i].logged);
		assert_string_equal(after_time(line, ""), expected);
	}
}

static void levels(void **state)
{
	(void)state;
	for (enum log_level least = LOG_DEBUG; least <= LOG_ERROR; least++) {
		log_configure((struct log_settings){.level = least, .format = LOG_TEXT});
		for (enum log_level level = LOG_DEBUG; level <= LOG_ERROR; level++) {
			char line[LINE_SIZE];
			capture(level, "m", NULL, 0, line);
			assert_int_equal(line[0] != '\0', level >= least);
			assert_int_equal(log_enabled(level), level >= least);
		}
	}
}

/* A pipe of two pages takes the beginning of a long line; what comes once it was read tells so. */
static void nobody_waits_for_the_reader(void **state)
{
	(void)state;
	int ends[2];
	char text[10000], read_back[10000];
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(fcntl(ends[0], F_SETPIPE_SZ, 8192), 8192);
	int kept = dup(STDERR_FILENO);
	log_configure((struct log_settings){.level = LOG_DEBUG, .format = LOG_TEXT});
	uint64_t before = log_lost();

	dup2(ends[1], STDERR_FILENO);
	log_event(LOG_INFO, "long", LOG_FIELDS({.name = "v", .text = text}));
	log_event(LOG_INFO, "more", NULL, 0);
	ssize_t beginning = read(ends[0], read_back, sizeof(read_back));
	log_event(LOG_INFO, "after", NULL, 0);
	dup2(kept, STDERR_FILENO);
	ssize_t length = read(ends[0], read_back, sizeof(read_back) - 1);
	close(kept);
	close(ends[0]);
	close(ends[1]);

	assert_int_equal(beginning, 8192);
	assert_int_equal(log_lost() - before, 2);
	assert_true(length > 0);
	read_back[length] = '\0';
	const char *first = after_time(read_back, "\n"),
		   *told = " warning log lines lost lines=2\n";
	assert_memory_equal(first, told, strlen(told));
	assert_string_equal(after_time(first + strlen(told), ""), " info    after\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_lines),
		cmocka_unit_test(json_lines),
		cmocka_unit_test(hostile_values),
		cmocka_unit_test(levels),
		cmocka_unit_test(nobody_waits_for_the_reader),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
