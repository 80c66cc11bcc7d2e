/* Bodies that are made while they are sent, over reloads. */
#include "store_files.h"

#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <udcg/api/exchange.h>
#include <udcg/api/service.h>
#include <unistd.h>

static long later; /* seconds that have gone by besides */

/* In the C library's place. */
int clock_gettime(clockid_t clock, struct timespec *now)
{
	long failed = syscall(SYS_clock_gettime, clock, now);
	now->tv_sec += later;
	return (int)failed;
}

static void load(struct service *service, const char *title)
{
	_cleanup_strbuf_ struct strbuf text = {0}, reason = {0};
	strbuf_append_format(&text,
		"{\"format\":\"udcg-timeline/1\",\"title\":\"%s\",\"released\":\"2026-11-22\","
		"\"licence\":\"CC0-1.0\"}\n",
		title);
	for (int i = 0; i < 2000; i++)
		strbuf_append_format(&text,
			"{\"record\":\"source\",\"id\":\"s-%d\",\"file\":\"s-%d.txt\"}\n", i, i);
	assert_false(text.failed);
	write_file("timeline.ndjson", text.data, text.length);
	if (service_load(service, &reason) != SERVICE_OK)
		fail_msg("%s", reason.data);
}

/* Whether all of a body comes, where the timeline changes after its first part and a while goes by. */
static bool comes_whole(struct session *session, struct service *service, long seconds,
	const char **ret_reason)
{
	const struct request request = {.method = METHOD_GET,
		.target = BYTES_LITERAL("/v1/sources.ndjson")};
	struct reply reply = {0};
	assert_int_equal(session_answer(session, &request, EFFORT_FULL, &reply), ANSWER_READY);
	assert_int_equal(reply.status, 200);
	assert_non_null(reply.stream);
	_cleanup_strbuf_ struct strbuf body = {0};
	assert_true(stream_next(reply.stream, &body, ret_reason));
	load(service, "Changed");
	load(service, "Changed again");
	later += seconds;
	while (stream_next(reply.stream, &body, ret_reason)) {}
	size_t lines = 0;
	for (size_t i = 0; i < body.length; i++)
		lines += body.data[i] == '\n';
	assert_true(lines <= 2000);
	reply_clear(&reply);
	return lines == 2000;
}

static void a_replaced_dataset_is_let_go_of(void **state)
{
	(void)state;
	const struct service_options options = {.timeline = "timeline.ndjson",
		.memory_database_max = (size_t)64 << 20,
		.public_url = "",
		.query_budget = INT64_C(60000000000)};
	struct service *service = service_create(&options);
	struct session *session = service ? session_create(service) : NULL;
	assert_non_null(session);
	load(service, "First");
	const char *reason;
	assert_true(comes_whole(session, service, 590, &reason));
	assert_null(reason);
	assert_false(comes_whole(session, service, 610, &reason));
	assert_string_equal(reason, "its dataset was replaced ten minutes ago");
	session_free(session);
	service_free(service);
}

int main(void)
{
	const struct CMUnitTest tests[] = {IN_DIRECTORY(a_replaced_dataset_is_let_go_of)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
