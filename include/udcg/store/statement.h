/* Prepared statements. Names of parameters are given without the colon. A name that the statement
 * does not have is a fault of the program: the statement remembers it and the next step fails with
 * STORE_ERROR. So does a parameter that was not bound since the last reset. */
#ifndef UDCG_STORE_STATEMENT_H
#define UDCG_STORE_STATEMENT_H

#include <udcg/store/database.h>

struct statement;

/* The statement belongs to the caller. */
enum store_status statement_prepare(struct database *database, struct bytes sql,
	struct statement **ret_statement) __attribute__((warn_unused_result));
/* From the handle's own cache (bounded, least recently used goes first), reset and unbound. Give it
 * back with statement_release before the handle is used for the same text again. */
enum store_status statement_borrow(struct database *database, struct bytes sql,
	struct statement **ret_statement) __attribute__((warn_unused_result));
void statement_release(struct statement *statement);
void statement_free(struct statement *statement);

/* Text and blobs are borrowed until the next reset; one whose data is NULL is null. */
void statement_bind_text(struct statement *statement, const char *name, struct bytes text);
void statement_bind_text_or_null(struct statement *statement, const char *name, const char *text);
void statement_bind_blob(struct statement *statement, const char *name, struct bytes blob);
void statement_bind_integer(struct statement *statement, const char *name, int64_t value);
void statement_bind_real(struct statement *statement, const char *name, double value);
void statement_bind_null(struct statement *statement, const char *name);

/* The same by number, from 1, for the loader's inner loop. */
void statement_bind_text_at(struct statement *statement, int number, struct bytes text);
void statement_bind_integer_at(struct statement *statement, int number, int64_t value);
void statement_bind_null_at(struct statement *statement, int number);

enum store_status statement_step(struct statement *statement, bool *ret_row)
	__attribute__((warn_unused_result));
/* For a statement that returns nothing: steps it and resets it, bindings kept. */
enum store_status statement_run(struct statement *statement) __attribute__((warn_unused_result));
void statement_reset(struct statement *statement);

int statement_column_count(const struct statement *statement);
bool statement_is_null(const struct statement *statement, int column);
bool statement_is_integer(const struct statement *statement, int column);
int64_t statement_integer(const struct statement *statement, int column);
/* Borrowed until the next step; {NULL, 0} for null alone. */
struct bytes statement_text(const struct statement *statement, int column);
struct bytes statement_blob(const struct statement *statement, int column);

void statement_freep(struct statement **statement);
void statement_releasep(struct statement **statement);
#define _cleanup_statement_ __attribute__((cleanup(statement_freep)))
#define _cleanup_borrowed_ __attribute__((cleanup(statement_releasep)))

#endif
