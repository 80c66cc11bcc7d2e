#include "listener.h"

#include <errno.h>
#include <linux/filter.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HOST_SIZE = 256, PORT_SIZE = 6 };

static enum server_status refuse_text(struct strbuf *reason, const char *text, const char *what)
{
	strbuf_append_format(reason, "cannot listen on %s: %s", text, what);
	return SERVER_ADDRESS;
}

/* Splits at the last colon; brackets around the host are dropped. */
static bool split(const char *text, char host[static HOST_SIZE], char port[static PORT_SIZE])
{
	const char *colon = strrchr(text, ':');
	if (!colon || colon == text)
		return false;
	size_t host_length = (size_t)(colon - text), port_length = strlen(colon + 1);
	if (text[0] == '[') {
		if (host_length < 3 || text[host_length - 1] != ']')
			return false;
		text++;
		host_length -= 2;
	} else if (memchr(text, ':', host_length)) {
		return false;
	}
	if (host_length >= HOST_SIZE || port_length == 0 || port_length >= PORT_SIZE
		|| strspn(colon + 1, "0123456789") != port_length
		|| strtoul(colon + 1, NULL, 10) > UINT16_MAX)
		return false;
	memcpy(host, text, host_length);
	host[host_length] = '\0';
	memcpy(port, colon + 1, port_length + 1);
	return true;
}

enum server_status address_parse(const char *text, struct strbuf *reason,
	struct address *ret_address)
{
	char host[HOST_SIZE], port[PORT_SIZE];
	if (!split(text, host, port))
		return refuse_text(reason, text, "not of the form HOST:PORT");

	const struct addrinfo wanted = {
		.ai_family = AF_UNSPEC,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	};
	struct addrinfo *found = NULL;
	int error = getaddrinfo(host, port, &wanted, &found);
	if (error != 0) {
		enum server_status status = refuse_text(reason, text, gai_strerror(error));
		/* The address may be a good one. */
		return error == EAI_AGAIN || error == EAI_MEMORY || error == EAI_SYSTEM
			? SERVER_SYSTEM
			: status;
	}
	struct address address = {.length = found->ai_addrlen};
	memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	*ret_address = address;
	return SERVER_OK;
}

const char *address_write(const struct address *address, char text[static ADDRESS_TEXT_SIZE])
{
	char host[INET6_ADDRSTRLEN + IF_NAMESIZE + 1] = "?", port[PORT_SIZE] = "?";
	getnameinfo((const struct sockaddr *)&address->storage, address->length, host, sizeof(host),
		port, sizeof(port), NI_NUMERICHOST | NI_NUMERICSERV);
	bool bracket = address->storage.ss_family == AF_INET6;
	snprintf(text, ADDRESS_TEXT_SIZE, bracket ? "[%s]:%s" : "%s:%s", host, port);
	return text;
}

static int bind_one(const struct address *address, bool shared)
{
	int fd = socket(address->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	const int on = 1;
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0
		&& (!shared || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0)
		&& bind(fd, (const struct sockaddr *)&address->storage, address->length) == 0)
		return fd;
	int error = errno;
	close(fd);
	errno = error;
	return -1;
}

static enum server_status refuse_errno(struct strbuf *reason, const struct address *address)
{
	int error = errno;
	char text[ADDRESS_TEXT_SIZE];
	refuse_text(reason, address_write(address, text), strerror(error));
	return error == EADDRINUSE ? SERVER_IN_USE : SERVER_SYSTEM;
}

enum server_status listeners_open(struct address *address, size_t count, struct strbuf *reason,
	int *ret_sockets)
{
	/* Sockets that share a port would share it with a second server without a word. */
	int first = bind_one(address, false);
	if (first < 0)
		return refuse_errno(reason, address);
	address->length = sizeof(address->storage);
	/* The port, where it was left to the kernel. */
	if (getsockname(first, (struct sockaddr *)&address->storage, &address->length) < 0) {
		enum server_status status = refuse_errno(reason, address);
		close(first);
		return status;
	}
	if (count > 1) {
		close(first);
		first = bind_one(address, true);
	}

	size_t opened = 0;
	for (int fd = first; opened < count; fd = bind_one(address, true)) {
		if (fd < 0)
			break;
		ret_sockets[opened++] = fd;
		if (listen(fd, SOMAXCONN) < 0)
			break;
		if (opened == count)
			return SERVER_OK;
	}
	enum server_status status = refuse_errno(reason, address);
	while (opened > 0)
		close(ret_sockets[--opened]);
	return status;
}

void listener_turn_away(int socket)
{
	/* Without it, whoever connects between the last accept and the close would be reset. What
	 * has passed the handshake is not affected; what begins one now tries again and finds the
	 * port closed, or another server on it. Where the kernel says no, we lose only this. */
	struct sock_filter drop_all[] = {{.code = BPF_RET | BPF_K, .k = 0}};
	const struct sock_fprog program = {.len = 1, .filter = drop_all};
	(void)!setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}
