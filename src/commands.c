#include "commands.h"

#include <stdarg.h>
#include <stdio.h>

const struct command commands[] = {
	{
		.name = "check",
		.bit = COMMAND_CHECK,
		.operands = {"FILE"},
		.summary = "print every fault of a timeline, or one line of counts",
		.run = check_run,
	},
	{
		.name = "describe",
		.bit = COMMAND_DESCRIBE,
		.summary = "print routes, parameters, fields, errors and options as JSON",
		.run = describe_run,
	},
	{
		.name = "diff",
		.bit = COMMAND_DIFF,
		.operands = {"OLD", "NEW"},
		.summary = "print what changed between two timelines, a record a line",
		.run = diff_run,
	},
	{
		.name = "export",
		.bit = COMMAND_EXPORT,
		.summary = "print the canonical form of a timeline",
		.run = export_run,
	},
	{
		.name = "load",
		.bit = COMMAND_LOAD,
		.operands = {"FILE"},
		.summary = "build the database of a timeline",
		.run = load_run,
	},
	{
		.name = "probe",
		.bit = COMMAND_PROBE,
		.operands = {"[URL]"},
		.summary = "ask a running server whether it is ready",
		.run = probe_run,
	},
	{
		.name = "serve",
		.bit = COMMAND_SERVE,
		.summary = "serve a timeline over HTTP",
		.run = serve_run,
	},
};

const size_t command_count = sizeof(commands) / sizeof(commands[0]);

const char *words_of(const struct strbuf *text)
{
	return text->failed ? "not enough memory" : strbuf_bytes(text).data;
}

void complain(const char *format, ...)
{
	fputs("udcg: ", stderr);
	va_list arguments;
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
}
