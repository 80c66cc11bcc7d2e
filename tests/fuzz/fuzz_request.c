/* A request is answered by what the contract has, its problems name something, and what was answered
 * once is known by its entity tag. Input: target, Accept, Accept-Encoding and If-None-Match, a line
 * each, as far as they are there. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <udcg/api/problem.h>
#include <udcg/api/service.h>
#include <udcg/store/database.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static struct session *session;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	const struct service_options options = {
		.timeline = TIMELINE,
		.memory_database_max = 512 << 20,
		.public_url = "https://example.org/base",
		.query_budget = INT64_C(60000000000),
	};
	_cleanup_strbuf_ struct strbuf reason = {0};
	if (store_initialise() != STORE_OK)
		return 1;
	struct service *service = service_create(&options);
	if (!service || service_load(service, &reason) != SERVICE_OK)
		abort();
	session = session_create(service);
	return session ? 0 : 1;
}

static struct bytes take_line(struct bytes *rest)
{
	if (!rest->length)
		return (struct bytes){0};
	const char *end = memchr(rest->data, '\n', rest->length);
	struct bytes line = {rest->data, end ? (size_t)(end - rest->data) : rest->length};
	size_t skip = end ? line.length + 1 : line.length;
	*rest = (struct bytes){rest->data + skip, rest->length - skip};
	return line;
}

static bool is_status(unsigned status)
{
	static const unsigned statuses[] = {200, 304, 400, 404, 406, 414};
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (status == statuses[i])
			return true;
	return false;
}

static void read_stream(struct reply *reply)
{
	_cleanup_strbuf_ struct strbuf part = {0};
	const char *failure = NULL;
	bool more = true;
	for (int i = 0; more && i < 3; i++) {
		strbuf_clear(&part);
		more = stream_next(reply->stream, &part, &failure);
	}
	assert(!failure);
}

static void check_problem(const struct reply *reply)
{
	assert(reply->problem && reply->problem->status == reply->status);
	assert(reply->body.length && reply->body.data[0] == '{');
	assert(strstr(reply->body.data, reply->problem->slug));
}

/* Asked again, the same is said. */
static void ask_again(const struct request *request, const struct reply *reply)
{
	struct reply again = {0};
	assert(session_answer(session, request, EFFORT_FULL, &again) == ANSWER_READY);
	assert(again.status == reply->status && !again.stream == !reply->stream);
	if (reply->route && strcmp(reply->route, "/readyz") != 0 && !reply->stream)
		assert(bytes_equal(strbuf_bytes(&again.body), strbuf_bytes(&reply->body)));
	reply_clear(&again);
}

/* What was answered is known by its entity tag. */
static void ask_by_tag(struct request request, const struct reply *reply)
{
	request.if_none_match = bytes_of(headers_find(&reply->headers, "ETag"));
	if (!request.if_none_match.length)
		return;
	struct reply again = {0};
	assert(session_answer(session, &request, EFFORT_FULL, &again) == ANSWER_READY);
	assert(again.status == 304);
	assert(bytes_equal(bytes_of(headers_find(&again.headers, "ETag")), request.if_none_match));
	reply_clear(&again);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct bytes rest = {(const char *)data, size};
	struct request request = {.method = METHOD_GET, .target = take_line(&rest)};
	if (!request.target.data)
		return 0;
	request.accept = take_line(&rest);
	request.accept_encoding = take_line(&rest);
	request.if_none_match = take_line(&rest);

	struct reply reply = {0};
	assert(session_answer(session, &request, EFFORT_FULL, &reply) == ANSWER_READY);
	assert(is_status(reply.status));
	assert(reply.status != 304 || request.if_none_match.data);
	if (reply.stream)
		read_stream(&reply);
	else if (reply.status >= 400)
		check_problem(&reply);
	if (!reply.live)
		ask_again(&request, &reply);
	if (reply.status == 200 && !reply.live)
		ask_by_tag(request, &reply);
	reply_clear(&reply);
	return 0;
}
