#include "cli.h"

#include <string.h>
#include <udcg/base/text.h>

static bool wrong(struct cli *cli)
{
	cli->wish = CLI_WRONG;
	return false;
}

static void append_suggestion(struct strbuf *text, const char *dashes,
	const struct nearest *nearest)
{
	const char *best = nearest_best(nearest);
	if (best)
		strbuf_append_format(text, "; did you mean %s%s?", dashes, best);
}

static bool find_command(struct cli *cli, const char *name)
{
	struct nearest nearest;
	nearest_start(&nearest, bytes_of(name));
	for (size_t i = 0; i < command_count; i++) {
		if (strcmp(commands[i].name, name) == 0) {
			cli->command = &commands[i];
			return true;
		}
		nearest_offer(&nearest, bytes_of(commands[i].name));
	}
	strbuf_append_format(&cli->fault, "unknown command \"%s\"", name);
	append_suggestion(&cli->fault, "", &nearest);
	return wrong(cli);
}

static bool refuse_option(struct cli *cli, struct bytes name)
{
	struct nearest nearest;
	nearest_start(&nearest, name);
	for (size_t i = 0; i < config_option_count; i++) {
		if (config_options[i].commands & cli->command->bit)
			nearest_offer(&nearest, bytes_of(config_options[i].name));
	}
	strbuf_append_format(&cli->fault, "%s has no option --%.*s", cli->command->name,
		(int)name.length, name.data);
	append_suggestion(&cli->fault, "--", &nearest);
	return wrong(cli);
}

/* --name=value, --name value, --switch. *index is that of the argument, or of the value behind it
 * afterwards. */
static bool take_option(struct cli *cli, int count, char *const *arguments, int *index)
{
	const char *name = arguments[*index] + 2;
	const char *equals = strchr(name, '=');
	struct bytes name_bytes = {
		.data = name,
		.length = equals ? (size_t)(equals - name) : strlen(name),
	};
	const struct option *option = config_find(name_bytes);
	if (!option || !(option->commands & cli->command->bit))
		return refuse_option(cli, name_bytes);
	const char *value = equals ? equals + 1 : NULL;
	if (!value && option->kind == OPTION_SWITCH)
		value = "1";
	if (!value && *index + 1 < count)
		value = arguments[++*index];
	if (!value) {
		strbuf_append_format(&cli->fault, "--%s needs a value: %s", option->name,
			option->argument);
		return wrong(cli);
	}
	config_note_argument(&cli->config, option);
	return config_set(&cli->config, option, value, &cli->fault) || wrong(cli);
}

static bool take_operand(struct cli *cli, const char *text)
{
	for (size_t i = 0; cli->command->operands[i]; i++) {
		if (!cli->operands[i]) {
			cli->operands[i] = text;
			return true;
		}
	}
	strbuf_append_format(&cli->fault, "%s does not know what to do with \"%s\"",
		cli->command->name, text);
	return wrong(cli);
}

static bool has_operands(struct cli *cli)
{
	for (size_t i = 0; cli->command->operands[i]; i++) {
		const char *given = cli->operands[i] ? cli->operands[i] : "";
		if (given[0] == '\0' && cli->command->operands[i][0] != '[') {
			strbuf_append_format(&cli->fault, "%s needs %s", cli->command->name,
				cli->command->operands[i]);
			return wrong(cli);
		}
	}
	return true;
}

static bool take_arguments(struct cli *cli, int count, char *const *arguments)
{
	bool options = true;
	for (int i = 2; i < count; i++) {
		const char *argument = arguments[i];
		bool dashes = options && strncmp(argument, "--", 2) == 0;
		if (dashes && argument[2] == '\0')
			options = false;
		else if (options
			&& (strcmp(argument, "--help") == 0 || strcmp(argument, "-h") == 0))
			cli->wish = CLI_HELP;
		else if (!(dashes ? take_option(cli, count, arguments, &i)
				  : take_operand(cli, argument)))
			return false;
	}
	return cli->wish == CLI_HELP || has_operands(cli);
}

void cli_parse(struct cli *cli, int count, char *const *arguments)
{
	*cli = (struct cli){.wish = CLI_RUN};
	const char *first = count > 1 ? arguments[1] : "";
	if (first[0] == '\0') {
		strbuf_append_text(&cli->fault, "no command");
		wrong(cli);
	} else if (strcmp(first, "--help") == 0 || strcmp(first, "-h") == 0) {
		cli->wish = CLI_HELP;
	} else if (strcmp(first, "--version") == 0) {
		cli->wish = CLI_VERSION;
	} else if (find_command(cli, first)) {
		config_start(&cli->config);
		if (!config_read_environment(&cli->config, cli->command->bit, &cli->fault))
			wrong(cli);
		else
			take_arguments(cli, count, arguments);
	}
}

void cli_free(struct cli *cli)
{
	strbuf_free(&cli->fault);
}
