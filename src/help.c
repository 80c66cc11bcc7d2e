#include <udcg/base/build_id.h>

#include "cli.h"

enum { SUMMARY_COLUMN = 34 };

static void append_row(struct strbuf *text, const struct strbuf *left, const char *right)
{
	text->failed |= left->failed;
	if (left->length < SUMMARY_COLUMN)
		strbuf_append_format(text, "  %-*s%s\n", SUMMARY_COLUMN, left->data, right);
	else
		strbuf_append_format(text, "  %s\n  %*s%s\n", left->data, SUMMARY_COLUMN, "",
			right);
}

static void append_usage(struct strbuf *text, const struct command *command)
{
	strbuf_append_format(text, "udcg %s", command->name);
	for (size_t i = 0; command->operands[i]; i++)
		strbuf_append_format(text, " %s", command->operands[i]);
}

static bool takes_options(const struct command *command)
{
	for (size_t i = 0; i < config_option_count; i++) {
		if (config_options[i].commands & command->bit)
			return true;
	}
	return false;
}

static void append_option(struct strbuf *text, const struct option *option)
{
	_cleanup_strbuf_ struct strbuf left = {0};
	_cleanup_strbuf_ struct strbuf initial = {0};
	strbuf_append_format(&left, "--%s", option->name);
	if (option->argument)
		strbuf_append_format(&left, " %s", option->argument);
	append_row(text, &left, option->summary);
	config_append_initial(option, &initial);
	text->failed |= initial.failed;
	if (initial.length > 0)
		strbuf_append_format(text, "  %*s(%s)\n", SUMMARY_COLUMN, "", initial.data);
}

static void append_command_help(struct strbuf *text, const struct command *command)
{
	bool options = takes_options(command);
	strbuf_append_text(text, "usage: ");
	append_usage(text, command);
	strbuf_append_format(text, "%s\n\n  %s\n", options ? " [OPTION…]" : "", command->summary);
	if (!options)
		return;
	strbuf_append_text(text, "\noptions:\n");
	for (size_t i = 0; i < config_option_count; i++) {
		if (config_options[i].commands & command->bit)
			append_option(text, &config_options[i]);
	}
	strbuf_append_text(text,
		"\nEach option may be given in the environment, too: --log-level as UDCG_LOG_LEVEL.\n"
		"Times are like 500ms, 1s or 2m; bytes like 65536, 64K, 64M or 1G.\n");
}

void cli_append_help(struct strbuf *text, const struct command *command)
{
	if (command) {
		append_command_help(text, command);
		return;
	}
	strbuf_append_format(text,
		"udcg %s: a timeline of facts from documents, served over HTTP\n\n"
		"usage: udcg COMMAND [ARGUMENT…]\n\ncommands:\n",
		build_version);
	for (size_t i = 0; i < command_count; i++) {
		_cleanup_strbuf_ struct strbuf usage = {0};
		append_usage(&usage, &commands[i]);
		append_row(text, &usage, commands[i].summary);
	}
	strbuf_append_text(text,
		"\nudcg COMMAND --help tells the options of a command, udcg --version the version.\n"
		"Exit status: 0 done, 1 the input was refused or the probe failed, 2 wrong usage,\n"
		"3 the system failed us (disk, port, memory).\n");
}
