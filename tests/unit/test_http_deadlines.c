#include "unit.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "connection.h"
#include "deadlines.h"

enum { PATIENCE = 10000, SMALL = 4096 };

/* In the library's place: there is no loop here. */
void MHD_suspend_connection(struct MHD_Connection *mhd)
{
	assert_null(mhd);
}

void MHD_resume_connection(struct MHD_Connection *mhd)
{
	assert_null(mhd);
}

struct fixture {
	struct shared shared;
	struct metrics metrics;
	struct worker worker;
	struct connection connection;
	int client;
};

/* A connection whose reply is under way, and a client that takes little at a time. */
static void start(struct fixture *fixture)
{
	const int small = SMALL;
	struct sockaddr_in here = {
		.sin_family = AF_INET,
		.sin_addr = {htonl(INADDR_LOOPBACK)},
	};
	socklen_t length = sizeof(here);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (const struct sockaddr *)&here, length), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &length), 0);
	*fixture = (struct fixture){
		.shared = {.patience = PATIENCE},
		.client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0),
	};
	setsockopt(fixture->client, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small));
	assert_int_equal(connect(fixture->client, (const struct sockaddr *)&here, length), 0);
	fixture->worker = (struct worker){
		.shared = &fixture->shared,
		.metrics = &fixture->metrics,
		.connections = &fixture->connection,
		.now = 1000,
	};
	fixture->connection = (struct connection){
		.worker = &fixture->worker,
		.fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK),
	};
	assert_true(fixture->connection.fd >= 0);
	close(listener);
	connection_enter(&fixture->connection, PROGRESS_REPLYING);
}

static void stop(struct fixture *fixture)
{
	close(fixture->connection.fd);
	close(fixture->client);
}

static bool is_cut_at(struct fixture *fixture, int64_t milliseconds)
{
	fixture->worker.now = milliseconds;
	deadlines_sweep(&fixture->worker);
	return counter_read(&fixture->metrics.send_timeouts) > 0;
}

/* More than the sockets take. */
static void send_part(struct fixture *fixture)
{
	static const char part[SMALL];
	while (send(fixture->connection.fd, part, sizeof(part), MSG_NOSIGNAL) > 0)
		;
}

/* The part came late, and the client had no time to read it. */
static void a_wait_for_a_query_thread(void **state)
{
	(void)state;
	struct fixture fixture;
	start(&fixture);
	assert_false(is_cut_at(&fixture, 1500));
	connection_suspend(&fixture.connection);
	assert_false(is_cut_at(&fixture, 16000));
	fixture.worker.now = 17500;
	connection_resume(&fixture.connection);
	send_part(&fixture);
	assert_false(is_cut_at(&fixture, 18000));
	/* What the sockets took in the first ten seconds may be enough for those. */
	is_cut_at(&fixture, 28000);
	assert_true(is_cut_at(&fixture, 39000));
	stop(&fixture);
}

static void a_reader_that_takes_nothing(void **state)
{
	(void)state;
	struct fixture fixture;
	start(&fixture);
	assert_false(is_cut_at(&fixture, 1500));
	send_part(&fixture);
	assert_false(is_cut_at(&fixture, 11000));
	is_cut_at(&fixture, 12000);
	assert_true(is_cut_at(&fixture, 23000));
	stop(&fixture);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_wait_for_a_query_thread),
		cmocka_unit_test(a_reader_that_takes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
