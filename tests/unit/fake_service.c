#include "fake_service.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct service {
	_Atomic uint64_t generation;
	_Atomic unsigned answers;
	pthread_mutex_t lock;
	pthread_cond_t release;
	bool released;
};

struct session {
	struct service *service;
};

struct stream {
	unsigned left;
	bool fails;
	long pause; /* milliseconds */
};

static void pause_for(long milliseconds)
{
	const struct timespec time = {
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000,
	};
	nanosleep(&time, NULL);
}

struct service *fake_service_create(void)
{
	struct service *service = calloc(1, sizeof(*service));
	if (!service)
		return NULL;
	service->generation = 1;
	pthread_mutex_init(&service->lock, NULL);
	pthread_cond_init(&service->release, NULL);
	return service;
}

void fake_service_reload(struct service *service)
{
	atomic_fetch_add(&service->generation, 1);
}

unsigned fake_service_answers(const struct service *service)
{
	return atomic_load(&service->answers);
}

void fake_service_release(struct service *service)
{
	pthread_mutex_lock(&service->lock);
	service->released = true;
	pthread_cond_broadcast(&service->release);
	pthread_mutex_unlock(&service->lock);
}

static void await_release(struct service *service)
{
	pthread_mutex_lock(&service->lock);
	while (!service->released)
		pthread_cond_wait(&service->release, &service->lock);
	pthread_mutex_unlock(&service->lock);
}

void service_free(struct service *service)
{
	pthread_cond_destroy(&service->release);
	pthread_mutex_destroy(&service->lock);
	free(service);
}

uint64_t service_generation(const struct service *service)
{
	return atomic_load(&service->generation);
}

void service_facts(struct service *service, struct dataset_facts *ret_facts)
{
	*ret_facts = (struct dataset_facts){
		.ready = true,
		.version = "0123",
		.released = "2026-11-22",
		.counts = {[1] = 5, [2] = 7},
		.generation = service_generation(service),
		.loads = 1,
	};
}

void service_tell(struct service *service, char version[static DIGEST_HEX_SIZE],
	struct strbuf *events)
{
	char now[DIGEST_HEX_SIZE];
	snprintf(now, sizeof(now), "%ju", (uintmax_t)service_generation(service));
	if (strcmp(now, version) == 0)
		return;
	memcpy(version, now, sizeof(now));
	strbuf_append_format(events, "id: %s\ndata: %01000u\n\n", now, 0U);
}

struct session *session_create(struct service *service)
{
	struct session *session = calloc(1, sizeof(*session));
	if (session)
		session->service = service;
	return session;
}

void session_free(struct session *session)
{
	free(session);
}

void session_rest(struct session *session)
{
	(void)session;
}

void reply_clear(struct reply *reply)
{
	headers_free(&reply->headers);
	strbuf_free(&reply->body);
	stream_free(reply->stream);
	*reply = (struct reply){0};
}

static void problem(struct reply *reply, unsigned status, const char *detail)
{
	reply->status = status;
	reply->route = "problem";
	headers_add(&reply->headers, "Content-Type", "application/problem+json");
	strbuf_append_format(&reply->body, "{\"status\":%u,\"detail\":\"%s\"}\n", status, detail);
}

void service_refuse(struct service *service, enum refusal refusal, struct reply *reply)
{
	(void)service;
	bool missing = refusal == REFUSAL_NOT_FOUND, broken = refusal == REFUSAL_INTERNAL;
	problem(reply, missing ? 404 : broken ? 500 : 503, "refused");
}

static void found(struct reply *reply, const char *route)
{
	reply->status = 200;
	reply->route = route;
	reply->cacheable = true;
	headers_add(&reply->headers, "Content-Type", "text/plain");
	headers_add(&reply->headers, "ETag", "\"1\"");
	headers_add(&reply->headers, "Access-Control-Allow-Origin", "*");
}

static void say_state(const struct session *session, struct reply *reply)
{
	strbuf_append_format(&reply->body, "generation %ju answer %u\n",
		(uintmax_t)service_generation(session->service),
		fake_service_answers(session->service));
}

static void open_stream(struct reply *reply, unsigned parts, bool fails, long pause)
{
	found(reply, "/stream");
	reply->cacheable = false;
	reply->stream = calloc(1, sizeof(*reply->stream));
	*reply->stream = (struct stream){.left = parts, .fails = fails, .pause = pause};
}

static enum answer answer_get(struct session *session, const struct request *request,
	const char *path, enum effort effort, struct reply *reply)
{
	const char *query = strchr(path, '?');
	unsigned number = query ? (unsigned)strtoul(query + 1, NULL, 10) : 0;
	if (strncmp(path, "/later", 6) == 0) {
		if (effort == EFFORT_QUICK)
			return ANSWER_LATER;
		pause_for(number);
		found(reply, "/later");
		say_state(session, reply);
	} else if (strncmp(path, "/held", 5) == 0) {
		if (effort == EFFORT_QUICK)
			return ANSWER_LATER;
		await_release(session->service);
		found(reply, "/held");
		say_state(session, reply);
	} else if (strcmp(path, "/known") == 0 && request->if_none_match.data) {
		found(reply, "/known");
		reply->status = 304;
	} else if (strcmp(path, "/hello") == 0 || strcmp(path, "/known") == 0) {
		found(reply, "/hello");
		say_state(session, reply);
	} else if (strcmp(path, "/big") == 0) {
		found(reply, "/big");
		for (unsigned i = 0; i < 1 << 14; i++)
			strbuf_append_text(&reply->body,
				"0123456789012345678901234567890123456789012345678901234567890\r\n");
	} else if (strcmp(path, "/live") == 0 || strcmp(path, "/livez") == 0
		|| strcmp(path, "/metrics") == 0) {
		found(reply, path[1] == 'm' ? "/metrics" : "/live");
		reply->cacheable = false;
		if (path[1] != 'm')
			say_state(session, reply);
	} else if (strncmp(path, "/stream?", 8) == 0) {
		open_stream(reply, number, false, 0);
	} else if (strcmp(path, "/slow-stream") == 0) {
		open_stream(reply, 1000, false, 50);
	} else if (strcmp(path, "/events") == 0) {
		found(reply, "/events");
		reply->cacheable = false;
		reply->live = true;
	} else if (strcmp(path, "/broken") == 0) {
		open_stream(reply, 1, true, 0);
	} else {
		problem(reply, 404, "not found");
	}
	return ANSWER_READY;
}

enum answer session_answer(struct session *session, const struct request *request,
	enum effort effort, struct reply *reply)
{
	char path[256] = "";
	atomic_fetch_add(&session->service->answers, 1);
	if (request->target.length > 200) {
		problem(reply, 414, "too long");
		return ANSWER_READY;
	}
	memcpy(path, request->target.data, request->target.length);
	if (request->violation) {
		problem(reply, 400, request->violation);
	} else if (request->method == METHOD_OPTIONS) {
		reply->status = 204;
		reply->route = "options";
		headers_add(&reply->headers, "Allow", "GET, HEAD, OPTIONS");
	} else if (request->method == METHOD_OTHER || request->method == METHOD_UNKNOWN) {
		problem(reply, request->method == METHOD_OTHER ? 405 : 501, "method");
	} else {
		return answer_get(session, request, path, effort, reply);
	}
	return ANSWER_READY;
}

bool stream_next(struct stream *stream, struct strbuf *part, const char **ret_reason)
{
	pause_for(stream->pause);
	*ret_reason = NULL;
	if (stream->left == 0) {
		*ret_reason = stream->fails ? "it broke" : NULL;
		return false;
	}
	stream->left--;
	strbuf_append_text(part, "part\n");
	return true;
}

void stream_free(struct stream *stream)
{
	free(stream);
}
