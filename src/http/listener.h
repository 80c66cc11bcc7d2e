/* Addresses and the sockets that listen on them. */
#ifndef HTTP_LISTENER_H
#define HTTP_LISTENER_H

#include <stdbool.h>
#include <sys/socket.h>
#include <udcg/base/strbuf.h>
#include <udcg/http/server.h>

enum { ADDRESS_TEXT_SIZE = 128 };

struct address {
	struct sockaddr_storage storage;
	socklen_t length;
};

/* "127.0.0.1:8080", "localhost:8080", "[::1]:0". */
enum server_status address_parse(const char *text, struct strbuf *reason,
	struct address *ret_address) __attribute__((warn_unused_result));

/* Numbers, as above. */
const char *address_write(const struct address *address, char text[static ADDRESS_TEXT_SIZE]);

/* Listening, non-blocking sockets on one address, which the kernel spreads connections over; a port
 * of 0 is replaced by the one that the kernel picked. Refuses an address that any other server,
 * one of ours included, listens on. */
enum server_status listeners_open(struct address *address, size_t count, struct strbuf *reason,
	int *ret_sockets) __attribute__((warn_unused_result));

/* New clients are no longer let in; those who wait to be accepted still are. */
void listener_turn_away(int socket);

#endif
