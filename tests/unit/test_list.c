/* Lists as streams: what a chunk of rows needs is given back with it. */
#include "store.h"

#include <udcg/api/list.h>
#include <udcg/api/routes.h>
#include <udcg/store/migrations.h>

enum { ROWS_COUNT = 3000, VALUES_COUNT = 2000, PLACE_MOST = 200 /* bytes of where a chunk ends */ };

static void insert_rows(struct database *database)
{
	execute(database,
		"WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
		" INSERT INTO chronicle (row, kind, type, record, id, title, date_precision)"
		" SELECT i, 4, 'aid', i, printf('figure-%05d', i), 'A figure', 'unknown' FROM n");
	execute(database,
		"INSERT INTO source (row, id, file) VALUES (1, 'report', 'report.txt');"
		" INSERT INTO record_source (kind, record, source) SELECT 4, row, 1 FROM chronicle");
}

static size_t count_lines(const struct strbuf *text)
{
	size_t count = 0;
	for (size_t i = 0; i < text->length; i++)
		count += text->data[i] == '\n';
	return count;
}

static void long_filters_are_not_kept_for_each_chunk(void **state)
{
	static struct value values[VALUES_COUNT];
	struct route_match match;
	route_match(BYTES_LITERAL("/v1/timeline"), &match);
	struct given given = {
		.parameter = route_find_parameter(match.route, BYTES_LITERAL("source")),
		.values = values,
		.count = VALUES_COUNT,
	};
	struct arena arena = {0};
	struct exchange exchange = {
		.database = *state,
		.route = match.route,
		.prefix = "",
		.media = MEDIA_NDJSON,
		.parameters = {.items = &given, .count = 1},
		.arena = &arena,
	};
	_cleanup_strbuf_ struct strbuf lines = {0};
	struct list_stream *stream;
	bool more = true;
	size_t chunks = 0;
	for (size_t i = 0; i < VALUES_COUNT; i++)
		values[i].number = (int64_t)i + 1;
	assert_int_equal(migrations_apply(*state, migrations_latest()), STORE_OK);
	insert_rows(*state);
	problem_start(&exchange.problem);
	assert_true(list_stream_open(&exchange, NULL, &stream));
	for (; more; chunks++)
		assert_true(list_stream_next(stream, &lines, &more));
	list_stream_free(stream);
	assert_int_equal(count_lines(&lines), ROWS_COUNT);
	assert_true(chunks > 1);
	assert_in_range(arena.used, 0, chunks * PLACE_MOST);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(long_filters_are_not_kept_for_each_chunk,
			create_in_memory, destroy_database),
	};
	return cmocka_run_group_tests_name("list", tests, initialise_store, NULL);
}
