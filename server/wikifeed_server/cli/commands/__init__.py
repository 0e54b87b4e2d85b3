"""The commands, one module each: `command` is what click runs. Modules are loaded only when their command is run."""
