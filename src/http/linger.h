/* Sockets whose reply is sent while the client may still be sending: closed at once, they would be
 * reset, and the client would lose the reply (RFC 9112, 9.6). So what comes is read and dropped for
 * a while. */
#ifndef HTTP_LINGER_H
#define HTTP_LINGER_H

#include <stdint.h>

struct lingering;

struct linger_list {
	struct lingering *first;
	unsigned count;
	int epoll_fd; /* where they are waited for, with the lingering as data; not owned */
};

/* Takes a duplicate of the socket, whose own side has been shut. At worst does nothing. */
void linger_begin(struct linger_list *list, int socket, int64_t now);
/* Its socket is readable. */
void linger_read(struct linger_list *list, struct lingering *lingering);
/* Closes those whose time is over. */
void linger_sweep(struct linger_list *list, int64_t now);
void linger_end_all(struct linger_list *list);

#endif
