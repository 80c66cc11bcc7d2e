#include "answer.h"

#include <string.h>
#include <udcg/base/clock.h>
#include <udcg/base/gzip.h>
#include <udcg/base/log.h>

#include "response.h"
#include "stream_response.h"
#include "subscription.h"

enum { REQUEST_ID_DIGITS = 16 };

/* splitmix64 (Steele, Lea, Flood). */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* The client's id, else one of our own where it is going to be read. */
static void give_request_id(struct connection *connection)
{
	static const char digits[] = "0123456789abcdef";
	if (connection->request_id[0] != '\0')
		return;
	if (connection->head.request_id[0] != '\0') {
		memcpy(connection->request_id, connection->head.request_id,
			sizeof(connection->request_id));
		return;
	}
	uint64_t random = next_random(&connection->worker->random);
	for (int i = 0; i < REQUEST_ID_DIGITS; i++)
		connection->request_id[i] = digits[random >> 4 * i & 15];
	connection->request_id[REQUEST_ID_DIGITS] = '\0';
}

static struct response_extras extras_for(struct connection *connection, unsigned status)
{
	bool told = status >= 400 || connection->head.request_id[0] != '\0';
	if (told || log_enabled(LOG_DEBUG))
		give_request_id(connection);
	return (struct response_extras){
		.request_id = told ? connection->request_id : NULL,
		.close = connection->last || connection->worker->stage != STAGE_SERVING,
		.computing = connection->from_cache ? 0 : clock_nanoseconds() - connection->started,
	};
}

static enum MHD_Result queue(struct connection *connection, unsigned status,
	struct MHD_Response *response, size_t body_length)
{
	bool bare =
		status == 304 || status == 204 || connection->head.request.method == METHOD_HEAD;
	connection->status = status;
	connection->body_bytes = bare ? 0 : body_length;
	connection->nanoseconds = clock_nanoseconds() - connection->started;
	connection_enter(connection, PROGRESS_REPLYING);
	return MHD_queue_response(connection->mhd, status, response);
}

/* Gives the response away, which is this client's alone. */
static enum MHD_Result queue_own(struct connection *connection, unsigned status,
	struct MHD_Response *response, size_t body_length, const struct response_extras *extras)
{
	if (!response)
		return MHD_NO;
	enum MHD_Result result = MHD_NO;
	if (response_add_extras(response, extras))
		result = queue(connection, status, response, body_length);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result send_entry(struct connection *connection, struct cache_entry *entry)
{
	unsigned status =
		etag_matches(entry->etag, connection->head.if_none_match.value) ? 304 : 200;
	struct response_extras extras = extras_for(connection, status);
	connection->route = entry->route;
	connection->problem = NULL;
	connection->reason = NULL;
	size_t length = entry->body.length;
	if (extras.request_id || extras.close || extras.computing)
		return queue_own(connection, status, response_from_entry(entry), length, &extras);
	struct MHD_Response *response = response_ready(entry);
	return response ? queue(connection, status, response, length) : MHD_NO;
}

static bool may_be_kept(const struct connection *connection)
{
	const struct reply *reply = &connection->reply;
	const struct worker *worker = connection->worker;
	/* Where another dataset came into force meanwhile, it is not known which one replied. */
	return reply->cacheable && reply->status == 200 && !reply->close && !worker->key.failed
		&& connection->generation == worker->generation
		&& connection->generation == service_generation(worker->shared->service);
}

/* 304 where the client has it. */
static unsigned status_to_send(const struct connection *connection)
{
	const struct reply *reply = &connection->reply;
	bool known = reply->status == 200
		&& etag_matches(headers_find(&reply->headers, "ETag"),
			connection->head.if_none_match.value);
	return known ? 304 : reply->status;
}

static enum MHD_Result send_body(struct connection *connection)
{
	struct reply *reply = &connection->reply;
	struct worker *worker = connection->worker;
	if (may_be_kept(connection)) {
		counter_add(&worker->metrics->cache_misses, 1);
		struct cache_entry *entry =
			cache_store(worker->cache, strbuf_bytes(&worker->key), reply);
		if (entry)
			return send_entry(connection, entry);
	}
	size_t length = reply->body.length;
	unsigned status = status_to_send(connection);
	struct response_extras extras = extras_for(connection, status);
	extras.close |= reply->close;
	return queue_own(connection, status, response_from_reply(reply), length, &extras);
}

static enum MHD_Result send_stream(struct connection *connection)
{
	struct reply *reply = &connection->reply;
	unsigned status = status_to_send(connection);
	bool bare = status == 304 || connection->head.request.method == METHOD_HEAD;
	struct response_extras extras = extras_for(connection, status);
	return queue_own(connection, status,
		bare ? response_head_only(reply) : stream_response(reply, connection), 0, &extras);
}

static enum MHD_Result send_live(struct connection *connection)
{
	struct reply *reply = &connection->reply;
	bool bare = connection->head.request.method == METHOD_HEAD;
	if (!bare && !subscription_admit(connection->worker->shared)) {
		reply_clear(reply);
		service_refuse(connection->worker->shared->service, REFUSAL_OVERLOADED, reply);
		return send_body(connection);
	}
	struct response_extras extras = extras_for(connection, reply->status);
	return queue_own(connection, reply->status,
		bare ? response_head_only(reply) : subscription_response(reply, connection), 0,
		&extras);
}

/* A 304 without a length is the last reply of its connection. So where that takes no time, the reply
 * is made all the same: it has the length, and is at hand for the next one who asks. */
static enum MHD_Result send_not_modified(struct connection *connection)
{
	struct reply *reply = &connection->reply;
	struct request request = connection->head.request;
	struct reply whole = {0};
	request.if_none_match = (struct bytes){0};
	bool ready = session_answer(connection->worker->session, &request, EFFORT_QUICK, &whole)
		== ANSWER_READY;
	if (ready && whole.status == 200 && !whole.stream) {
		reply_clear(reply);
		*reply = whole;
		return send_body(connection);
	}
	reply_clear(&whole);
	struct response_extras extras = extras_for(connection, reply->status);
	return queue_own(connection, reply->status, response_head_only(reply), 0, &extras);
}

/* Compressed where the client takes nothing else. */
static void write_metrics(const struct shared *shared, struct reply *reply)
{
	strbuf_clear(&reply->body);
	if (headers_find(&reply->headers, "Content-Encoding")[0] == '\0') {
		metrics_write(&reply->body, shared);
		return;
	}
	_cleanup_gzip_ struct gzip *gzip = gzip_create(GZIP_SMALL);
	_cleanup_strbuf_ struct strbuf text = {0};
	metrics_write(&text, shared);
	reply->body.failed |=
		text.failed || !gzip || !gzip_append(gzip, strbuf_bytes(&text), true, &reply->body);
}

static enum MHD_Result send_reply(struct connection *connection)
{
	struct reply *reply = &connection->reply;
	const struct shared *shared = connection->worker->shared;
	connection->route = reply->route ? reply->route : "other";
	connection->problem = reply->problem;
	connection->reason = reply->reason;
	if (reply->status == 200 && strcmp(connection->route, "/metrics") == 0)
		write_metrics(shared, reply);
	if (reply->live)
		return send_live(connection);
	if (reply->stream)
		return send_stream(connection);
	return reply->status == 304 ? send_not_modified(connection) : send_body(connection);
}

static void run(struct job *job, struct session *session)
{
	struct connection *connection = connection_of_job(job);
	if (session_answer(session, &connection->head.request, EFFORT_FULL, &connection->reply)
		!= ANSWER_READY)
		service_refuse(connection->worker->shared->service, REFUSAL_INTERNAL,
			&connection->reply);
}

static void done(struct job *job)
{
	struct connection *connection = connection_of_job(job);
	connection->answered = true;
	connection_resume(connection);
}

static bool is_operational(struct bytes target)
{
	static const char *const paths[] = {"/livez", "/readyz", "/metrics"};
	const char *query = memchr(target.data, '?', target.length);
	struct bytes path = {
		.data = target.data,
		.length = query ? (size_t)(query - target.data) : target.length,
	};
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (bytes_equal(path, bytes_of(paths[i])))
			return true;
	}
	return false;
}

static bool is_served_here(const struct connection *connection)
{
	enum audience audience = connection->worker->audience;
	return audience == AUDIENCE_ALL || connection->head.request.violation
		|| is_operational(connection->head.request.target) == (audience == AUDIENCE_ADMIN);
}

static enum MHD_Result compute(struct connection *connection)
{
	struct worker *worker = connection->worker;
	struct service *service = worker->shared->service;
	struct reply *reply = &connection->reply;
	connection->from_cache = false;
	connection->generation = worker->generation;
	if (!is_served_here(connection)) {
		service_refuse(service, REFUSAL_NOT_FOUND, reply);
	} else if (session_answer(worker->session, &connection->head.request, EFFORT_QUICK, reply)
		== ANSWER_LATER) {
		connection->job = (struct job){.run = run, .done = done};
		if (worker_send(worker, &connection->job, URGENCY_NEW)) {
			connection_enter(connection, PROGRESS_COMPUTING);
			connection_suspend(connection);
			return MHD_YES;
		}
		service_refuse(service, REFUSAL_OVERLOADED, reply);
	}
	return send_reply(connection);
}

/* What the reply depends on beside the dataset. */
static void write_key(struct strbuf *key, const struct request *request)
{
	strbuf_clear(key);
	strbuf_append_bytes(key, request->target);
	strbuf_append_char(key, '\n');
	strbuf_append_bytes(key, request->accept);
	strbuf_append_char(key, '\n');
	strbuf_append_bytes(key, request->accept_encoding);
}

enum MHD_Result answer(struct connection *connection)
{
	struct worker *worker = connection->worker;
	worker_follow_dataset(worker);
	write_key(&worker->key, &connection->head.request);
	if (connection->answered)
		return send_reply(connection);
	struct cache_entry *entry = NULL;
	if (head_reads(&connection->head) && !worker->key.failed)
		entry = cache_find(worker->cache, strbuf_bytes(&worker->key));
	if (!entry)
		return compute(connection);
	counter_add(&worker->metrics->cache_hits, 1);
	connection->from_cache = true;
	return send_entry(connection, entry);
}

enum MHD_Result answer_at_once(struct connection *connection)
{
	struct worker *worker = connection->worker;
	struct service *service = worker->shared->service;
	struct reply *reply = &connection->reply;
	connection->from_cache = false;
	if (connection->refused)
		service_refuse(service, REFUSAL_OVERLOADED, reply);
	else if (!is_served_here(connection))
		service_refuse(service, REFUSAL_NOT_FOUND, reply);
	else if (session_answer(worker->session, &connection->head.request, EFFORT_QUICK, reply)
		!= ANSWER_READY)
		service_refuse(service, REFUSAL_INTERNAL, reply);
	reply->cacheable = false;
	return send_reply(connection);
}
