#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <udcg/base/clock.h>
#include <unistd.h>

#include "commands.h"

enum { PROBE_MILLISECONDS = 2000, PART_SIZE = 256 };

struct place {
	char host[PART_SIZE], port[PART_SIZE], path[PART_SIZE];
};

static bool copy_part(char part[static PART_SIZE], const char *text, size_t length)
{
	if (length >= PART_SIZE)
		return false;
	memcpy(part, text, length);
	part[length] = '\0';
	return true;
}

/* HOST:PORT, HOST or [ADDRESS]:PORT. */
static bool split_authority(const char *text, size_t length, struct place *place)
{
	size_t host = length;
	for (size_t i = length; i > 0 && text[i - 1] != ']'; i--) {
		if (text[i - 1] == ':') {
			host = i - 1;
			break;
		}
	}
	if (host < length && !copy_part(place->port, text + host + 1, length - host - 1))
		return false;
	if (host > 2 && text[0] == '[' && text[host - 1] == ']')
		return copy_part(place->host, text + 1, host - 2);
	return host > 0 && copy_part(place->host, text, host);
}

static bool split_url(const char *url, struct place *place)
{
	if (strncmp(url, "http://", 7) != 0)
		return false;
	const char *authority = url + 7;
	size_t length = strcspn(authority, "/");
	const char *path = authority[length] ? authority + length : "/readyz";
	return split_authority(authority, length, place)
		&& copy_part(place->path, path, strlen(path)) && !strpbrk(path, " \r\n");
}

/* Where the server of the same configuration is to be found. */
static bool place_of_config(const struct config *config, struct place *place)
{
	const char *listen = config->admin_listen ? config->admin_listen : config->listen;
	if (!split_authority(listen, strlen(listen), place))
		return false;
	/* It listens on all addresses, this machine's own among them. */
	if (strcmp(place->host, "0.0.0.0") == 0 || strcmp(place->host, "::") == 0)
		return copy_part(place->host, "localhost", strlen("localhost"));
	return true;
}

static bool await(int fd, short events, int64_t deadline)
{
	int64_t left = deadline - clock_milliseconds();
	struct pollfd waiting = {.fd = fd, .events = events};
	if (left > 0 && poll(&waiting, 1, (int)left) > 0)
		return true;
	errno = ETIMEDOUT;
	return false;
}

static bool connect_to(int fd, const struct addrinfo *address, int64_t deadline)
{
	if (connect(fd, address->ai_addr, address->ai_addrlen) == 0)
		return true;
	int error = errno;
	socklen_t length = sizeof(error);
	if (error == EINPROGRESS) {
		if (!await(fd, POLLOUT, deadline))
			return false;
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
	}
	errno = error;
	return error == 0;
}

/* The first address that answers; -1 with errno. */
static int open_connection(const struct addrinfo *address, int64_t deadline)
{
	int fd = -1;
	for (; address && fd < 0; address = address->ai_next) {
		fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (fd >= 0 && !connect_to(fd, address, deadline)) {
			int error = errno;
			close(fd);
			errno = error;
			fd = -1;
		}
	}
	return fd;
}

/* The status of the reply, or 0 with errno. */
static int ask(int fd, const struct place *place, int64_t deadline)
{
	_cleanup_strbuf_ struct strbuf request = {0};
	bool bracket = strchr(place->host, ':');
	strbuf_append_format(&request,
		bracket ? "GET %s HTTP/1.1\r\nHost: [%s]:%s\r\nConnection: close\r\n\r\n"
			: "GET %s HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n",
		place->path, place->host, place->port);
	if (request.failed
		|| send(fd, request.data, request.length, MSG_NOSIGNAL) != (ssize_t)request.length)
		return 0;
	char reply[16] = ""; /* HTTP/1.1 200 */
	size_t length = 0;
	while (length < 12) {
		if (!await(fd, POLLIN, deadline))
			return 0;
		ssize_t got = recv(fd, reply + length, sizeof(reply) - 1 - length, 0);
		if (got <= 0) {
			errno = got == 0 ? ECONNRESET : errno;
			return 0;
		}
		length += (size_t)got;
	}
	errno = EPROTO;
	return strncmp(reply, "HTTP/1.", 7) == 0 ? (int)strtol(reply + 9, NULL, 10) : 0;
}

enum exit_status probe_run(const struct config *config, const char *const *operands)
{
	struct place place = {.port = "80", .path = "/readyz"};
	if (operands[0] ? !split_url(operands[0], &place) : !place_of_config(config, &place)) {
		complain("probe asks a URL like http://127.0.0.1:8080/readyz");
		return EXIT_USAGE;
	}
	const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	int fault = getaddrinfo(place.host, place.port, &wanted, &found);
	if (fault != 0) {
		complain("%s port %s: %s", place.host, place.port, gai_strerror(fault));
		return EXIT_REFUSED;
	}
	int64_t deadline = clock_milliseconds() + PROBE_MILLISECONDS;
	int fd = open_connection(found, deadline);
	freeaddrinfo(found);
	int status = fd < 0 ? 0 : ask(fd, &place, deadline);
	if (status == 0)
		complain("%s port %s: %m", place.host, place.port);
	else if (status != 200)
		complain("%s port %s: status %d", place.host, place.port, status);
	if (fd >= 0)
		close(fd);
	return status == 200 ? EXIT_DONE : EXIT_REFUSED;
}
