/* From what a handler wrote to a reply: headers, entity tag, coding. */
#ifndef API_REPRESENTATION_H
#define API_REPRESENTATION_H

#include "negotiate.h"
#include "service_internal.h"

#include <udcg/api/routes.h>
#include <udcg/base/digest.h>

enum { ETAG_SIZE = 4 + 32 + 1 };

/* What all of a request's replies depend on. */
struct representation {
	const struct service *service;
	const struct dataset *dataset; /* NULL before the first */
	const struct route *route; /* NULL: no such path */
	const char *content_type;
	enum media media;
	bool varies_by_accept;
	enum coding coding;
};

void reply_header(struct reply *reply, const char *name, const char *value);
void reply_header_format(struct reply *reply, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Those of every reply: CORS, what is exposed, the dataset's version. */
void reply_common_headers(struct reply *reply, const struct dataset *dataset);
/* The answer to OPTIONS. */
void reply_options(struct reply *reply);
void reply_problem(struct reply *reply, const struct problem *problem,
	const struct dataset *dataset);

/* `"…"`, or where the route is weak `W/"…"`, over everything that the bytes depend on. */
void etag_write(const struct representation *representation, struct bytes canonical_target,
	char etag[static ETAG_SIZE]);
/* Headers of a 200 or 304. */
void reply_representation(struct reply *reply, const struct representation *representation,
	const char *etag, struct bytes next);

/* Replaces the body by its gzip. False when memory is short. */
bool compress_body(struct strbuf *body) __attribute__((warn_unused_result));

#endif
