#include <stdio.h>
#include <udcg/base/build_id.h>
#include <udcg/store/database.h>

#include "cli.h"

static enum exit_status print(const struct strbuf *text)
{
	if (text->failed || fputs(strbuf_bytes(text).data, stdout) < 0 || fflush(stdout) != 0)
		return EXIT_SYSTEM;
	return EXIT_DONE;
}

static enum exit_status carry_out(const struct cli *cli)
{
	_cleanup_strbuf_ struct strbuf text = {0};
	switch (cli->wish) {
	case CLI_RUN:
		if (store_initialise() != STORE_OK) {
			complain("the database library does not start");
			return EXIT_SYSTEM;
		}
		return cli->command->run(&cli->config, cli->operands);
	case CLI_HELP:
		cli_append_help(&text, cli->command);
		return print(&text);
	case CLI_VERSION:
		strbuf_append_format(&text, "udcg %s (build %s)\n", build_version, build_id);
		return print(&text);
	case CLI_WRONG:
	default:
		complain("%s", strbuf_bytes(&cli->fault).data);
		complain("udcg%s%s --help tells more", cli->command ? " " : "",
			cli->command ? cli->command->name : "");
		return EXIT_USAGE;
	}
}

int main(int count, char **arguments)
{
	struct cli cli;
	cli_parse(&cli, count, arguments);
	enum exit_status status = carry_out(&cli);
	cli_free(&cli);
	return (int)status;
}
