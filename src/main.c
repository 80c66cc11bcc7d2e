#include <stdio.h>
#include <udcg/base/build_id.h>
#include <udcg/store/database.h>

#include "cli.h"

static enum exit_status print(const struct strbuf *text)
{
	if (text->failed) {
		complain("%s", words_of(text));
		return EXIT_SYSTEM;
	}
	fputs(text->data, stdout);
	return EXIT_DONE;
}

static enum exit_status carry_out(const struct cli *cli)
{
	_cleanup_strbuf_ struct strbuf text = {0};
	enum store_status ready;
	switch (cli->wish) {
	case CLI_RUN:
		ready = store_initialise();
		if (ready != STORE_OK) {
			complain("%s", store_status_text(ready));
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
		complain("%s", words_of(&cli->fault));
		complain("udcg%s%s --help tells more", cli->command ? " " : "",
			cli->command ? cli->command->name : "");
		return cli->fault.failed ? EXIT_SYSTEM : EXIT_USAGE;
	}
}

int main(int count, char **arguments)
{
	struct cli cli;
	cli_parse(&cli, count, arguments);
	enum exit_status status = carry_out(&cli);
	/* What a command printed counts once it is written. */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		complain("the output cannot be written");
		status = EXIT_SYSTEM;
	}
	cli_free(&cli);
	return (int)status;
}
