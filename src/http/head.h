/* A request's head: what it asks for, and what RFC 9112 does not allow in it. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>
#include <udcg/api/exchange.h>
#include <udcg/base/digest.h>

enum { REQUEST_ID_MAX = 128 };

/* A header that may come in several lines, which then count as one list (RFC 9110, 5.3). */
struct header_list {
	struct bytes value; /* data is NULL where it was not sent */
	struct strbuf joined;
};

struct head {
	struct strbuf target; /* as it stood in the request line */
	struct header_list accept, accept_encoding, if_none_match;
	char request_id[REQUEST_ID_MAX + 1]; /* the client's, if it is a sane one; else "" */
	char last_event_id[DIGEST_HEX_SIZE]; /* "" where it was not sent, or is none of ours */
	uint64_t body_length; /* bytes that follow the head; UINT64_MAX: unknown */
	bool expects_continue;
	bool http_1_0;
	struct request request; /* points into all of these */
	/* While it is read: */
	unsigned hosts, lengths;
	const char *end; /* of the last header's value, in MHD's buffer */
};

/* Begins a request; keeps the memory of the last one. */
void head_begin(struct head *head, const char *target);
/* Fills `request` once all headers have arrived; `url` and `version` are what MHD gives its handler.
 * What it points to outside the head stays as long as MHD keeps the request. */
void head_read(struct head *head, struct MHD_Connection *connection, const char *method,
	const char *url, const char *version);
/* GET or HEAD. */
bool head_reads(const struct head *head);
/* Gives up memory that only an unusual request needs. */
void head_end(struct head *head);
void head_free(struct head *head);

#endif
