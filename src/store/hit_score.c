#include "database_internal.h"

/* What one occurrence weighs. How long a text is does not count: FTS5 keeps that in a table of its own,
 * and asking it for each hit takes most of what bm25 does. */
enum { COLUMN_NAME = 0, WEIGHT_NAME = 4, WEIGHT_TEXT = 1 };

static void hit_score(const Fts5ExtensionApi *api, Fts5Context *hit, sqlite3_context *result,
	int count, sqlite3_value **arguments)
{
	sqlite3_int64 score = 0;
	(void)count;
	(void)arguments;
	for (int phrase = 0; phrase < api->xPhraseCount(hit); phrase++) {
		Fts5PhraseIter place;
		int column, offset;
		int code = api->xPhraseFirst(hit, phrase, &place, &column, &offset);
		if (code != SQLITE_OK) {
			sqlite3_result_error_code(result, code);
			return;
		}
		for (; column >= 0; api->xPhraseNext(hit, &place, &column, &offset))
			score += column == COLUMN_NAME ? WEIGHT_NAME : WEIGHT_TEXT;
	}
	sqlite3_result_int64(result, score);
}

int hit_score_register(sqlite3 *handle)
{
	fts5_api *api = NULL;
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, NULL);
	if (code != SQLITE_OK)
		return code;
	code = sqlite3_bind_pointer(statement, 1, &api, "fts5_api_ptr", NULL);
	if (code == SQLITE_OK)
		(void)sqlite3_step(statement);
	int stepped = sqlite3_finalize(statement); /* tells how the step went */
	if (code == SQLITE_OK)
		code = stepped;
	if (code == SQLITE_OK && !api)
		code = SQLITE_ERROR;
	return code == SQLITE_OK ? api->xCreateFunction(api, "hit_score", NULL, hit_score, NULL)
				 : code;
}
