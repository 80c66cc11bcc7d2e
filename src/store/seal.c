/* A digest of all pages but the one that holds it, and but the counters of the first page, which
 * change when it is written (SQLite's file format, section 1.3). */
#include <stdlib.h>
#include <string.h>
#include <udcg/base/digest.h>

#include "database_internal.h"

enum {
	PIECE = 64, /* pages that are read at a time */
	CHANGE_COUNTER = 24, /* 4 bytes */
	VERSION_VALID_FOR = 92, /* 4 bytes, and 4 of the library's version */
};

struct pages {
	struct database *database;
	int64_t size, count;
	int64_t seal; /* the number of the page that holds the digest, from 1 */
};

static enum store_status look(struct database *database, struct pages *ret_pages)
{
	struct pages pages = {.database = database};
	enum store_status status =
		database_ask(database, BYTES_LITERAL("PRAGMA page_size"), &pages.size);
	if (status == STORE_OK)
		status = database_ask(database, BYTES_LITERAL("PRAGMA page_count"), &pages.count);
	if (status == STORE_OK)
		status = database_ask(database,
			BYTES_LITERAL("SELECT coalesce((SELECT rootpage FROM sqlite_schema"
				      " WHERE type = 'table' AND name = 'seal'), 0)"),
			&pages.seal);
	*ret_pages = pages;
	return status;
}

static void blank(const struct pages *pages, int64_t first, unsigned char *piece)
{
	if (first == 0) {
		memset(piece + CHANGE_COUNTER, 0, 4);
		memset(piece + VERSION_VALID_FOR, 0, 8);
	}
	int64_t place = pages->seal - 1 - first;
	if (place >= 0 && place < PIECE)
		memset(piece + place * pages->size, 0, (size_t)pages->size);
}

static enum store_status digest_pages(const struct pages *pages, char hex[static DIGEST_HEX_SIZE])
{
	unsigned char *piece = malloc((size_t)(PIECE * pages->size));
	if (!piece)
		return STORE_NO_MEMORY;
	enum store_status status = STORE_OK;
	struct digest digest;
	digest_start(&digest);
	for (int64_t first = 0; first < pages->count && status == STORE_OK; first += PIECE) {
		int64_t left = pages->count - first;
		int64_t length = (left < PIECE ? left : PIECE) * pages->size;
		status = database_read(pages->database, first * pages->size, piece, (int)length);
		if (status != STORE_OK)
			break;
		blank(pages, first, piece);
		digest_update(&digest, piece, (size_t)length);
	}
	digest_finish_hex(&digest, hex);
	free(piece);
	return status;
}

enum store_status database_seal(struct database *database)
{
	struct pages pages;
	char hex[DIGEST_HEX_SIZE];
	/* Space for the digest first: writing it is to move nothing. */
	enum store_status status = database_execute(database,
		"INSERT INTO seal (row, sha256) VALUES (1, printf('%064d', 0))");
	if (status == STORE_OK)
		status = look(database, &pages);
	if (status == STORE_OK)
		status = digest_pages(&pages, hex);
	if (status != STORE_OK)
		return status;
	_cleanup_statement_ struct statement *statement = NULL;
	status = statement_prepare(database, BYTES_LITERAL("UPDATE seal SET sha256 = :sha256"),
		&statement);
	if (status != STORE_OK)
		return status;
	statement_bind_text(statement, "sha256", bytes_of(hex));
	return statement_run(statement);
}

enum store_status database_check_seal(struct database *database, bool *ret_sealed)
{
	struct pages pages;
	char hex[DIGEST_HEX_SIZE];
	_cleanup_statement_ struct statement *statement = NULL;
	bool row = false;
	enum store_status status = look(database, &pages);
	if (status == STORE_OK)
		status = digest_pages(&pages, hex);
	if (status == STORE_OK)
		status = statement_prepare(database, BYTES_LITERAL("SELECT sha256 FROM seal"),
			&statement);
	if (status == STORE_OK)
		status = statement_step(statement, &row);
	if (status != STORE_OK)
		return status;
	*ret_sealed = row;
	if (row && !bytes_equal(statement_text(statement, 0), bytes_of(hex)))
		return database_fail(database, STORE_CORRUPT, "its seal is broken");
	return STORE_OK;
}
