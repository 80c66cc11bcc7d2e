#include "order.h"
#include "task.h"

#include <stdlib.h>
#include <string.h>
#include <udcg/api/list.h>

enum {
	QUICK_RECORDS = 20000, /* of which even a heavy route gives an answer within the budget */
	WORTH_CODING = 1400, /* bytes: what fits into one packet gains nothing */
	OPEN_TRIES = 10, /* each but the first for one more dataset that was replaced meanwhile */
};

/* How long a loop may be kept from its other clients. A loop that another thread keeps from its CPU has
 * done nothing meanwhile, and what it is about to end is not to be begun anew elsewhere; so `time` is
 * for disks alone that are slow. */
static const struct budget quick = {.work = 3000000, .time = 50000000};

struct session *session_create(struct service *service)
{
	struct session *session = calloc(1, sizeof(*session));
	if (session)
		session->service = service;
	return session;
}

void session_rest(struct session *session)
{
	if (!session->dataset || session->stays
		|| session->dataset->generation == service_generation(session->service))
		return;
	database_free(session->database);
	dataset_release(session->dataset);
	session->database = NULL;
	session->dataset = NULL;
}

void session_free(struct session *session)
{
	if (!session)
		return;
	database_free(session->database);
	dataset_release(session->dataset);
	arena_free(&session->arena);
	free(session);
}

/* A file that was renamed over after the dataset was taken is the next dataset's. */
static bool is_its_database(struct session *session)
{
	_cleanup_statement_ struct statement *statement = NULL;
	bool row = false;
	return statement_prepare(session->database, BYTES_LITERAL("SELECT version FROM dataset"),
		       &statement)
		== STORE_OK
		&& statement_step(statement, &row) == STORE_OK && row
		&& bytes_equal(statement_text(statement, 0),
			bytes_of(session->dataset->card.version));
}

enum store_status session_renew(struct session *session)
{
	enum store_status status = STORE_OK;
	session_rest(session);
	for (int i = 0; i < OPEN_TRIES && !session->database; i++) {
		dataset_release(session->dataset);
		session->dataset = service_dataset(session->service);
		if (!session->dataset)
			return STORE_OK;
		status = dataset_open(session->dataset, &session->database);
		if (status != STORE_OK)
			break;
		if (!is_its_database(session)) {
			database_free(session->database);
			session->database = NULL;
			status = STORE_IO;
		}
	}
	if (status == STORE_OK || session->database)
		return STORE_OK;
	dataset_release(session->dataset);
	session->dataset = NULL;
	return status;
}

/* Everything that may still be a 400, found without asking the database. */
static bool check_list(struct exchange *exchange)
{
	const struct resource *resource = exchange->route->resource;
	if (!resource || exchange->route->kind == ROUTE_ITEM)
		return true;
	_cleanup_query_ struct query query = {0};
	int64_t offset;
	/* Where a handler makes the rows, pages are by rank. */
	if (!resource->from)
		return (!resource->refine || resource->refine(exchange, &query))
			&& offset_cursor_read(exchange, INT64_MAX, &offset);
	struct order order;
	struct position position;
	const struct given *cursor = parameters_find(&exchange->parameters, "cursor");
	if (!query_compile(exchange, resource, &query))
		return false;
	order_read(exchange, resource, &order);
	return !cursor || order_read_cursor(exchange, &order, cursor->values[0].text, &position);
}

static void reply_refusal(struct task *task, const struct dataset *dataset)
{
	const struct exchange *exchange = &task->exchange;
	reply_problem(task->reply, &exchange->problem, dataset);
	if (exchange->failure != STORE_OK)
		task->reply->reason = store_status_text(exchange->failure);
}

/* Nobody could read, and caches would keep, what its headers do not describe. */
static void withdraw(struct task *task)
{
	struct reply whole = *task->reply;
	*task->reply = (struct reply){.route = whole.route};
	exchange_no_memory(&task->exchange);
	reply_refusal(task, task->representation.dataset);
	reply_clear(&whole); /* a stream of it may hold the dataset */
}

static void finish(struct task *task, const char *etag)
{
	struct reply *reply = task->reply;
	struct representation *representation = &task->representation;
	reply->status = 200;
	reply->cacheable = route_is_cached(representation->route) && !reply->stream;
	reply->live = representation->route->kind == ROUTE_STREAM;
	if (representation->coding == CODING_GZIP && !reply->stream
		&& reply->body.length < WORTH_CODING)
		representation->coding = CODING_IDENTITY;
	if (representation->coding != CODING_IDENTITY && !reply->stream
		&& !compress_body(&reply->body)) {
		exchange_no_memory(&task->exchange);
		reply_refusal(task, representation->dataset);
		return;
	}
	reply_representation(reply, representation, etag, task->exchange.next);
	if (reply->headers.text.failed)
		withdraw(task);
}

static bool is_heavy(const struct exchange *exchange)
{
	size_t records = 0;
	/* Before the first load there is no dataset, and nothing to be heavy. */
	for (int kind = RECORD_SOURCE; exchange->dataset && kind <= RECORD_KINDS; kind++)
		records += exchange->dataset->card.counts[kind];
	return exchange->route->heavy && records > QUICK_RECORDS;
}

/* False: the exchange's problem is the reply. */
static bool answer(struct task *task, enum effort effort)
{
	struct exchange *exchange = &task->exchange;
	if (!task_prepare(task))
		return false;
	char etag[ETAG_SIZE];
	etag_write(&task->representation, task->canonical, etag);
	if (route_is_cached(exchange->route) && task->request->if_none_match.data
		&& check_list(exchange) && etag_matches(etag, task->request->if_none_match)) {
		task->reply->status = 304;
		reply_representation(task->reply, &task->representation, etag, (struct bytes){0});
		return true;
	}
	if (exchange->problem.errors)
		return false;
	if (effort == EFFORT_QUICK && is_heavy(exchange)) {
		problem_set(&exchange->problem, PROBLEM_TIMEOUT, NULL);
		return false;
	}
	exchange->body = &task->reply->body;
	if (!exchange->route->answer(exchange))
		return false;
	if (task->reply->body.failed)
		return exchange_no_memory(exchange);
	if (exchange->parts && !stream_open(task))
		return false;
	finish(task, etag);
	return true;
}

static void answer_options(struct task *task)
{
	reply_options(task->reply);
	reply_common_headers(task->reply, task->session->dataset);
}

enum answer session_answer(struct session *session, const struct request *request,
	enum effort effort, struct reply *reply)
{
	struct task task = {.session = session, .request = request, .reply = reply};
	task_start(&task);
	if (session->database)
		database_set_budget(session->database,
			effort == EFFORT_QUICK
				? quick
				: (struct budget){.time = session->service->query_budget});
	bool good = task_find_route(&task);
	/* A document is one answer a dataset, however long it takes: no client can ask for a longer one. */
	if (good && effort == EFFORT_FULL && session->database && task.match.route
		&& task.match.route->kind == ROUTE_DOCUMENT)
		database_set_budget(session->database, (struct budget){0});
	if (good && request->method == METHOD_OPTIONS) {
		answer_options(&task);
		return ANSWER_READY;
	}
	if (good && answer(&task, effort))
		return ANSWER_READY;
	if (task.exchange.problem.no_memory)
		exchange_no_memory(&task.exchange);
	if (effort == EFFORT_QUICK && task.exchange.problem.type == PROBLEM_TIMEOUT) {
		reply_clear(reply);
		return ANSWER_LATER;
	}
	reply_refusal(&task, session->dataset);
	return ANSWER_READY;
}

void service_refuse(struct service *service, enum refusal refusal, struct reply *reply)
{
	static const enum problem_type types[] = {
		[REFUSAL_OVERLOADED] = PROBLEM_OVERLOADED,
		[REFUSAL_TIMEOUT] = PROBLEM_TIMEOUT,
		[REFUSAL_INTERNAL] = PROBLEM_INTERNAL,
		[REFUSAL_NOT_FOUND] = PROBLEM_NOT_FOUND,
	};
	struct problem problem;
	struct dataset *dataset = service_dataset(service);
	problem_start(&problem);
	problem_set(&problem, types[refusal], NULL);
	reply_problem(reply, &problem, dataset);
	dataset_release(dataset);
}
