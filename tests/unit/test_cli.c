#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli.h"

enum { WORDS_MAX = 8 };

/* As the program's arguments: NULL after the last. */
static struct cli parse(const char *const words[])
{
	struct cli cli;
	char *arguments[WORDS_MAX + 1] = {(char *)(uintptr_t) "udcg"};
	int count = 1;
	for (; words[count - 1]; count++)
		arguments[count] = (char *)(uintptr_t)words[count - 1];
	cli_parse(&cli, count, arguments);
	return cli;
}

#define PARSE(...) parse((const char *const[]){__VA_ARGS__, NULL})

static void usage(void **state)
{
	(void)state;
	static const struct {
		const char *words[WORDS_MAX];
		enum cli_wish wish;
		const char *says;
	} cases[] = {
		{.words = {NULL}, .wish = CLI_WRONG, .says = "no command"},
		{.words = {"--help"}, .wish = CLI_HELP},
		{.words = {"-h"}, .wish = CLI_HELP},
		{.words = {"--version"}, .wish = CLI_VERSION},
		{.words = {"serve"}, .wish = CLI_RUN},
		{.words = {"sevre"}, .wish = CLI_WRONG, .says = "did you mean serve?"},
		{.words = {"qqqqqq"}, .wish = CLI_WRONG, .says = "unknown command \"qqqqqq\""},
		{.words = {"serve", "--help"}, .wish = CLI_HELP},
		{.words = {"check", "--help"}, .wish = CLI_HELP},
		{.words = {"check"}, .wish = CLI_WRONG, .says = "check needs FILE"},
		{.words = {"check", "a"}, .wish = CLI_RUN},
		{.words = {"check", "--", "--a"}, .wish = CLI_RUN},
		{.words = {"check", "a", "b"}, .wish = CLI_WRONG, .says = "\"b\""},
		{.words = {"diff", "a"}, .wish = CLI_WRONG, .says = "diff needs NEW"},
		{.words = {"probe"}, .wish = CLI_RUN},
		{.words = {"serve", "a"}, .wish = CLI_WRONG, .says = "\"a\""},
		{.words = {"serve", "--lisen=x"},
			.wish = CLI_WRONG,
			.says = "did you mean --listen?"},
		{.words = {"serve", "--documents", "x"},
			.wish = CLI_WRONG,
			.says = "serve has no option --documents"},
		{.words = {"serve", "--listen"},
			.wish = CLI_WRONG,
			.says = "--listen needs a value: HOST:PORT"},
		{.words = {"serve", "--workers", "0"},
			.wish = CLI_WRONG,
			.says = "\"0\" is not allowed for --workers: it takes a number from 1 to 64"},
		{.words = {"serve", "--workers", "65"}, .wish = CLI_WRONG},
		{.words = {"serve", "--workers", "1x"}, .wish = CLI_WRONG},
		{.words = {"serve", "--workers", "-1"}, .wish = CLI_WRONG},
		{.words = {"serve", "--workers", "99999999999999999999"}, .wish = CLI_WRONG},
		{.words = {"serve", "--workers="}, .wish = CLI_WRONG},
		{.words = {"serve", "--cache-size=64X"}, .wish = CLI_WRONG, .says = "64M or 1G"},
		{.words = {"serve", "--query-budget=0s"},
			.wish = CLI_WRONG,
			.says = "a time from 1ms to 600s"},
		{.words = {"serve", "--query-budget=999999999999999999m"}, .wish = CLI_WRONG},
		{.words = {"serve", "--log-level=loud"},
			.wish = CLI_WRONG,
			.says = "one of debug|info|warning|error"},
		{.words = {"serve", "--watch=perhaps"}, .wish = CLI_WRONG},
		{.words = {"serve", "--db="},
			.wish = CLI_WRONG,
			.says = "\"\" is not allowed for --db: it takes FILE"},
		{.words = {"serve", "--timeline", ""}, .wish = CLI_WRONG, .says = "takes FILE"},
		{.words = {"serve", "--listen="}, .wish = CLI_WRONG, .says = "takes HOST:PORT"},
		{.words = {"check", "a", "--documents="}, .wish = CLI_WRONG, .says = "takes DIR"},
		{.words = {"serve", "--public-url="}, .wish = CLI_RUN},
		{.words = {"check", ""}, .wish = CLI_WRONG, .says = "check needs FILE"},
		{.words = {"diff", "a", ""}, .wish = CLI_WRONG, .says = "diff needs NEW"},
		{.words = {"probe", ""}, .wish = CLI_RUN},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cli cli = parse(cases[i].words);
		const char *fault = strbuf_bytes(&cli.fault).data;
		if (cli.wish != cases[i].wish || (cases[i].says && !strstr(fault, cases[i].says)))
			fail_msg("case %zu: wish %d, %s", i, (int)cli.wish, fault);
		assert_int_equal(cli.wish == CLI_WRONG, cli.fault.length > 0);
		cli_free(&cli);
	}
}

static void values(void **state)
{
	(void)state;
	struct cli cli = PARSE("serve", "--listen", "[::1]:0", "--cache-size=64M",
		"--query-budget=250ms", "--drain-delay=2", "--log-level=error", "--watch");
	assert_int_equal(cli.wish, CLI_RUN);
	assert_string_equal(cli.config.listen, "[::1]:0");
	assert_int_equal(cli.config.cache_size, 64 << 20);
	assert_int_equal(cli.config.query_budget, 250000000);
	assert_int_equal(cli.config.drain_delay, 2000000000);
	assert_int_equal(cli.config.log_level, 3);
	assert_true(cli.config.watch);
	assert_false(cli.config.no_sandbox);
	assert_null(cli.config.timeline);
	assert_int_equal(cli.config.max_connections, 4096);
	cli_free(&cli);

	cli = PARSE("diff", "--", "--old", "-new");
	assert_string_equal(cli.operands[0], "--old");
	assert_string_equal(cli.operands[1], "-new");
	cli_free(&cli);
}

static void the_last_word_counts(void **state)
{
	(void)state;
	setenv("UDCG_MAX_AGE", "60", 1);
	setenv("UDCG_WATCH", "yes", 1);
	setenv("UDCG_DOCUMENTS", "somewhere", 1);
	setenv("UDCG_PORT", "tcp://10.0.0.1:80", 1); /* Kubernetes gives such to its pods */
	struct cli cli = PARSE("serve");
	assert_int_equal(cli.wish, CLI_RUN);
	assert_int_equal(cli.config.max_age, 60);
	assert_true(cli.config.watch);
	assert_null(cli.config.documents); /* not an option of serve */
	cli_free(&cli);

	cli = PARSE("serve", "--max-age", "30", "--max-age", "20", "--watch=no");
	assert_int_equal(cli.config.max_age, 20);
	assert_false(cli.config.watch);
	cli_free(&cli);

	setenv("UDCG_MAX_AGE", "soon", 1);
	cli = PARSE("serve");
	assert_int_equal(cli.wish, CLI_WRONG);
	assert_non_null(strstr(cli.fault.data, "UDCG_MAX_AGE"));
	cli_free(&cli);

	setenv("UDCG_MAX_AGE", "", 1); /* empty is as if it were not there */
	cli = PARSE("serve");
	assert_int_equal(cli.wish, CLI_RUN);
	cli_free(&cli);
	unsetenv("UDCG_MAX_AGE");
	unsetenv("UDCG_WATCH");
	unsetenv("UDCG_DOCUMENTS");
	unsetenv("UDCG_PORT");
}

/* What the tables promise: sorted, found by name, taken by some command, told by its help. */
static void the_tables(void **state)
{
	(void)state;
	assert_in_range(config_option_count, 1, 64); /* bits of config.arguments */
	for (size_t i = 0; i < config_option_count; i++) {
		const struct option *option = &config_options[i];
		assert_ptr_equal(config_find(bytes_of(option->name)), option);
		assert_true(i == 0 || strcmp(config_options[i - 1].name, option->name) < 0);
		assert_true(option->kind == OPTION_SWITCH || option->argument);
		assert_true(option->commands != 0);
		for (size_t j = 0; j < command_count; j++) {
			_cleanup_strbuf_ struct strbuf help = {0}, flag = {0};
			cli_append_help(&help, &commands[j]);
			strbuf_append_format(&flag, "  --%s", option->name);
			assert_int_equal((option->commands & commands[j].bit) != 0,
				strstr(help.data, flag.data) != NULL);
		}
	}
	_cleanup_strbuf_ struct strbuf help = {0};
	cli_append_help(&help, NULL);
	for (size_t j = 0; j < command_count; j++) {
		assert_non_null(strstr(help.data, commands[j].name));
		assert_true(j == 0 || strcmp(commands[j - 1].name, commands[j].name) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usage),
		cmocka_unit_test(values),
		cmocka_unit_test(the_last_word_counts),
		cmocka_unit_test(the_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
