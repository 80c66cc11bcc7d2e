#include "unit.h"

#include <udcg/api/problem.h>

static void assert_written(const struct problem *problem, const char *expected)
{
	_cleanup_strbuf_ struct strbuf body = {0};
	problem_write(problem, &body);
	assert_false(body.failed);
	assert_string_equal(body.data, expected);
}

/* Where the server fails, parameters that were refused before it did are not what went wrong. */
static void a_failure_after_errors(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct problem problem;
	const struct problem_error error = {.parameter = "kind", .detail = "is wrong"};
	problem_start(&problem);
	problem_add(&problem, &arena, &error);
	problem_add(&problem, &arena, &error);
	problem_set(&problem, PROBLEM_OVERLOADED, NULL);
	assert_written(&problem,
		"{\"type\":\"/problems/overloaded\",\"title\":\"Overloaded\",\"status\":503,"
		"\"detail\":\"More is being asked than can be computed at once. Ask again in a "
		"moment.\",\"errors\":[]}\n");
	problem_add(&problem, &arena, &error);
	assert_written(&problem,
		"{\"type\":\"/problems/invalid-parameter\",\"title\":\"Invalid parameter\","
		"\"status\":400,\"detail\":\"is wrong\",\"errors\":[{\"parameter\":\"kind\","
		"\"value\":null,\"detail\":\"is wrong\",\"allowed\":[],\"suggestion\":null}]}\n");
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_failure_after_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
