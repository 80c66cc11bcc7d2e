#include "deadlines.h"

#include <linux/sockios.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "connection.h"
#include "subscription.h"

enum {
	REFUSED_MILLISECONDS = 1000, /* for a request whose reply is known beforehand */
	PACE = 1024, /* bytes a second that a client must take of a reply */
	STATE_ESTABLISHED = 1, /* of the kernel's TCP states: both sides may send */
};

static bool ask_kernel(const struct connection *connection, struct tcp_info *ret_info)
{
	struct tcp_info info = {0};
	socklen_t length = sizeof(info);
	if (getsockopt(connection->fd, IPPROTO_TCP, TCP_INFO, &info, &length) < 0)
		return false;
	*ret_info = info;
	return true;
}

static void cut_reader(struct connection *connection)
{
	counter_add(&connection->worker->metrics->read_timeouts, 1);
	connection_cut(connection);
}

/* Between two requests nothing tells an idle client from one that sends its request line byte by
 * byte, but the kernel's count of bytes. */
static void watch_idle(struct connection *connection, int64_t now)
{
	if (connection->dripping) {
		if (now - connection->since > connection->worker->shared->patience)
			cut_reader(connection);
		return;
	}
	struct tcp_info info;
	if (!ask_kernel(connection, &info))
		return;
	bool first_request = connection->status == 0;
	bool moved = connection->watched ? info.tcpi_bytes_received != connection->moved
					 : first_request && info.tcpi_bytes_received > 0;
	connection->watched = now;
	connection->moved = info.tcpi_bytes_received;
	if (moved) {
		connection->dripping = true;
		connection->since = now;
	} else if (now - connection->since > connection->worker->shared->idle) {
		connection_cut(connection);
	}
}

static void cut_writer(struct connection *connection)
{
	/* Otherwise the kernel would go on offering what is left. */
	const struct linger forget = {.l_onoff = 1, .l_linger = 0};
	setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &forget, sizeof(forget));
	counter_add(&connection->worker->metrics->send_timeouts, 1);
	connection_cut(connection);
}

static void watch_reply(struct connection *connection, int64_t now)
{
	if (connection->watched && now - connection->watched < connection->worker->shared->patience)
		return;
	struct tcp_info info;
	int unsent = 0;
	if (!ask_kernel(connection, &info) || ioctl(connection->fd, SIOCOUTQ, &unsent) < 0)
		return;
	uint64_t taken = info.tcpi_bytes_acked - connection->moved;
	bool slow = connection->watched && unsent > 0
		&& taken < (uint64_t)(now - connection->watched) * PACE / 1000;
	connection->watched = now;
	connection->moved = info.tcpi_bytes_acked;
	if (slow)
		cut_writer(connection);
}

/* MHD does not look at a connection that is suspended: whoever left is known by the state of the
 * socket, and whoever does not read by what the kernel cannot get rid of. */
static void watch_subscriber(struct connection *connection, int64_t now)
{
	struct tcp_info info;
	if (!ask_kernel(connection, &info))
		return;
	bool waiting = info.tcpi_unacked > 0 || info.tcpi_notsent_bytes > 0;
	if (!waiting || !connection->watched || info.tcpi_bytes_acked != connection->moved) {
		connection->watched = now;
		connection->moved = info.tcpi_bytes_acked;
	}
	bool slow = now - connection->watched > connection->worker->shared->patience;
	if (slow)
		cut_writer(connection);
	if (slow || info.tcpi_state != STATE_ESTABLISHED)
		subscription_end(connection->subscription);
	else
		subscription_tick(connection->subscription, now);
}

static void watch(struct connection *connection, int64_t now)
{
	int64_t limit =
		connection->refused ? REFUSED_MILLISECONDS : connection->worker->shared->patience;
	switch (connection->progress) {
	case PROGRESS_IDLE:
		if (connection->refused && now - connection->since > limit)
			cut_reader(connection);
		else
			watch_idle(connection, now);
		break;
	case PROGRESS_READING:
		if (now - connection->since > limit)
			cut_reader(connection);
		break;
	case PROGRESS_REPLYING:
		if (connection->subscription)
			watch_subscriber(connection, now);
		else if (!connection->suspended)
			watch_reply(connection, now);
		break;
	case PROGRESS_COMPUTING:
	default:
		break;
	}
}

void deadlines_sweep(struct worker *worker)
{
	for (struct connection *connection = worker->connections; connection;
		connection = connection->next)
		watch(connection, worker->now);
	linger_sweep(&worker->lingering, worker->now);
}
