#include "linger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	LINGER_MILLISECONDS = 2000,
	LINGER_MAX = 64, /* more are closed at once */
	LINGER_READS = 16, /* a turn, so that one flood does not hold up the loop */
};

struct lingering {
	struct lingering *next;
	int fd;
	int64_t deadline;
};

void linger_begin(struct linger_list *list, int socket, int64_t now)
{
	if (list->count >= LINGER_MAX)
		return;
	struct lingering *lingering = malloc(sizeof(*lingering));
	int fd = fcntl(socket, F_DUPFD_CLOEXEC, 0);
	struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = lingering};
	if (!lingering || fd < 0 || epoll_ctl(list->epoll_fd, EPOLL_CTL_ADD, fd, &event) < 0) {
		if (fd >= 0)
			close(fd);
		free(lingering);
		return;
	}
	*lingering = (struct lingering){
		.next = list->first,
		.fd = fd,
		.deadline = now + LINGER_MILLISECONDS,
	};
	list->first = lingering;
	list->count++;
}

static void end(struct linger_list *list, struct lingering **link)
{
	struct lingering *lingering = *link;
	*link = lingering->next;
	list->count--;
	/* The other descriptor of this socket may still be open, which keeps it in the set. */
	epoll_ctl(list->epoll_fd, EPOLL_CTL_DEL, lingering->fd, NULL);
	close(lingering->fd);
	free(lingering);
}

void linger_read(struct linger_list *list, struct lingering *lingering)
{
	char dropped[16384];
	ssize_t length = 0;
	for (int i = 0; i < LINGER_READS; i++) {
		length = recv(lingering->fd, dropped, sizeof(dropped), MSG_DONTWAIT);
		if (length <= 0)
			break;
	}
	if (length > 0 || (length < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	struct lingering **link = &list->first;
	while (*link != lingering)
		link = &(*link)->next;
	end(list, link);
}

void linger_sweep(struct linger_list *list, int64_t now)
{
	for (struct lingering **link = &list->first; *link;) {
		if ((*link)->deadline <= now)
			end(list, link);
		else
			link = &(*link)->next;
	}
}

void linger_end_all(struct linger_list *list)
{
	linger_sweep(list, INT64_MAX);
}
