#ifndef UDCG_TIMELINE_READER_INTERNAL_H
#define UDCG_TIMELINE_READER_INTERNAL_H

#include "reader.h"

/* What is said where the rest of the file cannot be followed. */
#define NOT_READ "; the rest of the file was not read"

/* A fault where the reader is, and no way on. */
void reader_lose(struct reader *reader, const struct path *path, const char *detail);
enum timeline_status reader_input_status(struct reader *reader);
/* Takes the value over as the record's object; false, and a fault, where it is none; false for
 * NULL. */
bool reader_take_object(struct reader *reader, struct place place, const struct path *path,
	json_t *value);

/* Each takes the next thing and goes to the next state. */
enum timeline_status reader_take_key(struct reader *reader) __attribute__((warn_unused_result));
enum timeline_status reader_take_element(struct reader *reader, struct record *ret_record,
	bool *ret_found) __attribute__((warn_unused_result));
enum timeline_status reader_take_line(struct reader *reader, struct record *ret_record,
	bool *ret_found) __attribute__((warn_unused_result));
/* `line` is the first of a file in record form, and not taken yet. */
enum timeline_status reader_take_header_line(struct reader *reader, struct bytes line)
	__attribute__((warn_unused_result));

#endif
