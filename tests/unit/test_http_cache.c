#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cache.h"

enum { LIMIT = 64 * 1024, BODY = 1000 };

struct fixture {
	struct metrics *metrics;
	struct cache *cache;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	fixture->metrics = calloc(1, sizeof(*fixture->metrics));
	fixture->cache = cache_create(LIMIT, fixture->metrics);
	*state = fixture;
	return fixture->cache ? 0 : -1;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	cache_free(fixture->cache);
	free(fixture->metrics);
	free(fixture);
	return 0;
}

static struct reply reply_of(size_t length)
{
	struct reply reply = {.route = "/route"};
	for (size_t i = 0; i < length; i++)
		strbuf_append_char(&reply.body, '.');
	headers_add(&reply.headers, "Content-Type", "text/plain");
	headers_add(&reply.headers, "ETag", "\"tag\"");
	return reply;
}

static void clear(struct reply *reply)
{
	strbuf_free(&reply->body);
	headers_free(&reply->headers);
}

static struct bytes key_of(char buffer[static 32], int number)
{
	snprintf(buffer, 32, "/v1/meetings?limit=%d\n\n", number);
	return bytes_of(buffer);
}

static void keeps_and_finds(void **state)
{
	struct fixture *fixture = *state;
	struct reply reply = reply_of(BODY);
	struct bytes key = BYTES_LITERAL("/v1\n\ngzip");
	assert_null(cache_find(fixture->cache, key));
	assert_non_null(cache_store(fixture->cache, key, &reply));
	struct cache_entry *entry = cache_find(fixture->cache, key);
	assert_non_null(entry);
	assert_null(entry->response);
	assert_null(reply.body.data);
	assert_int_equal(entry->body.length, BODY);
	assert_string_equal(entry->etag, "\"tag\"");
	assert_string_equal(entry->route, "/route");
	assert_null(cache_find(fixture->cache, BYTES_LITERAL("/v1\n\n")));
	cache_clear(fixture->cache);
	assert_null(cache_find(fixture->cache, key));
	assert_int_equal(counter_read(&fixture->metrics->cache_bytes), 0);
}

static void the_same_key_replaces(void **state)
{
	struct fixture *fixture = *state;
	struct bytes key = BYTES_LITERAL("/v1\n\n");
	for (size_t length = BODY; length < BODY + 5; length++) {
		struct reply reply = reply_of(length);
		assert_non_null(cache_store(fixture->cache, key, &reply));
		assert_int_equal(cache_find(fixture->cache, key)->body.length, length);
	}
	assert_int_equal(counter_read(&fixture->metrics->cache_entries), 1);
}

/* Whatever is asked for, it stays within its bound, and what was just used stays. */
static void the_oldest_go_first(void **state)
{
	struct fixture *fixture = *state;
	char text[32], favourite_text[32];
	struct bytes favourite = key_of(favourite_text, -1);
	struct reply reply = reply_of(BODY);
	assert_non_null(cache_store(fixture->cache, favourite, &reply));
	for (int i = 0; i < 1000; i++) {
		reply = reply_of(BODY);
		assert_non_null(cache_store(fixture->cache, key_of(text, i), &reply));
		assert_in_range(counter_read(&fixture->metrics->cache_bytes), BODY, LIMIT);
		assert_non_null(cache_find(fixture->cache, favourite));
	}
	uint64_t kept = counter_read(&fixture->metrics->cache_entries);
	assert_in_range(kept, LIMIT / BODY / 4, LIMIT / BODY);
	for (int i = 0; i < 1000; i++) {
		bool expected = i >= 1001 - (int)kept;
		assert_int_equal(cache_find(fixture->cache, key_of(text, i)) != NULL, expected);
	}
	assert_int_equal(counter_read(&fixture->metrics->cache_evictions), 1001 - kept);
}

static void what_is_too_big_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct bytes key = BYTES_LITERAL("/v1\n\n");
	struct reply reply = reply_of(LIMIT / 8);
	assert_null(cache_store(fixture->cache, key, &reply));
	assert_null(cache_find(fixture->cache, key));
	assert_non_null(reply.body.data);
	clear(&reply);
}

static void none_keeps_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct cache *none = cache_create(0, fixture->metrics);
	struct reply reply = reply_of(1);
	assert_null(cache_store(none, BYTES_LITERAL("/\n\n"), &reply));
	assert_null(cache_find(none, BYTES_LITERAL("/\n\n")));
	assert_non_null(reply.body.data);
	clear(&reply);
	cache_free(none);
}

/* Sent under a head of its own, an entry outlives its place in the cache. */
static void a_held_entry_stays(void **state)
{
	struct fixture *fixture = *state;
	struct bytes key = BYTES_LITERAL("/v1\n\n");
	struct reply reply = reply_of(BODY);
	struct cache_entry *entry = cache_store(fixture->cache, key, &reply);
	cache_entry_hold(entry);
	cache_clear(fixture->cache);
	memset(entry->body.data, 'x', entry->body.length); /* for the sanitizer */
	cache_entry_release(entry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(keeps_and_finds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_same_key_replaces, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_oldest_go_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_too_big_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(none_keeps_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_held_entry_stays, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
