/* Gives the records of a timeline file one by one, in either form. What is no record, and what is
 * no JSON, is a fault; the reader goes on wherever it is certain where the next record begins. */
#ifndef UDCG_TIMELINE_READER_H
#define UDCG_TIMELINE_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <udcg/timeline/timeline.h>

#include "faults.h"
#include "input.h"
#include "path.h"

enum reader_state {
	READER_START,
	READER_KEY, /* document form: before a key of the root */
	READER_LIST, /* document form: before an element of `list` */
	READER_LINES, /* record form */
	READER_END,
};

struct reader {
	const char *file; /* borrowed */
	struct input input;
	struct fault_log *log;
	enum reader_state state;
	bool first; /* nothing was read of the root or list yet */
	bool lost; /* some of the file was not read */
	enum record_kind list;
	size_t index; /* in `list`, of the next element */
	unsigned lists_seen; /* a bit for each kind */
	json_t *header; /* what was read of it; NULL where nothing can be said about it */
	struct place header_place;
	json_t *object; /* of the record that was given last */
};

/* A record: valid until the next call. */
struct record {
	enum record_kind kind;
	json_t *object; /* without the key "record"; belongs to the reader */
	struct place place;
	struct bytes text; /* as it stands in the file */
	struct path list, element; /* the parts of its path */
	const struct path *path; /* NULL in record form, where a line is a document of its own */
};

enum timeline_status reader_open(struct reader *reader, const char *file, struct fault_log *log)
	__attribute__((warn_unused_result));
void reader_close(struct reader *reader);
enum timeline_status reader_next(struct reader *reader, struct record *ret_record, bool *ret_found)
	__attribute__((warn_unused_result));

#define _cleanup_reader_ __attribute__((cleanup(reader_close)))

#endif
