#include "http_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SILENCE_MILLISECONDS = 50, PATIENCE_MILLISECONDS = 10000 };

static struct sockaddr_in local(unsigned short port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

bool http_connect_socket(int fd, unsigned short port)
{
	struct sockaddr_in address = local(port);
	return connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0;
}

int http_connect(unsigned short port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (http_connect_socket(fd, port))
		return fd;
	close(fd);
	return -1;
}

void http_send(int fd, const void *data, size_t length)
{
	const char *at = data;
	while (length > 0) {
		ssize_t sent = send(fd, at, length, MSG_NOSIGNAL);
		if (sent <= 0)
			return;
		at += sent;
		length -= (size_t)sent;
	}
}

static bool receive_some(int fd, int milliseconds, struct exchange_result *result)
{
	char part[65536];
	struct pollfd waiting = {.fd = fd, .events = POLLIN};
	if (poll(&waiting, 1, milliseconds) <= 0)
		return false;
	ssize_t length = recv(fd, part, sizeof(part), 0);
	if (length > 0) {
		strbuf_append(&result->bytes, part, (size_t)length);
		return true;
	}
	result->closed = true;
	result->reset = length < 0 && errno == ECONNRESET;
	return false;
}

struct exchange_result http_receive(int fd, int milliseconds)
{
	struct exchange_result result = {0};
	while (receive_some(fd, milliseconds, &result))
		;
	return result;
}

struct exchange_result http_receive_text(int fd, const char *text)
{
	struct exchange_result result = {0};
	while (receive_some(fd, PATIENCE_MILLISECONDS, &result) && !strstr(result.bytes.data, text))
		;
	return result;
}

/* How many replies are whole in there. */
static unsigned count_replies(const struct strbuf *bytes)
{
	unsigned count = 0;
	const char *at = bytes->data, *end = at + bytes->length;
	while (at < end) {
		const char *body = strstr(at, "\r\n\r\n");
		const char *length = strstr(at, "Content-Length: ");
		if (!body)
			return count;
		at = body + 4;
		if (length && length < body)
			at += strtoul(length + strlen("Content-Length: "), NULL, 10);
		count += at <= end;
	}
	return count;
}

struct exchange_result http_receive_replies(int fd, unsigned count)
{
	struct exchange_result result = {0};
	while (receive_some(fd, PATIENCE_MILLISECONDS, &result)
		&& count_replies(&result.bytes) < count)
		;
	return result;
}

struct exchange_result http_exchange(unsigned short port, const void *data, size_t length,
	bool closes, const char *text)
{
	int fd = http_connect(port);
	http_send(fd, data, length);
	struct exchange_result result = {0};
	bool more = receive_some(fd, PATIENCE_MILLISECONDS, &result);
	while (more && (closes || !strstr(result.bytes.data, text)))
		more = receive_some(fd, PATIENCE_MILLISECONDS, &result);
	while (more)
		more = receive_some(fd, SILENCE_MILLISECONDS, &result);
	close(fd);
	return result;
}

unsigned http_status(const struct exchange_result *result)
{
	struct bytes bytes = strbuf_bytes(&result->bytes);
	return bytes.length > 12 && strncmp(bytes.data, "HTTP/1.1 ", 9) == 0
		? (unsigned)strtoul(bytes.data + 9, NULL, 10)
		: 0;
}

unsigned short http_free_port(void)
{
	struct sockaddr_in address = local(0);
	socklen_t length = sizeof(address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (bind(fd, (const struct sockaddr *)&address, length) < 0
		|| getsockname(fd, (struct sockaddr *)&address, &length) < 0)
		abort();
	close(fd);
	return ntohs(address.sin_port);
}
