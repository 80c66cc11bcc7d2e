/* A client for tests of the HTTP layer: sends what it is told, to the byte. */
#ifndef TESTS_HTTP_CLIENT_H
#define TESTS_HTTP_CLIENT_H

#include <stdbool.h>
#include <udcg/base/strbuf.h>

struct exchange_result {
	struct strbuf bytes; /* all that came */
	bool closed; /* by the server, after it */
	bool reset;
};

int http_connect(unsigned short port);
/* The same with a socket of the caller's making. */
bool http_connect_socket(int fd, unsigned short port);
void http_send(int fd, const void *data, size_t length);
/* Until the server closes, or is silent for so long. */
struct exchange_result http_receive(int fd, int milliseconds);
/* Until that text has come. */
struct exchange_result http_receive_text(int fd, const char *text);
/* Until `count` replies with Content-Length, or without a body, have come whole. */
struct exchange_result http_receive_replies(int fd, unsigned count);
/* One connection: until the server closes it, where it is to; else until that text has come, and nothing
 * more does. */
struct exchange_result http_exchange(unsigned short port, const void *data, size_t length,
	bool closes, const char *text);

unsigned http_status(const struct exchange_result *result); /* of the first reply */
/* A port that nobody listens on. */
unsigned short http_free_port(void);

#endif
