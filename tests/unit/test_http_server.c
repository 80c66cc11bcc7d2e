#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include <udcg/base/log.h>
#include <udcg/http/server.h>

#include "fake_service.h"
#include "http_client.h"

#define PATIENCE 20 /* seconds; a busy machine may take its time */

struct fixture {
	struct service *service;
	struct server *server;
	unsigned short port, admin_port;
	unsigned patience, idle, heartbeat;
};

static double now(void)
{
	struct timespec time = {0};
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void start(struct fixture *fixture, unsigned workers, unsigned max_connections, bool admin)
{
	char listen[32], admin_listen[32];
	const struct server_options options = {
		.listen = listen,
		.admin_listen = admin ? admin_listen : NULL,
		.workers = workers,
		.query_threads = 1,
		.cache_size = 8 << 20,
		.max_connections = max_connections,
		.patience = fixture->patience,
		.idle = fixture->idle,
		.heartbeat = fixture->heartbeat,
	};
	_cleanup_strbuf_ struct strbuf reason = {0};
	fixture->service = fake_service_create();
	enum server_status status = SERVER_IN_USE;
	/* Somebody else may have got a port meanwhile. */
	for (int tries = 0; status == SERVER_IN_USE && tries < 10; tries++) {
		fixture->port = http_free_port();
		fixture->admin_port = http_free_port();
		snprintf(listen, sizeof(listen), "127.0.0.1:%u", fixture->port);
		snprintf(admin_listen, sizeof(admin_listen), "127.0.0.1:%u", fixture->admin_port);
		status = server_create(fixture->service, &options, &reason, &fixture->server);
	}
	assert_int_equal(status, SERVER_OK);
	assert_int_equal(server_start(fixture->server, &reason), SERVER_OK);
}

static void stop(struct fixture *fixture)
{
	assert_true(server_stop(fixture->server));
	server_free(fixture->server);
	service_free(fixture->service);
}

static struct exchange_result ask(unsigned short port, const char *head)
{
	return http_exchange(port, head, strlen(head), false, "\r\n\r\n");
}

/* What is answered for the last time on its connection. */
static struct exchange_result ask_last(unsigned short port, const char *head)
{
	return http_exchange(port, head, strlen(head), true, NULL);
}

static void await_answers(const struct fixture *fixture, unsigned count)
{
	for (double begin = now(); fake_service_answers(fixture->service) < count; usleep(1000))
		assert_true(now() - begin < PATIENCE);
}

static bool says(const struct exchange_result *result, const char *text)
{
	return strstr(strbuf_bytes(&result->bytes).data, text) != NULL;
}

#define HOST "Host: x\r\n"
#define GET(target) "GET " target " HTTP/1.1\r\n" HOST "\r\n"

static void requests(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		unsigned status;
		bool closes;
		const char *says, *says_not;
	} cases[] = {
		{.head = GET("/hello"), .status = 200, .says = "generation 1 answer"},
		{.head = GET("/live"), .status = 200},
		{.head = GET("/later?5"), .status = 200, .says = "generation"},
		{.head = GET("/nothing"), .status = 404, .says = "X-Request-Id: "},
		{.head = GET("/hello?%00"), .status = 404},
		/* One reply a request, whatever is behind it. */
		{.head = GET("/hello") GET("/nothing"), .status = 200, .says = "404"},
		/* The forms of a target. */
		{.head = "GET http://h:80/hello HTTP/1.1\r\n" HOST "\r\n", .status = 200},
		{.head = "GET HTTPS://h/hello HTTP/1.1\r\n" HOST "\r\n", .status = 200},
		{.head = "GET http://h?x HTTP/1.1\r\n" HOST "\r\n", .status = 404},
		{.head = "GET http://u@h/hello HTTP/1.1\r\n" HOST "\r\n",
			.status = 400,
			.closes = true},
		{.head = "GET http:///hello HTTP/1.1\r\n" HOST "\r\n",
			.status = 400,
			.closes = true},
		{.head = "GET hello HTTP/1.1\r\n" HOST "\r\n", .status = 400, .closes = true},
		{.head = "GET /a b HTTP/1.1\r\n" HOST "\r\n", .status = 400, .closes = true},
		{.head = "GET /a\x01 HTTP/1.1\r\n" HOST "\r\n", .status = 400, .closes = true},
		{.head = "OPTIONS * HTTP/1.1\r\n" HOST "\r\n",
			.status = 204,
			.says = "Allow: ",
			.says_not = "Content-Length"},
		{.head = "CONNECT h:80 HTTP/1.1\r\n" HOST "\r\n", .status = 405},
		{.head = "BREW /hello HTTP/1.1\r\n" HOST "\r\n", .status = 501},
		/* Framing. */
		{.head = "GET /hello HTTP/1.1\r\n\r\n", .status = 400, .closes = true},
		{.head = "GET /hello HTTP/1.1\r\n" HOST HOST "\r\n", .status = 400, .closes = true},
		{.head = "GET /hello HTTP/1.1\r\nHost: a b\r\n\r\n", .status = 400, .closes = true},
		{.head = "GET /hello HTTP/1.0\r\n\r\n", .status = 200, .closes = true},
		{.head = "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", .status = 200},
		{.head = "GET /hello HTTP/1.0\r\n" HOST HOST "\r\n", .status = 400, .closes = true},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
			.status = 200,
			.closes = true},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "A b: c\r\n\r\n",
			.status = 400,
			.closes = true},
		{.head = "GET /hello HTTP/1.1\r\n" HOST ": c\r\n" GET("/live"),
			.status = 400,
			.closes = true,
			.says_not = "200 OK"},
		{.head = "GET /hello HTTP/1.1\r\n" HOST ":\r\n" GET("/live"),
			.status = 400,
			.closes = true,
			.says_not = "200 OK"},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "A: b\r\n c\r\n\r\n",
			.status = 400,
			.closes = true},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "A:\r\n\r\n", .status = 200},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "A: b \t\r\n\r\n", .status = 200},
		{.head = "GET /hello HTTP/1.1\nHost: x\n\n", .status = 200},
		{.head = "\r\nGET /hello HTTP/1.1\r\n" HOST "\r\n", .status = 200},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "Ab : c\r\n\r\n",
			.status = 400,
			.closes = true},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "A: c\x01\r\n\r\n",
			.status = 400,
			.closes = true},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "A: \xc3\xa4\t\r\n\r\n", .status = 200},
		{.head = "GET /hello HTTP/1.1\r\n" HOST
			 "Content-Length: 0\r\nContent-Length: 0\r\n\r\n",
			.status = 400,
			.closes = true},
		{.head = "GET /hello HTTP/1.1\r\n" HOST
			 "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" GET("/hello"),
			.status = 400,
			.closes = true,
			.says_not = "200 OK"},
		{.head = "POST /hello HTTP/1.1\r\n" HOST
			 "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
			 "0\r\n\r\n" GET("/hello"),
			.status = 400,
			.closes = true,
			.says_not = "200 OK"},
		/* Bodies. */
		{.head = "GET /hello HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc",
			.status = 200,
			.closes = true},
		{.head = "POST /hello HTTP/1.1\r\n" HOST
			 "Content-Length: 3\r\n\r\nabc" GET("/hello"),
			.status = 405,
			.closes = true,
			.says_not = "200 OK"},
		{.head = "POST /hello HTTP/1.1\r\n" HOST
			 "Content-Length: 3\r\nExpect: 100-continue\r\n\r\n",
			.status = 405,
			.closes = true},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "Content-Length: 100000\r\n\r\n",
			.status = 400,
			.closes = true},
		/* Conditions. */
		{.head = "GET /hello HTTP/1.1\r\n" HOST "If-None-Match: \"0\", W/\"1\"\r\n\r\n",
			.status = 304,
			.says = "Content-Length: 2",
			.says_not = "generation"},
		{.head = "GET /hello HTTP/1.1\r\n" HOST
			 "If-None-Match: \"0\"\r\nif-none-match: \"1\"\r\n\r\n",
			.status = 304},
		{.head = "GET /known HTTP/1.1\r\n" HOST "If-None-Match: \"1\"\r\n\r\n",
			.status = 304,
			.says = "Content-Length: 2"},
		{.head = "GET /stream?3 HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n",
			.status = 304,
			.closes = true,
			.says_not = "Content-Length"},
		{.head = "GET /nothing HTTP/1.1\r\n" HOST "If-None-Match: *\r\n\r\n",
			.status = 404},
		{.head = "HEAD /hello HTTP/1.1\r\n" HOST "\r\n",
			.status = 200,
			.says = "Content-Length: 2",
			.says_not = "generation"},
		{.head = "HEAD /stream?3 HTTP/1.1\r\n" HOST "\r\n",
			.status = 200,
			.closes = true,
			.says_not = "part"},
		/* Streams. */
		{.head = GET("/stream?3") GET("/hello"),
			.status = 200,
			.says = "5\r\npart\n\r\n5\r\npart\n\r\n5\r\npart\n\r\n0\r\n\r\nHTTP/1.1 200"},
		{.head = "GET /stream?2 HTTP/1.0\r\n\r\n",
			.status = 200,
			.closes = true,
			.says = "\r\n\r\npart\npart\n"},
		{.head = GET("/broken"), .status = 200, .closes = true, .says_not = "\r\n0\r\n"},
		/* Request ids. */
		{.head = "GET /hello HTTP/1.1\r\n" HOST "X-Request-Id: a.B_9-\r\n\r\n",
			.status = 200,
			.says = "X-Request-Id: a.B_9-\r\n"},
		{.head = "GET /hello HTTP/1.1\r\n" HOST "X-Request-Id: a/b\r\n\r\n",
			.status = 200,
			.says_not = "X-Request-Id"},
		{.head = "GET /metrics HTTP/1.1\r\n" HOST "\r\n",
			.status = 200,
			.says = "udcg_http_requests_total{route="},
	};
	struct fixture fixture = {0};
	start(&fixture, 1, 100, false);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct exchange_result result =
			http_exchange(fixture.port, cases[i].head, strlen(cases[i].head),
				cases[i].closes, cases[i].says ? cases[i].says : "\r\n\r\n");
		const char *bytes = strbuf_bytes(&result.bytes).data;
		if (http_status(&result) != cases[i].status || result.closed != cases[i].closes
			|| result.reset || (cases[i].says && !says(&result, cases[i].says))
			|| (cases[i].says_not && says(&result, cases[i].says_not)))
			fail_msg("%s\ngave%s\n%s", cases[i].head, result.closed ? " (closed)" : "",
				bytes);
		strbuf_free(&result.bytes);
	}
	stop(&fixture);
}

/* Whatever its status was. */
static void the_log_says_why_a_stream_ended(void **state)
{
	(void)state;
	int ends[2], kept = dup(STDERR_FILENO);
	assert_int_equal(pipe2(ends, O_DIRECT | O_NONBLOCK | O_CLOEXEC), 0);
	dup2(ends[1], STDERR_FILENO);
	log_configure((struct log_settings){.level = LOG_INFO});
	struct fixture fixture = {0};
	start(&fixture, 1, 100, false);
	static const char stream[] = GET("/stream?2");
	struct exchange_result result =
		http_exchange(fixture.port, stream, strlen(stream), false, "0\r\n\r\n");
	strbuf_free(&result.bytes);
	result = ask_last(fixture.port, GET("/broken"));
	strbuf_free(&result.bytes);
	stop(&fixture);
	log_configure((struct log_settings){.level = LOG_ERROR});
	dup2(kept, STDERR_FILENO);
	_cleanup_strbuf_ struct strbuf log = {0};
	char line[1024];
	for (ssize_t length; (length = read(ends[0], line, sizeof(line))) > 0;)
		strbuf_append_bytes(&log, (struct bytes){line, (size_t)length});
	close(ends[0]);
	close(ends[1]);
	close(kept);
	assert_non_null(strstr(strbuf_bytes(&log).data, "target=/broken status=200"));
	assert_non_null(strstr(log.data, " reason=\"it broke\"\n"));
	assert_null(strstr(log.data, "/stream?2"));
}

static void a_nul_in_the_target(void **state)
{
	(void)state;
	static const char head[] = "GET /hello\0.png HTTP/1.1\r\n" HOST "\r\n";
	struct fixture fixture = {0};
	start(&fixture, 1, 100, false);
	struct exchange_result result =
		http_exchange(fixture.port, head, sizeof(head) - 1, true, NULL);
	assert_int_equal(http_status(&result), 400);
	strbuf_free(&result.bytes);
	stop(&fixture);
}

/* Long targets and many arguments reach the API, which has a word for them. */
static void long_targets(void **state)
{
	(void)state;
	struct fixture fixture = {0};
	start(&fixture, 1, 100, false);
	for (int arguments = 0; arguments < 2; arguments++) {
		_cleanup_strbuf_ struct strbuf head = {0};
		strbuf_append_text(&head, "GET /?");
		for (int i = 0; i < 4000; i++)
			strbuf_append_text(&head, arguments ? "a&" : "ab");
		strbuf_append_text(&head, " HTTP/1.1\r\n" HOST "\r\n");
		struct exchange_result result = ask(fixture.port, head.data);
		assert_int_equal(http_status(&result), 414);
		assert_true(says(&result, "problem+json"));
		strbuf_free(&result.bytes);
	}
	stop(&fixture);
}

/* However much the client sends, it gets to read why that was in vain. */
static void a_big_body_is_refused_readably(void **state)
{
	(void)state;
	static const char head[] =
		"POST /hello HTTP/1.1\r\n" HOST "Content-Length: 2000000\r\n\r\n";
	struct fixture fixture = {0};
	start(&fixture, 1, 100, false);
	char *body = calloc(1, 2000000);
	for (int i = 0; i < 20; i++) {
		int fd = http_connect(fixture.port);
		http_send(fd, head, sizeof(head) - 1);
		http_send(fd, body, 2000000);
		struct exchange_result result = http_receive(fd, 1000 * PATIENCE);
		assert_int_equal(http_status(&result), 405);
		assert_true(result.closed && !result.reset);
		strbuf_free(&result.bytes);
		close(fd);
	}
	free(body);
	stop(&fixture);
}

static void the_cache_answers_until_the_next_dataset(void **state)
{
	(void)state;
	struct fixture fixture = {0};
	start(&fixture, 1, 100, false);
	static const char hello[] = GET("/hello");
	struct exchange_result first =
		http_exchange(fixture.port, hello, strlen(hello), false, "answer");
	unsigned answers = fake_service_answers(fixture.service);
	struct exchange_result second =
		http_exchange(fixture.port, hello, strlen(hello), false, "answer");
	assert_int_equal(fake_service_answers(fixture.service), answers);
	assert_string_equal(strstr(first.bytes.data, "\r\n\r\n"),
		strstr(second.bytes.data, "\r\n\r\n"));
	/* Only what was computed for a request says how long that took. */
	assert_non_null(strstr(first.bytes.data, "Server-Timing: compute;dur="));
	assert_null(strstr(second.bytes.data, "Server-Timing"));

	/* Another representation, and another target, are other entries. */
	struct exchange_result other =
		ask(fixture.port, "GET /hello HTTP/1.1\r\n" HOST "Accept: text/csv\r\n\r\n");
	assert_int_equal(fake_service_answers(fixture.service), answers + 1);

	fake_service_reload(fixture.service);
	server_dataset_changed(fixture.server);
	struct exchange_result third =
		http_exchange(fixture.port, hello, strlen(hello), false, "answer");
	assert_true(says(&third, "generation 2"));
	strbuf_free(&first.bytes);
	strbuf_free(&second.bytes);
	strbuf_free(&other.bytes);
	strbuf_free(&third.bytes);
	stop(&fixture);
}

/* What began before a reload must not be kept as if it came after it. */
static void a_reload_while_computing(void **state)
{
	(void)state;
	struct fixture fixture = {0};
	start(&fixture, 1, 100, false);
	int fd = http_connect(fixture.port);
	http_send(fd, GET("/held"), strlen(GET("/held")));
	await_answers(&fixture,
		2); /* the loop's, that it takes a query thread, and that thread's */
	fake_service_reload(fixture.service);
	server_dataset_changed(fixture.server);
	fake_service_release(fixture.service);
	struct exchange_result result = http_receive_replies(fd, 1);
	assert_int_equal(http_status(&result), 200);
	strbuf_free(&result.bytes);
	unsigned answers = fake_service_answers(fixture.service);
	http_send(fd, GET("/held"), strlen(GET("/held")));
	result = http_receive_replies(fd, 1);
	assert_true(fake_service_answers(fixture.service) > answers);
	strbuf_free(&result.bytes);
	close(fd);
	stop(&fixture);
}

/* One thread, sixteen may wait: the others are told so, and cached replies do not wait for them. */
static void too_many_slow_queries(void **state)
{
	(void)state;
	enum { CLIENTS = 30 };
	struct fixture fixture = {0};
	start(&fixture, 1, 100, false);
	struct exchange_result hello = ask(fixture.port, GET("/hello"));
	strbuf_free(&hello.bytes);
	int fds[CLIENTS];
	unsigned answers = fake_service_answers(fixture.service);
	for (unsigned i = 0; i < CLIENTS; i++) {
		char head[128];
		snprintf(head, sizeof(head), "GET /held?%u HTTP/1.1\r\n" HOST "\r\n", i);
		fds[i] = http_connect(fixture.port);
		http_send(fds[i], head, strlen(head));
		/* The query thread has the first one, and the loop has seen the others. */
		await_answers(&fixture, answers + i + 2);
	}
	hello = ask(fixture.port, GET("/hello"));
	assert_int_equal(http_status(&hello), 200);
	strbuf_free(&hello.bytes);
	fake_service_release(fixture.service);
	unsigned good = 0, refused = 0;
	for (int i = 0; i < CLIENTS; i++) {
		struct exchange_result result = http_receive_replies(fds[i], 1);
		good += http_status(&result) == 200;
		refused += http_status(&result) == 503;
		strbuf_free(&result.bytes);
		close(fds[i]);
	}
	assert_int_equal(good + refused, CLIENTS);
	assert_int_equal(good, 17);
	stop(&fixture);
}

static unsigned status_of(unsigned short port, const char *head)
{
	struct exchange_result result = ask(port, head);
	unsigned status = http_status(&result);
	strbuf_free(&result.bytes);
	return status;
}

static void too_many_connections(void **state)
{
	(void)state;
	struct fixture fixture = {0};
	start(&fixture, 1, 3, false);
	int fds[3];
	for (int i = 0; i < 3; i++) {
		fds[i] = http_connect(fixture.port);
		http_send(fds[i], GET("/hello"), strlen(GET("/hello")));
		struct exchange_result result = http_receive_replies(fds[i], 1);
		assert_int_equal(http_status(&result), 200);
		strbuf_free(&result.bytes);
	}
	struct exchange_result result = ask_last(fixture.port, GET("/hello"));
	assert_int_equal(http_status(&result), 503);
	assert_true(result.closed);
	strbuf_free(&result.bytes);
	close(fds[0]);
	double begin = now();
	while (status_of(fixture.port, GET("/hello")) != 200) {
		assert_true(now() - begin < PATIENCE);
		usleep(10000);
	}
	close(fds[1]);
	close(fds[2]);
	stop(&fixture);
}

/* Sends a byte now and then, the last one again and again; tells when the server had enough. */
static double drip(unsigned short port, const char *text)
{
	int fd = http_connect(port);
	double begin = now();
	struct exchange_result result = {0};
	for (const char *at = text; !result.closed && now() - begin < PATIENCE;
		at += at[1] != '\0') {
		http_send(fd, at, 1);
		strbuf_free(&result.bytes);
		result = http_receive(fd, 100);
	}
	strbuf_free(&result.bytes);
	close(fd);
	return result.closed ? now() - begin : 0;
}

/* A client that is never quite idle is let go all the same, whatever it is slow in. */
static void slow_clients(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"GET /hello",
		"GET / HTTP/1.1\r\nA: b",
	};
	struct fixture fixture = {.patience = 1000};
	start(&fixture, 1, 100, false);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		double seconds = drip(fixture.port, texts[i]);
		if (seconds < 0.9)
			fail_msg("%s: %.1f s", texts[i], seconds);
	}
	/* The second request of a connection. */
	int fd = http_connect(fixture.port);
	http_send(fd, GET("/hello"), strlen(GET("/hello")));
	struct exchange_result result = http_receive_replies(fd, 1);
	strbuf_free(&result.bytes);
	double begin = now();
	for (result.closed = false; !result.closed && now() - begin < PATIENCE;) {
		http_send(fd, "x", 1);
		strbuf_free(&result.bytes);
		result = http_receive(fd, 100);
	}
	assert_true(result.closed);
	strbuf_free(&result.bytes);
	close(fd);

	/* A reader that takes little. */
	const int small = 4096;
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	http_connect_socket(fd, fixture.port);
	for (int i = 0; i < 20; i++)
		http_send(fd, GET("/big"), strlen(GET("/big")));
	char byte;
	struct pollfd watched = {.fd = fd};
	begin = now();
	while (poll(&watched, 1, 20) == 0 && now() - begin < PATIENCE)
		(void)!recv(fd, &byte, 1, 0);
	assert_true(watched.revents & (POLLERR | POLLHUP));
	close(fd);
	stop(&fixture);
}

/* A steady reader is not idle, though the kernel has all that the server can give it at the moment;
 * whoever asks for nothing is. */
static void steady_clients(void **state)
{
	(void)state;
	const int small = 4096;
	struct fixture fixture = {.idle = 1000};
	start(&fixture, 1, 100, false);
	int idle = http_connect(fixture.port), fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	http_connect_socket(fd, fixture.port);
	for (int i = 0; i < 20; i++)
		http_send(fd, GET("/big"), strlen(GET("/big")));
	char part[2048];
	for (double begin = now(); now() - begin < 5; usleep(50000))
		assert_true(recv(fd, part, sizeof(part), 0) > 0);
	struct exchange_result result = http_receive(idle, 1000 * PATIENCE);
	assert_true(result.closed);
	strbuf_free(&result.bytes);
	close(idle);
	close(fd);
	stop(&fixture);
}

/* Idle ones, however many, are no burden to the others and are not let go at once. */
static void many_idle_clients(void **state)
{
	(void)state;
	enum { CLIENTS = 400 };
	struct fixture fixture = {.patience = 1000};
	start(&fixture, 2, 1000, false);
	static int fds[CLIENTS];
	for (int i = 0; i < CLIENTS; i++) {
		fds[i] = http_connect(fixture.port);
		if (i % 2)
			http_send(fds[i], GET("/hello"), strlen(GET("/hello")));
	}
	for (int i = 0; i < 3; i++) {
		assert_int_equal(status_of(fixture.port, GET("/live")), 200);
		sleep(1);
	}
	for (int i = 1; i < CLIENTS; i += 2) {
		struct exchange_result result = http_receive_replies(fds[i], 1);
		assert_int_equal(http_status(&result), 200);
		assert_false(result.closed);
		strbuf_free(&result.bytes);
	}
	for (int i = 0; i < CLIENTS; i++)
		close(fds[i]);
	stop(&fixture);
}

static void administration_apart(void **state)
{
	(void)state;
	struct fixture fixture = {0};
	start(&fixture, 2, 100, true);
	const struct {
		const char *head;
		unsigned main, admin;
	} cases[] = {
		{.head = GET("/hello"), .main = 200, .admin = 404},
		{.head = GET("/livez"), .main = 404, .admin = 200},
		{.head = GET("/livez?x"), .main = 404, .admin = 404},
		{.head = GET("/metrics"), .main = 404, .admin = 200},
		{.head = "GET /livez HTTP/1.1\r\n\r\n", .main = 400, .admin = 400},
		{.head = "POST /livez HTTP/1.1\r\n" HOST "Content-Length: 65537\r\n\r\n",
			.main = 404,
			.admin = 405},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct exchange_result main = ask(fixture.port, cases[i].head);
		struct exchange_result admin = ask(fixture.admin_port, cases[i].head);
		assert_int_equal(http_status(&main), cases[i].main);
		assert_int_equal(http_status(&admin), cases[i].admin);
		strbuf_free(&main.bytes);
		strbuf_free(&admin.bytes);
	}
	stop(&fixture);
}

static void a_second_server_is_refused(void **state)
{
	(void)state;
	for (unsigned workers = 1; workers <= 2; workers++) {
		struct fixture fixture = {0};
		start(&fixture, workers, 100, false);
		char listen[32];
		snprintf(listen, sizeof(listen), "127.0.0.1:%u", fixture.port);
		const struct server_options options = {
			.listen = listen,
			.workers = 3 - workers,
			.query_threads = 1,
			.max_connections = 10,
		};
		_cleanup_strbuf_ struct strbuf reason = {0};
		struct server *second = NULL;
		assert_int_equal(server_create(fixture.service, &options, &reason, &second),
			SERVER_IN_USE);
		assert_non_null(strstr(reason.data, listen));
		stop(&fixture);
	}
}

static void addresses(void **state)
{
	(void)state;
	static const struct {
		const char *listen;
		enum server_status status;
	} cases[] = {
		{.listen = "127.0.0.1:0", .status = SERVER_OK},
		{.listen = "localhost:0", .status = SERVER_OK},
		{.listen = "127.0.0.1", .status = SERVER_ADDRESS},
		{.listen = ":80", .status = SERVER_ADDRESS},
		{.listen = "127.0.0.1:", .status = SERVER_ADDRESS},
		{.listen = "127.0.0.1:x", .status = SERVER_ADDRESS},
		{.listen = "127.0.0.1:66000", .status = SERVER_ADDRESS},
		{.listen = "::1:80", .status = SERVER_ADDRESS},
		{.listen = "[::1:80", .status = SERVER_ADDRESS},
		{.listen = "[]:80", .status = SERVER_ADDRESS},
		{.listen = "192.0.2.1:80", .status = SERVER_SYSTEM},
	};
	struct service *service = fake_service_create();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct server_options options = {
			.listen = cases[i].listen,
			.workers = 2,
			.query_threads = 1,
			.max_connections = 10,
		};
		_cleanup_strbuf_ struct strbuf reason = {0};
		struct server *server = NULL;
		enum server_status status = server_create(service, &options, &reason, &server);
		if (status != cases[i].status)
			fail_msg("%s: %d %s", cases[i].listen, (int)status,
				strbuf_bytes(&reason).data);
		server_free(server);
	}
	service_free(service);
}

struct stopping {
	struct server *server;
	bool complete;
};

static void *stop_in_background(void *context)
{
	struct stopping *stopping = context;
	stopping->complete = server_stop(stopping->server);
	return NULL;
}

static void await_closed_door(unsigned short port)
{
	for (double begin = now(); now() - begin < PATIENCE;) {
		int fd = http_connect(port);
		if (fd < 0)
			return;
		close(fd);
		usleep(1000);
	}
	fail_msg("still listening");
}

static void is_answered_for_the_last_time(int fd)
{
	struct exchange_result result = http_receive(fd, 1000 * PATIENCE);
	assert_int_equal(http_status(&result), 200);
	assert_true(result.closed && says(&result, "Connection: close"));
	strbuf_free(&result.bytes);
}

/* What asks for nothing is let go after a quarter of a second, and all else after four. False where this
 * thread did not get to it before that: then nothing was shown. */
static bool ends_gracefully(void)
{
	struct fixture fixture = {0};
	start(&fixture, 2, 100, false);
	int idle = http_connect(fixture.port), half = http_connect(fixture.port);
	int slow = http_connect(fixture.port), kept = http_connect(fixture.port);
	http_send(half, "GET /hel", 8);
	http_send(slow, GET("/held"), strlen(GET("/held")));
	http_send(kept, GET("/hello"), strlen(GET("/hello")));
	struct exchange_result result = http_receive_replies(kept, 1);
	assert_false(says(&result, "Connection: close"));
	strbuf_free(&result.bytes);
	await_answers(&fixture, 3);

	pthread_t thread;
	struct stopping stopping = {.server = fixture.server};
	double begin = now();
	pthread_create(&thread, NULL, stop_in_background, &stopping);
	await_closed_door(fixture.port);
	http_send(kept, GET("/hello"), strlen(GET("/hello"))); /* just before it is let go */
	bool in_time = now() - begin < 0.2;
	if (in_time)
		is_answered_for_the_last_time(kept);
	int quiet[] = {idle, half};
	for (size_t i = 0; i < 2; i++) {
		result = http_receive(quiet[i], 1000 * PATIENCE);
		assert_true(result.closed && result.bytes.length == 0);
		strbuf_free(&result.bytes);
	}
	/* They were not kept by who still waits for an answer. */
	fake_service_release(fixture.service);
	in_time = in_time && now() - begin < 3.5;
	if (in_time)
		is_answered_for_the_last_time(slow);
	pthread_join(thread, NULL);
	assert_true(stopping.complete);
	close(idle);
	close(half);
	close(slow);
	close(kept);
	server_free(fixture.server);
	service_free(fixture.service);
	return in_time;
}

/* Who has sent a request gets its answer, who has not is let go, and nobody holds up the end. */
static void a_graceful_end(void **state)
{
	(void)state;
	for (int tries = 0; !ends_gracefully(); tries++)
		assert_true(tries < PATIENCE);
}

static void an_endless_stream_is_cut(void **state)
{
	(void)state;
	struct fixture fixture = {0};
	start(&fixture, 1, 100, false);
	int fd = http_connect(fixture.port);
	http_send(fd, GET("/slow-stream"), strlen(GET("/slow-stream")));
	usleep(200000);
	assert_true(server_stop(fixture.server));
	struct exchange_result result = http_receive(fd, 1000 * PATIENCE);
	assert_true(result.closed);
	assert_false(says(&result, "\r\n0\r\n"));
	strbuf_free(&result.bytes);
	close(fd);
	server_free(fixture.server);
	service_free(fixture.service);
}

static int subscribe(unsigned short port, const char *head)
{
	int fd = http_connect(port);
	http_send(fd, head, strlen(head));
	return fd;
}

static void hears(int fd, const char *text)
{
	struct exchange_result result = http_receive_text(fd, text);
	if (!says(&result, text))
		fail_msg("not %s: %s", text, strbuf_bytes(&result.bytes).data);
	strbuf_free(&result.bytes);
}

static void reload(struct fixture *fixture)
{
	fake_service_reload(fixture->service);
	server_dataset_changed(fixture->server);
}

#define EVENTS GET("/events")

static void events(void **state)
{
	(void)state;
	static const char known[] = "GET /events HTTP/1.1\r\n" HOST "Last-Event-ID: 1\r\n\r\n";
	struct fixture fixture = {.heartbeat = 1000};
	start(&fixture, 2, 10, false);
	int fds[] = {
		subscribe(fixture.port, EVENTS),
		subscribe(fixture.port, "GET /events HTTP/1.0\r\n\r\n"),
		subscribe(fixture.port, known),
	};
	hears(fds[0], "\r\nid: 1\ndata: 0");
	hears(fds[1], "\r\n\r\nid: 1\ndata: 0");
	/* It knows that one, so that there is but a sign of life. */
	struct exchange_result result = http_receive_text(fds[2], ":\n\n");
	assert_true(says(&result, ":\n\n") && !says(&result, "id: "));
	strbuf_free(&result.bytes);

	for (int generation = 2; generation < 5; generation++) {
		char id[16];
		snprintf(id, sizeof(id), "id: %d\n", generation);
		reload(&fixture);
		for (size_t i = 0; i < 3; i++)
			hears(fds[i], id);
	}
	for (size_t i = 0; i < 3; i++)
		hears(fds[i], ":\n\n");
	/* Neither query threads nor the loops are held. */
	assert_int_equal(status_of(fixture.port, GET("/later?1")), 200);
	/* HEAD asks for no events. */
	result = ask_last(fixture.port, "HEAD /events HTTP/1.1\r\n" HOST "\r\n");
	assert_int_equal(http_status(&result), 200);
	assert_true(result.closed && !says(&result, "id: "));
	strbuf_free(&result.bytes);

	assert_true(server_stop(fixture.server));
	for (size_t i = 0; i < 3; i++) {
		result = http_receive(fds[i], 1000 * PATIENCE);
		assert_true(result.closed && !result.reset);
		assert_true(i == 1 || says(&result, "0\r\n\r\n"));
		strbuf_free(&result.bytes);
		close(fds[i]);
	}
	server_free(fixture.server);
	service_free(fixture.service);
}

/* Half of the connections may wait for events; who leaves makes room. */
static void too_many_subscribers(void **state)
{
	(void)state;
	struct fixture fixture = {0};
	start(&fixture, 2, 5, false);
	int fds[3];
	for (int i = 0; i < 3; i++) {
		fds[i] = subscribe(fixture.port, EVENTS);
		hears(fds[i], "id: 1\n");
	}
	assert_int_equal(status_of(fixture.port, EVENTS), 503);
	assert_int_equal(status_of(fixture.port, GET("/hello")), 200);
	close(fds[0]);
	double begin = now();
	while (status_of(fixture.port, EVENTS) != 200) {
		assert_true(now() - begin < PATIENCE);
		usleep(50000);
	}
	close(fds[1]);
	close(fds[2]);
	stop(&fixture);
}

/* It is let go, and the others do not notice. */
static void a_subscriber_that_does_not_read(void **state)
{
	(void)state;
	const int small = 4096;
	struct fixture fixture = {.patience = 1000, .heartbeat = 1000};
	start(&fixture, 1, 10, false);
	int deaf = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(deaf, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	http_connect_socket(deaf, fixture.port);
	http_send(deaf, EVENTS, strlen(EVENTS));
	int fd = subscribe(fixture.port, EVENTS);
	hears(fd, "id: 1\n");
	for (int i = 2; i < 50; i++) {
		char id[16];
		snprintf(id, sizeof(id), "id: %d\n", i);
		reload(&fixture);
		hears(fd, id);
	}
	struct pollfd watched = {.fd = deaf};
	assert_int_equal(poll(&watched, 1, 1000 * PATIENCE), 1);
	assert_true(watched.revents & (POLLERR | POLLHUP));
	/* One that reads is kept for longer than the other was. */
	for (int i = 0; i < 3; i++)
		hears(fd, ":\n\n");
	reload(&fixture);
	hears(fd, "id: 50\n");
	close(deaf);
	close(fd);
	stop(&fixture);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	log_configure((struct log_settings){.level = LOG_ERROR});
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests),
		cmocka_unit_test(the_log_says_why_a_stream_ended),
		cmocka_unit_test(a_nul_in_the_target),
		cmocka_unit_test(long_targets),
		cmocka_unit_test(a_big_body_is_refused_readably),
		cmocka_unit_test(the_cache_answers_until_the_next_dataset),
		cmocka_unit_test(a_reload_while_computing),
		cmocka_unit_test(too_many_slow_queries),
		cmocka_unit_test(too_many_connections),
		cmocka_unit_test(slow_clients),
		cmocka_unit_test(steady_clients),
		cmocka_unit_test(many_idle_clients),
		cmocka_unit_test(administration_apart),
		cmocka_unit_test(a_second_server_is_refused),
		cmocka_unit_test(addresses),
		cmocka_unit_test(a_graceful_end),
		cmocka_unit_test(an_endless_stream_is_cut),
		cmocka_unit_test(events),
		cmocka_unit_test(too_many_subscribers),
		cmocka_unit_test(a_subscriber_that_does_not_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
