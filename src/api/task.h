/* A request on its way to a handler: route, representation, parameters, one step after another. */
#ifndef API_TASK_H
#define API_TASK_H

#include "representation.h"

struct task {
	struct session *session;
	const struct request *request;
	struct reply *reply;
	bool loaded; /* there was a dataset before the session looked for the one in force */
	enum store_status renewed; /* how the session came onto the dataset */
	struct exchange exchange;
	struct target target;
	struct route_match match;
	struct representation representation;
	struct bytes canonical; /* target: path and query in canonical order */
};

/* On the session's dataset, with its arena emptied. */
void task_start(struct task *task);
/* The route, or for OPTIONS * none. False: the exchange's problem is the reply. */
bool task_find_route(struct task *task) __attribute__((warn_unused_result));
/* All that a handler needs; everything that can be refused without asking for rows is. */
bool task_prepare(struct task *task) __attribute__((warn_unused_result));

#endif
