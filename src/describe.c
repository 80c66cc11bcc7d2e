#include <stdio.h>
#include <stdlib.h>

#include "commands.h"

static void describe_commands(struct command_description *described)
{
	for (size_t i = 0; i < command_count; i++) {
		described[i] = (struct command_description){
			.name = commands[i].name,
			.operands = commands[i].operands,
			.summary = commands[i].summary,
		};
	}
}

static void name_commands(const struct option *option, const char *names[])
{
	size_t count = 0;
	for (size_t i = 0; i < command_count; i++) {
		if (option->commands & commands[i].bit)
			names[count++] = commands[i].name;
	}
	names[count] = NULL;
}

/* `names` has room for the commands of each option and a NULL. */
static void describe_options(struct option_description *described, const char **names)
{
	for (size_t i = 0; i < config_option_count; i++) {
		const struct option *option = &config_options[i];
		described[i] = (struct option_description){
			.name = option->name,
			.argument = option->argument,
			.initial = option->initial ? option->initial : option->computed,
			.commands = names,
			.summary = option->summary,
		};
		config_variable(option, described[i].variable);
		name_commands(option, names);
		names += command_count + 1;
	}
}

static bool append_description(struct strbuf *json)
{
	struct command_description *described = calloc(command_count, sizeof(*described));
	struct option_description *options = calloc(config_option_count, sizeof(*options));
	const char **names = calloc(config_option_count * (command_count + 1), sizeof(*names));
	bool complete = described && options && names;
	if (complete) {
		describe_commands(described);
		describe_options(options, names);
		describe_write(json,
			&(const struct command_line){
				.commands = described,
				.command_count = command_count,
				.options = options,
				.option_count = config_option_count,
			});
	}
	free(names);
	free(options);
	free(described);
	return complete && !json->failed;
}

enum exit_status describe_run(const struct config *config, const char *const *operands)
{
	(void)config;
	(void)operands;
	_cleanup_strbuf_ struct strbuf json = {0};
	if (!append_description(&json)) {
		complain("not enough memory");
		return EXIT_SYSTEM;
	}
	fputs(json.data, stdout);
	return EXIT_DONE;
}
