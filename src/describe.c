#include <stdio.h>
#include <stdlib.h>

#include "commands.h"

static void name_commands(const struct option *option, const char *names[])
{
	size_t count = 0;
	for (size_t i = 0; i < command_count; i++) {
		if (option->commands & commands[i].bit)
			names[count++] = commands[i].name;
	}
	names[count] = NULL;
}

enum exit_status describe_run(const struct config *config, const char *const *operands)
{
	(void)config;
	(void)operands;
	size_t row = command_count + 1;
	struct option_description *options = calloc(config_option_count, sizeof(*options));
	const char **names = calloc(config_option_count * row, sizeof(*names));
	_cleanup_strbuf_ struct strbuf json = {0};
	for (size_t i = 0; options && names && i < config_option_count; i++) {
		const struct option *option = &config_options[i];
		options[i] = (struct option_description){
			.name = option->name,
			.argument = option->argument,
			.initial = option->initial ? option->initial : option->computed,
			.commands = names + i * row,
			.summary = option->summary,
		};
		config_variable(option, options[i].variable);
		name_commands(option, names + i * row);
	}
	if (options && names)
		describe_write(&json, options, config_option_count);
	else
		json.failed = true;
	free(names);
	free(options);
	bool written = !json.failed && fwrite(json.data, 1, json.length, stdout) == json.length
		&& fflush(stdout) == 0;
	if (!written)
		complain("the description could not be written");
	return written ? EXIT_DONE : EXIT_SYSTEM;
}
